#include "widgets/view/spiking_neuron.h"

#include "sim/circuit/circuit_anatomy.h"

#include <algorithm>

namespace apical {

Selection selectionOf(const SpikeGroup& group, std::size_t neuron)
{
    Selection s{Selection::Population::Pyramidal, group.layer, static_cast<int>(neuron)};
    if (group.layer == 0)
        s.population = Selection::Population::Input;
    else if (group.kind == kInterneuronKind)
        s.population = Selection::Population::Interneuron;
    return s;
}

std::pair<const SpikeGroup*, std::size_t> neuronOf(
    const SpikeHistory& history, int lane, const Selection& selection)
{
    const auto neuron = static_cast<std::size_t>(std::max(selection.index, 0));
    for (const SpikeGroup& group : history.groups()) {
        if (group.lane == lane && neuron < group.size && selectionOf(group, neuron) == selection)
            return {&group, neuron};
    }
    return {nullptr, 0};
}

} // namespace apical
