#include "widgets/strips/stack.h"

#include "widgets/strips/axes.h"
#include "widgets/view/lane_words.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// The value in the middle of a painted stroke.
double middle(const History::Column& column, bool logarithmic)
{
    const double low = static_cast<double>(column.low), high = static_cast<double>(column.high);
    return logarithmic && low > 0 ? std::sqrt(low * high) : (low + high) / 2;
}

} // namespace

void StripStack::describe(std::vector<Strip> strips, bool restart)
{
    std::vector<StripRange> ranges(strips.size());
    for (std::size_t i = 0; i < strips.size(); ++i) {
        if (!restart && i < m_strips.size() && m_strips[i].title == strips[i].title)
            ranges[i] = m_ranges[i];
        else
            ranges[i].start(strips[i]);
    }
    m_strips = std::move(strips);
    m_ranges = std::move(ranges);
    m_curves.assign(m_strips.size(), {});
    for (std::size_t i = 0; i < m_strips.size(); ++i)
        m_curves[i].resize(m_strips[i].curves.size());
    m_textsDue = true;
    m_nameWidth = legendNameWidth(m_strips);
    m_legendWidth = legendWidth(m_strips);
}

double StripStack::top(const Scene& scene, const QRectF& area) const
{
    double top = area.top() + 2;
    if (m_phaseLane && scene.frame.lanes.size() > 1)
        top += kLaneLine;
    return m_phaseLane ? top + kPhaseLane + kStripGap : top;
}

int StripStack::fitting(const Scene& scene, const QRectF& area) const
{
    double least = 1;
    for (const Strip& strip : m_strips)
        least = std::max(least, leastHeight(strip));
    const double room = area.bottom() - kAxisHeight - top(scene, area) + kStripGap;
    const int all = static_cast<int>(m_strips.size());
    return std::clamp(static_cast<int>(room / (least + kStripGap)), std::min(1, all), all);
}

void StripStack::layout(const Scene& scene, const QRectF& area)
{
    const auto count = static_cast<std::size_t>(fitting(scene, area));
    const std::size_t first =
        std::min(static_cast<std::size_t>(std::max(0, m_first)), m_strips.size() - count);
    const auto gaps = static_cast<double>(count > 0 ? count - 1 : 0) * kStripGap;
    double y = top(scene, area);
    // Each by its share; who would come out too low takes the least height off the others.
    double room = area.bottom() - kAxisHeight - y - gaps, shares = 0;
    for (std::size_t i = first; i < first + count; ++i)
        shares += m_strips[i].share;
    std::vector<double> heights(count, 0);
    for (bool changed = count > 1; changed;) {
        changed = false;
        for (std::size_t i = 0; i < count; ++i) {
            const Strip& strip = m_strips[first + i];
            if (heights[i] > 0 || room / shares * strip.share >= leastHeight(strip))
                continue;
            heights[i] = leastHeight(strip);
            room -= heights[i];
            shares -= strip.share;
            changed = true;
        }
    }
    const double width = std::max(20.0, area.width() - kStripMargin - kStripRight);
    m_plots.assign(m_strips.size(), {});
    m_area = {};
    for (std::size_t i = 0; i < count; ++i) {
        const double height = heights[i] > 0
            ? heights[i]
            : std::max(10.0, std::floor(room / shares * m_strips[first + i].share));
        m_plots[first + i] = QRectF(area.left() + kStripMargin, std::round(y), width, height);
        m_area |= m_plots[first + i];
        y += height + kStripGap;
    }
    double begin = scene.viewBeginMs, end = scene.viewEndMs;
    if (!(end > begin))
        begin = 0, end = std::max(1000.0, scene.nowMs * 1.6);
    const double left = area.left() + kStripMargin;
    m_axis = TimeAxis(begin, end, left, left + width, countsIterations(scene.frame));
}

