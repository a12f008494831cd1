#include "widgets/strips/model.h"

#include "sim/insight/circuit_frame.h"
#include "widgets/look/number_text.h"
#include "widgets/plot/angle_scale.h"
#include "widgets/strips/layouts.h"
#include "widgets/strips/sources.h"
#include "widgets/strips/spike_ticks.h"
#include "widgets/strips/watched.h"
#include "widgets/view/lane_words.h"

#include <QColor>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kSmall = 5e-4; // three decimals of less are zeros

int hiddenLayers(const Scene& scene)
{
    return std::max(0, static_cast<int>(scene.frame.sizes.size()) - 2);
}

using Source = StripSource;

/// Whether any lane, and whether every lane, is a microcircuit.
struct Circuits {
    explicit Circuits(const Scene& scene)
    {
        for (const LaneFrame& lane : scene.frame.lanes) {
            const bool circuit = !lane.anatomy || isCircuit(*lane.anatomy);
            any = any || circuit;
            all = all && circuit;
        }
        any = any || scene.frame.lanes.empty();
    }
    bool any = false, all = true;
};

struct Metric {
    QString name;
    std::string suffix; ///< "apical_error"
    QColor color;
    double SelfPredictionErrors::*field = nullptr;
    bool percent = false;
};

/// One row per metric, one curve per hidden layer and lane.
void addMetrics(Strip& strip, const Scene& scene, const std::vector<Metric>& metrics)
{
    const int layers = hiddenLayers(scene);
    const bool twin = laneCount(scene) > 1;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        const Metric& metric = metrics[i];
        strip.rows.push_back({metric.name, metric.name});
        for (std::size_t lane = 0; lane < laneCount(scene); ++lane) {
            for (int layer = 1; layer <= layers; ++layer) {
                const std::string probe = "layer" + std::to_string(layer) + "." + metric.suffix;
                if (!mayHave(scene, lane, probe))
                    continue;
                StripCurve curve;
                curve.channel =
                    scene.history ? scene.history->find(static_cast<int>(lane), probe) : -1;
                curve.color = twin ? laneColor(*scene.theme, scene.frame, lane) : metric.color;
                const StripDash d = stripDash(twin
                        ? i * static_cast<std::size_t>(layers) + static_cast<std::size_t>(layer - 1)
                        : static_cast<std::size_t>(layer - 1));
                curve.dash = d.on, curve.gap = d.off;
                curve.row = static_cast<int>(i);
                if (layers > 1)
                    curve.variant = u'h' + QString::number(layer);
                if (twin)
                    curve.variant =
                        laneLetter(lane) + (layers > 1 ? u' ' + curve.variant : QString());
                curve.csvName = QString::fromStdString(probe);
                if (twin)
                    curve.csvName.prepend(u"lane"_s + QString::number(lane + 1) + u'.');
                if (metric.percent) {
                    curve.factor = 100;
                    curve.csvName += u"_percent"_s;
                }
                curve.read = [lane, layer, field = metric.field](const Frame& frame) {
                    const auto at = static_cast<std::size_t>(layer - 1);
                    if (lane >= frame.lanes.size())
                        return kNoValue;
                    const auto errors = circuitErrors(frame.lanes[lane]);
                    return at < errors.size() ? errors[at].*field : kNoValue;
                };
                strip.curves.push_back(curve);
            }
        }
    }
}

/// What the selected neuron answers with: its soma, or the rate of an input.
Source mainSource(const Scene& scene)
{
    if (!Circuits(scene).any)
        return sentByUnit(scene);
    const Selection& s = scene.selection;
    const std::string layer = "layer" + std::to_string(s.layer);
    switch (s.population) {
    case Selection::Population::None:
        break;
    case Selection::Population::Input:
        return {
            .name = u"<i>r</i>"_s, .plainName = u"rate"_s, .probe = "input.rate", .index = s.index};
    case Selection::Population::Interneuron:
        return {.name = u"<i>u</i>"_s,
            .plainName = u"soma"_s,
            .probe = layer + ".inn.soma",
            .index = s.index};
    case Selection::Population::Pyramidal:
        return {.name = u"<i>u</i>"_s,
            .plainName = u"soma"_s,
            .probe = layer + ".pyr.soma",
            .index = s.index};
    }
    return {};
}

