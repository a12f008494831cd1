#include "widgets/predictive/energy_chart.h"

#include "sim/predictive/predictive.h"
#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/plot/scale.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kHead = 22, kLegendLine = 16, kLegendItem = 118; // px
constexpr double kAxis = 46, kFoot = 30, kRight = 8;
constexpr double kLeast = 30; // px: a lower plot shows nothing
constexpr double kAbove = 1.08, kSteps = 8; // of what the axis holds, and at most in it

/// Without zeros that say nothing.
QString shortText(double value)
{
    QString text = QString::number(value, 'g', 3);
    return text.contains(u'e') ? valueText(value, 3) : text;
}

int legendColumns(double width)
{
    return std::max(1, static_cast<int>(width / kLegendItem));
}

} // namespace

EnergyChart::EnergyChart(const InferencePicture& picture, const QRectF& area)
    : m_picture(picture)
    , m_area(area)
    , m_followed(picture.followed())
{
    const int items = picture.layers() + 1, columns = legendColumns(area.width());
    const int lines = (items + columns - 1) / columns;
    const double top = area.top() + kHead + lines * kLegendLine + 8;
    m_plot = QRectF(
        area.left() + kAxis, top, area.width() - kAxis - kRight, area.bottom() - kFoot - top);
    double most = std::max(1e-300, picture.outputPrecision * picture.trace.loss);
    for (int t = 0; t < m_followed; ++t)
        most = std::max(most, picture.trace.total[static_cast<std::size_t>(t)]);
    // Round, but not so round that half of the plot is empty.
    const double step = niceStep(most * kAbove / kSteps);
    m_high = std::ceil(most * kAbove / step) * step;
}

double EnergyChart::x(int t) const
{
    return m_plot.left() + m_plot.width() * t / std::max(1, m_picture.last());
}

namespace {

/// Few digits: "5·10⁻⁵", where three would not fit beside the axis.
QString tickText(double value)
{
    const double size = std::abs(value);
    if (size == 0 || (size >= 0.01 && size < 1e4))
        return shortText(value);
    return valueText(value, 2).replace(u".0\u00b7"_s, u"\u00b7"_s);
}

} // namespace

double EnergyChart::y(double energy) const
{
    const double share = std::isfinite(energy) ? std::clamp(energy / m_high, 0.0, 1.0) : 1;
    return m_plot.bottom() - share * m_plot.height();
}

std::optional<int> EnergyChart::readAt(const QPointF& at) const
{
    if (!m_plot.adjusted(-4, 0, 4, 16).contains(at))
        return {};
    const double share = (at.x() - m_plot.left()) / m_plot.width();
    return std::clamp(static_cast<int>(std::lround(share * m_picture.last())), 0, m_picture.last());
}

void EnergyChart::paintHead(QPainter& painter, const Theme& t) const
{
    // Z-IL makes as many moves as there are layers, too few to diverge.
    const auto* own = m_picture.parameters.familyIf<PredictiveParameters>();
    const double limit =
        own && own->zil() ? std::numeric_limits<double>::infinity() : m_picture.trace.rateLimit;
    const bool beyond = m_picture.rate >= limit;
    const QFont font = uiFont(12, QFont::DemiBold);
    const QString rate = u"\u03b3 "_s + shortText(m_picture.rate);
    const QString more = !std::isfinite(limit)
        ? QString()
        : u" \u00b7 limit 2/\u03bb<sub>max</sub> = %1"_s.arg(shortText(limit))
            + (beyond ? u" \u00b7 beyond it"_s : QString());
    drawRich(painter, m_area.topLeft(), rate + more, font, beyond ? t.bad : t.ink);
}

void EnergyChart::paintLegend(QPainter& painter, const Theme& t) const
{
    const int columns = legendColumns(m_area.width());
    const double each = m_area.width() / columns;
    for (int i = 0; i <= m_picture.layers(); ++i) { // from the top of the stack
        const int layer = m_picture.layers() - i, line = i / columns;
        const QPointF at(
            m_area.left() + i % columns * each, m_area.top() + kHead + line * kLegendLine);
        const double value = layer == 0
            ? m_picture.trace.total[static_cast<std::size_t>(m_picture.t)]
            : m_picture.energy(layer);
        if (layer == 0) {
            painter.setPen(QPen(t.ink, 2));
            painter.drawLine(at + QPointF(0, 8), at + QPointF(12, 8));
        } else {
            QColor fill = inferenceColor(t, layer, m_picture.layers());
            painter.fillRect(QRectF(at + QPointF(1, 3), QSizeF(10, 10)), fill);
        }
        const QString name = layer == 0 ? u"total <i>F</i>"_s : m_picture.layerName(layer);
        drawRich(
            painter, at + QPointF(17, 0), name + u' ' + valueText(value, 3), uiFont(11), t.ink2);
    }
}

void EnergyChart::paintAxes(QPainter& painter, const Theme& t) const
{
    const LinearScale up(0, m_high, m_plot.bottom(), m_plot.top());
    const LinearScale along(0, std::max(1, m_picture.last()), m_plot.left(), m_plot.right());
    painter.setFont(uiFont(10));
    for (const Tick& tick : up.ticks(22)) {
        painter.fillRect(QRectF(m_plot.left(), tick.pixel, m_plot.width(), 1), t.grid);
        painter.setPen(t.ink3);
        if (!tick.label.isEmpty())
            painter.drawText(QRectF(m_area.left(), tick.pixel - 7, kAxis - 6, 14),
                Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, tickText(tick.value));
    }
    for (const Tick& tick : along.ticks(34)) {
        if (tick.label.isEmpty() || tick.value != std::floor(tick.value))
            continue;
        painter.setPen(t.ink3);
        painter.drawText(QRectF(tick.pixel - 20, m_plot.bottom() + 2, 40, 13), Qt::AlignCenter,
            QString::number(tick.value));
    }
    painter.setPen(t.ink3);
    painter.drawText(QRectF(m_plot.left(), m_plot.bottom() + 14, m_plot.width(), 14),
        Qt::AlignCenter, u"read t (1), a move between two"_s);
}

