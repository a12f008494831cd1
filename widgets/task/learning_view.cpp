#include "widgets/task/learning_view.h"

#include "widgets/chart/chart_legend.h"
#include "widgets/chart/chart_view.h"
#include "widgets/look/number_text.h"
#include "widgets/task/learning_axis.h"
#include "widgets/task/learning_curves.h"
#include "widgets/view/task_words.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>
#include <vector>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kLeft = 56; // px left of a plot, as in the strips
constexpr double kLegendStep = 16; // px: the legend right of a plot grows in such steps
constexpr double kSample = 30, kRight = 14; // px
constexpr double kLeastRow = 13; // px of a name in a legend
constexpr double kMostLegend = 0.3; // of the height
constexpr double kRingGap = 12; // px
constexpr int kAxisButton = 18, kAxisWidth = 46; // px; clear of the first number of a log axis
constexpr double kBeside = 700; // px from which two plots stand beside each other in a low dock
constexpr double kLow = 170; // px

constexpr std::size_t kLong = 8; // points: of such a curve the first tenth need not be in sight

/// Greatest error that is to be in sight: lanes that start apart and end close are told apart.
double worstInSight(const EpochCurve& curve)
{
    const std::size_t first = curve.points.size() > kLong ? curve.points.size() / 10 + 1 : 0;
    double worst = 0;
    for (std::size_t i = first; i < curve.points.size(); ++i)
        worst = std::max(worst, curve.points[i].value);
    return worst;
}

/// Where an axis of errors in percent ends: in few steps.
double errorsUpTo(double worst)
{
    for (const double end : {5.0, 10.0, 20.0, 50.0})
        if (worst <= end)
            return end;
    return 100;
}

/// How a block looks: tests are rare and marked one by one.
void dress(ChartSeries& series, Block block)
{
    series.width = block == Block::Validation ? 1.8 : 1.0;
    series.fill = block == Block::Train ? 0.16 : 0.28;
    if (block == Block::Test)
        series.marker = ChartSeries::Marker::Circle;
    series.markerGap = kRingGap;
}

/// Width right of plots that all end at the same pixel.
double legendBeside(const std::vector<Chart>& charts)
{
    const QFontMetricsF metrics(uiFont(11));
    double widest = 0;
    for (const Chart& chart : charts)
        for (const ChartSeries& series : chart.series)
            widest = std::max(widest,
                metrics.horizontalAdvance(
                    series.value.isEmpty() ? series.name : series.name + u"  "_s + series.value));
    return std::ceil((widest + kSample) / kLegendStep) * kLegendStep;
}

/// Loss over epochs on a log axis, and the error where the task has classes.
class LearningView : public ChartView {
public:
    explicit LearningView(QWidget* parent)
        : ChartView(parent)
    {
        setObjectName(u"learning"_s);
        setAccessibleName(u"Loss and accuracy"_s);
        setMinimumSize(240, 100);
        m_axis = new LearningAxisButton(this);
        connect(m_axis, &LearningAxisButton::axisChosen, this, [this] {
            resetZoom();
            if (scene())
                read();
        });
    }
    QSize sizeHint() const override { return {480, 216}; }
    int periodMs() const override { return 200; }
    void refresh(const Scene&) override;
    void paint(QPainter&, const QRectF& area) override;
    QString csv() const override;
    QString subtitle() const override;

protected:
    std::vector<QRectF> places(const QRectF& area) const override;
    void resizeEvent(QResizeEvent* event) override
    {
        ChartView::resizeEvent(event);
        if (scene()) // which chart carries the epochs depends on the room
            renew();
    }

private:
    void read();
    void renew();
    LearningAxis axis() const { return m_axis->axis(); }
    void placeLegends(std::vector<Chart>&, double width, bool stacked) const;
    Chart chartOf(LearningMeasure, const std::vector<EpochCurve>&) const;
    bool beside(const QRectF& area) const
    {
        return area.width() >= kBeside && area.height() < kLow;
    }
    QString emptyText() const;

