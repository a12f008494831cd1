// How biologically plausible the ways to learn are: problems against methods, each verdict with its
// reason, the equations with the terms it is about, and where these stand in the network.
// Declared once, in resources/help/plausibility.json.
#pragma once

#include "sim/experiment/parameters.h"

#include <QString>
#include <QStringList>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apical {

enum class PlausibilityVerdict { Solved, Partly, Not, NotApplicable };

/// A term of a method's equations and where it is to be seen while the method runs.
struct PlausibilityTerm {
    enum class Unit { Input, Hidden, Interneuron, Output };
    enum class Layer { Hidden, Output }; ///< the last of the hidden ones, the output

    QString id;
    QString words; ///< "the transposed forward weights": what people call it
    QStringList views; ///< ids of the view table; the first that is there is raised
    QString pathway; ///< "W_down" as in Anatomy::Projection::pathway; "" if it is no weight
    Layer layer = Layer::Hidden; ///< the pathway ends there
    Unit unit = Unit::Hidden; ///< the neuron to select
};

/// A piece of an equation that is set alike.
struct EquationPiece {
    enum class Script { Sub = -1, Base = 0, Super = 1 };
    QString text;
    Script script = Script::Base;
    int term = -1; ///< index into the method's terms, -1: none of them
};

struct LearningEquation {
    QString name; ///< "hidden error"
    std::vector<EquationPiece> pieces;
};

struct PlausibilityCell {
    std::vector<PlausibilityVerdict> verdicts; ///< two where the method has two forms
    QStringList of; ///< the forms, one per verdict; empty if the verdict holds for all
    std::vector<int> marks; ///< the terms the verdict is about; none if it does not apply
    QString reason;
    QString preset; ///< the one that shows it
    bool inferred = false; ///< not in the published comparison: read off the equations
};

struct PlausibilityMethod {
    QString id, title, longTitle;
    bool judgement = false; ///< the whole column is one
    /// What a lane must be for the column to be about it: "model" or a parameter key, and the
    /// values it may have.
    std::vector<std::pair<std::string, std::vector<std::string>>> runs;
    std::vector<LearningEquation> equations;
    std::vector<PlausibilityTerm> terms;
    std::vector<PlausibilityCell> cells; ///< one per problem
};

struct PlausibilityProblem {
    QString id, title, question;
};

struct Plausibility {
    std::vector<PlausibilityProblem> problems;
    std::vector<PlausibilityMethod> methods;

    const PlausibilityCell& cell(int problem, int method) const
    {
        return methods[static_cast<std::size_t>(method)].cells[static_cast<std::size_t>(problem)];
    }
};

/// The one that is part of the program.
const Plausibility& plausibility();

/// @throws InputError placed in the text: what is not JSON, an unknown key, verdict or term, a
/// missing cell, a verdict about no term, a term of no equation
Plausibility readPlausibility(std::string_view text, const std::string& fileName);

/// Whether a lane with these parameters learns by this method.
bool isRunBy(const PlausibilityMethod&, const Parameters&);

} // namespace apical