/// B - A of what the selected neuron answers with.
Strip difference(const Scene& scene)
{
    const QString minus = u"B \u2212 A"_s;
    Strip strip;
    strip.id = u"difference"_s;
    strip.axisName = minus + u" (1)"_s;
    strip.shortAxisName = u"\u0394 (1)"_s;
    strip.low = -0.1, strip.high = 0.1;
    const Source source = mainSource(scene);
    if (source.probe.empty()) {
        strip.title = u"Difference "_s + minus;
        strip.emptyText = u"Select a neuron to see in what the lanes differ"_s;
        return strip;
    }
    strip.title = u"Difference "_s + minus + u", "_s + source.name;
    if (scene.selection.population != Selection::Population::None)
        strip.title += u" of "_s + scene.selection.name(scene.frame.sizes);
    strip.rows.push_back({minus, minus});
    StripCurve curve;
    if (scene.history) {
        curve.channel = scene.history->find(1, source.probe, source.index);
        curve.minus = scene.history->find(0, source.probe, source.index);
    }
    curve.filled = true;
    curve.color = scene.theme->ink2;
    curve.csvName = u"lane2-lane1."_s + QString::fromStdString(source.probe) + u'['
        + QString::number(source.index) + u']';
    curve.read = [a = stripReader(source, 0), b = stripReader(source, 1)](
                     const Frame& frame) { return b(frame) - a(frame); };
    strip.curves.push_back(curve);
    return strip;
}

Strip voltages(const Scene& scene)
{
    Strip strip;
    strip.id = u"voltages"_s;
    strip.axisName = u"voltage (1)"_s;
    strip.shortAxisName = u"u, v (1)"_s;
    const Selection& s = scene.selection;
    if (s.population == Selection::Population::None) {
        strip.title = u"Voltages"_s;
        strip.emptyText = u"Select a neuron to see its voltages"_s;
        return strip;
    }
    const QString name = s.name(scene.frame.sizes);
    const Theme& t = *scene.theme;
    const std::string layer = "layer" + std::to_string(s.layer);
    const QString soma = u"<i>u</i>\u2009 soma"_s;
    std::vector<Source> sources;
    strip.title = u"Voltages of "_s + name;
    if (s.population == Selection::Population::Input) {
        strip.title = u"Rate of "_s + name;
        strip.axisName = u"rate (1)"_s;
        strip.shortAxisName = u"r (1)"_s;
        sources.push_back({.name = u"<i>r</i>\u2009 input"_s,
            .plainName = u"rate"_s,
            .probe = "input.rate",
            .index = s.index,
            .color = t.soma});
    } else if (s.population == Selection::Population::Interneuron) {
        sources.push_back({u"<i>v</i><sub>D</sub> dendrite"_s, u"dendrite"_s,
            layer + ".inn.dendrite", s.index, t.basal});
        sources.push_back({soma, u"soma"_s, layer + ".inn.soma", s.index, t.interneuron});
    } else {
        sources.push_back(
            {u"<i>v</i><sub>B</sub> basal"_s, u"basal"_s, layer + ".pyr.basal", s.index, t.basal});
        sources.push_back({soma, u"soma"_s, layer + ".pyr.soma", s.index, t.soma});
        if (s.layer == static_cast<int>(scene.frame.sizes.size()) - 1)
            sources.push_back({.name = u"target"_s,
                .plainName = u"target"_s,
                .probe = "target",
                .index = s.index,
                .color = t.target});
        else {
            sources.push_back({u"<i>v</i><sub>A</sub> apical"_s, u"apical"_s, layer + ".pyr.apical",
                s.index, t.apical});
            sources.push_back({u"<i>v</i><sub>dist</sub> distal"_s, u"distal apical"_s,
                layer + ".pyr.apical_distal", s.index, t.topdown});
        }
    }
    addSources(strip, scene, sources);
    addSpikes(strip, scene);
    return strip;
}

} // namespace

QString Strip::valueText(double shown) const
{
    switch (format) {
    case StripFormat::Signed:
        // Of several lanes there is no room for them.
        if (fitted && shown != 0 && std::abs(shown) < kSmall
            && std::ranges::all_of(
                curves, [](const StripCurve& curve) { return curve.variant.isEmpty(); }))
            return QChar(shown < 0 ? 0x2212 : u'+') + apical::valueText(std::abs(shown));
        // Large ones, of a run that breaks, need no more room than the others.
        return signedNumber(shown,
            std::abs(shown) < (fitted ? 10 : 100) ? 3
                : std::abs(shown) < 100           ? 2
                : std::abs(shown) < 1e4           ? 1
                                                  : 0);
    case StripFormat::Scientific:
        return apical::valueText(shown);
    case StripFormat::Percent:
        return apical::valueText(shown) + u" %"_s;
    case StripFormat::Degrees:
        return angleText(shown);
    }
    return {};
}

QString Strip::valueRich(double shown) const
{
    return format == StripFormat::Scientific ? scientificRich(shown) : valueText(shown);
}

