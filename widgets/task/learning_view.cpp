#include "widgets/task/learning_view.h"

#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/plot/envelope.h"
#include "widgets/strips/axes.h"
#include "widgets/strips/legend.h"
#include "widgets/task/learning_curves.h"
#include "widgets/view/task_words.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kLegend = 132; // px right of a plot: name and value of every curve
constexpr double kRingGap = 12; // px
constexpr double kFewestEpochs = 10; // the epoch axis is never shorter
constexpr double kBeside = 560; // px from which two plots stand beside each other in a low dock

struct Look {
    double width, fill;
    bool points; ///< marked one by one: test blocks are rare
};

Look lookOf(Block block)
{
    switch (block) {
    case Block::Train:
        return {1.0, 0.16, false};
    case Block::Validation:
        return {1.8, 0.28, false};
    case Block::Test:
        break;
    }
    return {1.0, 0.28, true};
}

/// Loss over epochs on a log axis, and the error where the task has classes.
class LearningView : public View {
public:
    explicit LearningView(QWidget* parent)
        : View(parent)
    {
        setObjectName(u"learning"_s);
        setAccessibleName(u"Loss and accuracy"_s);
        setMinimumSize(240, 100);
        setMouseTracking(true);
    }
    QSize sizeHint() const override { return {480, 216}; }
    int periodMs() const override { return 200; }
    void refresh(const Scene&) override;
    void paint(QPainter&, const QRectF& area) override;
    QString csv() const override;
    QString subtitle() const override;

protected:
    bool event(QEvent*) override;

private:
    struct Panel {
        LearningMeasure measure;
        const std::vector<LearningCurve>* curves;
        QRectF plot;
        bool bottom; ///< carries the epoch axis
    };
    std::vector<Panel> panels(const QRectF& area) const;
    double lastEpoch() const { return std::max(m_lastEpoch, kFewestEpochs); }
    CountScale epochScale(const QRectF& plot) const
    {
        return {0, lastEpoch(), plot.left(), plot.right() - 1};
    }
    QString emptyText() const;
    void paintPanel(QPainter&, const Panel&);
    void paintCurve(
        QPainter&, const Panel&, const LearningCurve&, const PlotScale& x, const PlotScale& y);
    void paintNames(QPainter&, const Panel&, const PlotScale& y) const;

    std::vector<LearningCurve> m_loss, m_error;
    Decades m_decades;
    EnvelopePainter m_envelope;
    std::vector<History::Column> m_columns;
    double m_lastEpoch = 0;
    std::uint64_t m_run = 0;
};

void LearningView::refresh(const Scene& scene)
{
    View::refresh(scene);
    if (scene.frame.run != m_run)
        m_decades = {};
    m_run = scene.frame.run;
    m_loss = learningCurves(scene, LearningMeasure::Loss);
    m_error = learningCurves(scene, LearningMeasure::Error);
    m_decades.include(m_loss);
    m_lastEpoch = 0;
    for (const LearningCurve& curve : m_loss)
        m_lastEpoch = std::max(m_lastEpoch, curve.points.back().epoch);
}

std::vector<LearningView::Panel> LearningView::panels(const QRectF& area) const
{
    const auto plotIn = [](QRectF room, bool bottom) {
        return QRectF(std::round(room.left()) + kStripMargin, room.top() + 6,
            std::max(20.0, room.width() - kStripMargin - kLegend),
            std::max(10.0, room.height() - (bottom ? 34 : 9)));
    };
    const bool classes = std::ranges::any_of(
        scene()->frame.lanes, [](const LaneFrame& lane) { return lane.task.classes > 0; });
    if (!classes)
        return {{LearningMeasure::Loss, &m_loss, plotIn(area, true), true}};
    if (area.width() >= kBeside && area.height() < 170) {
        const double half = area.width() / 2;
        return {{LearningMeasure::Loss, &m_loss,
                    plotIn({area.left(), area.top(), half, area.height()}, true), true},
            {LearningMeasure::Error, &m_error,
                plotIn({area.left() + half, area.top(), half, area.height()}, true), true}};
    }
    const double upper = std::round((area.height() - 25) * 0.56);
    return {{LearningMeasure::Loss, &m_loss,
                plotIn({area.left(), area.top(), area.width(), upper}, false), false},
        {LearningMeasure::Error, &m_error,
            plotIn({area.left(), area.top() + upper, area.width(), area.height() - upper}, true),
            true}};
}

QString LearningView::emptyText() const
{
    if (QString text = noTaskText(*scene()); !text.isEmpty())
        return text;
    if (!m_loss.empty())
        return {};
    const TaskFrame& task = scene()->frame.lanes.front().task;
    if (task.schedule.hasEpochs()) {
        if (!scene()->frame.lanes.front().parameters.targetOn && task.answers.empty())
            return u"The target is off"_s;
        return u"The first block of epoch %1 is being shown: a block is scored when it is complete."_s
            .arg(task.shown.epoch);
    }
    QString text = u"Patterns are drawn anew each time, so there are no epochs to compare."_s;
    if (std::isfinite(task.train.loss))
        text += u" Mean loss of the last 100 presentations: "_s + valueText(task.train.loss);
    return text;
}

