#include "widgets/conversion/crossing.h"

#include "widgets/picture/class_bars.h"
#include "widgets/plot/scale.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kLeft = 46, kRight = 34; // of the plot: values of o, names of classes
constexpr double kCaption = 16, kStrip = 16, kAxis = 18; // heights
constexpr double kLeastLine = 1; // px of a raster's line
constexpr double kLeastName = 10; // px between the names of two curves
constexpr double kTickGap = 64;
constexpr float kPale = 0.28F; // of what lies after the cursor
constexpr float kShared = 0.55F; // of one spike in a line of several neurons

QColor faded(QColor color, float share)
{
    color.setAlphaF(color.alphaF() * share);
    return color;
}

QString numberText(double n)
{
    return QString::number(n, 'f', 0);
}

/// Draws one part after the other from top to bottom.
class Crossing {
public:
    Crossing(QPainter& painter, const Theme& theme, const CrossingLook& look, const QRectF& area)
        : m_painter(painter)
        , m_theme(theme)
        , m_look(look)
        , m_trace(*look.trace)
        , m_plot(crossingPlot(area))
        , m_area(area)
        , m_y(area.top())
    {
    }

    void paint()
    {
        double rasters = 0; // heights to share, the outputs count as one and a half
        for (const auto& population : m_trace.populations)
            rasters += population.sends ? 1 : 0;
        const double captions = kCaption * (static_cast<double>(m_trace.populations.size()) + 2);
        const double free = std::max(0.0, m_area.height() - captions - kStrip - kAxis);
        const double each = free / (rasters + 1.5);
        for (std::size_t i = 0; i < m_trace.populations.size(); ++i)
            raster(i, m_trace.populations[i].sends ? each : 0);
        outputs(m_area.bottom() - m_y - 2 * kCaption - kStrip - kAxis);
        strip();
        axis();
        cursor();
    }

private:
    double x(double steps) const
    {
        return m_plot.left() + steps / std::max(1u, m_trace.steps) * m_plot.width();
    }
    QString nameOf(int c) const
    {
        const auto i = static_cast<std::size_t>(c);
        return c >= 0 && i < m_look.classes.size() ? m_look.classes[i] : QString::number(c);
    }
    QColor colorOf(int c) const { return classColor(c, m_trace.classes, m_theme.dark); }

    /// A line of words above the next part: a name, then what is to be said of it.
    void caption(const QString& name, const QString& text, const QColor& color)
    {
        const QRectF line(m_area.left(), m_y, m_area.width(), kCaption);
        m_painter.setFont(uiFont(11, QFont::DemiBold));
        m_painter.setPen(m_theme.ink);
        m_painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, name);
        const double after = QFontMetricsF(m_painter.font()).horizontalAdvance(name) + 8;
        m_painter.setFont(uiFont(11));
        m_painter.setPen(color);
        const QString fits =
            QFontMetricsF(m_painter.font()).elidedText(text, Qt::ElideRight, line.width() - after);
        m_painter.drawText(line.adjusted(after, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, fits);
        m_y += kCaption;
    }

    QRectF frame(double height)
    {
        const QRectF box(m_plot.left(), m_y, m_plot.width(), height);
        m_painter.fillRect(box, m_theme.band);
        m_y += height;
        return box;
    }

