// One error in three languages, neuron by neuron and through a presentation: the circuit's, that of
// predictive coding at rest, and backpropagation's delta.
#include "widgets/doctor/rosetta_view.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/rosetta.h"
#include "sim/insight/circuit_frame.h"
#include "sim/watch/backprop_angle.h"
#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/plot/scale.h"
#include "widgets/view/task_words.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kPad = 10, kHead = 20, kName = 108, kAxis = 46, kFoot = 32, kWide = 620;
constexpr double kArrived = 0.05; // of the present error: less has no direction to speak of
constexpr int kMostUnits = 160; // drawn; beyond them bars are no bars any more

double largest(const std::vector<double>& values)
{
    double most = 0;
    for (const double v : values)
        most = std::max(most, std::abs(v));
    return most;
}

/// The errors of one hidden layer, and how far apart they point.
struct Comparison {
    std::vector<double> circuit, predictive, backprop, potentials;
    double ms = 0; ///< since the presentation began
    /// Degrees: circuit to backprop, circuit to predictive coding, predictive coding to backprop,
    /// circuit to the gradient of 1/2 |T - u|^2.
    std::array<double, 4> angles{};
};

class RosettaView : public View {
public:
    explicit RosettaView(QWidget* parent)
        : View(parent)
    {
        setObjectName(u"rosetta"_s);
        setAccessibleName(u"Rosetta"_s);
        setMinimumSize(260, 150);
    }
    QSize sizeHint() const override { return {620, 300}; }
    int periodMs() const override { return 50; }
    bool showsWeights() const override { return true; }
    void refresh(const Scene&) override;
    void paint(QPainter&, const QRectF&) override;
    QString subtitle() const override
    {
        return m_shown.empty() ? QString() : u"hidden layer %1"_s.arg(m_layer);
    }
    QString csv() const override;

private:
    void compare(const LaneFrame&, const CircuitFrame&, const std::vector<int>& sizes);
    bool failed(const QString& why)
    {
        m_shown.clear();
        m_problem = why;
        return false;
    }
    bool readable(const Scene&, const LaneFrame*);
    void paintUnits(QPainter&, const QRectF&) const;
    void paintAngles(QPainter&, const QRectF&) const;
    QColor color(std::size_t angle) const
    {
        const Theme& t = theme();
        const QColor colors[] = {t.apical, t.interneuron, t.basal, t.ink3};
        return colors[angle];
    }

    std::optional<Rosetta> m_rosetta;
    std::optional<Backprop> m_exact;
    std::vector<int> m_sizes;
    bool m_bias = false;
    std::vector<Matrix> m_up;
    std::vector<Comparison> m_shown; ///< of this presentation, ascending in time
    std::uint64_t m_generation = 0, m_revision = 0, m_pattern = 0, m_begin = 0;
    double m_length = 0; ///< ms: how far a presentation went
    int m_layer = 1, m_lane = -1;
    QString m_problem;
};

bool RosettaView::readable(const Scene& scene, const LaneFrame* lane)
{
    if (!lane || !lane->anatomy || !isCircuit(*lane->anatomy) || !circuitIf(lane->parameters))
        return failed(u"This lane is no microcircuit."_s);
    const int targets = static_cast<int>(scene.frame.sizes.size()) - 1;
    if (targets < 2)
        return failed(u"No hidden layer: there is no error to send down."_s);
    for (int l = 1; l <= targets; ++l)
        if (!lane->matrix("layer" + std::to_string(l) + ".W_up"))
            return failed(u"Waits for the weights."_s);
    if (lane->quantity("target").empty())
        return failed(u"No target: nothing to compare."_s);
    return true;
}