void StripStack::gather(const Scene& scene)
{
    const int n = m_envelope.columnCount();
    m_columnMs = m_axis.spanMs() / n;
    m_columnBeginMs = std::floor(m_axis.beginMs() / m_columnMs) * m_columnMs;
    m_shift = static_cast<int>(std::lround((m_columnBeginMs - m_axis.beginMs()) / m_columnMs));
    const auto size = static_cast<std::size_t>(n) + 1;
    for (std::size_t s = 0; s < m_strips.size(); ++s) {
        double least = std::numeric_limits<double>::infinity(), most = -least;
        for (std::size_t c = 0; c < m_curves[s].size(); ++c) {
            const StripCurve& curve = m_strips[s].curves[c];
            std::vector<History::Column>& columns = m_curves[s][c].columns;
            columns.resize(size);
            readColumns(scene, curve, columns);
            const auto factor = static_cast<float>(curve.factor);
            float low = std::numeric_limits<float>::infinity(), high = -low;
            for (History::Column& column : columns) {
                column.low *= factor;
                column.high *= factor;
                low = column.low < low ? column.low : low;
                high = column.high > high ? column.high : high;
            }
            least = std::min(least, static_cast<double>(low));
            most = std::max(most, static_cast<double>(high));
        }
        if (!m_ranges[s].holds(least, most) && leaveWildOut(s, least, most))
            m_ranges[s].withoutWild(least, most);
        else
            m_ranges[s].include(least, most);
    }
}

/// One value of a run that breaks must not flatten all that came before.
bool StripStack::leaveWildOut(std::size_t strip, double& least, double& most) const
{
    std::vector<double> magnitudes;
    for (const Curve& curve : m_curves[strip])
        for (const History::Column& column : curve.columns)
            if (column.low <= column.high)
                magnitudes.push_back(
                    static_cast<double>(std::max(std::abs(column.low), std::abs(column.high))));
    const double wild = m_ranges[strip].wildAbove(magnitudes);
    if (least >= -wild && most <= wild)
        return false;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Curve& curve : m_curves[strip])
        for (const History::Column& column : curve.columns) {
            const double a = static_cast<double>(column.low), b = static_cast<double>(column.high);
            if (a >= -wild && b <= wild)
                low = std::min(low, a), high = std::max(high, b);
        }
    least = low, most = high;
    return true;
}

void StripStack::readColumns(
    const Scene& scene, const StripCurve& curve, std::vector<History::Column>& columns)
{
    const auto known = [&](int channel) {
        return scene.history && channel >= 0
            && channel < static_cast<int>(scene.history->channels().size());
    };
    const bool difference = curve.minus >= 0;
    if (!known(curve.channel) || (difference && !known(curve.minus))) {
        std::fill(columns.begin(), columns.end(), History::Column{NAN, NAN});
        return;
    }
    const double end = m_columnBeginMs + m_columnMs * static_cast<double>(columns.size());
    scene.history->columns(curve.channel, m_columnBeginMs, end, columns);
    if (!difference)
        return;
    // Least minus least, greatest minus greatest: exact where a column holds one sample, and zero
    // where the lanes are equal.
    m_other.resize(columns.size());
    scene.history->columns(curve.minus, m_columnBeginMs, end, m_other);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const float low = columns[i].low - m_other[i].low;
        const float high = columns[i].high - m_other[i].high;
        columns[i] = low <= high ? History::Column{low, high} : History::Column{high, low};
    }
}

void StripStack::readFrame(const Scene& scene)
{
    for (std::size_t s = 0; s < m_strips.size(); ++s) {
        for (std::size_t c = 0; c < m_curves[s].size(); ++c) {
            const StripCurve& curve = m_strips[s].curves[c];
            Curve& shown = m_curves[s][c];
            shown.value = curve.read ? curve.read(scene.frame) * curve.factor : kNothing;
            if (!std::isfinite(shown.value))
                shown.value = valueAt(
                    static_cast<int>(s), static_cast<int>(c), scene.shownMs - m_columnMs / 2);
            if (m_textsDue)
                shown.text =
                    std::isfinite(shown.value) ? m_strips[s].valueRich(shown.value) : QString();
            // Several values in one row leave the unit to the axis.
            if (m_textsDue && !curve.variant.isEmpty() && shown.text.endsWith(u" %"_s))
                shown.text.chop(2);
        }
    }
    m_textsDue = false;
}

QRectF StripStack::plot(int strip) const
{
    const auto i = static_cast<std::size_t>(strip);
    return strip >= 0 && i < m_plots.size() ? m_plots[i] : QRectF();
}

