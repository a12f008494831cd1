#include "widgets/union/comparison.h"

#include "sim/watch/backprop_angle.h"
#include "widgets/look/number_text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

using Layer = PhasesTrace::Layer;
constexpr double kWords = 16, kNames = 32, kNumbers = 40; // px around a square
constexpr double kLeastSide = 74, kNamed = 140, kMostSide = 240; // px
constexpr double kSame = 30, kSimilar = 60, kHardly = 85, kAgainst = 95; // degrees

/// The output has no values of its own: what its spikes came to, whatever is chosen.
bool showsValues(const PhasesLook& look, std::size_t layer)
{
    return look.values && look.trace->layers[layer - 1].hidden;
}

ScatterPlot plotOf(const Theme& theme, const PhasesLook& look, std::size_t l, int chosen)
{
    const Layer& layer = look.trace->layers[l - 1];
    ScatterPlot plot;
    plot.xName = u"&minus;&delta; of backprop (1)"_s;
    plot.yName = showsValues(look, l) ? u"mean x &minus; &mu; (1)"_s : u"mean &ecirc; (1)"_s;
    plot.x = look.rates ? layer.exact : layer.backprop;
    plot.y = showsValues(look, l) ? valueErrors(*look.trace, l) : layer.errorMean;
    plot.category = theme.apical;
    double most = 0;
    for (const auto* values : {&plot.x, &plot.y})
        for (const double v : *values)
            most = std::isfinite(v) ? std::max(most, std::abs(v)) : most;
    plot.range = most > 0 ? niceStep(most) : 1;
    if (chosen >= 0) {
        plot.marked.assign(plot.x.size(), false);
        plot.marked[static_cast<std::size_t>(chosen)] = true;
    }
    return plot;
}

double squareSide(const QRectF& area, std::size_t count)
{
    const double each = area.height() / static_cast<double>(count) - kWords - kNames;
    return std::min({each, area.width() - kNumbers - 8, kMostSide});
}

} // namespace

QString directionText(double degrees)
{
    if (!std::isfinite(degrees))
        return u"no errors to compare"_s;
    const QString word = degrees <= kSame ? u"the same direction"_s
        : degrees <= kSimilar             ? u"a similar direction"_s
        : degrees < kHardly               ? u"hardly alike"_s
        : degrees <= kAgainst             ? u"unrelated"_s
                                          : u"against it"_s;
    return QString::number(degrees, 'f', degrees < 10 ? 1 : 0) + u"\u00b0, "_s + word;
}

std::vector<double> valueErrors(const PhasesTrace& trace, std::size_t layer)
{
    const Layer& of = trace.layers[layer - 1];
    std::vector<double> mean(static_cast<std::size_t>(of.units), 0.0);
    const double share = 1.0 / (trace.steps() - trace.window);
    for (std::uint32_t s = trace.window; s < trace.steps(); ++s)
        for (std::size_t i = 0; i < mean.size(); ++i)
            mean[i] += share
                * (of.value(static_cast<int>(s), static_cast<int>(i))
                    - of.prediction(static_cast<int>(s), static_cast<int>(i)));
    return mean;
}

QString phasesLayerText(const PhasesTrace& trace, std::size_t layer)
{
    return layer == trace.layers.size() ? u"output"_s : u"layer %1"_s.arg(layer);
}

std::vector<ErrorScatter> errorScatters(
    const Theme& theme, const PhasesLook& look, const QRectF& area)
{
    const PhasesTrace& trace = *look.trace;
    const std::size_t layers = trace.layers.size();
    const bool all = squareSide(area, layers) >= kLeastSide;
    const double words = all ? 0 : kWords * static_cast<double>(layers - 1);
    const double side =
        all ? squareSide(area, layers) : squareSide(area.adjusted(0, words, 0, 0), 1);
    std::vector<ErrorScatter> scatters;
    for (std::size_t l = layers; l >= 1; --l) {
        ErrorScatter one;
        one.layer = l;
        const bool chosen = l == look.chosen.layer;
        one.plot = plotOf(theme, look, l, chosen ? look.chosen.index : -1);
        one.words = phasesLayerText(trace, l) + u": "_s
            + directionText(angleBetween(one.plot.y, one.plot.x));
        if (all) {
            const double top = area.top()
                + static_cast<double>(layers - l) * area.height() / static_cast<double>(layers);
            one.square = QRectF(area.left() + kNumbers, top + kWords, side, side);
        } else if (chosen && side >= kLeastSide) {
            one.square = QRectF(area.left() + kNumbers, area.top() + words + kWords, side, side);
        }
        if (one.square.height() < kNamed)
            one.plot.yName = showsValues(look, l) // else it would run over the numbers
                ? u"x &minus; &mu; (1)"_s
                : u"&ecirc; (1)"_s;
        scatters.push_back(std::move(one));
    }
    if (!all) // the one with a square last, over it
        std::stable_partition(scatters.begin(), scatters.end(),
            [](const ErrorScatter& one) { return one.square.isNull(); });
    return scatters;
}

