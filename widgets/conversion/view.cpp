// Conversion, live: a copy of the net with its present weights answers an image with spikes.
#include "widgets/conversion/view.h"

#include "widgets/chart/chart_view.h"
#include "widgets/conversion/answer.h"
#include "widgets/conversion/charts.h"
#include "widgets/conversion/controls.h"
#include "widgets/conversion/worker.h"
#include "widgets/picture/drawing_canvas.h"
#include "widgets/picture/pixel_image.h"
#include "widgets/view/experiment_user.h"
#include "widgets/view/task_words.h"

#include <QElapsedTimer>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kRenewMs = 400; // an eye follows no more than three pictures in a second
constexpr double kMostPicture = 120, kLeastPicture = 56, kPad = 8, kName = 16;
constexpr double kBarsHeight = 250; // of the answers, if there is that much
constexpr double kWide = 900, kScatter = 330; // px from which rates stand beside the rasters
using Controls = ConversionControls;

class ConversionView : public ChartView, public ExperimentUser {
public:
    explicit ConversionView(QWidget* parent)
        : ChartView(parent)
        , m_controls(new Controls(*this))
    {
        setObjectName(u"conversion"_s);
        setMinimumSize(300, 220);
        connect(m_controls, &Controls::pageChanged, this, [this] {
            resetZoom();
            showCharts();
        });
        connect(m_controls, &Controls::questionChanged, this, [this] { ask(); });
        connect(m_controls, &Controls::lookChanged, this, [this] { showCharts(); });
        connect(m_controls, &Controls::undone, this, [this] { draw([&] { m_canvas.undo(); }); });
        connect(m_controls, &Controls::measureAsked, this, [this] { measure(); });
        connect(m_controls, &Controls::stopAsked, this, [this] {
            m_worker.stopMeasuring();
            showCharts();
        });
        connect(&m_worker, &BackgroundWorker::arrived, this, [this] { showCharts(); });
        showCharts();
    }
    QSize sizeHint() const override { return {720, 420}; }
    int periodMs() const override { return 100; }
    bool showsWeights() const override { return true; }

    void take(const Experiment* experiment) override
    {
        m_worker.forget();
        m_lastNet.reset();
        m_wantAnswer = false;
        m_samples.reset();
        m_canvas.clear();
        if (experiment) {
            m_samples.emplace(*experiment);
            const bool drawable = experiment->layers.front() == kDigitSide * kDigitSide;
            m_controls->offerSamples(m_samples->name(), m_samples->size(), drawable);
        }
        showCharts();
    }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        m_controls->setTheme(theme().ink);
        const LaneFrame* lane = convertedLane(scene);
        if (!lane)
            return showCharts();
        m_controls->follow(variantOf(lane->parameters));
        m_names.clear();
        for (int c = 0; c < lane->task.classes; ++c)
            m_names.push_back(shortClassName(lane->task, c));
        if (!m_asked.isValid() || m_asked.elapsed() >= kRenewMs || scene.urgent)
            ask();
    }

    void paint(QPainter& painter, const QRectF& area) override
    {
        if (m_controls->page() != Controls::Digit)
            return ChartView::paint(painter, area);
        const Places p = digitPlaces(area);
        paintPicture(painter, p);
        if (const auto answer = m_answer) {
            const CrossingLook look = lookAt(*answer);
            paintAnswers(painter, theme(), look, p.bars);
            paintCrossing(painter, theme(), look, p.crossing);
        } else {
            paintNotice(painter, theme(), emptyText(), p.crossing);
        }
        ChartView::paint(painter, area); // the scatter, if there is room
    }

    QString csv() const override
    {
        if (m_controls->page() == Controls::Accuracy)
            return accuracyCsv(m_survey ? *m_survey : ConversionSurvey());
        static const ConversionTrace none; // names of columns only
        const ConversionTrace& trace = m_answer ? m_answer->trace : none;
        return m_controls->page() == Controls::Rates ? ratesCsv(trace, stepsShown())
                                                     : crossingCsv(trace);
    }
    QString subtitle() const override
    {
        if (zoomed())
            return ChartView::subtitle();
        if (!m_answer)
            return {};
        return u"a copy with the present weights answers; the run goes on undisturbed"_s;
    }

