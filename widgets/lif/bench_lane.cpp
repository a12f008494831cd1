#include "widgets/lif/bench_lane.h"

#include "widgets/view/lane_words.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {

bool isBench(const Anatomy& a)
{
    return a.quantity("layer1.rate_theory") >= 0 && a.quantity("layer1.spike_time") >= 0;
}

int BenchLane::neurons() const
{
    return static_cast<int>(quantity("input.rate").size());
}

std::vector<BenchLane> benchLanes(const Scene& scene)
{
    std::vector<BenchLane> found;
    for (std::size_t i = 0; i < scene.frame.lanes.size(); ++i) {
        const LaneFrame& lane = scene.frame.lanes[i];
        if (lane.anatomy && isBench(*lane.anatomy) && lane.parameters.familyIf<LifParameters>())
            found.push_back({i, &lane});
    }
    return found;
}

std::size_t shownBench(const Scene& scene, const std::vector<BenchLane>& lanes)
{
    const auto shown = std::ranges::find(
        lanes, static_cast<std::size_t>(std::max(scene.shownLane, 0)), &BenchLane::index);
    return shown == lanes.end() ? 0 : static_cast<std::size_t>(shown - lanes.begin());
}

QString benchName(const Scene& scene, const BenchLane& lane)
{
    if (scene.frame.lanes.size() < 2)
        return {};
    const QString name = laneName(scene.frame, lane.index);
    return name.isEmpty() ? laneLetter(lane.index) : name;
}

std::function<QColor(const Theme&)> benchColor(const Scene& scene, const BenchLane& lane)
{
    if (scene.frame.lanes.size() < 2)
        return [](const Theme& t) { return t.soma; };
    return [i = static_cast<int>(lane.index)](const Theme& t) { return t.laneColor(i); };
}

int shownNeuron(const Scene& scene, const BenchLane& lane, int before)
{
    const Selection& s = scene.selection;
    if (s.population != Selection::Population::None && s.layer <= 1 && s.index < lane.neurons())
        return s.index;
    const auto drive = lane.quantity("input.rate");
    const auto largest = std::ranges::max_element(drive);
    if (drive.empty() || (*largest == 0 && before >= 0 && before < lane.neurons()))
        return std::max(before, 0); // nothing is shown to them yet
    return static_cast<int>(largest - drive.begin());
}

void BenchCounts::see(const Scene& scene, const std::vector<BenchLane>& lanes)
{
    if (scene.frame.run != m_run) {
        m_run = scene.frame.run;
        m_lanes.clear();
    }
    m_lanes.resize(scene.frame.lanes.size());
    for (const BenchLane& lane : lanes) {
        double changed = std::numeric_limits<double>::quiet_NaN();
        for (const Event& event : scene.events)
            if (event.kind == Event::Kind::Edit
                && (event.lane < 0 || static_cast<std::size_t>(event.lane) == lane.index))
                changed = event.timeMs;
        m_lanes[lane.index].see(scene.live, lane.lane->clock.timeMs, changed, lane.dt(),
            lane.parameters(), lane.quantity("input.rate"), lane.quantity(m_quantity.c_str()));
    }
}

} // namespace apical