    LearningAxisButton* m_axis; ///< stands where the axis has its name
    std::vector<EpochCurve> m_loss, m_error;
    Decades m_decades;
    std::vector<std::shared_ptr<const void>> m_drawn; ///< points of the lanes, as read last
    std::uint64_t m_run = 0;
};

void LearningView::refresh(const Scene& scene)
{
    // New points come with epochs, or every so many samples; in between there is nothing to paint.
    std::vector<std::shared_ptr<const void>> drawn;
    for (const LaneFrame& lane : scene.frame.lanes) {
        drawn.push_back(lane.task.epochs);
        drawn.push_back(lane.task.seen);
    }
    if (!scene.urgent && &scene == this->scene() && scene.frame.run == m_run && !m_loss.empty()
        && drawn == m_drawn)
        return;
    m_drawn = std::move(drawn);
    View::refresh(scene);
    if (scene.frame.run != m_run) {
        m_decades = {};
        resetZoom();
    }
    m_run = scene.frame.run;
    read();
}

void LearningView::read()
{
    m_axis->offer(learningAxes(*scene()));
    m_loss = learningCurves(*scene(), LearningMeasure::Loss, axis());
    m_error = learningCurves(*scene(), LearningMeasure::Error, axis());
    m_decades.include(m_loss);
    renew();
}

void LearningView::renew()
{
    std::vector<Chart> charts{chartOf(LearningMeasure::Loss, m_loss)};
    if (std::ranges::any_of(
            scene()->frame.lanes, [](const LaneFrame& lane) { return lane.task.classes > 0; })) {
        charts.push_back(chartOf(LearningMeasure::Error, m_error));
        charts[0].xLabels = beside(QRectF(rect()));
    }
    const bool two = charts.size() == 2, side = two && beside(QRectF(rect()));
    placeLegends(charts, side ? width() / 2.0 : width(), two && !side);
    m_axis->setVisible(noTaskText(*scene()).isEmpty());
    m_axis->setGeometry(1, height() - kAxisButton, kAxisWidth, kAxisButton);
    setCharts(std::move(charts));
}

/// Right of the plots as long as that takes no more than a quarter of them; else above, once for
/// plots that stand under each other.
void LearningView::placeLegends(std::vector<Chart>& charts, double width, bool stacked) const
{
    double beside = legendBeside(charts);
    bool right = beside <= width / 4;
    if (!right) {
        if (stacked) {
            for (const ChartSeries& error : charts[1].series)
                for (ChartSeries& loss : charts[0].series)
                    if (loss.name == error.name)
                        loss.value += u", "_s + error.value;
            charts[1].legend = Chart::Legend::None;
        }
        const double most = kMostLegend * height();
        if (legendHeight(charts[0], width) > most) // the values are under the mouse, too
            for (Chart& chart : charts)
                for (ChartSeries& series : chart.series)
                    series.value.clear();
        right = legendHeight(charts[0], width) > most;
        beside = legendBeside(charts);
    }
    const double room = height() / (stacked ? 2.0 : 1.0) - kAxisButton;
    for (Chart& chart : charts) {
        chart.margins = {kLeft, 6, right ? beside : kRight, chart.xLabels ? 28.0 : 3.0};
        // Names that would run into each other: training has the colour of what is tested.
        const auto trains = [](const ChartSeries& series) {
            return series.name.contains(blockText(Block::Train));
        };
        if (right && static_cast<double>(chart.series.size()) * kLeastRow > room
            && !std::ranges::all_of(chart.series, trains))
            for (ChartSeries& series : chart.series)
                series.listed = !trains(series);
        if (right)
            chart.legend = Chart::Legend::Right;
    }
}