void RosettaView::refresh(const Scene& scene)
{
    View::refresh(scene);
    const auto& lanes = scene.frame.lanes;
    const int last = static_cast<int>(lanes.size()) - 1;
    const int at = std::clamp(scene.shownLane, 0, std::max(0, last));
    const LaneFrame* lane = last < 0 ? nullptr : &lanes[static_cast<std::size_t>(at)];
    if (!readable(scene, lane))
        return;
    const Selection& s = scene.selection;
    const int hidden = static_cast<int>(scene.frame.sizes.size()) - 2;
    const bool chosen = s.population == Selection::Population::Pyramidal && s.layer >= 1;
    const int layer = chosen ? std::min(s.layer, hidden) : std::min(m_layer, hidden);
    // The state of a step belongs to the pattern that this step was driven by.
    const std::uint64_t steps = lane->clock.stepInPattern;
    const bool ended = steps == 0 && lane->clock.step > 0;
    const std::uint64_t pattern = lane->clock.pattern - (ended ? 1 : 0);
    if (scene.frame.generation != m_generation)
        m_length = 0;
    if (pattern != m_pattern || layer != m_layer || at != m_lane
        || scene.frame.generation != m_generation || scene.frame.revision != m_revision)
        m_shown.clear();
    m_pattern = pattern, m_layer = layer, m_lane = at;
    m_generation = scene.frame.generation, m_revision = scene.frame.revision;
    if (!ended)
        m_begin = lane->clock.step - steps;
    else if (m_shown.empty())
        return; // its presentation was not seen
    Comparison now;
    now.ms = static_cast<double>(lane->clock.step - m_begin) * lane->parameters.dt;
    if (!m_shown.empty() && m_shown.back().ms >= now.ms) {
        if (m_shown.back().ms == now.ms)
            return;
        m_shown.clear(); // scrubbed back
    }
    if (!lane->nudged) {
        m_problem = u"No target acts now: nothing is sent down but what is predicted."_s;
        return;
    }
    m_problem.clear();
    m_length = std::max(m_length, now.ms);
    m_shown.push_back(std::move(now));
    compare(*lane, CircuitFrame(*lane), scene.frame.sizes);
}

void RosettaView::compare(
    const LaneFrame& lane, const CircuitFrame& circuitFrame, const std::vector<int>& sizes)
{
    const bool bias = lane.parameters.biasOn;
    if (!m_rosetta || sizes != m_sizes || bias != m_bias) {
        m_rosetta.emplace(sizes, bias);
        m_exact.emplace(sizes, bias);
        m_sizes = sizes;
        m_bias = bias;
    }
    m_up.clear();
    for (std::size_t l = 1; l < sizes.size(); ++l)
        m_up.push_back(*lane.matrix("layer" + std::to_string(l) + ".W_up"));
    m_rosetta->compute(lane.parameters, m_up, circuitFrame.input, circuitFrame.target);
    m_exact->compute(lane.parameters, m_up, circuitFrame.input, circuitFrame.target);
    const auto error = lane.quantity("layer" + std::to_string(m_layer) + ".pyr.basal_error");
    Comparison& now = m_shown.back();
    now.circuit.assign(error.begin(), error.end());
    now.predictive = m_rosetta->predictive(m_layer);
    now.backprop = m_rosetta->backprop(m_layer);
    now.potentials = m_exact->delta(m_layer);
    for (double& v : now.potentials)
        v = -v;
    now.angles = {angleBetween(now.circuit, now.backprop),
        angleBetween(now.circuit, now.predictive), angleBetween(now.predictive, now.backprop),
        angleBetween(now.circuit, now.potentials)};
}

