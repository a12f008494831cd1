// Which matrices the weights view shows: a pathway, its self-predicting target and their
// difference.
#pragma once

#include "widgets/view/view.h"

#include <vector>

namespace apical {

/// What of a session is looked at.
struct WeightsChoice {
    Pathway pathway = Pathway::Pi;
    int layer = 1; ///< layer the pathway belongs to, 1-based
    int lane = 0;
    bool operator==(const WeightsChoice&) const = default;
};

/// The neurons along one side of a matrix.
struct WeightsAxis {
    Selection::Population population = Selection::Population::None;
    int layer = 0;
    int size = 0; ///< neurons; a bias column beyond them has none
    Selection unit(int index) const; ///< None for a bias
    QString label(int index, const std::vector<int>& sizes) const; ///< "h3", "b"
    int find(const Selection&) const; ///< index, or -1
};

struct WeightsTable {
    QString title; ///< rich text: "<i>W</i><sub>pi</sub>"
    QString plain; ///< "W_pi"
    Matrix values;
    WeightsAxis rows, cols;
    bool difference = false; ///< has the finer range
    int lane = -1; ///< whose it is where two lanes stand side by side; -1: only one is shown
};

/// Three tables (weights, target, difference) for pi and ip, one for all others. Empty when the
/// frame holds no weights of that choice.
std::vector<WeightsTable> weightsTables(
    const LaneFrame&, const std::vector<int>& sizes, const WeightsChoice&);

/// The first lane and the chosen one (where that is the first, the second): for pi and ip the
/// weights of each and how far they are off their target, for all others the weights of each and
/// what the second has more. Empty unless both have such weights.
std::vector<WeightsTable> weightsSideBySide(const Frame&, const WeightsChoice&);

/// The pathways that a lane's model has; of a microcircuit in the order pi, ip, up, down.
std::vector<Pathway> pathwaysOf(const Frame&, int lane);
/// The layers of a lane that a pathway ends in.
std::vector<int> layersOf(const Frame&, int lane, const Pathway&);
/// The choice moved to what exists: lane, pathway of its model, layer.
WeightsChoice withinNetwork(WeightsChoice, const Frame&);
/// "pi", in deep nets "pi 2", with several lanes "pi 2 B".
QString shortName(const WeightsChoice&, const Frame&);

} // namespace apical
