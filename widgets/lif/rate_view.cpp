#include "widgets/lif/rate_view.h"

#include "widgets/chart/chart_view.h"
#include "widgets/chart/choice_row.h"
#include "widgets/lif/bench_lane.h"
#include "widgets/lif/rate_charts.h"
#include "widgets/look/number_text.h"

#include <QResizeEvent>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kTwoWide = 480, kTwoHigh = 330; // px of room for two charts that way
enum Beside { kDeviation, kSlope, kThreshold }; // the rate curve

/// Four charts where there is room, else the rate curve and the one that is chosen, else the rate
/// curve alone.
class RateView : public ChartView {
public:
    explicit RateView(QWidget* parent)
        : ChartView(parent)
        , m_choices(new ChoiceRow(this))
        , m_beside(m_choices->add(u"beside"_s, u"beside it"_s, u"What stands beside the rates"_s))
    {
        setObjectName(u"rateCurve"_s);
        setMinimumSize(240, 120);
        offer(*m_beside,
            {{u"deviation from theory"_s, int{kDeviation}}, {u"slope"_s, int{kSlope}},
                {u"limit at the threshold"_s, int{kThreshold}}});
        connect(m_beside, &QComboBox::currentIndexChanged, this, [this] { draw(); });
    }
    QSize sizeHint() const override { return {560, 240}; }
    int periodMs() const override { return 200; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        const std::vector<BenchLane> lanes = benchLanes(scene);
        m_spikes.see(scene, lanes);
        m_lanes.clear();
        for (const BenchLane& lane : lanes) {
            const CountsSince& since = m_spikes.of(lane);
            m_lanes.push_back({.name = benchName(scene, lane),
                .color = benchColor(scene, lane),
                .noisy = lane.parameters().encoder == encoder_kind::poisson
                    || lane.parameters().encoder == encoder_kind::bernoulli,
                .rates = compareRates(
                    lane.parameters(), lane.quantity("input.rate"), since.counts(), since.ms())});
        }
        if (lanes.empty())
            return setCharts({});
        const BenchLane& shown = lanes[shownBench(scene, lanes)];
        m_parameters = shown.parameters();
        m_dt = shown.dt();
        m_shown = benchName(scene, shown);
        draw();
    }

    QString csv() const override { return ratesCsv(m_parameters, m_lanes); }
    QString subtitle() const override
    {
        if (m_lanes.empty())
            return {};
        QString text = u"dt = "_s + durationText(m_dt);
        if (m_lanes.size() > 1)
            text += u", curves of "_s + m_shown;
        return zoomed() ? text + u", "_s + ChartView::subtitle() : text;
    }

protected:
    std::vector<QRectF> places(const QRectF& area) const override
    {
        const bool four = count() == 4;
        const QRectF room = four ? area : area.adjusted(0, ChoiceRow::kHeight, 0, 0);
        if (!four && (count() < 2 || wide(area)))
            return ChartView::places(room);
        const double middle = std::round(room.center().x());
        const double split = std::round(room.top() + (four ? 0.56 : 0.5) * room.height());
        if (!four)
            return {QRectF(room.topLeft(), QPointF(room.right(), split)),
                QRectF(QPointF(room.left(), split), room.bottomRight())};
        return {QRectF(room.topLeft(), QPointF(middle, split)),
            QRectF(QPointF(middle, room.top()), QPointF(room.right(), split)),
            QRectF(QPointF(room.left(), split), QPointF(middle, room.bottom())),
            QRectF(QPointF(middle, split), room.bottomRight())};
    }
    void resizeEvent(QResizeEvent* event) override
    {
        ChartView::resizeEvent(event);
        m_choices->setVisible(!roomForAll());
        if (scene())
            draw();
    }

private:
    static bool wide(const QRectF& area) { return area.width() >= kTwoWide; }
    bool roomForAll() const { return width() >= kTwoWide && height() >= kTwoHigh; }
    bool roomForTwo() const { return width() >= kTwoWide || height() >= kTwoHigh; }

    void draw()
    {
        if (m_lanes.empty())
            return;
        std::vector<Chart> charts{rateChart(m_parameters, m_lanes)};
        if (roomForAll()) {
            charts.push_back(deviationChart(m_lanes));
            charts.push_back(slopeChart(m_parameters, m_lanes));
            charts.push_back(thresholdChart(m_parameters));
            charts[1].legend = Chart::Legend::None; // lanes are named beside the rates
        } else if (roomForTwo()) {
            const int beside = m_beside->currentData().toInt();
            charts.push_back(beside == kSlope ? slopeChart(m_parameters, m_lanes)
                    : beside == kThreshold    ? thresholdChart(m_parameters)
                                              : deviationChart(m_lanes));
            // Lanes have their colours and names beside the rates.
            if (beside == kDeviation)
                charts.back().legend = Chart::Legend::None;
        }
        // Where a legend of several rows would leave no plot, what it says stands in the notes.
        if (height() < kTwoHigh)
            for (ChartSeries& series : charts.front().series)
                series.value.clear();
        makeRoom(charts, height());
        setCharts(std::move(charts));
    }

    ChoiceRow* m_choices;
    QComboBox* m_beside;
    BenchCounts m_spikes{"layer1.spikes"};
    std::vector<RateLane> m_lanes;
    LifParameters m_parameters; ///< of the lane shown
    double m_dt = 1;
    QString m_shown;
};

} // namespace

View* makeRateView(QWidget* parent)
{
    return new RateView(parent);
}

} // namespace apical