int StripStack::stripAt(double y) const
{
    for (std::size_t i = 0; i < m_plots.size(); ++i)
        if (inSight(i) && y >= m_plots[i].top() && y <= m_plots[i].bottom())
            return static_cast<int>(i);
    return -1;
}

double StripStack::valueAt(int strip, int curve, double timeMs) const
{
    const auto s = static_cast<std::size_t>(strip), c = static_cast<std::size_t>(curve);
    const std::vector<History::Column>& columns = m_curves[s][c].columns;
    const double position = (timeMs - m_columnBeginMs) / m_columnMs;
    if (!(position >= 0) || position >= static_cast<double>(columns.size()))
        return kNothing;
    return middle(columns[static_cast<std::size_t>(position)], m_strips[s].logarithmic);
}

std::unique_ptr<PlotScale> StripStack::scale(std::size_t strip) const
{
    const QRectF& plot = m_plots[strip];
    return m_ranges[strip].scale(plot.bottom() - 2, plot.top() + 2);
}

void StripStack::zoomValues(int strip, double factor, double y)
{
    const QRectF where = plot(strip);
    if (where.isEmpty())
        return;
    m_ranges[static_cast<std::size_t>(strip)].zoom(
        factor, std::clamp((where.bottom() - y) / where.height(), 0.0, 1.0));
}

void StripStack::autoscale(int strip)
{
    if (strip >= 0 && static_cast<std::size_t>(strip) < m_ranges.size())
        m_ranges[static_cast<std::size_t>(strip)].autoscale();
}

QString StripStack::strokeText(const History& history, double beginMs, double endMs, int columns)
{
    const std::size_t first = history.lowerBound(beginMs);
    const std::size_t last = history.lowerBound(endMs);
    if (first >= history.size() || columns < 1 || !(endMs > beginMs))
        return {};
    const double columnMs = (endMs - beginMs) / columns;
    // A stroke is one column, or one bin where bins are wider; bins are wider the older they are.
    const auto samples = [&](const Bin& bin) {
        const double perMs = bin.durationMs > 0 ? bin.samples / bin.durationMs : bin.samples;
        return std::max(
            1.0, std::round(std::max(static_cast<double>(bin.samples), perMs * columnMs)));
    };
    const double older = samples(history.bin(first));
    const double newer = samples(history.bin(std::min(last, history.size() - 1)));
    const double least = std::min(older, newer), most = std::max(older, newer);
    if (most <= 1)
        return u"every sample"_s;
    const QLocale c = QLocale::c();
    const QString text = u"min/max of "_s + c.toString(least, 'f', 0);
    // Rounding makes neighbours differ by one: that is not worth a range.
    return text + (most > least * 1.05 + 1 ? u" to "_s + c.toString(most, 'f', 0) : QString())
        + u" samples"_s;
}

QString StripStack::csv(const Scene& scene) const
{
    if (!scene.history)
        return {};
    QString text = u"t_ms"_s;
    std::vector<const StripCurve*> curves;
    for (const Strip& strip : m_strips) {
        for (const StripCurve& curve : strip.curves) {
            if (curve.channel < 0)
                continue;
            curves.push_back(&curve);
            text += u',' + curve.csvName + u"_min,"_s + curve.csvName + u"_max"_s;
        }
    }
    text += u'\n';
    if (curves.empty())
        return {};
    const History& history = *scene.history;
    const auto number = [](double value) {
        return std::isfinite(value) ? QString::number(value, 'g', 9) : QString();
    };
    for (std::size_t i = history.lowerBound(m_axis.beginMs()); i < history.size(); ++i) {
        const Bin& bin = history.bin(i);
        if (bin.timeMs - bin.durationMs >= m_axis.endMs())
            break;
        text += QString::number(bin.timeMs, 'g', 12);
        for (const StripCurve* curve : curves) {
            double low = static_cast<double>(history.minimum(i, curve->channel));
            double high = static_cast<double>(history.maximum(i, curve->channel));
            if (curve->minus >= 0) {
                const auto [less, more] =
                    std::minmax({low - static_cast<double>(history.minimum(i, curve->minus)),
                        high - static_cast<double>(history.maximum(i, curve->minus))});
                low = less, high = more;
            }
            text += u',' + number(low * curve->factor) + u',' + number(high * curve->factor);
        }
        text += u'\n';
    }
    return text;
}

} // namespace apical
