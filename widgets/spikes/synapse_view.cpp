#include "widgets/spikes/synapse_view.h"

#include "widgets/chart/chart_view.h"
#include "widgets/chart/choice_row.h"
#include "widgets/look/number_text.h"
#include "widgets/spikes/spike_lane.h"
#include "widgets/spikes/synapse_charts.h"
#include "widgets/view/step_user.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kSpans[] = {5, 20, 100}; // ms
constexpr int kUsualSpan = 1; // of kSpans
constexpr double kForgotten = 8; // time constants of the trace that are watched besides
constexpr int kMostNames = 2000; // neurons in a list
constexpr double kLowestShare = 0.31; // of the height, of the chart that carries the time

/// A synapse onto the selected neuron, between its spikes.
class SynapseView : public ChartView, public StepUser {
public:
    explicit SynapseView(QWidget* parent)
        : ChartView(parent)
        , m_choices(new ChoiceRow(this))
        , m_pathway(m_choices->add(u"pathway"_s, QString(), u"Which synapses of the neuron"_s))
        , m_sender(m_choices->add(u"sender"_s, u"from"_s, u"Which neuron sends"_s))
        , m_span(m_choices->add(u"span"_s, QString(), u"How much of the past is shown"_s))
    {
        setObjectName(u"synapse"_s);
        setMinimumSize(240, 200);
        offerDurations(*m_span, kSpans, kUsualSpan);
        for (QComboBox* box : {m_pathway, m_sender, m_span})
            connect(box, &QComboBox::currentIndexChanged, this, [this] { showAnew(); });
    }
    QSize sizeHint() const override { return {292, 490}; }
    int periodMs() const override { return 100; }

    void wish(StepWish& wish) const override
    {
        if (!m_synapse)
            return;
        for (const StepSignal& signal :
            {m_synapse->spikes(), m_synapse->error(), m_synapse->weight()})
            wish.followed.push_back(signal);
        wish.signalMs = std::max(wish.signalMs,
            m_span->currentData().toDouble() + kForgotten * m_synapse->source.traceMs);
    }
    void take(const StepReports& reports) override { m_reports = reports; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        m_synapse.reset();
        const auto lane = spikeLane(scene);
        if (!lane || !chooseSynapse(*lane, scene)) {
            Chart chart;
            chart.note = u"No synapse here learns from spikes."_s;
            return setCharts({chart});
        }
        if (scene.live || !m_shown)
            m_shown = lane->index < m_reports.size() ? m_reports[lane->index] : nullptr;
        static const StepReport nothing;
        setCharts(synapseCharts(
            *m_synapse, m_shown ? *m_shown : nothing, m_span->currentData().toDouble()));
    }

    QString csv() const override
    {
        return synapseCsv(m_synapse.value_or(ShownSynapse()), m_shown ? *m_shown : StepReport());
    }
    QString subtitle() const override
    {
        if (!scene() || !m_synapse)
            return {};
        QString text = m_synapse->fromText + u" \u2192 "_s + m_synapse->toText;
        if (!scene()->live && m_shown)
            text += u" at t = %1 ms"_s.arg(valueText(m_shown->timeMs, 5));
        return zoomed() ? text + u", "_s + ChartView::subtitle() : text;
    }

protected:
    std::vector<QRectF> places(const QRectF& area) const override
    {
        const QRectF below = area.adjusted(0, ChoiceRow::kHeight, 0, 0);
        if (count() != 4)
            return ChartView::places(below);
        constexpr double each = (1 - kLowestShare) / 3;
        return rows(below, {each, each, each, kLowestShare});
    }

private:
    /// The chosen pathway into the selected neuron, else the first one; false: there is none.
    bool chooseSynapse(const SpikeLane& lane, const Scene& scene)
    {
        const Anatomy& a = lane.anatomy();
        std::vector<int> all, into; // projections
        for (std::size_t i = 0; i < a.projections.size(); ++i) {
            const int projection = static_cast<int>(i);
            if (!synapseSource(a, lane.lane->parameters, projection))
                continue;
            all.push_back(projection);
            if (selectedIn(a.to(a.projections[i]), scene.selection) >= 0)
                into.push_back(projection);
        }
        if (all.empty())
            return false;
        Choices pathways;
        for (const int projection : into.empty() ? all : into) {
            const Anatomy::Projection& p = a.projections[static_cast<std::size_t>(projection)];
            pathways.emplace_back(
                QString::fromStdString(into.empty() ? p.name : p.pathway), projection);
        }
        offer(*m_pathway, pathways);
        const int projection = m_pathway->currentData().toInt();
        const Anatomy::Projection& p = a.projections[static_cast<std::size_t>(projection)];
        Choices senders;
        for (int i = 0; i < std::min(a.from(p).size, kMostNames); ++i)
            senders.emplace_back(neuronText(a.from(p), i, scene.frame.sizes), i);
        offer(*m_sender, senders);
        // The selected neuron sends, if it receives none of these.
        const int sends = into.empty() ? selectedIn(a.from(p), scene.selection) : -1;
        ShownSynapse shown{.source = *synapseSource(a, lane.lane->parameters, projection),
            .projection = p.name,
            .from = sends >= 0 ? sends : m_sender->currentData().toInt(),
            .to = std::max(0, selectedIn(a.to(p), scene.selection)),
            .fromText = {},
            .toText = {}};
        shown.fromText = neuronText(a.from(p), shown.from, scene.frame.sizes);
        shown.toText = neuronText(a.to(p), shown.to, scene.frame.sizes);
        m_synapse = std::move(shown);
        return true;
    }

    ChoiceRow* m_choices;
    QComboBox *m_pathway, *m_sender, *m_span;
    std::optional<ShownSynapse> m_synapse;
    StepReports m_reports;
    std::shared_ptr<const StepReport> m_shown;
};

} // namespace

View* makeSynapseView(QWidget* parent)
{
    return new SynapseView(parent);
}

} // namespace apical