Chart LearningView::chartOf(LearningMeasure measure, const std::vector<EpochCurve>& curves) const
{
    const bool loss = measure == LearningMeasure::Loss;
    Chart chart;
    chart.xName = false; // a button stands there
    layOutAxis(chart.x, axis(), m_loss);
    double worst = 0;
    for (const EpochCurve& curve : curves)
        worst = std::max(worst, worstInSight(curve));
    chart.y.name = loss ? u"loss"_s : u"error"_s;
    chart.y.unit = loss ? u"1"_s : u"%"_s;
    chart.y.logarithmic = loss;
    chart.y.low = loss ? m_decades.low : 0;
    chart.y.high = loss ? m_decades.high : errorsUpTo(worst);
    if (!scene()->live && !scene()->frame.lanes.empty())
        chart.mark = shownOn(*scene(), axis());
    for (const EpochCurve& curve : curves) {
        ChartSeries series;
        series.name = curve.name;
        const double value = curve.points.back().value;
        series.value = loss
            ? valueText(value)
            : QString::number(value, 'f', value > 0 && value < 9.95 ? 1 : 0) + u" %"_s;
        series.color = [color = curve.color](const Theme&) { return color; };
        dress(series, curve.block);
        for (const LearningPoint& point : curve.points) {
            series.x.push_back(point.at);
            series.y.push_back(point.value);
        }
        chart.series.push_back(std::move(series));
    }
    return chart;
}

std::vector<QRectF> LearningView::places(const QRectF& area) const
{
    if (count() < 2)
        return {area};
    if (beside(area))
        return ChartView::places(area);
    const double legend = legendHeight(chart(0), area.width());
    const double upper = std::round(legend + (area.height() - legend - 25) * 0.56);
    return {QRectF(area.left(), area.top(), area.width(), upper),
        QRectF(area.left(), area.top() + upper, area.width(), area.height() - upper)};
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
    ChartView::paint(painter, area);
    if (painter.device() != this && count() > 0 && noTaskText(*scene()).isEmpty()) {
        painter.setFont(uiFont(11));
        painter.setPen(theme().ink2);
        painter.drawText(
            QRectF(area.left() + 1, area.bottom() - kAxisButton, kAxisWidth, kAxisButton),
            Qt::AlignRight | Qt::AlignVCenter, wordsOf(axis()).button);
    }
    if (const QString empty = emptyText(); !empty.isEmpty()) {
        painter.fillRect(area.adjusted(kLeft + 1, 8, -4, -30), theme().panel);
        paintNotice(painter, theme(), empty, area.adjusted(kLeft - 10, 0, 0, -24));
    }
}

QString LearningView::csv() const
{
    if (!scene() || m_loss.empty())
        return {};
    std::vector<const EpochCurve*> curves;
    for (const auto* each : {&m_loss, &m_error})
        for (const EpochCurve& curve : *each)
            curves.push_back(&curve);
    QString out = wordsOf(axis()).csv;
    std::map<double, QStringList> rows;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        out += u',' + curves[i]->csvName;
        for (const LearningPoint& point : curves[i]->points) {
            QStringList& row = rows[point.at];
            row.resize(static_cast<qsizetype>(curves.size()));
            const double value = i < m_loss.size() ? point.value : point.value / 100;
            row[static_cast<qsizetype>(i)] = exactText(value);
        }
    }
    out += u'\n';
    const bool whole = axis() != LearningAxis::Time && axis() != LearningAxis::Seconds;
    for (const auto& [at, row] : rows)
        out +=
            (whole ? QString::number(at, 'f', 0) : exactText(at)) + u',' + row.join(u',') + u'\n';
    return out;
}

QString LearningView::subtitle() const
{
    if (!scene() || count() == 0)
        return {};
    QStringList words;
    const std::uint64_t stride = learningStride(*scene());
    if (stride > 1)
        words += u"every %1%2 epoch"_s.arg(stride).arg(
            stride % 10 == 2 && stride % 100 != 12 ? u"nd"_s : u"th"_s);
    const double width = places(QRectF(rect())).front().width() - kLeft - chart(0).margins.right();
    for (const EpochCurve& curve : m_loss)
        if (const double each = static_cast<double>(curve.points.size()) / width;
            each > 1 && !zoomed()) {
            words += stride > 1 ? u"min/max"_s : u"min/max of %1 epochs"_s.arg(std::ceil(each));
            break;
        }
    if (const QString only = leftOutText(*scene(), axis(), m_loss); !only.isEmpty())
        words += only;
    if (zoomed())
        words += ChartView::subtitle();
    return words.join(u", "_s);
}

} // namespace

View* makeLearningView(QWidget* parent)
{
    return new LearningView(parent);
}

} // namespace apical