void LearningView::paint(QPainter& painter, const QRectF& area)
{
    if (!scene())
        return;
    const QString empty = emptyText();
    for (const Panel& panel : panels(area))
        paintPanel(painter, panel);
    if (!empty.isEmpty()) {
        painter.fillRect(area.adjusted(kStripMargin + 1, 8, -4, -30), theme().panel);
        paintNotice(painter, theme(), empty, area.adjusted(kStripMargin - 10, 0, 0, -24));
    }
}

void LearningView::paintPanel(QPainter& painter, const Panel& panel)
{
    const Theme& t = theme();
    const bool loss = panel.measure == LearningMeasure::Loss;
    const QRectF& plot = panel.plot;
    Strip strip;
    strip.axisName = loss ? u"loss (1)"_s : u"error (%)"_s;
    strip.shortAxisName = strip.axisName;
    const LogScale logarithmic(m_decades.low, m_decades.high, plot.bottom() - 2, plot.top() + 2);
    const CountScale linear(0, 100, plot.bottom() - 2, plot.top() + 2);
    const PlotScale& y = loss ? static_cast<const PlotScale&>(logarithmic) : linear;
    const CountScale x = epochScale(plot);
    std::vector<Tick> ticks = x.ticks(44);
    std::erase_if(ticks, [](const Tick& tick) { return tick.value != std::floor(tick.value); });

    paintGrid(painter, t, y, ticks, plot);
    painter.setPen(t.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(plot.adjusted(-0.5, -0.5, 0.5, 0.5));
    paintValueAxis(painter, t, strip, y, plot);
    if (panel.bottom) {
        painter.setFont(uiFont(10));
        painter.setPen(t.ink3);
        for (const Tick& tick : ticks)
            painter.drawText(
                QRectF(tick.pixel - 30, plot.bottom() + 3, 60, 13), Qt::AlignCenter, tick.label);
        painter.setFont(uiFont(11));
        painter.setPen(t.ink2);
        painter.drawText(QRectF(plot.right() + 12, plot.bottom() + 2, kLegend - 16, 15),
            Qt::AlignLeft | Qt::AlignVCenter, u"epoch"_s);
    }
    if (!scene()->live && !scene()->frame.lanes.empty()) { // where the rest of the window stands
        painter.setPen(t.crosshair);
        const double at = std::floor(x.toPixel(
                              static_cast<double>(scene()->frame.lanes.front().task.shown.epoch)))
            + 0.5;
        if (at >= plot.left() && at <= plot.right())
            painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()));
    }
    painter.save();
    painter.setClipRect(plot.adjusted(-3, -3, 3, 3));
    for (const LearningCurve& curve : *panel.curves)
        paintCurve(painter, panel, curve, x, y);
    painter.restore();
    paintNames(painter, panel, y);
}

