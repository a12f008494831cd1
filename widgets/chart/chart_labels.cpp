#include "widgets/chart/chart_labels.h"

#include "widgets/plot/scale.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace apical {
namespace {

constexpr double kLine = 16; // px of a line of text

QString unsignedLabel(const QString& label)
{
    return label.startsWith(u'+') ? label.mid(1) : label;
}

} // namespace

PlaceRange wholeRange(const ChartAxis& axis)
{
    PlaceRange range{axis.place(axis.low), axis.place(axis.high)};
    if (!(range.high > range.low))
        range.high = range.low + 1;
    return range;
}

std::vector<AxisLabel> labelsOf(
    const ChartAxis& axis, const PlaceRange& shown, double pixels, double gap)
{
    std::vector<AxisLabel> labels;
    const double slack = 1e-9 * shown.span();
    const auto add = [&](double place, const QString& text) {
        if (place >= shown.low - slack && place <= shown.high + slack)
            labels.push_back({place, text});
    };
    if (!axis.labelled.empty()) {
        double free = -HUGE_VAL;
        for (const double value : axis.labelled) {
            const QString text = QString::number(value);
            const double half = 3.5 * static_cast<double>(text.size()) + 3; // px, about
            const double pixel = axis.place(value) / shown.span() * pixels;
            add(axis.place(value), pixel - half < free ? QString() : text);
            free = pixel - half < free ? free : pixel + half;
        }
    } else if (axis.logarithmic && shown.span() >= 1) {
        for (const Tick& tick :
            LogScale(std::pow(10, shown.low), std::pow(10, shown.high), 0, pixels).ticks(gap))
            add(std::log10(tick.value), tick.label);
    } else if (axis.logarithmic) { // less than a decade: round numbers in it
        for (const Tick& tick :
            LinearScale(std::pow(10, shown.low), std::pow(10, shown.high), 0, pixels).ticks(gap))
            if (tick.value > 0)
                add(std::log10(tick.value), unsignedLabel(tick.label));
    } else {
        for (const Tick& tick : LinearScale(shown.low, shown.high, 0, pixels).ticks(gap))
            if (!axis.whole || tick.value == std::round(tick.value))
                add(tick.value, unsignedLabel(tick.label));
    }
    // A text beside which even white space has no room would not be drawn, either.
    const auto crowds = [&](const AxisLabel& blank) {
        return blank.text.isEmpty() && std::ranges::any_of(labels, [&](const AxisLabel& label) {
            return !label.text.isEmpty()
                && std::abs(label.place - blank.place) / shown.span() * pixels < kLine;
        });
    };
    std::vector<AxisLabel> apart;
    std::ranges::remove_copy_if(labels, std::back_inserter(apart), crowds);
    labels = std::move(apart);
    // Categories are told apart by their text, and white space is not drawn.
    qsizetype blanks = 0;
    for (AxisLabel& label : labels)
        if (label.text.isEmpty())
            label.text = QString(++blanks, u' ');
    return labels;
}

} // namespace apical
