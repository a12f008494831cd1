#include "widgets/lif/filter_view.h"

#include "widgets/chart/chart_view.h"
#include "widgets/chart/choice_row.h"
#include "widgets/lif/bench_lane.h"
#include "widgets/lif/filter_charts.h"
#include "widgets/lif/given_text.h"
#include "widgets/look/number_text.h"
#include "widgets/view/step_user.h"

#include <QResizeEvent>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kSpans[] = {50, 100, 200, 500}; // ms
constexpr int kUsualSpan = 2; // of kSpans
constexpr double kLeastWide = 260, kLeastHigh = 150; // px of a chart
constexpr std::size_t kMostLanes = 3;
constexpr int kFollowed = 8; // inputs

/// The answer to one spike, and below it or beside it the trains of the lanes.
class FilterView : public ChartView, public StepUser {
public:
    explicit FilterView(QWidget* parent)
        : ChartView(parent)
        , m_choices(new ChoiceRow(this))
        , m_span(m_choices->add(
              u"span"_s, u"trains of the last"_s, u"How much of the past is shown of the trains"_s))
    {
        setObjectName(u"synapticFilter"_s);
        setMinimumSize(240, 120);
        offerDurations(*m_span, kSpans, kUsualSpan);
        connect(m_span, &QComboBox::currentIndexChanged, this, [this] { showAnew(); });
    }
    QSize sizeHint() const override { return {560, 300}; }
    int periodMs() const override { return 100; }

    void wish(StepWish& wish) const override
    {
        if (m_signals.input < 0)
            return;
        // Few are followed all: whichever is shown next has its past then.
        const bool few = m_inputs <= kFollowed;
        for (int i = few ? 0 : m_signals.input; i < (few ? m_inputs : m_signals.input + 1); ++i)
            for (const StepSignal& signal : TrainSignals{i}.all())
                wish.followed.push_back(signal);
        wish.signalMs = std::max(wish.signalMs, m_span->currentData().toDouble());
    }
    void take(const StepReports& reports) override { m_reports = reports; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        const std::vector<BenchLane> lanes = benchLanes(scene);
        m_lanes.clear();
        if (lanes.empty()) {
            m_signals.input = -1;
            return setCharts({});
        }
        m_inputs = lanes.front().neurons();
        m_signals.input = shownNeuron(scene, lanes[shownBench(scene, lanes)], m_signals.input);
        if (scene.live || m_kept.empty())
            m_kept = m_reports;
        for (std::size_t l = 0; l < std::min(lanes.size(), kMostLanes); ++l)
            addLane(scene, lanes[l]);
        std::vector<Chart> charts{impulse()};
        const double span = m_span->currentData().toDouble();
        for (std::size_t l = 0; l < m_lanes.size() && charts.size() < rooms(); ++l) {
            const double end = scene.live ? lanes[l].lane->clock.timeMs : scene.shownMs;
            charts.push_back(trainChart(m_lanes[l], m_signals,
                u"input %1, x = %2"_s.arg(m_signals.input + 1).arg(givenText(m_lanes[l].input)),
                end, span));
        }
        makeRoom(charts, height());
        setCharts(std::move(charts));
    }

    QString csv() const override { return impulseCsv(m_lanes); }
    QString subtitle() const override
    {
        if (m_lanes.empty())
            return {};
        QString text = u"dt = %1, \u03c4 = %2"_s.arg(
            durationText(m_lanes.front().dt), durationText(m_lanes.front().tau));
        return zoomed() ? text + u", "_s + ChartView::subtitle() : text;
    }

protected:
    std::vector<QRectF> places(const QRectF& area) const override
    {
        const QRectF room = area.adjusted(0, ChoiceRow::kHeight, 0, 0);
        if (count() < 2 || !stacked())
            return ChartView::places(room);
        return rows(room, std::vector<double>(count(), 1.0));
    }
    void resizeEvent(QResizeEvent* event) override
    {
        ChartView::resizeEvent(event);
        if (scene())
            refresh(*scene());
    }

private:
    struct Filter {
        QString name;
        double dt, tau;
        int order;
        bool operator==(const Filter&) const = default;
    };
    /// Time is long and narrow: charts stand under each other where two can.
    bool stacked() const { return height() - ChoiceRow::kHeight >= 2 * kLeastHigh; }
    std::size_t rooms() const
    {
        const double along =
            stacked() ? (height() - ChoiceRow::kHeight) / kLeastHigh : width() / kLeastWide;
        return static_cast<std::size_t>(std::max(1.0, along));
    }
    /// Many thousand steps of a filter: made anew only when it is another one.
    const Chart& impulse()
    {
        std::vector<Filter> filters;
        for (const FilterLane& lane : m_lanes)
            filters.push_back({lane.name, lane.dt, lane.tau, lane.order});
        if (filters != m_filters) {
            m_filters = std::move(filters);
            m_impulse = impulseChart(m_lanes);
        }
        return m_impulse;
    }
    void addLane(const Scene& scene, const BenchLane& lane)
    {
        const LifParameters& p = lane.parameters();
        const auto drive = lane.quantity("input.rate");
        const auto at = static_cast<std::size_t>(m_signals.input);
        m_lanes.push_back({.name = benchName(scene, lane),
            .color = benchColor(scene, lane),
            .dt = lane.dt(),
            .tau = p.synapseTau,
            .order = p.synapseOrder,
            .periodic = p.encoder == encoder_kind::periodic && p.synapseTau > 0,
            .input = at < drive.size() ? drive[at] : 0,
            .report = lane.index < m_kept.size() ? m_kept[lane.index].get() : nullptr});
    }

    ChoiceRow* m_choices;
    QComboBox* m_span;
    TrainSignals m_signals{-1};
    int m_inputs = 0; ///< of the bench
    StepReports m_reports, m_kept; ///< the newest; those that the charts show
    std::vector<FilterLane> m_lanes;
    std::vector<Filter> m_filters; ///< whose answers stand in m_impulse
    Chart m_impulse;
};

} // namespace

View* makeFilterView(QWidget* parent)
{
    return new FilterView(parent);
}

} // namespace apical