namespace {

/// Voltages of the selected neuron, prediction errors, weight errors.
std::vector<Strip> circuitStrips(const Scene& scene)
{
    const Theme& t = *scene.theme;
    Strip errors;
    errors.id = u"errors"_s;
    errors.title = u"Prediction errors"_s;
    errors.axisName = u"error (1)"_s;
    errors.shortAxisName = u"|\u0394| (1)"_s;
    errors.format = StripFormat::Scientific;
    errors.logarithmic = true;
    errors.low = 1e-5, errors.high = 10, errors.lowest = 1e-9;
    addMetrics(errors, scene,
        {{u"apical"_s, "apical_error", t.apical, &SelfPredictionErrors::apical},
            {u"interneuron"_s, "interneuron_error", t.interneuron,
                &SelfPredictionErrors::interneuron}});
    errors.goals = {{kApicalGoal, u"apical goal 2\u00b710"_s + superscript(-2),
                        u"goal 2\u00b710"_s + superscript(-2), 0},
        {kInterneuronGoal, u"interneuron goal 2\u00b710"_s + superscript(-4),
            u"goal 2\u00b710"_s + superscript(-4), 1}};

    Strip weights;
    weights.id = u"weights"_s;
    weights.title = u"Weight errors"_s;
    weights.axisName = u"off by (%)"_s;
    weights.shortAxisName = u"off (%)"_s;
    weights.format = StripFormat::Percent;
    weights.logarithmic = true;
    weights.low = 0.3, weights.high = 300, weights.lowest = 1e-6;
    addMetrics(weights, scene,
        {{u"feedback"_s, "feedback_weight_distance", t.apical,
             &SelfPredictionErrors::feedbackDistance, true},
            {u"feedforward"_s, "feedforward_weight_distance", t.interneuron,
                &SelfPredictionErrors::feedforwardDistance, true}});
    const QString goal = QString::number(kWeightGoal * 100) + u" %"_s;
    weights.goals = {{kWeightGoal * 100, u"goal "_s + goal, goal, -1}};

    std::vector<Strip> strips{voltages(scene), std::move(errors), std::move(weights)};
    if (hiddenLayers(scene) == 0)
        strips[1].emptyText = strips[2].emptyText = u"No hidden layer: nothing to predict"_s;
    return strips;
}

} // namespace

std::vector<Strip> describeStrips(const Scene& scene)
{
    const Circuits circuits(scene);
    std::vector<Strip> strips;
    if (circuits.any)
        strips = layoutStrips(scene);
    const bool ofLayout = !strips.empty();
    if (circuits.any && !ofLayout)
        strips = circuitStrips(scene);
    for (Strip& strip : watchedStrips(scene))
        strips.push_back(std::move(strip));
    // Lanes of two models may have no neuron in common.
    if (const std::string main = mainSource(scene).probe; laneCount(scene) == 2
        && (main.empty() ? circuits.all : mayHave(scene, 0, main) && mayHave(scene, 1, main)))
        strips.push_back(difference(scene));
    if (ofLayout)
        return strips;
    // With several lanes the strips are lower: who has more rows of values gets more.
    for (Strip& strip : strips) {
        if (laneCount(scene) > 1)
            strip.share = 0.8 + std::max(1.5, static_cast<double>(strip.rows.size()));
    }
    return strips;
}

Strip describeDistance(const Scene& scene)
{
    Strip strip;
    strip.id = u"distance"_s;
    strip.legend = false;
    strip.axisName = u"distance (1)"_s;
    strip.shortAxisName = u"dist. (1)"_s;
    strip.format = StripFormat::Scientific;
    strip.logarithmic = true;
    strip.low = 0.01, strip.high = 10, strip.lowest = 1e-9;
    addMetrics(strip, scene,
        {{u"distance"_s, "fixed_point_distance", scene.theme->soma,
            &SelfPredictionErrors::fixedPointDistance}});
    if (hiddenLayers(scene) == 0)
        strip.emptyText = u"No hidden layer: no fixed point"_s;
    return strip;
}

StripKey stripKey(const Scene& scene)
{
    StripKey key;
    key.selection = scene.selection;
    key.sizes = scene.frame.sizes;
    key.generation = scene.frame.generation;
    key.lanes = laneKey(scene.frame);
    key.channels = scene.history ? scene.history->channels().size() : 0;
    key.dark = scene.theme->dark;
    key.layout = scene.layout;
    key.shownLane = scene.shownLane;
    for (const LaneFrame& lane : scene.frame.lanes)
        key.models << QString::fromStdString(std::string(lane.parameters.model()));
    return key;
}

} // namespace apical
