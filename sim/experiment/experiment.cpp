#include "sim/experiment/experiment.h"

namespace apical {
namespace {

bool isClocked(const ParameterTable& table)
{
    return table.find("dt") != nullptr;
}

Parameters parametersOf(const Experiment& e, int lane)
{
    Parameters p = e.parameters.as(e.laneTable(lane));
    if (static_cast<std::size_t>(lane) < e.lanes.size()) {
        for (const auto& [key, value] : e.lanes[static_cast<std::size_t>(lane)].parameters)
            setParameter(p, key, value, e.targetLayers());
    }
    return p;
}

} // namespace

const ParameterTable& Experiment::laneTable(int lane) const
{
    const auto at = static_cast<std::size_t>(lane);
    return at < lanes.size() && lanes[at].model ? *lanes[at].model : parameters.table();
}

Parameters Experiment::laneParameters(int lane) const
{
    Parameters p = parametersOf(*this, lane);
    if (isClocked(p.table()))
        return p;
    for (int other = 0; other < laneCount(); ++other) {
        if (!isClocked(laneTable(other)))
            continue;
        const Parameters clock = parametersOf(*this, other);
        p.dt = clock.dt;
        p.presentationTime = clock.presentationTime;
        p.stateReset = clock.stateReset;
        break;
    }
    return p;
}

} // namespace apical
