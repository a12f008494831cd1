// A copy of the net with its present weights goes through both phases of one sample, beside the
// run.
#include "widgets/union/view.h"

#include "widgets/chart/choice_row.h"
#include "widgets/picture/pixel_image.h"
#include "widgets/union/comparison.h"
#include "widgets/union/questions.h"
#include "widgets/view/experiment_user.h"
#include "widgets/view/neuron_selection.h"
#include "widgets/view/task_words.h"

#include <QBoxLayout>
#include <QElapsedTimer>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSpinBox>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kRenewMs = 250; // an eye follows no more
constexpr double kPad = 8, kWide = 560, kScatterShare = 0.28; // px
constexpr double kLeastScatter = 168, kMostScatter = 300; // px

class PhasesView : public View, public ExperimentUser {
public:
    explicit PhasesView(QWidget* parent)
        : View(parent)
        , m_choices(new ChoiceRow(this))
        , m_source(m_choices->add(u"source"_s, QString(), u"Which sample is shown to the copy"_s))
        , m_number(new QSpinBox(m_choices))
        , m_errors(m_choices->add(u"errors"_s, QString(),
              u"Which errors of hidden layers are compared: what their spikes came to, or value minus prediction"_s))
        , m_against(m_choices->add(
              u"against"_s, u"against"_s, u"Which backprop the errors are compared with"_s))
    {
        setObjectName(u"phases"_s);
        setAccessibleName(u"Two phases"_s);
        setMinimumSize(260, 160);
        setMouseTracking(true);
        m_number->setObjectName(u"number"_s);
        m_number->setToolTip(u"Number of the sample in its set"_s);
        m_number->setAccessibleName(m_number->toolTip());
        m_number->setFont(uiFont(11));
        m_number->setMinimum(1);
        m_number->setKeyboardTracking(false);
        auto* row = static_cast<QBoxLayout*>(m_choices->layout());
        row->insertWidget(row->indexOf(m_source) + 1, m_number);
        offer(*m_errors, {{u"\u00ea of spikes"_s, false}, {u"x \u2212 \u03bc"_s, true}});
        offer(*m_against,
            {{u"backprop at the latch"_s, false}, {u"backprop of smooth rates"_s, true}});
        offerSamples();
        connect(m_source, &QComboBox::currentIndexChanged, this, [this] {
            m_number->setVisible(ownSample());
            ask();
        });
        connect(m_number, &QSpinBox::valueChanged, this, [this] { ask(); });
        for (QComboBox* box : {m_errors, m_against})
            connect(box, &QComboBox::currentIndexChanged, this, [this] { update(); });
        connect(&m_worker, &BackgroundWorker::arrived, this, [this] { update(); });
    }
    QSize sizeHint() const override { return {760, 460}; }
    int periodMs() const override { return 100; }
    bool showsWeights() const override { return true; }

    void take(const Experiment* experiment) override
    {
        m_worker.forget();
        m_last.reset();
        m_samples.reset();
        if (experiment)
            m_samples.emplace(*experiment);
        offerSamples();
        // At full speed most samples that go by are soon answered right, and nothing errs.
        if (experiment && std::isinf(experiment->pace))
            m_source->setCurrentIndex(std::max(0, m_source->findData(Worst)));
        update();
    }
    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        if (!m_asked.isValid() || m_asked.elapsed() >= kRenewMs || scene.urgent)
            ask();
    }
    void paint(QPainter& painter, const QRectF& area) override
    {
        const auto answer = m_worker.answer();
        if (!answer)
            return paintNotice(painter, theme(), emptyText(), area);
        const Places p = placesIn(area);
        const PhasesLook look = lookAt(*answer);
        const PhasesPlaces phases = phasesPlaces(answer->trace, p.phases);
        paintPhases(painter, theme(), look, phases);
        const auto& input = answer->question.asked.input;
        const int side = pictureSide(static_cast<int>(input.size()));
        if (side > 0 && !phases.image.isNull())
            paintImage(painter, inkImage(input, side, theme()), phases.image);
        if (!p.scatter.isNull())
            paintErrorScatters(
                painter, theme(), errorScatters(theme(), look, p.scatter), p.scatter);
    }
    QString csv() const override
    {
        const auto answer = m_worker.answer();
        return answer ? phasesCsv(answer->trace, chosenIn(answer->trace)) : QString();
    }
    QString subtitle() const override
    {
        const auto answer = m_worker.answer();
        if (!answer)
            return {};
        const PhasesQuestion& asked = answer->question;
        QString text = asked.name;
        if (asked.label >= 0)
            text += u", it is "_s + nameOf(asked.label);
        return text
            + u": %1 value spikes, %2 error spikes"_s.arg(answer->trace.valueSpikes())
                  .arg(answer->trace.errorSpikes());
    }