void paintErrorScatters(QPainter& painter, const Theme& theme,
    const std::vector<ErrorScatter>& scatters, const QRectF& area)
{
    double line = area.top();
    for (const ErrorScatter& one : scatters) {
        const double top = one.square.isNull() ? line : one.square.top() - kWords;
        const QRectF words(area.left(), top, area.width(), kWords);
        if (words.bottom() > area.bottom())
            break;
        line = words.bottom();
        painter.setFont(uiFont(11, QFont::DemiBold));
        painter.setPen(theme.ink);
        painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetricsF(painter.font()).elidedText(one.words, Qt::ElideRight, words.width()));
        if (!one.square.isNull()) {
            painter.save();
            one.plot.paint(painter, one.square.adjusted(0, 2, -2, 0), theme);
            painter.restore();
        }
    }
}

std::optional<PhasesNeuron> pointAt(const std::vector<ErrorScatter>& scatters, const QPointF& at)
{
    for (const ErrorScatter& one : scatters) {
        if (one.square.isNull() || !one.square.contains(at))
            continue;
        if (const int i = one.plot.pointAt(one.square.adjusted(0, 2, -2, 0), at); i >= 0)
            return PhasesNeuron{one.layer, i};
    }
    return {};
}

QString phasesCsv(const PhasesTrace& trace, const PhasesNeuron& chosen)
{
    QString out = u"quantity,layer,neuron,t_ms,value\n"_s;
    const auto row = [&](const char16_t* quantity, std::size_t layer, std::size_t neuron, double t,
                         double value) {
        out += QString::fromUtf16(quantity) + u",%1,%2,"_s.arg(layer).arg(neuron + 1);
        if (std::isfinite(t))
            out += exactText(t);
        out += u',' + exactText(value) + u'\n';
    };
    for (std::size_t l = 1; l <= trace.layers.size(); ++l) {
        const Layer& layer = trace.layers[l - 1];
        for (const PhasesTrace::Spike& spike : layer.values)
            row(u"value_spike", l, spike.neuron, trace.ms(spike.step + 1.0), spike.sign);
        for (const PhasesTrace::Spike& spike : layer.errors)
            row(u"error_spike", l, spike.neuron, trace.ms(spike.step + 1.0), spike.sign);
        const double latch = trace.ms(trace.stepsA), end = trace.ms(trace.steps());
        const std::vector<double> values =
            layer.hidden ? valueErrors(trace, l) : std::vector<double>();
        for (std::size_t i = 0; i < layer.latched.size(); ++i) {
            row(u"latched", l, i, latch, layer.latched[i]);
            row(u"error_mean", l, i, end, layer.errorMean[i]);
            if (layer.hidden)
                row(u"value_minus_prediction", l, i, end, values[i]);
            row(u"backprop", l, i, end, layer.backprop[i]);
            row(u"backprop_of_rates", l, i, end, layer.exact[i]);
        }
    }
    if (trace.empty())
        return out;
    const Layer& layer = trace.layers[chosen.layer - 1];
    const auto neuron = static_cast<std::size_t>(chosen.index);
    for (std::uint32_t s = 0; s < trace.steps(); ++s) {
        const int step = static_cast<int>(s);
        const double t = trace.ms(s + 1.0);
        row(u"prediction", chosen.layer, neuron, t, layer.prediction(step, chosen.index));
        if (layer.hidden && s + 1 >= trace.stepsA)
            row(u"value", chosen.layer, neuron, t, layer.value(step, chosen.index));
        row(u"error_trace", chosen.layer, neuron, t, layer.errorTrace(step, chosen.index));
    }
    return out;
}

} // namespace apical
