#include "widgets/lif/encoder_view.h"

#include "widgets/chart/chart_view.h"
#include "widgets/chart/choice_row.h"
#include "widgets/lif/bench_lane.h"
#include "widgets/lif/encoder_charts.h"
#include "widgets/lif/encoder_pictures.h"
#include "widgets/look/number_text.h"
#include "widgets/view/step_user.h"

#include <QMouseEvent>
#include <QResizeEvent>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kWindows[] = {10, 50, 200}; // ms
constexpr double kKeptSteps = 12000; // of one input, the most that is followed
constexpr double kLeast = 370; // px of width that a chart of counts needs
constexpr double kOver = 420; // px of height from which pictures stand over the charts
constexpr double kPictureShare = 0.46; // of the height, or of the width
constexpr std::size_t kMostLanes = 3;

/// Pictures of the inputs where they are one, and counts of the selected input, lane by lane.
class EncoderView : public ChartView, public StepUser {
public:
    explicit EncoderView(QWidget* parent)
        : ChartView(parent)
        , m_choices(new ChoiceRow(this))
        , m_window(m_choices->add(u"window"_s, u"spikes counted in"_s,
              u"Length of the windows in which the spikes of one input are counted"_s))
    {
        setObjectName(u"encoder"_s);
        setMinimumSize(240, 150);
        Choices windows{{u"one step"_s, 0.0}};
        for (const double ms : kWindows)
            windows.emplace_back(durationText(ms), ms);
        offer(*m_window, windows);
        connect(m_window, &QComboBox::currentIndexChanged, this, [this] {
            resetZoom();
            draw();
        });
    }
    QSize sizeHint() const override { return {560, 300}; }
    int periodMs() const override { return 200; }

    void wish(StepWish& wish) const override
    {
        if (m_input < 0)
            return;
        wish.followed.push_back(followed());
        wish.signalMs = std::max(wish.signalMs, kKeptSteps * m_shortestDt);
    }
    void take(const StepReports& reports) override { m_reports = reports; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        const std::vector<BenchLane> lanes = benchLanes(scene);
        m_spikes.see(scene, lanes);
        m_lanes.clear();
        m_input = -1;
        if (lanes.empty())
            return setCharts({});
        const std::size_t shown = shownBench(scene, lanes);
        m_input = shownNeuron(scene, lanes[shown]);
        m_shown = 0;
        m_shortestDt = HUGE_VAL;
        if (scene.live || m_kept.empty())
            m_kept = m_reports;
        const std::size_t first = shown < kMostLanes ? 0 : shown + 1 - kMostLanes;
        for (std::size_t l = first; l < std::min(lanes.size(), first + kMostLanes); ++l) {
            m_shown = l == shown ? m_lanes.size() : m_shown;
            m_shortestDt = std::min(m_shortestDt, lanes[l].dt());
            addLane(scene, lanes[l]);
        }
        draw();
    }