protected:
    void mousePressEvent(QMouseEvent* event) override
    {
        const auto neuron = neuronUnder(event->position());
        if (event->button() == Qt::LeftButton && neuron)
            Q_EMIT selected(
                {Selection::Population::Pyramidal, static_cast<int>(neuron->layer), neuron->index});
        else
            View::mousePressEvent(event);
    }
    bool event(QEvent* event) override
    {
        if (event->type() != QEvent::ToolTip)
            return View::event(event);
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto neuron = neuronUnder(help->pos());
        QToolTip::showText(help->globalPos(),
            neuron ? nameOf(*neuron) + u": click for its curves"_s : QString(), this);
        return true;
    }

private:
    struct Places {
        QRectF phases, scatter;
    };
    /// On the screen below the choices, which a saved picture does not have.
    Places placesIn(const QRectF& area) const
    {
        const bool onScreen = area == QRectF(rect());
        QRectF all = area.adjusted(0, onScreen ? ChoiceRow::kHeight + 2 : kPad, -kPad, 0);
        Places p;
        if (all.width() >= kWide) {
            const double width =
                std::clamp(kScatterShare * all.width(), kLeastScatter, kMostScatter);
            p.scatter = QRectF(all.right() - width, all.top(), width, all.height());
            all.setRight(p.scatter.left() - kPad);
        }
        p.phases = all;
        return p;
    }
    PhasesNeuron chosenIn(const PhasesTrace& trace) const
    {
        std::vector<int> sizes{0};
        for (const PhasesTrace::Layer& layer : trace.layers)
            sizes.push_back(layer.units);
        const Selection chosen = scene() ? scene()->selection : Selection();
        if (chosen.population == Selection::Population::Pyramidal && exists(chosen, sizes))
            return {static_cast<std::size_t>(chosen.layer), chosen.index};
        return loudestNeuron(trace);
    }
    PhasesLook lookAt(const PhasesAnswer& answer) const
    {
        const PhasesNeuron chosen = chosenIn(answer.trace);
        return {.trace = &answer.trace,
            .chosen = chosen,
            .name = nameOf(chosen),
            .rates = m_against->currentData().toBool(),
            .values = m_errors->currentData().toBool()};
    }
    QString nameOf(const PhasesNeuron& neuron) const
    {
        return Selection{
            Selection::Population::Pyramidal, static_cast<int>(neuron.layer), neuron.index}
            .name(scene() ? scene()->frame.sizes : std::vector<int>());
    }
    QString nameOf(int label) const
    {
        const LaneFrame* lane = scene() ? phasesLane(*scene()) : nullptr;
        return lane ? className(lane->task, label) : QString::number(label);
    }
    std::optional<PhasesNeuron> neuronUnder(const QPointF& at) const
    {
        const auto answer = m_worker.answer();
        if (!answer)
            return {};
        const Places p = placesIn(QRectF(rect()));
        if (const auto neuron = neuronAt(answer->trace, phasesPlaces(answer->trace, p.phases), at))
            return neuron;
        return p.scatter.isNull() ? std::nullopt
                                  : pointAt(errorScatters(theme(), lookAt(*answer), p.scatter), at);
    }

    QString emptyText() const
    {
        if (QString problem = m_worker.problem(); !problem.isEmpty())
            return problem;
        if (scene() && !phasesLane(*scene()))
            return u"No lane here predicts first and errs then: this view belongs to predictive coding with spikes."_s;
        return u"A copy of the network is about to go through both phases: let the run go on, or press Step."_s;
    }
    enum Source { OfTheRun, OfTheSet, Worst };
    Source source() const { return static_cast<Source>(m_source->currentData().toInt()); }
    bool ownSample() const { return source() == OfTheSet; }
    void offerSamples()
    {
        m_first.reset();
        Choices sources{{u"shown to the run"_s, OfTheRun}};
        if (m_samples && m_samples->size() > 0) {
            sources.emplace_back(m_samples->name().chopped(1), OfTheSet);
            sources.emplace_back(m_samples->name().chopped(1) + u" answered worst"_s, Worst);
            m_number->setMaximum(m_samples->size());
        }
        offer(*m_source, sources);
        m_number->setVisible(ownSample());
    }

    /// Has the sample traced, if anything about it changed.
    void ask()
    {
        if (!scene() || !m_samples)
            return;
        m_asked.start();
        if (source() == Worst && !m_first)
            m_first = firstSamples(*m_samples);
        auto question = source() == Worst
            ? questionOf(*scene(), *m_samples, m_first)
            : questionOf(*scene(), *m_samples, ownSample() ? m_number->value() - 1 : -1);
        if (!question || question == m_last)
            return;
        m_last = question;
        m_worker.ask(std::move(*question));
    }

    ChoiceRow* m_choices;
    QComboBox* m_source;
    QSpinBox* m_number;
    QComboBox* m_errors;
    QComboBox* m_against;
    std::optional<SampleSet> m_samples;
    std::shared_ptr<const std::vector<ConversionSample>> m_first; ///< of the set; nullptr: not yet
    std::optional<PhasesQuestion> m_last; ///< that was asked last
    QElapsedTimer m_asked;
    PhasesWorker m_worker; // last: its thread ends before anything else goes
};

} // namespace

View* makePhasesView(QWidget* parent)
{
    return new PhasesView(parent);
}

} // namespace apical
