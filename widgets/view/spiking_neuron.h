// Rows of the spike history and neurons that are selected, one as the other.
#pragma once

#include "sim/watch/spike_history.h"
#include "widgets/view/view.h"

#include <cstddef>
#include <utility>

namespace apical {

/// As other views select it: layers of models that are no microcircuits count as pyramidal.
Selection selectionOf(const SpikeGroup&, std::size_t neuron);
/// The group of a selected neuron and its place in it; {nullptr, 0}: the lane counts no spikes of
/// it.
std::pair<const SpikeGroup*, std::size_t> neuronOf(const SpikeHistory&, int lane, const Selection&);

} // namespace apical