    /// Line of each neuron, the busiest first if they are sorted.
    std::vector<int> ranks(const ConversionTrace::Population& of) const
    {
        std::vector<int> order(static_cast<std::size_t>(of.size));
        std::iota(order.begin(), order.end(), 0);
        if (m_look.sorted) {
            const std::vector<double> counts = of.counts(m_trace.steps);
            std::ranges::stable_sort(order, std::greater<>{},
                [&](int i) { return counts[static_cast<std::size_t>(i)]; });
        }
        std::vector<int> rank(order.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            rank[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
        return rank;
    }

    void raster(std::size_t index, double height)
    {
        const ConversionTrace::Population& of = m_trace.populations[index];
        const QString name = index == 0 ? u"Input"_s : u"Hidden layer "_s + QString::number(index);
        const int each = height > 0 ? neuronsPerLine(of.size, height) : 1;
        QString text = u"%1 neurons"_s.arg(of.size);
        if (!of.sends) {
            caption(name, text + u", each pixel a constant current: no spikes"_s, m_theme.ink2);
            return;
        }
        if (each > 1)
            text += u", %1 to a line"_s.arg(each);
        const std::vector<double> counts = of.counts(m_look.steps);
        const auto sent = std::ranges::count_if(counts, [](double n) { return n > 0; });
        text += u"; %1 sent %2 spikes"_s.arg(sent).arg(numberText(of.spikesUntil(m_look.steps)));
        caption(name, text, m_theme.ink2);
        const QRectF box = frame(height);
        const std::vector<int> rank = ranks(of);
        const double lines = std::ceil(static_cast<double>(of.size) / each);
        const double line = height / lines, width = std::max(1.0, x(1) - x(0) - 0.5);
        const QColor ink = faded(index == 0 ? m_theme.ink2 : m_theme.soma, each > 1 ? kShared : 1);
        const QColor pale = faded(ink, kPale);
        const double tall = std::max(line > 3 ? line - 1 : line, kLeastLine);
        for (const ConversionTrace::Spike& spike : of.spikes) {
            const int at = rank[spike.neuron] / each;
            const QRectF mark(x(spike.step), box.top() + at * line, width, tall);
            for (std::uint32_t n = 0; n < spike.count; ++n) // several are darker
                m_painter.fillRect(mark, spike.step < m_look.steps ? ink : pale);
        }
    }

    void outputs(double height)
    {
        caption(u"Outputs"_s, u"currents o(t), one curve for each class"_s, m_theme.ink2);
        const QRectF box = frame(std::max(10.0, height));
        const auto [least, most] = std::ranges::minmax(m_trace.output);
        const double pad = std::max(0.05, 0.05 * (most - least));
        const LinearScale scale(least - pad, most + pad, box.bottom(), box.top());
        m_painter.setFont(uiFont(10));
        for (const Tick& tick : scale.ticks(20)) {
            if (tick.pixel < box.top() + 6) // it would stand in the caption
                continue;
            m_painter.setPen(m_theme.grid);
            m_painter.drawLine(QPointF(box.left(), tick.pixel), QPointF(box.right(), tick.pixel));
            m_painter.setPen(m_theme.ink3);
            m_painter.drawText(QRectF(m_area.left(), tick.pixel - 7, kLeft - 5, 14),
                Qt::AlignRight | Qt::AlignVCenter, tick.label);
        }
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        const int chosen = m_trace.decision();
        for (int turn = 0; turn < 2; ++turn) // the winner over the others
            for (int c = 0; c < m_trace.classes; ++c)
                if ((c == chosen) == (turn == 1))
                    curve(c, c == chosen ? 2.2 : 1.2, scale);
        m_painter.restore();
        names(scale, box);
    }

    void curve(int c, double width, const LinearScale& scale)
    {
        QPolygonF past, future;
        for (std::uint32_t s = 0; s < m_trace.steps; ++s) {
            const QPointF at(
                x(s + 1), scale.toPixel(m_trace.outputAt(s)[static_cast<std::size_t>(c)]));
            if (s < m_look.steps)
                past << at;
            if (s + 1 >= m_look.steps)
                future << at;
        }
        m_painter.setPen(QPen(faded(colorOf(c), kPale), width));
        m_painter.drawPolyline(future);
        m_painter.setPen(QPen(colorOf(c), width));
        m_painter.drawPolyline(past);
    }

    /// At the ends of the curves: the answer and the right class first, others where there is room.
    void names(const LinearScale& scale, const QRectF& box)
    {
        const auto last = m_trace.outputAt(m_trace.steps - 1);
        std::vector<int> order(last.size());
        std::iota(order.begin(), order.end(), 0);
        const auto urgent = [&](int c) { return c == m_trace.decision() || c == m_look.label; };
        std::ranges::stable_sort(order, std::greater<>{},
            [&](int c) { return std::pair(urgent(c), last[static_cast<std::size_t>(c)]); });
        std::vector<double> taken;
        for (const int c : order) {
            const double y = std::clamp(
                scale.toPixel(last[static_cast<std::size_t>(c)]), box.top() + 5, box.bottom() - 5);
            if (std::ranges::any_of(
                    taken, [y](double other) { return std::abs(other - y) < kLeastName; }))
                continue;
            taken.push_back(y);
            m_painter.setFont(uiFont(10, urgent(c) ? QFont::Bold : QFont::Normal));
            m_painter.setPen(urgent(c) ? m_theme.ink : m_theme.ink2);
            const QRectF at(box.right() + 3, y - 7, kRight - 3, 14);
            m_painter.drawText(at, Qt::AlignLeft | Qt::AlignVCenter,
                QFontMetricsF(m_painter.font()).elidedText(nameOf(c), Qt::ElideRight, at.width()));
        }
    }

    void strip()
    {
        const double decided = m_trace.decidedMs();
        const int chosen = m_trace.decision();
        QString text = u"largest mean of o so far"_s;
        QColor ink = m_theme.ink2;
        if (chosen >= 0) {
            text = u"%1 from %2 ms on"_s.arg(nameOf(chosen), QString::number(decided, 'g', 5));
            if (m_look.label >= 0) {
                const bool right = chosen == m_look.label;
                text += right ? u": right"_s : u": wrong, it is "_s + nameOf(m_look.label);
                ink = right ? m_theme.good : m_theme.bad;
            }
            text += u" (largest mean of o so far)"_s;
        }
        caption(u"Decision"_s, text, ink);
        const QRectF box = frame(kStrip);
        const std::vector<int>& all = m_trace.decisions;
        for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
            while (end < all.size() && all[end] == all[begin])
                ++end;
            segment(all[begin],
                QRectF(QPointF(x(static_cast<double>(begin)), box.top()),
                    QPointF(x(static_cast<double>(end)), box.bottom())));
        }
        const double hidden = x(m_look.steps);
        m_painter.fillRect(
            QRectF(QPointF(hidden, box.top()), box.bottomRight()), faded(m_theme.panel, 1 - kPale));
        if (chosen < 0)
            return;
        // From here on it holds.
        m_painter.setPen(QPen(ink, 1.5, Qt::DashLine));
        const double at = x(decided / m_trace.dt - 1);
        m_painter.drawLine(QPointF(at, box.top() - 3), QPointF(at, box.bottom() + 4));
    }

    void segment(int c, const QRectF& box)
    {
        const QString text = c < 0 ? u"only biases yet"_s : nameOf(c);
        m_painter.setFont(uiFont(10, c < 0 ? QFont::Normal : QFont::Bold));
        const bool fits =
            QFontMetricsF(m_painter.font()).horizontalAdvance(text) + 4 <= box.width();
        if (c >= 0)
            m_painter.fillRect(box.adjusted(0, 0, -0.5, 0), faded(colorOf(c), 0.35F));
        m_painter.setPen(c < 0 ? m_theme.ink2 : m_theme.ink);
        if (fits)
            m_painter.drawText(box, Qt::AlignCenter, text);
    }

    void axis()
    {
        m_painter.setFont(uiFont(10));
        const LinearScale scale(0, m_trace.steps * m_trace.dt, m_plot.left(), m_plot.right());
        for (const Tick& tick : scale.ticks(kTickGap)) {
            m_painter.setPen(m_theme.edge);
            m_painter.drawLine(QPointF(tick.pixel, m_y), QPointF(tick.pixel, m_y + 3));
            m_painter.setPen(m_theme.ink3);
            m_painter.drawText(QRectF(tick.pixel - 30, m_y + 3, 60, 13), Qt::AlignCenter,
                QString::number(tick.value, 'g', 5));
        }
        m_painter.setPen(m_theme.ink2);
        m_painter.drawText(QRectF(m_area.left(), m_y + 3, kLeft - 12, 13),
            Qt::AlignLeft | Qt::AlignVCenter, u"t (ms)"_s);
    }

    void cursor()
    {
        const double at = x(m_look.steps);
        m_painter.setPen(QPen(m_theme.crosshair, 1));
        m_painter.drawLine(QPointF(at, m_area.top() + kCaption), QPointF(at, m_y));
    }

    QPainter& m_painter;
    const Theme& m_theme;
    const CrossingLook& m_look;
    const ConversionTrace& m_trace;
    QRectF m_plot, m_area;
    double m_y; ///< where the next part begins
};

} // namespace

int neuronsPerLine(int neurons, double height)
{
    const double lines = std::max(1.0, std::floor(height / kLeastLine));
    return std::max(1, static_cast<int>(std::ceil(neurons / lines)));
}

QRectF crossingPlot(const QRectF& area)
{
    return area.adjusted(kLeft, 0, -kRight, 0);
}

void paintCrossing(
    QPainter& painter, const Theme& theme, const CrossingLook& look, const QRectF& area)
{
    if (!look.trace || look.trace->steps == 0)
        return;
    painter.save();
    Crossing(painter, theme, look, area).paint();
    painter.restore();
}

} // namespace apical
