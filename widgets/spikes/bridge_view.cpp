#include "widgets/spikes/bridge_view.h"

#include "widgets/chart/chart_view.h"
#include "widgets/chart/choice_row.h"
#include "widgets/look/number_text.h"
#include "widgets/spikes/bridge_charts.h"
#include "widgets/spikes/spike_lane.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/step_user.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kTaus[] = {5, 10, 20, 50, 100}; // ms
constexpr int kUsualTau = 2; // of kTaus
constexpr double kShownTaus = 10; // length of the running curves, with what the filter needs first
constexpr double kNarrow = 340; // px of each other chart below which the running curves give way

/// Spikes are counts of what the rate model sends: a scatter, running curves of one neuron, and
/// where a lane of rates runs beside it, the mean potentials of both.
class BridgeView : public ChartView, public StepUser {
public:
    explicit BridgeView(QWidget* parent)
        : ChartView(parent)
        , m_choices(new ChoiceRow(this))
        , m_filter(m_choices->add(u"filter"_s, u"filter"_s, u"How spikes are filtered"_s))
        , m_tau(m_choices->add(u"tau"_s, QString(), u"Time constant or length of the filter"_s))
    {
        setObjectName(u"rateBridge"_s);
        setMinimumSize(240, 120);
        offer(*m_filter,
            {{u"exponential"_s, static_cast<int>(MeanFilter::Exponential)},
                {u"boxcar"_s, static_cast<int>(MeanFilter::Boxcar)}});
        offerDurations(*m_tau, kTaus, kUsualTau);
        for (QComboBox* box : {m_filter, m_tau})
            connect(box, &QComboBox::currentIndexChanged, this, [this] { showAnew(); });
    }
    QSize sizeHint() const override { return {560, 216}; }
    int periodMs() const override { return 150; }

    void wish(StepWish& wish) const override
    {
        if (!m_names)
            return;
        wish.means = {m_names->spikes, m_names->rate};
        wish.means.insert(wish.means.end(), m_names->potentials.begin(), m_names->potentials.end());
        wish.filter = static_cast<MeanFilter>(m_filter->currentData().toInt());
        wish.filterMs = m_tau->currentData().toDouble();
        for (const std::string& name : {m_names->spikes, m_names->rate})
            wish.followed.push_back({.name = name, .row = m_neuron});
        wish.signalMs = std::max(wish.signalMs, kShownTaus * wish.filterMs);
    }
    void take(const StepReports& reports) override { m_reports = reports; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        m_names.reset();
        const auto lane = spikeLane(scene);
        if (!lane)
            return setCharts({});
        const Anatomy& a = lane->anatomy();
        const int count = shownCount(*lane, scene.selection, {});
        const Anatomy::Population& of = a.of(a.quantities[static_cast<std::size_t>(count)]);
        const auto beside = rateLane(scene, of.name);
        m_names = bridgeQuantities(a, lane->lane->parameters, count,
            beside ? scene.frame.lanes[*beside].anatomy.get() : nullptr);
        if (!m_names) {
            Chart chart;
            chart.note = u"No rate stands behind these spikes."_s;
            return setCharts({chart});
        }
        const int selected = selectedIn(of, scene.selection);
        m_neuron = std::max(0, selected);
        m_of = populationText(a, of);
        if (scene.live || !m_shown)
            m_shown = reportOf(lane->index);
        if (scene.live || !m_rates)
            m_rates = beside ? reportOf(*beside) : nullptr;
        std::vector<QString> names;
        for (int i = 0; i < of.size; ++i)
            names.push_back(neuronText(of, i, scene.frame.sizes));
        static const StepReport nothing;
        const StepReport& report = m_shown ? *m_shown : nothing;
        std::vector<Chart> charts{bridgeScatter(*m_names, report, selected, names)};
        if (!m_names->potentials.empty())
            charts.push_back(lanesScatter(*m_names, report, m_rates ? *m_rates : nothing, names));
        if (width() >= kNarrow * static_cast<double>(charts.size()))
            charts.push_back(bridgeCurves(
                *m_names, report, m_neuron, names[static_cast<std::size_t>(m_neuron)]));
        makeRoom(charts, height());
        setCharts(std::move(charts));
    }

    QString csv() const override
    {
        QString out = u"lane,quantity,neuron,mean\n"_s;
        const auto add = [&](const QString& lane, const StepReport& report) {
            for (const StepReport::Means& each : report.means)
                for (std::size_t i = 0; i < each.values.size(); ++i)
                    out += u"%1,%2,%3,%4\n"_s.arg(lane, QString::fromStdString(each.name))
                               .arg(i)
                               .arg(exactText(each.values[i]));
        };
        if (m_shown)
            add(u"spikes"_s, *m_shown);
        if (m_rates)
            add(u"rates"_s, *m_rates);
        return out;
    }
    QString subtitle() const override
    {
        if (!scene() || !m_shown || !m_names)
            return {};
        QString text = m_of;
        if (!scene()->live)
            text += u" at t = %1 ms"_s.arg(valueText(m_shown->timeMs, 5));
        return zoomed() ? text + u", "_s + ChartView::subtitle() : text;
    }

protected:
    std::vector<QRectF> places(const QRectF& area) const override
    {
        return ChartView::places(area.adjusted(0, ChoiceRow::kHeight, 0, 0));
    }

private:
    /// Of these wishes; what older ones gave is no answer.
    std::shared_ptr<const StepReport> reportOf(std::size_t lane) const
    {
        if (lane >= m_reports.size() || !m_reports[lane])
            return nullptr;
        StepWish wanted;
        wish(wanted);
        const StepWish& had = m_reports[lane]->wish;
        return had.means == wanted.means && had.filter == wanted.filter
                && had.filterMs == wanted.filterMs
            ? m_reports[lane]
            : nullptr;
    }

    ChoiceRow* m_choices;
    QComboBox *m_filter, *m_tau;
    std::optional<BridgeQuantities> m_names; ///< that are wished
    int m_neuron = 0; ///< of the running curves
    QString m_of;
    StepReports m_reports;
    std::shared_ptr<const StepReport> m_shown, m_rates;
};

} // namespace

View* makeBridgeView(QWidget* parent)
{
    return new BridgeView(parent);
}

} // namespace apical
