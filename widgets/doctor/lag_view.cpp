#include "widgets/doctor/lag_view.h"

#include "sim/circuit/circuit_parameters.h"
#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/plot/scale.h"
#include "widgets/view/lane_words.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kPad = 12, kHead = 20, kHero = 62, kScale = 54, kBar = 9, kBarGap = 3;
constexpr double kLayerGap = 8, kNameWidth = 58, kNumberWidth = 58, kNote = 30;
constexpr double kGrowth = 0.5; // membrane time constants per layer: more than that is growth
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// A lag as it is shown: measured, or longer than the presentation.
struct Shown {
    double ms = kNaN; ///< also the length of the bar
    bool missed = false;
    QString number() const
    {
        if (!std::isfinite(ms))
            return u"\u2013"_s;
        return (missed ? u"> "_s : QString()) + QString::number(ms, 'f', ms < 99.95 ? 1 : 0);
    }
};

Shown shown(const LagReport& report, std::size_t layer, bool broadcast)
{
    if (layer >= report.layers.size())
        return {};
    const LayerLag& l = report.layers[layer];
    // A mean over those that arrived in time would flatter: most were missed, so it is longer.
    if ((broadcast ? l.broadcastMissed : l.somaMissed)
        > (broadcast ? l.broadcastCount : l.somaCount))
        return {report.presentationMs, true};
    return {broadcast ? l.broadcastMs : l.somaMs, false};
}

class LagView : public View {
public:
    explicit LagView(QWidget* parent)
        : View(parent)
    {
        setObjectName(u"lag"_s);
        setMinimumSize(220, 120);
    }
    QSize sizeHint() const override { return {292, 480}; }
    int periodMs() const override { return 100; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        if (!textDue() && !m_lanes.empty() && scene.frame.generation == m_generation)
            return;
        m_generation = scene.frame.generation;
        m_lanes.clear();
        for (std::size_t i = 0; i < scene.frame.lanes.size(); ++i) {
            const LaneFrame& lane = scene.frame.lanes[i];
            if (!circuitIf(lane.parameters))
                continue; // another model's lane
            m_lanes.push_back({laneTitle(scene.frame, i), lane.lags,
                1 / circuit(lane.parameters).totalHidden(), i});
        }
        m_sizes = scene.frame.sizes;
        setAccessibleDescription(sentence());
    }

    void paint(QPainter&, const QRectF&) override;
    QString csv() const override;

private:
    struct Lane {
        QString title; ///< "B Latent Equilibrium"
        LagReport report;
        double tauMs = 1; ///< of a membrane
        std::size_t at = 0; ///< among the frame's lanes
    };
    std::size_t layers() const
    {
        return m_lanes.empty() ? 0 : m_lanes.front().report.layers.size();
    }
    /// The layer of the big numbers: the selected neuron's, else the output.
    std::size_t shownLayer() const
    {
        const Selection& s = scene()->selection;
        const bool layer = s.population == Selection::Population::Pyramidal && s.layer >= 1;
        return layer && static_cast<std::size_t>(s.layer) < layers()
            ? static_cast<std::size_t>(s.layer)
            : layers() - 1;
    }
    QString layerName(std::size_t layer) const
    {
        if (layer == 0)
            return u"input"_s;
        if (layer + 1 == layers())
            return u"output"_s;
        return layers() == 3 ? u"hidden"_s : u"hidden "_s + QString::number(layer);
    }
    QColor color(std::size_t lane) const
    {
        return m_lanes.size() > 1 ? laneColor(theme(), scene()->frame, m_lanes[lane].at)
                                  : theme().soma;
    }
    int changes() const
    {
        int most = 0;
        for (const Lane& lane : m_lanes)
            most = std::max(most, lane.report.changes);
        return most;
    }
    QString nothing() const;
    QString sentence() const;
    QString depthText() const;
    double longest() const;
    double paintHero(QPainter&, const QRectF& area, double y) const;
    double paintScale(QPainter&, const QRectF& area, double y) const;
    double paintBars(
        QPainter&, const QRectF& area, double y, const QString& title, bool broadcast) const;
    double barsHeight() const
    {
        const auto lanes = static_cast<double>(m_lanes.size());
        return kHead + 4
            + static_cast<double>(layers()) * (lanes * (kBar + kBarGap) - kBarGap + kLayerGap);
    }

    std::vector<Lane> m_lanes;
    std::vector<int> m_sizes;
    std::uint64_t m_generation = 0;
};

QString LagView::nothing() const
{
    if (m_lanes.empty())
        return u"Nothing runs yet."_s;
    switch (m_lanes.front().report.blocked) {
    case LagReport::Blocked::TooLarge:
        return u"This network is too large to be measured while it runs."_s;
    case LagReport::Blocked::Resets:
        return u"Not measured while state.reset is on: after a reset no answer starts from the one "
               u"before."_s;
    case LagReport::Blocked::No:
        break;
    }
    return changes() > 0 ? QString()
                         : u"Waits for the pattern to change. The lag is the time until a layer "
                           u"stays within 5 % of its new steady state."_s;
}