/// Three rows of bars over the same neurons, each on a scale of its own: what is compared is where
/// they point, not how long they are.
void RosettaView::paintUnits(QPainter& painter, const QRectF& area) const
{
    const Theme& t = theme();
    const Comparison& now = m_shown.back();
    struct Row {
        QString name, more;
        const std::vector<double>& values;
        QColor color;
    };
    const Row rows[] = {
        {u"microcircuit"_s, u"\u03c6(<i>u</i>) \u2212 \u03c6(<i>v\u0302</i><sub>B</sub>)"_s,
            now.circuit, t.apical},
        {u"predictive coding"_s, u"<i>x</i> \u2212 \u03bc, at rest"_s, now.predictive,
            t.interneuron},
        {u"backprop"_s, u"\u2212\u03b4, error in rates"_s, now.backprop, t.basal},
    };
    const auto units = static_cast<int>(std::min<std::size_t>(kMostUnits, now.circuit.size()));
    const double height = (area.height() - 18) / 3;
    const double step = (area.width() - kName) / std::max(1, units);
    double top = area.top();
    for (const Row& row : rows) {
        const QRectF band(area.left() + kName, top + 3, area.width() - kName, height - 6);
        const double range = largest(row.values);
        drawRich(painter, {area.left(), top + height / 2 - 24}, row.name,
            uiFont(12, QFont::DemiBold), t.ink);
        drawRich(painter, {area.left(), top + height / 2 - 8}, row.more, uiFont(11), t.ink2);
        drawRich(painter, {area.left(), top + height / 2 + 7},
            range > 0 ? u"full height "_s + valueText(range) : u"all 0"_s, uiFont(10), t.ink3);
        painter.fillRect(QRectF(band.left(), band.center().y(), band.width(), 1), t.groove);
        const double gap = step > 4 ? std::min(4.0, step / 4) : 0;
        for (int i = 0; i < units && range > 0; ++i) {
            const double value =
                std::clamp(row.values[static_cast<std::size_t>(i)] / range, -1.0, 1.0);
            const double length = value * band.height() / 2;
            painter.fillRect(QRectF(band.left() + i * step + gap / 2,
                                 length > 0 ? band.center().y() - length : band.center().y(),
                                 std::max(1.0, step - gap), std::abs(length)),
                row.color);
        }
        top += height;
    }
    painter.setFont(uiFont(10));
    painter.setPen(t.ink3);
    const int every = std::max(1, static_cast<int>(std::ceil(26 / step)));
    for (int i = 0; i < units; ++i)
        if (i == 0 || (i + 1) % every == 0)
            painter.drawText(QRectF(area.left() + kName + (i - 1) * step, top, 3 * step, 14),
                Qt::AlignCenter, QString::number(i + 1));
}

