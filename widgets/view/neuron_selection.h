// A neuron as the engine addresses it and as the views select it.
#pragma once

#include "sim/insight/explanation.h"
#include "widgets/view/view.h"

namespace apical {

inline Selection selectionOf(const NeuronRef& neuron)
{
    switch (neuron.population) {
    case NeuronRef::Population::Input:
        return {Selection::Population::Input, 0, neuron.index};
    case NeuronRef::Population::Pyramidal:
        return {Selection::Population::Pyramidal, neuron.layer, neuron.index};
    case NeuronRef::Population::Interneuron:
        return {Selection::Population::Interneuron, neuron.layer, neuron.index};
    }
    return {};
}

/// Only for a selection that is not empty.
inline NeuronRef neuronOf(const Selection& selection)
{
    switch (selection.population) {
    case Selection::Population::Input:
        return {NeuronRef::Population::Input, 0, selection.index};
    case Selection::Population::Interneuron:
        return {NeuronRef::Population::Interneuron, selection.layer, selection.index};
    default:
        return {NeuronRef::Population::Pyramidal, selection.layer, selection.index};
    }
}

/// Whether a network of these layer sizes has the selected neuron.
inline bool exists(const Selection& s, const std::vector<int>& sizes)
{
    const int last = static_cast<int>(sizes.size()) - 1;
    const auto size = [&](int layer) { return sizes[static_cast<std::size_t>(layer)]; };
    switch (s.population) {
    case Selection::Population::None:
        return false;
    case Selection::Population::Input:
        return last >= 0 && s.layer == 0 && s.index >= 0 && s.index < size(0);
    case Selection::Population::Pyramidal:
        return s.layer >= 1 && s.layer <= last && s.index >= 0 && s.index < size(s.layer);
    case Selection::Population::Interneuron:
        return s.layer >= 1 && s.layer < last && s.index >= 0 && s.index < size(s.layer + 1);
    }
    return false;
}

} // namespace apical