void EnergyChart::paintLayers(QPainter& painter, const Theme& t) const
{
    const auto reads = static_cast<std::size_t>(m_picture.last()) + 1;
    std::vector<double> below(reads, 0.0);
    // Of what goes beyond the axis the layers' shares are seen.
    const auto height = [&](std::size_t k) {
        const double total = m_picture.trace.total[k];
        return y(total > m_high ? m_high * (below[k] / total) : below[k]);
    };
    for (int layer = 1; layer <= m_picture.layers(); ++layer) {
        const std::vector<double>& energy = m_picture.layer(layer).energy;
        QPolygonF band;
        for (std::size_t k = reads; k > 0; --k)
            band << QPointF(x(static_cast<int>(k - 1)), height(k - 1));
        for (std::size_t k = 0; k < reads; ++k) {
            below[k] += energy[k];
            band << QPointF(x(static_cast<int>(k)), height(k));
        }
        QColor fill = inferenceColor(t, layer, m_picture.layers());
        painter.setPen(QPen(fill, 1));
        fill.setAlphaF(0.55F);
        painter.setBrush(fill);
        painter.drawPolygon(band);
    }
}

/// Red where it rises, wherever that is.
void EnergyChart::paintTotal(QPainter& painter, const Theme& t) const
{
    const std::vector<double>& total = m_picture.trace.total;
    QPainterPath falls, rises;
    for (std::size_t k = 1; k < total.size(); ++k) {
        QPainterPath& path = m_picture.trace.rises[k] ? rises : falls;
        const QPointF from(x(static_cast<int>(k) - 1), y(total[k - 1]));
        if (path.isEmpty() || path.currentPosition() != from)
            path.moveTo(from);
        path.lineTo(x(static_cast<int>(k)), y(total[k]));
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(t.ink, 2, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
    painter.drawPath(falls);
    painter.setPen(QPen(t.bad, 3, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
    painter.drawPath(rises);
    if (total.size() == 1) {
        painter.setPen(QPen(t.ink, 4, Qt::SolidLine, Qt::RoundCap));
        painter.drawPoint(QPointF(x(0), y(total[0])));
    }
}

void EnergyChart::paintLevel(QPainter& painter, const Theme& t, double energy, const QString& name,
    const QColor& color, bool below) const
{
    const double at = std::round(y(energy)) + 0.5;
    painter.setPen(QPen(color, 1.5, Qt::DashLine));
    painter.drawLine(QPointF(m_plot.left(), at), QPointF(m_plot.right(), at));
    const QFont font = uiFont(11, QFont::DemiBold);
    const QSizeF size = richSize(name, font);
    const QRectF label(m_plot.right() - size.width() - 6,
        below && at + size.height() < m_plot.bottom() ? at + 1 : at - size.height() - 1,
        size.width() + 6, size.height());
    QColor paper = t.panel;
    paper.setAlphaF(0.75F);
    painter.fillRect(label, paper);
    drawRich(painter, label.topLeft() + QPointF(3, 0), name, font, t.ink);
}

void EnergyChart::paint(QPainter& painter, const Theme& t) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    paintHead(painter, t);
    paintLegend(painter, t);
    if (m_plot.height() < kLeast || m_plot.width() < kLeast)
        return;
    paintAxes(painter, t);
    paintLayers(painter, t);
    paintTotal(painter, t);
    const InferenceTrace& trace = m_picture.trace;
    const double loss = m_picture.outputPrecision * trace.loss;
    paintLevel(painter, t, loss,
        (m_picture.outputPrecision == 1 ? u"loss "_s : u"\u03c0<sub>N</sub> loss "_s)
            + valueText(loss, 3),
        t.ink3, false);
    if (std::isfinite(trace.equilibrium))
        paintLevel(painter, t, trace.equilibrium, u"<i>F</i>* "_s + valueText(trace.equilibrium, 4),
            t.good, true);
    const double at = std::round(x(m_picture.t)) + 0.5;
    painter.setPen(QPen(t.crosshair, 1));
    painter.drawLine(QPointF(at, m_plot.top()), QPointF(at, m_plot.bottom()));
    painter.setPen(QPen(t.panel, 1.5));
    painter.setBrush(t.crosshair);
    painter.drawEllipse(
        QPointF(at, y(trace.total[static_cast<std::size_t>(m_picture.t)])), 4.5, 4.5);
    if (trace.diverged || m_followed <= m_picture.last())
        paintEnd(painter, t);
}

/// Where the total cannot be followed any further; on paper, since curves pass behind it.
void EnergyChart::paintEnd(QPainter& painter, const Theme& t) const
{
    const QString text = m_picture.trace.diverged
        ? u"diverges: no number after t = %1"_s.arg(m_picture.last())
        : u"leaves the axis at t = %1"_s.arg(m_followed);
    const QFont font = uiFont(11, QFont::DemiBold);
    const QRectF place(m_plot.topLeft() + QPointF(6, 2), richSize(text, font));
    QColor paper = t.panel;
    paper.setAlphaF(0.85F);
    painter.fillRect(place.adjusted(-3, 0, 3, 0), paper);
    drawRich(painter, place.topLeft(), text, font, t.bad);
}

} // namespace apical
