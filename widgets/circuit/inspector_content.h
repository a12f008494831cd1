// What the inspector says about a neuron, as data: the view paints it, the CSV lists it, tests read
// it.
#pragma once

#include "sim/insight/explanation.h"
#include "widgets/view/view.h"

#include <optional>
#include <vector>

namespace apical {

/// What a bar shows; its colour follows.
enum class InspectorTint { Soma, Apical, Basal, Interneuron, Target, Topdown, Lateral, Neutral };
QColor tintColor(InspectorTint, const Theme&);

struct InspectorBar {
    QString symbol; ///< rich text, "v_A" with a subscript; may be empty
    QString label; ///< "apical", "o1 \u2192 h3"
    double value = 0;
    InspectorTint tint = InspectorTint::Neutral;
    bool bold = false;
    std::optional<double> weight{}; ///< of a synapse
    Selection link{}; ///< a click selects this neuron
};

struct InspectorSection {
    QString title;
    QString unit; ///< printed at the right of the title, after the range
    double range = 1; ///< of its bars, symmetric around 0
    std::vector<InspectorBar> bars{};
    QString sentence{}; ///< instead of bars, or below them
    bool synapses = false;
};

struct InspectorTerm {
    QString symbol; ///< rich text with its sign
    double value = 0; ///< 1/ms
    InspectorTint tint = InspectorTint::Neutral;
};

struct InspectorContent {
    Selection unit{};
    QString badge, title, subtitle;
    InspectorSection compartments{};
    std::vector<InspectorTerm> terms{}; ///< empty: no membrane, or no step yet
    double sum = 0, measured = 0, termRange = 1; ///< 1/ms
    InspectorSection why{};
    InspectorSection synapses{};
    bool empty() const { return badge.isEmpty(); }
    /// Whether the terms add up to what the soma did, at the digits shown.
    bool sumIsTrue() const;
};

/// @return an empty content if no (existing) neuron is selected
InspectorContent inspect(const Selection&, const LaneFrame&, const std::vector<int>& sizes);
/// section,name,value,unit,weight (C locale)
QString inspectorCsv(const InspectorContent&);
/// 1, 2 or 5 times a power of ten, at least `value`, never below 0.01.
double niceRange(double value);

} // namespace apical
