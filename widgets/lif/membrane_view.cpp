#include "widgets/lif/membrane_view.h"

#include "widgets/chart/chart_view.h"
#include "widgets/chart/choice_row.h"
#include "widgets/lif/given_text.h"
#include "widgets/lif/membrane_charts.h"
#include "widgets/look/number_text.h"
#include "widgets/view/step_user.h"

#include <algorithm>
#include <cmath>
#include <memory>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kSpans[] = {20, 50, 100, 200, 500}; // ms
constexpr int kUsualSpan = 2; // of kSpans
constexpr double kKeptMs = 1000; // how far back one can look step by step
constexpr double kLeast = 96; // px a lane's potential needs
constexpr double kCurrentShare = 0.8; // of a lane's height
constexpr double kLegend = 23, kFoot = 32; // px more: of the first chart, and of the last
constexpr double kAround = ChoiceRow::kHeight + kLegend + kFoot; // px that are no lane's
constexpr std::size_t kMostLanes = 4;
constexpr int kMostNames = 400; // neurons in a list

/// Potentials of one neuron in all lanes that there is room for, the one shown first of all.
class MembraneView : public ChartView, public StepUser {
public:
    explicit MembraneView(QWidget* parent)
        : ChartView(parent)
        , m_choices(new ChoiceRow(this))
        , m_neuron(m_choices->add(
              u"neuron"_s, u"neuron"_s, u"Which neuron: the one with the largest input, or this"_s))
        , m_span(m_choices->add(u"span"_s, QString(), u"How much of the past is shown"_s))
    {
        setObjectName(u"membrane"_s);
        setMinimumSize(240, 150);
        offerDurations(*m_span, kSpans, kUsualSpan);
        connect(m_span, &QComboBox::currentIndexChanged, this, [this] { showAnew(); });
        connect(m_neuron, &QComboBox::activated, this, [this] {
            const int index = m_neuron->currentData().toInt();
            Q_EMIT selected(
                index < 0 ? Selection() : Selection{Selection::Population::Pyramidal, 1, index});
        });
    }
    QSize sizeHint() const override { return {560, 360}; }
    int periodMs() const override { return 50; }

    void wish(StepWish& wish) const override
    {
        if (m_signals.neuron < 0)
            return;
        for (const StepSignal& signal : m_signals.all())
            wish.followed.push_back(signal);
        wish.signalMs = std::max(wish.signalMs, kKeptMs);
    }
    void take(const StepReports& reports) override { m_reports = reports; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        const std::vector<BenchLane> lanes = benchLanes(scene);
        m_lanes.clear();
        if (lanes.empty()) {
            m_signals.neuron = -1;
            return setCharts({});
        }
        const std::size_t shown = shownBench(scene, lanes);
        m_signals.neuron = shownNeuron(scene, lanes[shown], m_signals.neuron);
        offerNeurons(scene, lanes[shown]);
        m_kept = m_reports; // m_lanes point into them
        const auto room =
            static_cast<std::size_t>(std::max(1.0, (height() - kAround) / kLeast - kCurrentShare));
        const std::size_t count = std::min({lanes.size(), room, kMostLanes});
        // The lane shown is always among them.
        const std::size_t first = shown < count ? 0 : shown + 1 - count;
        for (std::size_t l = first; l < first + count; ++l)
            addLane(scene, lanes[l]);
        const double drive = m_lanes[shown - first].drive;
        const QString name = u"neuron %1, x = %2"_s.arg(m_signals.neuron + 1).arg(givenText(drive));
        const double end = scene.live ? lanes[shown].lane->clock.timeMs : scene.shownMs;
        std::vector<Chart> charts =
            membraneCharts(m_lanes, m_signals, name, end, m_span->currentData().toDouble());
        setCharts(std::move(charts));
    }

    QString csv() const override { return membraneCsv(m_lanes, m_signals); }
    QString subtitle() const override
    {
        if (!scene() || m_lanes.empty())
            return {};
        QString text = u"dt = "_s + durationText(benchLanes(*scene()).front().dt());
        if (!scene()->live)
            text += u", up to t = %1 ms"_s.arg(valueText(scene()->shownMs, 5));
        return zoomed() ? text + u", "_s + ChartView::subtitle() : text;
    }

protected:
    /// Potentials under each other, the currents below all of them with the axis of time.
    std::vector<QRectF> places(const QRectF& area) const override
    {
        const QRectF below = area.adjusted(0, ChoiceRow::kHeight, 0, 0);
        if (count() < 2)
            return ChartView::places(below);
        const double parts = static_cast<double>(count()) - 1 + kCurrentShare;
        const double each = (below.height() - kLegend - kFoot) / parts;
        std::vector<double> heights(count(), each);
        heights.front() += kLegend;
        heights.back() = kCurrentShare * each + kFoot;
        return rows(below, heights);
    }

private:
    void offerNeurons(const Scene& scene, const BenchLane& lane)
    {
        Choices choices{{u"largest input"_s, -1}};
        const auto drive = lane.quantity("input.rate");
        for (int i = 0; i < std::min(lane.neurons(), kMostNames); ++i)
            choices.emplace_back(
                u"%1: x = %2"_s.arg(i + 1).arg(givenText(drive[static_cast<std::size_t>(i)])), i);
        offer(*m_neuron, choices);
        const bool chosen = scene.selection != Selection();
        m_neuron->setCurrentIndex(chosen ? m_neuron->findData(m_signals.neuron) : 0);
    }
    void addLane(const Scene& scene, const BenchLane& lane)
    {
        const auto drive = lane.quantity("input.rate");
        const auto at = static_cast<std::size_t>(m_signals.neuron);
        m_lanes.push_back({.name = benchName(scene, lane),
            .color = benchColor(scene, lane),
            .parameters = lane.parameters(),
            .drive = at < drive.size() ? drive[at] : 0,
            .report = lane.index < m_kept.size() ? m_kept[lane.index].get() : nullptr});
    }

    ChoiceRow* m_choices;
    QComboBox *m_neuron, *m_span;
    MembraneSignals m_signals{-1};
    StepReports m_reports, m_kept; ///< the newest; those that the charts show
    std::vector<MembraneLane> m_lanes;
};

} // namespace

View* makeMembraneView(QWidget* parent)
{
    return new MembraneView(parent);
}

} // namespace apical
