#include "widgets/strips/watched.h"

#include "sim/insight/circuit_frame.h"
#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <utility>

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

/// "error trace" of "layer1.error_trace".
QString ownName(const Anatomy::Quantity& q)
{
    return QString::fromStdString(q.name.substr(q.name.find('.') + 1)).replace(u'_', u' ');
}

/// Its label, else its own name.
QString shortName(const Anatomy::Quantity& q)
{
    return q.label.empty() ? ownName(q) : QString::fromStdString(q.label);
}

/// Of a count events per time are shown.
QString unitOf(const Anatomy& a, const Anatomy::Quantity& q)
{
    QString unit = QString::fromStdString(q.unit);
    if (q.form != Anatomy::Form::Count)
        return unit;
    return unit + u'/' + QString::fromStdString(a.timeUnit);
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
            return {.name = shortName(q),
                .plainName = shortName(q),
                .probe = q.name,
                .index = unit.index,
                .color = scene.theme->soma};
    }
    return {};
}

std::vector<Strip> watchedStrips(const Scene& scene)
{
    const std::vector<QColor> palette = colors(*scene.theme);
    struct Axis {
        QString unit, title;
        std::vector<StripSource> sources;
    };
    std::vector<Axis> axes; // what has one unit shares one
    std::vector<Strip> singles, measures;
    std::map<std::string, std::size_t> measured; // by label: one strip, one row per layer
    std::set<std::string> seen; // lanes of one model have the same names
    for (const LaneFrame& lane : scene.frame.lanes) {
        if (!lane.anatomy || isCircuit(*lane.anatomy))
            continue;
        const Anatomy& a = *lane.anatomy;
        const Unit unit = shownUnit(scene, lane);
        for (const Anatomy::Quantity& q : a.quantities) {
            // The target has a population of its own, as large as the outputs.
            const bool target = q.name == "target";
            const bool own = target ? unit.answers : q.population == unit.population;
            if (!q.watched || !(own || (a.of(q).size == 1 && !target))
                || !seen.insert(q.name).second)
                continue;
            const QString in = unitOf(a, q);
            StripSource source{.name = shortName(q),
                .plainName = shortName(q),
                .probe = q.name,
                .index = own ? unit.index : 0,
                .color = scene.theme->soma};
            if (!own) {
                Strip& strip = singles.emplace_back();
                strip.id = QString::fromStdString(q.name);
                strip.title = shortName(q);
                strip.title.front() = strip.title.front().toUpper();
                if (q.name.starts_with("layer"))
                    strip.title += u", layer "_s + strip.id.section(u'.', 0, 0).mid(5);
                strip.shortAxisName = u'(' + in + u')';
                source.name = source.plainName = ownName(q); // the title says more
                strip.axisName = source.name + u' ' + strip.shortAxisName;
                strip.fitted = true;
                addSources(strip, scene, {source});
                continue;
            }
            auto axis = std::find_if(
                axes.begin(), axes.end(), [&](const Axis& known) { return known.unit == in; });
            if (axis == axes.end())
                axis = axes.insert(axes.end(), {in, u"Unit "_s + unitName(scene, a, unit), {}});
            source.color =
                target ? scene.theme->target : palette[axis->sources.size() % palette.size()];
            axis->sources.push_back(source);
        }
        for (const Anatomy::Measure& m : a.measures) {
            if (!seen.insert(m.name).second)
                continue;
            const auto [found, isNew] = measured.try_emplace(m.label, measures.size());
            if (isNew) {
                Strip& strip = measures.emplace_back();
                strip.id = strip.title = QString::fromStdString(m.label);
                strip.shortAxisName = u'(' + QString::fromStdString(m.unit) + u')';
                strip.axisName = strip.title + u' ' + strip.shortAxisName;
                strip.fitted = true;
            }
            Strip& strip = measures[found->second];
            addMeasure(strip, scene, m);
            if (std::isfinite(m.goal)) {
                const QString goal = u"goal "_s + valueText(m.goal);
                strip.goals.push_back(
                    {m.goal, goal, goal, static_cast<int>(strip.rows.size()) - 1});
            }
        }
    }
    std::vector<Strip> strips;
    for (const Axis& axis : axes) {
        Strip& strip = strips.emplace_back();
        strip.id = strips.size() == 1 ? u"unit"_s : u"unit, "_s + axis.unit;
        strip.title = axis.title;
        strip.shortAxisName = u'(' + axis.unit + u')';
        strip.axisName = (axis.sources.size() == 1 ? axis.sources.front().name : u"value"_s) + u' '
            + strip.shortAxisName;
        strip.fitted = true;
        addSources(strip, scene, axis.sources);
    }
    std::move(singles.begin(), singles.end(), std::back_inserter(strips));
    std::move(measures.begin(), measures.end(), std::back_inserter(strips));
    return strips;
}

} // namespace apical
