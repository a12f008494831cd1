#include "sim/spiking/spiking_anatomy.h"

#include <algorithm>
#include <string_view>

namespace apical {

SpikingAnatomy spikingAnatomy(const std::vector<int>& sizes)
{
    SpikingAnatomy spiking{.circuit = circuitAnatomy(sizes, false), .firstCount = 0};
    Anatomy& a = spiking.circuit.anatomy;
    spiking.firstCount = static_cast<int>(a.quantities.size());
    for (std::size_t i = 0; i < a.quantities.size(); ++i) {
        using Q = CircuitQuantity;
        const Q what = spiking.circuit.quantities[i];
        // What a step makes of spikes reaches the soma in the next one.
        if (what == Q::Basal || what == Q::Apical || what == Q::InnDendrite)
            a.quantities[i].before = true;
    }
    constexpr std::string_view silent[]{"target", "nudging"};
    for (std::size_t i = 0; i < a.populations.size(); ++i) {
        const Anatomy::Population& p = a.populations[i];
        if (std::find(std::begin(silent), std::end(silent), p.kind) == std::end(silent))
            a.add({.name = p.name + ".spikes",
                .population = static_cast<int>(i),
                .unit = "1",
                .form = Anatomy::Form::Count,
                .watched = true});
    }
    return spiking;
}

} // namespace apical