void RosettaView::paintAngles(QPainter& painter, const QRectF& area) const
{
    const Theme& t = theme();
    struct Curve {
        QString name;
        bool dashed;
    };
    const Curve curves[] = {{u"circuit \u2220 backprop"_s, false},
        {u"circuit \u2220 predictive coding"_s, false},
        {u"predictive coding \u2220 backprop"_s, false},
        {u"circuit \u2220 gradient of \u00bd|T\u2212u|\u00b2"_s, true}};
    // In the first steps with a target the error is only on its way: it points nowhere yet.
    const double arrived = kArrived * largest(m_shown.back().circuit);
    double most = 10;
    for (const Comparison& c : m_shown)
        for (const double angle : c.angles)
            most = std::isfinite(angle) && largest(c.circuit) >= arrived ? std::max(most, angle)
                                                                         : most;
    const double high = most <= 10 ? 10 : most <= 30 ? 30 : most <= 90 ? 90 : 180;
    double y = area.top();
    for (std::size_t i = 0; i < std::size(curves); ++i) { // the legend carries the numbers
        QPen pen(color(i), 2, curves[i].dashed ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap);
        painter.setPen(pen);
        painter.drawLine(QPointF(area.left(), y + 9), QPointF(area.left() + 16, y + 9));
        drawRich(painter, {area.left() + 22, y}, curves[i].name, uiFont(11), t.ink2);
        const double angle = m_shown.back().angles[i];
        const QString number = std::isfinite(angle)
            ? QString::number(angle, 'f', angle < 10 ? 2 : 1) + u"\u00b0"_s
            : u"\u2013"_s;
        const QFont bold = uiFont(12, QFont::DemiBold);
        drawRich(painter, {area.right() - richSize(number, bold).width(), y}, number, bold, t.ink);
        y += 17;
    }
    const QRectF plot(
        area.left() + kAxis, y + 8, area.width() - kAxis - 6, area.bottom() - kFoot - y - 8);
    if (plot.height() < 30)
        return;
    const LinearScale up(0, high, plot.bottom(), plot.top()),
        along(0, niceStep(std::max(m_length, 1e-9)), plot.left(), plot.right());
    painter.setFont(uiFont(10));
    for (const Tick& tick : up.ticks(18)) {
        painter.fillRect(QRectF(plot.left(), tick.pixel, plot.width(), 1), t.grid);
        painter.setPen(t.ink3);
        painter.drawText(QRectF(area.left(), tick.pixel - 7, kAxis - 6, 14),
            Qt::AlignRight | Qt::AlignVCenter, QString::number(tick.value) + u"\u00b0"_s);
    }
    for (const Tick& tick : along.ticks(50)) {
        painter.setPen(t.ink3);
        if (!tick.label.isEmpty())
            painter.drawText(QRectF(tick.pixel - 25, plot.bottom() + 2, 50, 13), Qt::AlignCenter,
                QString::number(tick.value));
    }
    painter.drawText(QRectF(plot.left(), plot.bottom() + 15, plot.width(), 14), Qt::AlignCenter,
        u"time in the presentation (ms)"_s);
    for (std::size_t i = 0; i < std::size(curves); ++i) {
        QPainterPath path;
        bool down = false;
        for (const Comparison& c : m_shown) {
            const bool there = std::isfinite(c.angles[i]) && largest(c.circuit) >= arrived;
            const QPointF point(along.toPixel(c.ms), up.toPixel(there ? c.angles[i] : 0));
            if (there && down)
                path.lineTo(point);
            else if (there)
                path.moveTo(point);
            down = there;
        }
        painter.setPen(QPen(color(i), 2, curves[i].dashed ? Qt::DashLine : Qt::SolidLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(path);
    }
}

void RosettaView::paint(QPainter& painter, const QRectF& area)
{
    if (m_shown.empty())
        return paintNotice(
            painter, theme(), m_problem.isEmpty() ? u"Nothing runs yet."_s : m_problem, area);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF inner = area.adjusted(kPad, 8, -kPad, -4);
    if (inner.width() >= kWide) {
        const double left = inner.width() * 0.6;
        paintUnits(painter, QRectF(inner.left(), inner.top(), left - 16, inner.height()));
        paintAngles(painter,
            QRectF(inner.left() + left, inner.top(), inner.width() - left, inner.height()));
    } else if (inner.height() >= 340) {
        const double top = inner.height() * 0.55;
        paintUnits(painter, QRectF(inner.left(), inner.top(), inner.width(), top - 10));
        paintAngles(
            painter, QRectF(inner.left(), inner.top() + top, inner.width(), inner.height() - top));
    } else {
        paintUnits(painter, inner);
    }
}

QString RosettaView::csv() const
{
    const auto number = [](double v) { return std::isfinite(v) ? exactText(v) : QString(); };
    QString text = u"time_in_presentation_ms,neuron,circuit,predictive_coding,backprop,"
                   u"minus_gradient_of_potentials\n"_s;
    for (const Comparison& c : m_shown)
        for (std::size_t i = 0; i < c.circuit.size(); ++i)
            text += QStringList{number(c.ms), QString::number(i + 1), number(c.circuit[i]),
                        number(c.predictive[i]), number(c.backprop[i]), number(c.potentials[i])}
                        .join(u',')
                + u'\n';
    return text;
}

} // namespace

View* makeRosettaView(QWidget* parent)
{
    return new RosettaView(parent);
}

} // namespace apical