void LearningView::paintCurve(QPainter& painter, const Panel& panel, const LearningCurve& curve,
    const PlotScale& x, const PlotScale& y)
{
    const Look look = lookOf(curve.block);
    const auto place = [&](const LearningPoint& p) {
        return QPointF(x.toPixel(p.epoch), y.toPixel(p.value));
    };
    if (static_cast<double>(curve.points.size()) > panel.plot.width()) {
        // More epochs than pixels: from least to greatest of each column, nothing left out.
        m_envelope.begin(painter, panel.plot);
        const auto count = static_cast<std::size_t>(m_envelope.columnCount());
        constexpr float none = std::numeric_limits<float>::quiet_NaN();
        m_columns.assign(count, {none, none});
        for (const LearningPoint& p : curve.points) {
            const double column =
                (x.toPixel(p.epoch) - panel.plot.left()) / m_envelope.columnWidth();
            auto& c =
                m_columns[std::min(count - 1, static_cast<std::size_t>(std::max(0.0, column)))];
            const auto value = static_cast<float>(p.value);
            c.low = std::isnan(c.low) ? value : std::min(c.low, value);
            c.high = std::isnan(c.high) ? value : std::max(c.high, value);
        }
        m_envelope.draw(m_columns, 0, y, panel.plot,
            {.color = curve.color, .width = look.width, .fill = look.fill});
        m_envelope.end();
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(curve.color, look.width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
    QPolygonF line;
    for (const LearningPoint& p : curve.points)
        line << place(p);
    painter.drawPolyline(line);
    if (look.points || line.size() == 1) {
        painter.setBrush(theme().panel);
        painter.setPen(QPen(curve.color, 1.5));
        // Rings need room: where tests are dense only some get one, always the newest.
        double last = HUGE_VAL;
        for (auto at = line.crbegin(); at != line.crend(); ++at)
            if (last - at->x() >= kRingGap) {
                painter.drawEllipse(*at, 2.5, 2.5);
                last = at->x();
            }
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void LearningView::paintNames(QPainter& painter, const Panel& panel, const PlotScale& y) const
{
    const Theme& t = theme();
    std::vector<double> wanted;
    for (const LearningCurve& curve : *panel.curves)
        wanted.push_back(std::clamp(
            y.toPixel(curve.points.back().value), panel.plot.top(), panel.plot.bottom()));
    const double gap = std::min(
        15.0, panel.plot.height() / std::max<double>(1, static_cast<double>(wanted.size())));
    const std::vector<double> rows =
        spread(wanted, gap, panel.plot.top() + 5, panel.plot.bottom() - 5);
    const double left = panel.plot.right() + 4, right = panel.plot.right() + kLegend - 6;
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const LearningCurve& curve = (*panel.curves)[i];
        const Look look = lookOf(curve.block);
        painter.setPen(QPen(curve.color, 1));
        painter.drawLine(QPointF(left - 4, wanted[i]), QPointF(left + 3, rows[i]));
        painter.setPen(QPen(curve.color, look.points ? 1 : look.width + 0.4));
        painter.drawLine(QPointF(left + 3, rows[i]), QPointF(left + 12, rows[i]));
        if (look.points) {
            painter.setBrush(t.panel);
            painter.setPen(QPen(curve.color, 1.5));
            painter.drawEllipse(QPointF(left + 8, rows[i]), 2.5, 2.5);
        }
        const double value = curve.points.back().value;
        const QFont font = uiFont(11);
        const QString text = panel.measure == LearningMeasure::Loss
            ? scientificRich(value)
            : QString::number(value, 'f', value > 0 && value < 9.95 ? 1 : 0) + u" %"_s;
        drawRich(painter, {left + 16, rows[i] - 8}, curve.name,
            uiFont(11, curve.block == Block::Validation ? QFont::DemiBold : QFont::Normal), t.ink2);
        drawRich(painter, {right - richSize(text, font).width(), rows[i] - 8}, text, font, t.ink);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

QString LearningView::csv() const
{
    if (!scene() || m_loss.empty())
        return {};
    std::vector<const LearningCurve*> curves;
    for (const auto* each : {&m_loss, &m_error})
        for (const LearningCurve& curve : *each)
            curves.push_back(&curve);
    QString out = u"epoch"_s;
    std::map<double, QStringList> rows;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        out += u',' + curves[i]->csvName;
        for (const LearningPoint& point : curves[i]->points) {
            QStringList& row = rows[point.epoch];
            row.resize(static_cast<qsizetype>(curves.size()));
            const double value = i < m_loss.size() ? point.value : point.value / 100;
            row[static_cast<qsizetype>(i)] = QString::number(value, 'g', 17);
        }
    }
    out += u'\n';
    for (const auto& [epoch, row] : rows)
        out += QString::number(epoch, 'f', 0) + u',' + row.join(u',') + u'\n';
    return out;
}

QString LearningView::subtitle() const
{
    if (!scene())
        return {};
    QStringList words;
    const std::uint64_t stride = learningStride(*scene());
    if (stride > 1)
        words += u"every %1%2 epoch"_s.arg(stride).arg(
            stride % 10 == 2 && stride % 100 != 12 ? u"nd"_s : u"th"_s);
    const double width = panels(QRectF(rect())).front().plot.width();
    for (const LearningCurve& curve : m_loss)
        if (const double each = static_cast<double>(curve.points.size()) / width; each > 1) {
            words += stride > 1 ? u"min/max"_s : u"min/max of %1 epochs"_s.arg(std::ceil(each));
            break;
        }
    return words.join(u", "_s);
}

bool LearningView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !scene())
        return View::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QString text;
    for (const Panel& panel : panels(QRectF(rect()))) {
        if (!panel.plot.contains(help->pos()) || panel.curves->empty())
            continue;
        // The nearest epoch that was kept.
        const double wanted = epochScale(panel.plot).toValue(help->pos().x());
        double epoch = panel.curves->front().points.front().epoch;
        for (const LearningPoint& point : panel.curves->front().points)
            if (std::abs(point.epoch - wanted) < std::abs(epoch - wanted))
                epoch = point.epoch;
        text = u"epoch "_s + QString::number(epoch, 'f', 0);
        for (const LearningCurve& curve : *panel.curves)
            if (const double value = valueAt(curve, epoch); std::isfinite(value))
                text += u'\n' + curve.name
                    + (panel.measure == LearningMeasure::Loss ? u" loss "_s + valueText(value, 3)
                                                              : u" error %1 %"_s.arg(value));
    }
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace

View* makeLearningView(QWidget* parent)
{
    return new LearningView(parent);
}

} // namespace apical
