// Which lane and which population the views of spikes show.
#pragma once

#include "widgets/view/view.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace apical {

/// A lane of the frame whose model counts spikes.
struct SpikeLane {
    std::size_t index = 0;
    const LaneFrame* lane = nullptr;
    const Anatomy& anatomy() const { return *lane->anatomy; }
    /// Quantities that count, in the order of the anatomy.
    std::vector<int> counts() const;
};
/// The lane shown, or where that sends no spikes the first that does; empty: none does.
std::optional<SpikeLane> spikeLane(const Scene&);
/// A lane that has the quantity but sends no spikes from the same population: rates beside spikes.
std::optional<std::size_t> rateLane(const Scene&, const std::string& population);

/// Of the selected neuron, "layer1.pyr"; "" without a selection.
std::string populationOf(const Selection&);
/// The neuron of a population as views select it; not selected where it is none of a circuit.
Selection selectionIn(const Anatomy::Population&, int index);
/// What people call a population: "hidden pyramidal", "input", "interneurons 1"; its own name where
/// it is no circuit's.
QString populationText(const Anatomy&, const Anatomy::Population&);
/// What they call a neuron of it: "h3", or "3" where it has no name.
QString neuronText(const Anatomy::Population&, int index, const std::vector<int>& sizes);

/// The count to be shown: of the chosen population, else of the selected neuron's, else of the
/// first that is no input; -1: none.
int shownCount(const SpikeLane&, const Selection&, const std::string& chosen);
/// Index of the selected neuron if it is of this population, else -1.
int selectedIn(const Anatomy::Population&, const Selection&);

} // namespace apical