QString LagView::sentence() const
{
    QString empty = nothing();
    if (!empty.isEmpty())
        return empty;
    QString text = u"Response lag of the "_s + layerName(shownLayer());
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane)
        text += u", "_s + m_lanes[lane].title + u": "_s
            + shown(m_lanes[lane].report, shownLayer(), false).number() + u" ms"_s;
    return text;
}

QString LagView::depthText() const
{
    QStringList grows, stays;
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
        const Shown first = shown(m_lanes[lane].report, 1, false),
                    last = shown(m_lanes[lane].report, layers() - 1, false);
        if (!std::isfinite(first.ms) || !std::isfinite(last.ms) || layers() < 3)
            return u"Lag of the somata"_s;
        const double allowed = kGrowth * m_lanes[lane].tauMs * static_cast<double>(layers() - 2);
        const bool more = last.ms - first.ms > allowed || (last.missed && !first.missed);
        (more ? grows : stays).push_back(laneLetter(lane));
    }
    if (m_lanes.size() < 2)
        return grows.empty() ? u"Lag does not grow with depth"_s : u"Lag grows with depth"_s;
    if (grows.empty())
        return u"Lag does not grow with depth"_s;
    return u"Lag grows with depth in "_s + grows.join(u" and "_s)
        + (stays.empty() ? QString() : u", not in "_s + stays.join(u" and "_s));
}

double LagView::longest() const
{
    double most = 1;
    for (const Lane& lane : m_lanes) {
        for (std::size_t l = 0; l < layers(); ++l) {
            for (const bool broadcast : {false, true}) {
                const double ms = shown(lane.report, l, broadcast).ms;
                most = std::isfinite(ms) ? std::max(most, ms) : most;
            }
        }
    }
    return most;
}

double LagView::paintHero(QPainter& painter, const QRectF& area, double y) const
{
    const Theme& t = theme();
    const QString count = u"mean of "_s + QString::number(changes())
        + (changes() == 1 ? u" change"_s : u" changes"_s);
    drawRich(painter, {area.left(), y}, u"Response lag, "_s + layerName(shownLayer()),
        uiFont(12, QFont::DemiBold), t.ink);
    const double countWidth = richSize(count, uiFont(11)).width();
    drawRich(painter, {area.right() - countWidth, y + 1}, count, uiFont(11), t.ink2);
    y += kHead + 2;
    const double cell =
        area.width() / static_cast<double>(std::max<std::size_t>(2, m_lanes.size()));
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
        const double x = area.left() + static_cast<double>(lane) * cell;
        double at = x;
        if (m_lanes.size() > 1) {
            painter.fillRect(QRectF(x, y + 3, 10, 10), color(lane));
            at += 15;
            const QString name = QFontMetricsF(uiFont(11))
                                     .elidedText(m_lanes[lane].title, Qt::ElideRight, cell - 20);
            drawRich(painter, {at, y}, name.toHtmlEscaped(), uiFont(11), t.ink2);
        }
        const QString number = shown(m_lanes[lane].report, shownLayer(), false).number();
        painter.setFont(uiFont(24, QFont::DemiBold));
        painter.setPen(t.ink);
        const double width = QFontMetricsF(painter.font()).horizontalAdvance(number);
        painter.drawText(QRectF(x, y + 16, cell, 30), Qt::AlignLeft | Qt::AlignVCenter, number);
        painter.setFont(uiFont(11));
        painter.setPen(t.ink2);
        painter.drawText(
            QRectF(x + width + 4, y + 16, 30, 33), Qt::AlignLeft | Qt::AlignVCenter, u"ms"_s);
    }
    return y + kHero - kHead + 8;
}

double LagView::paintScale(QPainter& painter, const QRectF& area, double y) const
{
    const Theme& t = theme();
    const double top = y + 18;
    const LinearScale x(0, niceStep(longest()), area.left() + 4, area.right() - 12);
    painter.setPen(t.groove);
    painter.drawLine(QPointF(x.pixelLow(), top + 0.5), QPointF(x.pixelHigh(), top + 0.5));
    painter.setFont(uiFont(10));
    for (const Tick& tick : x.ticks(44)) {
        painter.setPen(t.groove);
        painter.drawLine(QPointF(tick.pixel, top), QPointF(tick.pixel, top + 4));
        painter.setPen(t.ink3);
        if (!tick.label.isEmpty())
            painter.drawText(QRectF(tick.pixel - 24, top + 5, 48, 13), Qt::AlignCenter,
                QString::number(tick.value, 'g', 4));
    }
    painter.drawText(
        QRectF(area.left(), top + 18, area.width(), 14), Qt::AlignCenter, u"lag (ms)"_s);
    double lastX = -100;
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
        const double ms = shown(m_lanes[lane].report, shownLayer(), false).ms;
        if (!std::isfinite(ms))
            continue;
        const double at = x.toPixel(ms);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color(lane));
        painter.drawPolygon(QPolygonF{{at - 4, top - 9}, {at + 4, top - 9}, {at, top - 1}});
        if (m_lanes.size() < 2)
            continue;
        painter.setFont(uiFont(10, QFont::DemiBold));
        painter.setPen(t.ink);
        const bool left = std::abs(at - lastX) < 20 && at <= lastX;
        painter.drawText(QRectF(left ? at - 18 : at + 6, top - 15, 12, 13),
            left ? Qt::AlignRight : Qt::AlignLeft, laneLetter(lane));
        lastX = at;
    }
    return y + kScale;
}