    void paint(QPainter& painter, const QRectF& area) override
    {
        ChartView::paint(painter, area);
        if (encodedSide(m_lanes) > 0)
            paintEncoded(painter, m_lanes, pictureRoom(area), theme(), m_input);
    }
    QString csv() const override { return encoderCsv(m_lanes); }
    QString subtitle() const override
    {
        if (m_lanes.empty() || !(m_lanes[m_shown].ms > 0))
            return {};
        QString text = u"counted for T = %1 s"_s.arg(valueText(m_lanes[m_shown].ms / 1000, 3));
        return zoomed() ? text + u", "_s + ChartView::subtitle() : text;
    }

protected:
    std::vector<QRectF> places(const QRectF& area) const override
    {
        return ChartView::places(chartRoom(area));
    }
    void mousePressEvent(QMouseEvent* event) override
    {
        const auto input = inputUnder(m_lanes, pictureRoom(QRectF(rect())), event->position());
        if (event->button() == Qt::LeftButton && input)
            Q_EMIT selected({Selection::Population::Input, 0, *input});
        else
            ChartView::mousePressEvent(event);
    }
    void resizeEvent(QResizeEvent* event) override
    {
        ChartView::resizeEvent(event);
        draw();
    }

private:
    StepSignal followed() const { return {.name = "input.spikes", .row = m_input}; }
    static bool over(const QRectF& area) { return area.height() >= kOver; }
    QRectF pictureRoom(const QRectF& area) const
    {
        const QRectF below = area.adjusted(0, ChoiceRow::kHeight, 0, 0);
        return over(area) ? QRectF(below.left(), below.top(), below.width(),
                   std::round(kPictureShare * below.height()))
                          : QRectF(below.left(), below.top(),
                              std::round(kPictureShare * below.width()), below.height());
    }
    QRectF chartRoom(const QRectF& area) const
    {
        QRectF room = area.adjusted(0, ChoiceRow::kHeight, 0, 0);
        if (encodedSide(m_lanes) == 0)
            return room;
        const QRectF pictures = pictureRoom(area);
        if (over(area))
            room.setTop(pictures.bottom());
        else
            room.setLeft(pictures.right());
        return room;
    }
    void addLane(const Scene& scene, const BenchLane& lane)
    {
        const CountsSince& since = m_spikes.of(lane);
        const auto inputs = lane.quantity("input.rate");
        EncoderLane added{.name = benchName(scene, lane),
            .color = benchColor(scene, lane),
            .parameters = lane.parameters(),
            .tRef = lane.parameters().tRef,
            .dt = lane.dt(),
            .inputs = {inputs.begin(), inputs.end()},
            .counts = since.counts(),
            .ms = since.ms(),
            .spikes = {}};
        const StepReport* report = lane.index < m_kept.size() ? m_kept[lane.index].get() : nullptr;
        if (const auto* trace = report ? report->traceOf(followed()) : nullptr) {
            // What another encoder sent does not count.
            const double known = std::max(0.0, (report->timeMs - since.beginMs()) / report->dt);
            const auto steps =
                std::min(trace->size(), static_cast<std::size_t>(std::floor(known + 1e-6)));
            added.spikes.assign(trace->end() - static_cast<std::ptrdiff_t>(steps), trace->end());
        }
        m_lanes.push_back(std::move(added));
    }
    void draw()
    {
        if (m_lanes.empty())
            return;
        const bool sent = std::ranges::any_of(m_lanes, &EncoderLane::sends);
        m_choices->setVisible(sent);
        if (!sent) {
            Chart none;
            none.note =
                u"Inputs are currents here: none is sent as spikes. Another encoder (Parameters, Input) sends some."_s;
            return setCharts({std::move(none)});
        }
        const double ms = m_window->currentData().toDouble();
        const QRectF room = chartRoom(QRectF(rect()));
        const bool picture = encodedSide(m_lanes) > 0;
        const std::size_t most =
            static_cast<std::size_t>(std::max(1.0, room.width() / kLeast)) - (picture ? 0U : 1U);
        const std::size_t count = std::min(m_lanes.size(), std::max<std::size_t>(1, most));
        const std::size_t first = m_shown < count ? 0 : m_shown + 1 - count;
        std::vector<Chart> charts;
        if (!picture)
            charts.push_back(readingChart(m_lanes));
        for (std::size_t l = first; l < first + count; ++l) {
            const double steps = std::max(1.0, std::round(ms / m_lanes[l].dt));
            charts.push_back(countChart(m_lanes[l], m_input, static_cast<int>(steps)));
        }
        makeRoom(charts, static_cast<int>(room.height()) + ChoiceRow::kHeight);
        setCharts(std::move(charts));
    }

    ChoiceRow* m_choices;
    QComboBox* m_window;
    BenchCounts m_spikes{"input.spikes"};
    int m_input = -1;
    double m_shortestDt = 1;
    StepReports m_reports, m_kept; ///< the newest; those that the charts show
    std::vector<EncoderLane> m_lanes;
    std::size_t m_shown = 0; ///< of m_lanes: the lane shown
};

} // namespace

View* makeEncoderView(QWidget* parent)
{
    return new EncoderView(parent);
}

} // namespace apical
