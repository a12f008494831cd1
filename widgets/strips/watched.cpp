#include "widgets/strips/watched.h"

#include "sim/insight/circuit_frame.h"

#include <QStringList>

#include <algorithm>
#include <map>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

/// The first lane that is drawn here, nullptr: none.
const LaneFrame* firstLane(const Scene& scene)
{
    for (const LaneFrame& lane : scene.frame.lanes) {
        if (lane.anatomy && !isCircuit(*lane.anatomy))
            return &lane;
    }
    return nullptr;
}

struct Unit {
    int population = -1;
    int index = 0;
    bool answers = false; ///< one of those that are asked
};

/// The selected unit, as far as the model has one in that layer; else the first that answers.
Unit shownUnit(const Scene& scene, const LaneFrame& lane)
{
    const Anatomy& a = *lane.anatomy;
    const int answering =
        lane.answer < 0 ? 0 : a.quantities[static_cast<std::size_t>(lane.answer)].population;
    const Selection& s = scene.selection;
    for (std::size_t i = 0; s.population != Selection::Population::None && i < a.populations.size();
         ++i) {
        const Anatomy::Population& p = a.populations[i];
        if (p.layer == s.layer && s.index < p.size
            && s.layer < static_cast<int>(scene.frame.sizes.size()))
            return {static_cast<int>(i), s.index, static_cast<int>(i) == answering};
    }
    return {answering, 0, true};
}

QString unitName(const Scene& scene, const Anatomy& a, const Unit& unit)
{
    const int layer = a.populations[static_cast<std::size_t>(unit.population)].layer;
    const auto population =
        layer == 0 ? Selection::Population::Input : Selection::Population::Pyramidal;
    return Selection{population, layer, unit.index}.name(scene.frame.sizes);
}

/// "activation" of "layer1.activation".
QString shortName(const std::string& name)
{
    return QString::fromStdString(name.substr(name.find('.') + 1));
}

QString axisName(const QString& what, const std::string& unit)
{
    return what + u" ("_s + QString::fromStdString(unit) + u')';
}

std::vector<QColor> colors(const Theme& t)
{
    return {t.soma, t.apical, t.basal, t.interneuron, t.topdown};
}

} // namespace

StripSource sentByUnit(const Scene& scene)
{
    const LaneFrame* lane = firstLane(scene);
    if (!lane)
        return {};
    const Unit unit = shownUnit(scene, *lane);
    for (const Anatomy::Quantity& q : lane->anatomy->quantities) {
        if (q.population == unit.population && q.form == Anatomy::Form::Rate)
            return {.name = shortName(q.name),
                .plainName = shortName(q.name),
                .probe = q.name,
                .index = unit.index,
                .color = scene.theme->soma};
    }
    return {};
}

std::vector<Strip> watchedStrips(const Scene& scene)
{
    const LaneFrame* lane = firstLane(scene);
    if (!lane)
        return {};
    const Anatomy& a = *lane->anatomy;
    const Unit unit = shownUnit(scene, *lane);
    const std::vector<QColor> palette = colors(*scene.theme);
    std::vector<Strip> strips(1);
    Strip& own = strips.front();
    own.id = u"unit"_s;
    own.title = u"Unit "_s + unitName(scene, a, unit);
    own.axisName = u"value (1)"_s;
    own.shortAxisName = u"(1)"_s;
    own.fitted = true;
    std::vector<StripSource> sources;
    for (const Anatomy::Quantity& q : a.quantities) {
        const int of = q.population;
        // The target has a population of its own, as large as the outputs.
        const bool target = unit.answers && q.name == "target";
        if (q.watched && (of == unit.population || target))
            sources.push_back({.name = shortName(q.name),
                .plainName = shortName(q.name),
                .probe = q.name,
                .index = unit.index,
                .color = target ? scene.theme->target : palette[sources.size() % palette.size()]});
    }
    addSources(own, scene, sources);
    for (const Anatomy::Quantity& q : a.quantities) {
        if (!q.watched || a.of(q).size != 1 || q.population == unit.population
            || q.name == "target")
            continue;
        Strip& strip = strips.emplace_back();
        strip.id = QString::fromStdString(q.name);
        strip.title = shortName(q.name);
        strip.title.front() = strip.title.front().toUpper();
        strip.axisName = strip.shortAxisName = axisName(shortName(q.name), q.unit);
        strip.fitted = true;
        addSources(strip, scene,
            {{.name = shortName(q.name),
                .plainName = shortName(q.name),
                .probe = q.name,
                .color = scene.theme->soma}});
    }
    std::map<std::string, std::size_t> stripOf; // by label: one strip, one row per layer
    for (const Anatomy::Measure& m : a.measures) {
        const auto [found, isNew] = stripOf.try_emplace(m.label, strips.size());
        if (isNew) {
            Strip& strip = strips.emplace_back();
            strip.id = strip.title = QString::fromStdString(m.label);
            strip.axisName = strip.shortAxisName = axisName(strip.title, m.unit);
            strip.fitted = true;
        }
        addMeasure(strips[found->second], scene, m);
    }
    return strips;
}

} // namespace apical