protected:
    std::vector<QRectF> places(const QRectF& area) const override
    {
        const QRectF content = contentOf(area);
        if (m_controls->page() != Controls::Digit)
            return ChartView::places(content);
        return {QRectF(content.right() - kScatter, content.top(), kScatter, content.height())};
    }
    void resizeEvent(QResizeEvent* event) override
    {
        ChartView::resizeEvent(event);
        m_controls->place(size());
        showCharts();
    }
    void mousePressEvent(QMouseEvent* event) override
    {
        const bool digit =
            m_controls->page() == Controls::Digit && event->button() == Qt::LeftButton;
        const Places p = digitPlaces(QRectF(rect()));
        if (digit && m_controls->source() == Controls::Drawing
            && p.picture.contains(event->position()))
            return draw([&] { m_canvas.press(event->position(), p.picture); });
        m_scrubbing = digit && m_answer && crossingPlot(p.crossing).contains(event->position());
        if (m_scrubbing)
            return scrub(event->position().x());
        ChartView::mousePressEvent(event);
    }
    void mouseMoveEvent(QMouseEvent* event) override
    {
        if (m_canvas.drawing())
            return draw(
                [&] { m_canvas.move(event->position(), digitPlaces(QRectF(rect())).picture); });
        if (m_scrubbing)
            return scrub(event->position().x());
        ChartView::mouseMoveEvent(event);
    }
    void mouseReleaseEvent(QMouseEvent* event) override
    {
        m_canvas.release();
        m_scrubbing = false;
        ChartView::mouseReleaseEvent(event);
    }