double LagView::paintBars(
    QPainter& painter, const QRectF& area, double y, const QString& title, bool broadcast) const
{
    const Theme& t = theme();
    drawRich(painter, {area.left(), y}, title, uiFont(12, QFont::DemiBold), t.ink);
    y += kHead + 4;
    const double left = area.left() + kNameWidth,
                 full = std::max(20.0, area.width() - kNameWidth - kNumberWidth);
    const double scale = full / longest();
    const double block = static_cast<double>(m_lanes.size()) * (kBar + kBarGap) - kBarGap;
    for (std::size_t l = 0; l < layers(); ++l) {
        painter.setFont(uiFont(11));
        painter.setPen(l == shownLayer() ? t.ink : t.ink2);
        painter.drawText(QRectF(area.left(), y - 2, kNameWidth, block + 4),
            Qt::AlignLeft | Qt::AlignVCenter, layerName(l));
        for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
            const Shown lag = shown(m_lanes[lane].report, l, broadcast);
            const double top = y + static_cast<double>(lane) * (kBar + kBarGap);
            const double width = std::isfinite(lag.ms) ? std::max(1.0, lag.ms * scale) : 0;
            const QRectF bar(left, top, width, kBar);
            painter.fillRect(bar, color(lane));
            if (lag.missed) { // open at the end: it goes on
                painter.setPen(QPen(t.panel, 2));
                for (double x = bar.right() - 8; x < bar.right(); x += 4)
                    painter.drawLine(QPointF(x, top), QPointF(x, top + kBar));
            }
            painter.setFont(uiFont(10));
            painter.setPen(t.ink2);
            painter.drawText(QRectF(left + width + 5, top - 3, kNumberWidth, kBar + 6),
                Qt::AlignLeft | Qt::AlignVCenter, lag.number() + u" ms"_s);
        }
        y += block + kLayerGap;
    }
    return y;
}

void LagView::paint(QPainter& painter, const QRectF& area)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF inner = area.adjusted(kPad, 10, -kPad, -4);
    const QString empty = nothing();
    if (!empty.isEmpty()) {
        painter.setFont(uiFont(12));
        painter.setPen(theme().ink2);
        painter.drawText(inner, Qt::AlignCenter | Qt::TextWordWrap, empty);
        return;
    }
    const auto rule = [&](double y) {
        painter.fillRect(QRectF(area.left(), y - 7, area.width(), 1), theme().line2);
    };
    double y = paintHero(painter, inner, inner.top());
    // What there is no room for is left out, the least important first.
    const double bars = barsHeight() + 8, room = inner.bottom() - y;
    const bool all = room >= kScale + 2 * bars + kNote;
    if (all || room >= kScale + bars)
        y = paintScale(painter, inner, y) + 6;
    if (inner.bottom() - y >= barsHeight() - kLayerGap) {
        rule(y);
        y = paintBars(painter, inner, y, depthText(), false) + 8;
    }
    if (all) {
        rule(y);
        y = paintBars(painter, inner, y, u"Lag of what is sent"_s, true);
    }
    if (inner.bottom() - y >= kNote) {
        painter.setFont(uiFont(11));
        painter.setPen(theme().ink3);
        painter.drawText(QRectF(inner.left(), y, inner.width(), inner.bottom() - y),
            Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
            u"Time from a pattern change until a layer stays within 5 % of its new steady state."_s);
    }
}

QString LagView::csv() const
{
    if (!nothing().isEmpty())
        return {};
    const auto number = [](double v) {
        return std::isfinite(v) ? QString::number(v, 'g', 9) : QString();
    };
    QString text = u"lane,layer,soma_lag_ms,soma_reached,soma_missed,sent_lag_ms,sent_reached,"
                   u"sent_missed\n"_s;
    for (const Lane& lane : m_lanes) {
        for (std::size_t l = 0; l < lane.report.layers.size(); ++l) {
            const LayerLag& lag = lane.report.layers[l];
            text += QStringList{lane.title, QString::number(l), number(lag.somaMs),
                        QString::number(lag.somaCount), QString::number(lag.somaMissed),
                        number(lag.broadcastMs), QString::number(lag.broadcastCount),
                        QString::number(lag.broadcastMissed)}
                        .join(u',')
                + u'\n';
        }
    }
    return text;
}

} // namespace

View* makeLagView(QWidget* parent)
{
    return new LagView(parent);
}

} // namespace apical
