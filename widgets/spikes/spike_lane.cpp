#include "widgets/spikes/spike_lane.h"

#include "sim/circuit/circuit_anatomy.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

using Kind = Selection::Population;

const Anatomy::Quantity& quantityAt(const Anatomy& a, int index)
{
    return a.quantities[static_cast<std::size_t>(index)];
}

std::optional<SpikeLane> asSpikeLane(const Frame& frame, std::size_t index)
{
    if (index >= frame.lanes.size() || !frame.lanes[index].anatomy)
        return {};
    const SpikeLane lane{index, &frame.lanes[index]};
    return lane.counts().empty() ? std::nullopt : std::optional(lane);
}

} // namespace

std::vector<int> SpikeLane::counts() const
{
    std::vector<int> found;
    const Anatomy& a = anatomy();
    for (std::size_t i = 0; i < a.quantities.size(); ++i)
        if (a.quantities[i].form == Anatomy::Form::Count && !a.quantities[i].perSample)
            found.push_back(static_cast<int>(i));
    return found;
}

std::optional<SpikeLane> spikeLane(const Scene& scene)
{
    if (const auto shown = asSpikeLane(scene.frame, static_cast<std::size_t>(scene.shownLane)))
        return shown;
    for (std::size_t i = 0; i < scene.frame.lanes.size(); ++i)
        if (const auto lane = asSpikeLane(scene.frame, i))
            return lane;
    return {};
}

std::optional<std::size_t> rateLane(const Scene& scene, const std::string& population)
{
    for (std::size_t i = 0; i < scene.frame.lanes.size(); ++i) {
        const auto& a = scene.frame.lanes[i].anatomy;
        if (!a || asSpikeLane(scene.frame, i))
            continue;
        if (std::ranges::find(a->populations, population, &Anatomy::Population::name)
            != a->populations.end())
            return i;
    }
    return {};
}

std::string populationOf(const Selection& s)
{
    const std::string layer = "layer" + std::to_string(s.layer);
    switch (s.population) {
    case Kind::None:
        break;
    case Kind::Input:
        return "input";
    case Kind::Pyramidal:
        return layer + ".pyr";
    case Kind::Interneuron:
        return layer + ".inn";
    }
    return {};
}

Selection selectionIn(const Anatomy::Population& p, int index)
{
    for (const Kind kind : {Kind::Input, Kind::Pyramidal, Kind::Interneuron})
        if (const Selection s{kind, p.layer, index}; populationOf(s) == p.name)
            return s;
    return {};
}

QString populationText(const Anatomy& a, const Anatomy::Population& p)
{
    int last = 0;
    for (const Anatomy::Population& each : a.populations)
        last = std::max(last, each.kind == kPyramidalKind ? each.layer : 0);
    const QString number = last > 2 ? u' ' + QString::number(p.layer) : QString();
    if (p.kind == kInterneuronKind)
        return u"interneurons"_s + number;
    if (p.kind == kPyramidalKind)
        return p.layer == last ? u"output"_s : u"hidden"_s + number;
    return QString::fromStdString(p.name);
}

QString neuronText(const Anatomy::Population& p, int index, const std::vector<int>& sizes)
{
    const Selection s = selectionIn(p, index);
    return s == Selection() ? QString::number(index + 1) : s.name(sizes);
}

int shownCount(const SpikeLane& lane, const Selection& selection, const std::string& chosen)
{
    const std::vector<int> counts = lane.counts();
    const Anatomy& a = lane.anatomy();
    for (const std::string& name : {chosen, populationOf(selection)})
        for (const int count : counts)
            if (!name.empty() && a.of(quantityAt(a, count)).name == name)
                return count;
    for (const int count : counts)
        if (a.of(quantityAt(a, count)).layer > 0)
            return count;
    return counts.empty() ? -1 : counts.front();
}

int selectedIn(const Anatomy::Population& p, const Selection& selection)
{
    return selection.index < p.size && populationOf(selection) == p.name ? selection.index : -1;
}

} // namespace apical