private:
    struct Places {
        QRectF picture, name, bars, crossing;
    };
    /// Without the controls, which stand on the screen only.
    QRectF contentOf(const QRectF& area) const
    {
        if (area != QRectF(rect()))
            return area;
        const int foot = m_controls->page() == Controls::Accuracy ? 0 : Controls::kFoot;
        return area.adjusted(0, Controls::kHead, 0, -foot);
    }
    Places digitPlaces(const QRectF& area) const
    {
        const QRectF all = contentOf(area);
        const bool onScreen = area == QRectF(rect());
        const QRectF column(all.left() + kPad, all.top() + (onScreen ? 30 : 4),
            Controls::kColumn - 2 * kPad, all.height() - (onScreen ? 30 : 4));
        Places p;
        // Pictures of what is no picture need no room.
        const bool drawable = m_controls->source() == Controls::Drawing;
        const int inputs = m_answer ? static_cast<int>(m_answer->sample.input.size()) : 0;
        const double side = drawable || pictureSide(inputs) > 0
            ? std::clamp(column.height() - kName - kBarsHeight, kLeastPicture, kMostPicture)
            : 0;
        p.picture = QRectF(column.left() + (column.width() - side) / 2, column.top(), side, side);
        p.name = QRectF(column.left(), p.picture.bottom(), column.width(), kName);
        p.bars = QRectF(QPointF(column.left(), p.name.bottom() + 4), column.bottomRight());
        const double right = count() > 0 ? kScatter : kPad;
        p.crossing = QRectF(QPointF(column.right() + 2 * kPad, all.top() + 2),
            QPointF(all.right() - right, all.bottom()));
        return p;
    }

    CrossingLook lookAt(const ConversionAnswer& answer) const
    {
        return {.trace = &answer.trace,
            .steps = stepsShown(),
            .sorted = m_controls->sorted(),
            .label = answer.sample.label,
            .classes = m_names};
    }
    std::uint32_t stepsShown() const
    {
        const double all = m_answer ? m_answer->trace.steps : 0;
        return static_cast<std::uint32_t>(std::lround(m_controls->shareOfTime() * all));
    }
    void scrub(double x)
    {
        const QRectF plot = crossingPlot(digitPlaces(QRectF(rect())).crossing);
        m_controls->play(false);
        m_controls->setShareOfTime((x - plot.left()) / std::max(1.0, plot.width()));
    }
    template <class Act> void draw(const Act& act)
    {
        act();
        ask();
        update();
    }

    QString emptyText() const
    {
        if (QString problem = m_worker.problem(); !problem.isEmpty())
            return problem;
        if (m_controls->source() == Controls::Drawing && m_canvas.empty())
            return u"Draw a digit in the square at the left: it crosses the spiking net while you draw."_s;
        return u"A copy of the network is about to answer."_s;
    }
    void paintPicture(QPainter& painter, const Places& p) const
    {
        const bool drawing = m_controls->source() == Controls::Drawing;
        QString name;
        if (drawing) {
            m_canvas.paint(painter, theme(), p.picture);
            name = m_canvas.empty() ? u"draw here"_s : u"your drawing"_s;
        } else if (m_answer) {
            const ConversionSample& sample = m_answer->sample;
            const int side = pictureSide(static_cast<int>(sample.input.size()));
            if (side > 0)
                paintImage(painter, inkImage(sample.input, side, theme()), p.picture);
            name = sample.name;
            if (const auto i = static_cast<std::size_t>(sample.label);
                sample.label >= 0 && i < m_names.size())
                name += u", it is "_s + m_names[i];
        }
        painter.setFont(uiFont(11));
        painter.setPen(theme().ink2);
        painter.drawText(p.name, Qt::AlignCenter, name);
    }

    std::optional<ConversionSample> sampleAsked(const LaneFrame& lane) const
    {
        switch (m_controls->source()) {
        case Controls::Now:
            return shownNow(lane);
        case Controls::Set:
            return m_samples->at(m_controls->number());
        case Controls::Drawing:
            break;
        }
        if (m_canvas.empty())
            return {};
        return ConversionSample{m_canvas.pixels(), -1, u"your drawing"_s};
    }
    std::optional<ConversionNet> netNow() const
    {
        const LaneFrame* lane = scene() ? convertedLane(*scene()) : nullptr;
        return lane && m_samples ? netOf(*lane, scene()->frame, m_samples->precision())
                                 : std::nullopt;
    }

    /// Has the image simulated, if anything about it changed.
    void ask()
    {
        m_controls->setUndo(!m_canvas.empty());
        std::optional<ConversionNet> net = netNow();
        if (!net)
            return;
        const LaneFrame& lane = *convertedLane(*scene());
        m_asked.start();
        std::optional<ConversionSample> sample = sampleAsked(lane);
        if (!sample || sample->input.empty()) {
            m_wantAnswer = false;
            return showCharts();
        }
        setVariant(net->parameters, m_controls->variant());
        m_wantAnswer = true;
        if (m_lastNet && sample->input == m_lastInput && sample->label == m_lastLabel
            && net->seed == m_lastNet->seed && net->parameters == m_lastNet->parameters
            && net->weights == m_lastNet->weights)
            return;
        m_lastNet = net;
        m_lastInput = sample->input;
        m_lastLabel = sample->label;
        m_worker.show(std::move(*net), std::move(*sample));
    }

    void measure()
    {
        std::optional<ConversionNet> net = netNow();
        if (!net || !m_samples->hasClasses())
            return;
        m_measuredStep = convertedLane(*scene())->clock.step;
        m_worker.measure({.net = std::move(*net),
            .variants = usualVariants(),
            .images = m_controls->images(),
            .image = m_samples->images()});
        resetZoom();
        showCharts();
    }

    void showCharts()
    {
        m_answer = m_wantAnswer ? m_worker.answer() : nullptr;
        m_survey = m_worker.survey();
        const ConversionTrace* trace = m_answer ? &m_answer->trace : nullptr;
        m_controls->showTime(trace
                ? u"t = %1 of %2 ms"_s.arg(QString::number(stepsShown() * trace->dt, 'g', 5),
                    QString::number(trace->steps * trace->dt, 'g', 5))
                : QString());
        const bool measuring = m_worker.measuring();
        m_controls->showMeasuring(m_samples && m_samples->hasClasses() && m_samples->size() > 0,
            measuring ? std::optional(m_survey && m_survey->total > 0
                    ? static_cast<double>(m_survey->done) / m_survey->total
                    : 0.0)
                      : std::nullopt);
        switch (m_controls->page()) {
        case Controls::Digit:
            if (width() >= kWide && trace) {
                Chart chart = ratesChart(trace, stepsShown());
                chart.note.clear(); // the cursor beside it says it
                setCharts({std::move(chart)});
            } else {
                setCharts({});
            }
            break;
        case Controls::Rates:
            setCharts({ratesChart(trace, stepsShown())});
            break;
        case Controls::Accuracy: {
            const QString when = u"weights of step %1"_s.arg(m_measuredStep);
            const QString set = m_samples ? m_samples->name() : QString();
            setCharts({accuracyChart(m_survey.get(), set, when)});
            break;
        }
        }
        update();
    }

    Controls* m_controls;
    std::optional<SampleSet> m_samples;
    DrawingCanvas m_canvas;
    std::vector<QString> m_names; ///< of the classes, short
    std::shared_ptr<const ConversionAnswer> m_answer;
    std::shared_ptr<const ConversionSurvey> m_survey;
    std::optional<ConversionNet> m_lastNet; ///< that was asked for last, and its image
    std::vector<double> m_lastInput;
    int m_lastLabel = -1;
    bool m_wantAnswer = false, m_scrubbing = false;
    std::uint64_t m_measuredStep = 0;
    QElapsedTimer m_asked;
    ConversionWorker m_worker; // last: its thread ends before anything else goes
};

} // namespace

View* makeConversionView(QWidget* parent)
{
    return new ConversionView(parent);
}

} // namespace apical
