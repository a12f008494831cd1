#include "sim/lif/membrane_path.h"

#include "sim/lif/lif_neurons.h"

#include <algorithm>

namespace apical {

MembranePath membranePath(const LifParameters& p, double dt, double endMs,
    std::span<const double> voltage, std::span<const double> spikes,
    std::span<const double> spikeTime)
{
    const LifSetting setting(softLifOf(p), p, dt);
    const bool exact = p.integrator == lif_integrator::exact;
    const std::size_t steps = std::min({voltage.size(), spikes.size(), spikeTime.size()});
    MembranePath path;
    const auto add = [&path](double time, double v) {
        path.time.push_back(time);
        path.voltage.push_back(v);
    };
    for (std::size_t k = 0; k < steps; ++k) {
        const double end = endMs - static_cast<double>(steps - 1 - k) * dt, begin = end - dt;
        // A silence that ends inside this step: from there on the potential climbs.
        if (!path.silences.empty() && path.silences.back().end > begin
            && path.silences.back().end < end)
            add(path.silences.back().end, 0);
        if (spikes[k] > 0) {
            const double at = begin + spikeTime[k];
            add(at, setting.threshold);
            add(at, 0);
            path.spikes.push_back(at);
            path.silences.push_back(
                {at, exact ? std::max(at + setting.tRef, end) : end + setting.silentSteps * dt});
        }
        add(end, voltage[k]);
    }
    return path;
}

} // namespace apical
