#include "widgets/strips/layouts.h"

#include "widgets/strips/sources.h"
#include "widgets/view/neuron_selection.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

using Population = Selection::Population;

std::string layerName(int layer)
{
    return "layer" + std::to_string(layer);
}

Strip strip(const QString& id, const QString& title, const QString& axis, const QString& shortAxis)
{
    Strip s;
    s.id = id;
    s.title = title;
    s.axisName = axis;
    s.shortAxisName = shortAxis;
    return s;
}

/// The source, and instead of an empty strip the reason for it.
void fill(Strip& to, const Scene& scene, const StripSource& source)
{
    addSources(to, scene, {source});
    const bool recorded = std::any_of(
        to.curves.begin(), to.curves.end(), [](const StripCurve& c) { return c.channel >= 0; });
    if (!recorded)
        to.emptyText = u"Not recorded: \u201c"_s + QString::fromStdString(source.probe)
            + u"\u201d is not in \u201crecord\u201d"_s;
}

/// The neuron of the layer below that the strips show as the sender.
Selection senderOf(const Selection& receiver, const std::vector<int>& sizes)
{
    const int below =
        receiver.population == Population::Interneuron ? receiver.layer : receiver.layer - 1;
    const int index = std::min(receiver.index, sizes[static_cast<std::size_t>(below)] - 1);
    return {below == 0 ? Population::Input : Population::Pyramidal, below, index};
}

std::vector<Strip> latentEquilibrium(const Scene& scene)
{
    const Theme& t = *scene.theme;
    const std::vector<int>& sizes = scene.frame.sizes;
    Selection receiver = scene.selection;
    if (receiver.population == Population::None || !exists(receiver, sizes))
        receiver = {Population::Pyramidal, 1, 0};
    if (receiver.population == Population::Input)
        receiver = {Population::Pyramidal, 1, std::min(receiver.index, sizes[1] - 1)};
    const Selection sender = senderOf(receiver, sizes);
    const int input = sender.population == Population::Input
        ? sender.index
        : std::min(sender.index, sizes.front() - 1);
    const bool interneuron = receiver.population == Population::Interneuron;
    const QString from = sender.name(sizes), to = receiver.name(sizes);
    std::vector<Strip> strips;

    strips.push_back(strip(u"input"_s,
        u"Input potential of "_s + Selection{Population::Input, 0, input}.name(sizes),
        u"potential x (1)"_s, u"x (1)"_s));
    fill(strips.back(), scene,
        {.name = u"<i>x</i>"_s,
            .plainName = u"potential"_s,
            .probe = "input.potential",
            .index = input,
            .color = t.ink2});

    strips.push_back(strip(u"activation"_s, u"Activation of "_s + from + u": what it sends"_s,
        u"activation (1)"_s, u"r (1)"_s));
    StripSource rate{.name = u"<i>r</i>"_s,
        .plainName = u"activation"_s,
        .probe = "input.rate",
        .index = sender.index,
        .color = t.soma};
    if (sender.population != Population::Input)
        rate.probe = layerName(sender.layer) + ".pyr.rate";
    fill(strips.back(), scene, rate);

    strips.push_back(
        strip(u"response"_s, u"Somatic response of "_s + to, u"potential u (1)"_s, u"u (1)"_s));
    fill(strips.back(), scene,
        {.name = u"<i>u</i>"_s,
            .plainName = u"soma"_s,
            .probe = layerName(receiver.layer) + (interneuron ? ".inn.soma" : ".pyr.soma"),
            .index = receiver.index,
            .color = interneuron ? t.interneuron : t.soma});
    for (Strip& s : strips)
        s.fitted = true;

    if (!interneuron && receiver.layer + 1 < static_cast<int>(sizes.size())) {
        strips.push_back(
            strip(u"apical"_s, u"Apical error of "_s + to, u"apical (1)"_s, u"v_A (1)"_s));
        strips.back().low = -0.1, strips.back().high = 0.1;
        fill(strips.back(), scene,
            {.name = u"<i>v</i><sub>A</sub>"_s,
                .plainName = u"apical"_s,
                .probe = layerName(receiver.layer) + ".pyr.apical",
                .index = receiver.index,
                .color = t.apical});
    }
    return strips;
}

std::vector<Strip> dendriticErrors(const Scene& scene)
{
    const Theme& t = *scene.theme;
    const std::vector<int>& sizes = scene.frame.sizes;
    const int output = static_cast<int>(sizes.size()) - 1;
    // The selected neuron takes the place of the first of its kind.
    Selection out{Population::Pyramidal, output, 0}, hidden{Population::Pyramidal, output - 1, 0},
        inter{Population::Interneuron, output - 1, 0};
    if (const Selection& s = scene.selection; exists(s, sizes)) {
        if (s.population == Population::Interneuron)
            inter = s;
        else if (s.population == Population::Pyramidal)
            (s.layer == output ? out : hidden) = s;
    }
    struct Row {
        Selection of;
        QString id, title, axis, name;
        const char* probe;
        QColor color;
    };
    const Row rows[] = {
        {out, u"basal"_s, u"Basal error of %1: \u03c6(u) \u2212 \u03c6(\u03b1 v_B)"_s,
            u"basal (1)"_s, u"<i>e</i><sub>B</sub>"_s, ".pyr.basal_error", t.basal},
        {inter, u"interneuron"_s, u"Error of interneuron %1: \u03c6(u) \u2212 \u03c6(\u03b1 v_D)"_s,
            u"dendrite (1)"_s, u"<i>e</i><sub>I</sub>"_s, ".inn.error", t.interneuron},
        {hidden, u"proximal"_s, u"Proximal apical error of %1: v_A"_s, u"proximal (1)"_s,
            u"<i>v</i><sub>A</sub>"_s, ".pyr.apical", t.apical},
        {hidden, u"distal"_s, u"Distal apical error of %1: \u03c6(u) \u2212 \u03c6(W_down r)"_s,
            u"distal (1)"_s, u"<i>e</i><sub>D</sub>"_s, ".pyr.distal_error", t.topdown},
    };
    std::vector<Strip> strips;
    for (const Row& row : rows) {
        strips.push_back(
            strip(row.id, row.title.arg(row.of.name(sizes)), row.axis, u"error (1)"_s));
        strips.back().low = -0.1, strips.back().high = 0.1;
        fill(strips.back(), scene,
            {.name = row.name,
                .plainName = row.id,
                .probe = layerName(row.of.layer) + row.probe,
                .index = row.of.index,
                .color = row.color});
    }
    return strips;
}

} // namespace

std::vector<Strip> layoutStrips(const Scene& scene)
{
    const bool hidden = scene.frame.sizes.size() > 2;
    if (scene.layout == u"latent-equilibrium"_s && scene.frame.sizes.size() > 1)
        return latentEquilibrium(scene);
    if (scene.layout == u"dendritic-errors"_s && hidden)
        return dendriticErrors(scene);
    return {};
}

} // namespace apical
