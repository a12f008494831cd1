#include "sim/experiment/experiment.h"

namespace apical {

Parameters Experiment::laneParameters(int lane) const
{
    Parameters p = parameters;
    if (static_cast<std::size_t>(lane) < lanes.size()) {
        for (const auto& [key, value] : lanes[static_cast<std::size_t>(lane)].parameters)
            setParameter(p, key, value, targetLayers());
    }
    return p;
}

} // namespace apical
