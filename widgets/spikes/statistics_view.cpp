#include "widgets/spikes/statistics_view.h"

#include "widgets/chart/chart_view.h"
#include "widgets/chart/choice_row.h"
#include "widgets/look/number_text.h"
#include "widgets/spikes/spike_lane.h"
#include "widgets/spikes/statistics_charts.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/step_user.h"

#include <cmath>
#include <memory>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kWindows[] = {1, 5, 10, 20, 50, 100, 500}; // ms
constexpr int kUsualWindow = 2; // of kWindows
constexpr double kStacked = 560; // px below which charts stand under each other where there is room
constexpr double kLeast = 110; // px each then

/// Rates, intervals and Fano factors of one population, from the step on at which it was seen
/// first with these settings.
class StatisticsView : public ChartView, public StepUser {
public:
    explicit StatisticsView(QWidget* parent)
        : ChartView(parent)
        , m_choices(new ChoiceRow(this))
        , m_population(m_choices->add(u"population"_s, QString(),
              u"Whose spikes: of the selected neuron, or always these"_s))
        , m_window(m_choices->add(u"window"_s, u"counted in"_s,
              u"Length of the windows in which spikes are counted, for rates and Fano factors"_s))
    {
        setObjectName(u"spikeStatistics"_s);
        setMinimumSize(240, 120);
        offerDurations(*m_window, kWindows, kUsualWindow);
        for (QComboBox* box : {m_population, m_window})
            connect(box, &QComboBox::currentIndexChanged, this, [this] { showAnew(); });
    }
    QSize sizeHint() const override { return {560, 216}; }
    int periodMs() const override { return 500; }

    void wish(StepWish& wish) const override
    {
        if (m_quantity.empty())
            return;
        wish.statistics = m_quantity;
        wish.windowMs = m_window->currentData().toDouble();
    }
    void take(const StepReports& reports) override { m_reports = reports; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        const auto lane = spikeLane(scene);
        m_quantity.clear();
        if (!lane)
            return setCharts({});
        offerPopulations(*lane);
        const int count = shownCount(
            *lane, scene.selection, m_population->currentData().toString().toStdString());
        const Anatomy::Quantity& q = lane->anatomy().quantities[static_cast<std::size_t>(count)];
        const Anatomy::Population& of = lane->anatomy().of(q);
        m_quantity = q.name;
        m_of = populationText(lane->anatomy(), of);
        const auto& report = lane->index < m_reports.size() ? m_reports[lane->index] : m_shown;
        // What an older wish gave is not shown as an answer to this one.
        if (report && report->statistics && report->wish.statistics == m_quantity
            && report->wish.windowMs == m_window->currentData().toDouble())
            m_shown = report;
        else if (scene.live)
            m_shown.reset();
        std::vector<QString> names;
        for (int i = 0; i < of.size; ++i)
            names.push_back(neuronText(of, i, scene.frame.sizes));
        std::vector<Chart> charts = m_shown
            ? statisticsCharts(*m_shown->statistics, selectedIn(of, scene.selection), names)
            : nothingYet();
        makeRoom(charts, height());
        setCharts(std::move(charts));
    }

    QString csv() const override
    {
        return statisticsCsv(m_shown ? *m_shown->statistics : SpikeStatistics());
    }
    QString subtitle() const override
    {
        if (!scene() || !m_shown)
            return {};
        const SpikeStatistics& s = *m_shown->statistics;
        QString text =
            u"%1, the last %2 ms"_s.arg(m_of, valueText(static_cast<double>(s.steps) * s.dt, 3));
        if (!scene()->live)
            text += u" up to t = %1 ms"_s.arg(valueText(m_shown->timeMs, 5));
        return zoomed() ? text + u", "_s + ChartView::subtitle() : text;
    }

protected:
    std::vector<QRectF> places(const QRectF& area) const override
    {
        const QRectF below = area.adjusted(0, ChoiceRow::kHeight, 0, 0);
        const double each = below.height() / 3;
        if (count() != 3 || below.width() >= kStacked || each < kLeast)
            return ChartView::places(below);
        return rows(below, {1, 1, 1});
    }

private:
    void offerPopulations(const SpikeLane& lane)
    {
        Choices choices{{u"selected population"_s, QString()}};
        for (const int count : lane.counts()) {
            const Anatomy::Population& p =
                lane.anatomy().of(lane.anatomy().quantities[static_cast<std::size_t>(count)]);
            choices.emplace_back(populationText(lane.anatomy(), p), QString::fromStdString(p.name));
        }
        offer(*m_population, choices);
    }
    std::vector<Chart> nothingYet() const
    {
        Chart chart;
        chart.title = m_of;
        chart.note = u"Spikes are counted from now on: let the network run."_s;
        return {chart};
    }

    ChoiceRow* m_choices;
    QComboBox *m_population, *m_window;
    std::string m_quantity; ///< that is wished
    QString m_of;
    StepReports m_reports;
    std::shared_ptr<const StepReport> m_shown;
};

} // namespace

View* makeStatisticsView(QWidget* parent)
{
    return new StatisticsView(parent);
}

} // namespace apical
