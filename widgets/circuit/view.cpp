#include "widgets/circuit/view.h"

#include "widgets/circuit/mark.h"
#include "widgets/circuit/painter.h"
#include "widgets/circuit/words.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/neuron_selection.h"
#include "widgets/view/task_words.h"

#include <QElapsedTimer>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPixmap>
#include <QTimer>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

/// The live diagram. Keeps a picture of everything that stays and of what moves slowly, so that a
/// frame costs only fills.
class CircuitView : public View {
public:
    explicit CircuitView(QWidget* parent);

    void refresh(const Scene&) override;
    void paint(QPainter&, const QRectF& area) override;
    QString csv() const override;
    void mark(const std::string& pathway, int layer);
    bool showsWeights() const override { return true; }
    QSize minimumSizeHint() const override { return {420, 150}; }
    QSize sizeHint() const override { return {716, 214}; }

protected:
    bool event(QEvent*) override;
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void leaveEvent(QEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    void focusInEvent(QFocusEvent*) override;
    void focusOutEvent(QFocusEvent*) override;

private:
    /// Everything the kept picture depends on.
    struct Key {
        QSize size;
        double ratio = 0;
        const Theme* theme = nullptr;
        std::vector<int> sizes;
        Selection selection;
        double inputRange = 0;
        QStringList lanes;
        int lane = 0;
        bool operator==(const Key&) const = default;
    };

    bool ready() const
    {
        return scene() && !scene()->frame.lanes.empty() && scene()->frame.sizes.size() > 1;
    }
    const LaneFrame& lane() const { return *shownCircuit(*scene()); }
    CircuitPicture picture(const CircuitLayout& layout) const;
    void drawSlow(QPainter&, const CircuitPicture&) const;
    CircuitLayout layoutFor(const QRectF& area) const;
    const CircuitLayout& ownLayout();
    void followInputRange();
    struct LaneTab {
        QRectF box;
        QString text;
    };
    void drawLanes(QPainter&, const CircuitLayout&) const;
    std::vector<LaneTab> laneTabs(const CircuitLayout&) const;
    void toggle(const CircuitPathway&, const QPoint& globalAt);
    void select(const Selection&);

    CircuitLayout m_layout;
    Key m_layoutKey, m_chromeKey;
    QPixmap m_chrome; ///< what stays
    QPixmap m_kept; ///< the same with what moves slowly on top
    bool m_slowDue = true;
    Selection m_hovered, m_described;
    PathwayMark m_mark;
    double m_inputRange = 1;
    std::uint64_t m_generation = 0;
    bool m_keyboardFocus = false;
    double nowMs() const { return static_cast<double>(m_wall.nsecsElapsed()) / 1e6; }
    static constexpr int kFadeFrameMs = 25;
    static constexpr int kPast = -2; ///< no lane: what was long ago flashes by itself
    SpikeFlashes m_flashes;
    QElapsedTimer m_wall;
    QTimer m_fade;
};

CircuitView::CircuitView(QWidget* parent)
    : View(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    m_wall.start();
    m_fade.setSingleShot(true);
    m_fade.setInterval(kFadeFrameMs);
    connect(&m_fade, &QTimer::timeout, this, qOverload<>(&QWidget::update));
    setAccessibleName(QStringLiteral("Circuit"));
    setAccessibleDescription(QStringLiteral("Arrow keys select a neuron."));
}

void CircuitView::followInputRange()
{
    if (scene()->frame.generation != m_generation) {
        m_generation = scene()->frame.generation;
        m_inputRange = 1;
    }
    for (const double rate : lane().quantity("input.rate"))
        if (std::isfinite(rate) && std::abs(rate) > m_inputRange)
            m_inputRange = std::ceil(std::abs(rate));
}

void CircuitView::refresh(const Scene& scene)
{
    View::refresh(scene);
    m_slowDue = m_slowDue || textDue() || scene.urgent;
    if (scene.selection != m_mark.selection)
        m_mark = {};
    if (!ready())
        return;
    followInputRange();
    m_flashes.see(lane(), scene.frame.run, scene.live ? scene.shownLane : kPast, nowMs());
    if (scene.selection != m_described) {
        m_described = scene.selection;
        setAccessibleDescription(
            describeUnit(scene.selection, scene.frame.sizes, lane()).join(u' '));
    }
}

CircuitLayout CircuitView::layoutFor(const QRectF& area) const
{
    return {area, scene()->frame.sizes, scene()->selection};
}

const CircuitLayout& CircuitView::ownLayout()
{
    Key key;
    key.size = size();
    key.sizes = scene()->frame.sizes;
    key.selection = scene()->selection;
    if (key != m_layoutKey) {
        m_layoutKey = key;
        m_layout = layoutFor(QRectF(rect()));
    }
    return m_layout;
}

CircuitPicture CircuitView::picture(const CircuitLayout& layout) const
{
    return {layout, *scene(), lane(), m_inputRange, m_hovered, &m_flashes, nowMs()};
}

void CircuitView::mark(const std::string& pathway, int layer)
{
    if (!scene())
        return;
    m_mark = {pathway, layer, scene()->selection, scene()->frame.generation};
    m_slowDue = true;
    update();
}

void CircuitView::drawSlow(QPainter& painter, const CircuitPicture& drawn) const
{
    const CircuitPathway* marked = m_mark.in(drawn.layout, *scene());
    if (marked)
        drawMarkedSynapses(painter, drawn.layout, *marked, theme());
    drawn.drawSlow(painter);
    if (marked)
        drawMarkedPill(painter, *marked, theme());
}

void CircuitView::paint(QPainter& painter, const QRectF& area)
{
    if (!ready())
        return paintNotice(
            painter, theme(), QStringLiteral("Choose a preset to see its circuit."), area);
    const CircuitLayout layout = layoutFor(area);
    const CircuitPicture drawn = picture(layout);
    drawn.drawChrome(painter);
    drawSlow(painter, drawn);
    drawn.drawLive(painter);
    drawLanes(painter, layout);
}

void CircuitView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (!ready()) {
        painter.fillRect(rect(), theme().panel);
        return paintNotice(painter, theme(), QStringLiteral("Choose a preset to see its circuit."),
            QRectF(rect()));
    }
    const CircuitPicture drawn = picture(ownLayout());
    const Key key{size(), devicePixelRatioF(), scene()->theme, scene()->frame.sizes,
        scene()->selection, m_inputRange, laneKey(scene()->frame), scene()->shownLane};
    if (key != m_chromeKey || m_chrome.isNull()) {
        m_chromeKey = key;
        m_chrome = QPixmap(size() * key.ratio);
        m_chrome.setDevicePixelRatio(key.ratio);
        m_chrome.fill(theme().panel);
        QPainter chrome(&m_chrome);
        drawn.drawChrome(chrome);
        drawLanes(chrome, drawn.layout);
        m_slowDue = true;
    }
    if (m_slowDue) {
        m_slowDue = false;
        m_kept = m_chrome;
        QPainter slow(&m_kept);
        drawSlow(slow, drawn);
    }
    painter.drawPixmap(0, 0, m_kept);
    drawn.drawLive(painter);
    if (m_flashes.any(nowMs())) // also when no frame comes any more
        m_fade.start();
    if (m_keyboardFocus) {
        painter.setPen(QPen(theme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

/// Below the name of the output layer: the only place that neither neurons nor synapses need.
std::vector<CircuitView::LaneTab> CircuitView::laneTabs(const CircuitLayout& layout) const
{
    std::vector<LaneTab> tabs;
    const Frame& frame = scene()->frame;
    if (frame.lanes.size() < 2 || layout.rows().empty())
        return tabs;
    const int last = static_cast<int>(frame.sizes.size()) - 1;
    const CircuitRow* output = layout.row(Selection::Population::Pyramidal, last);
    const CircuitRow* below = last > 1 ? layout.row(Selection::Population::Pyramidal, last - 1)
                                       : layout.row(Selection::Population::Input, 0);
    if (!output || !below)
        return tabs;
    const QFontMetricsF metrics(uiFont(11, QFont::DemiBold));
    constexpr double height = 20, fromName = 19;
    const bool stacked =
        below->y - output->y > fromName + height * static_cast<double>(frame.lanes.size()) + 14;
    QPointF at(layout.area().left() + 8, output->y + fromName);
    for (std::size_t lane = 0; lane < frame.lanes.size(); ++lane) {
        const QString text = stacked ? laneTitle(frame, lane) : laneLetter(lane);
        const QRectF box(at, QSizeF(metrics.horizontalAdvance(text) + 26, height));
        tabs.push_back({box, text});
        at += stacked ? QPointF(0, height + 1) : QPointF(box.width(), 0);
    }
    return tabs;
}

void CircuitView::drawLanes(QPainter& painter, const CircuitLayout& layout) const
{
    const std::vector<LaneTab> tabs = laneTabs(layout);
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < tabs.size(); ++i) {
        const QRectF& box = tabs[i].box;
        const bool chosen = &scene()->frame.lanes[i] == &lane();
        painter.setPen(QPen(chosen ? theme().accent : theme().fieldLine, 1));
        painter.setBrush(chosen ? theme().accentSoft : theme().panel);
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -1.5, -0.5), 4, 4);
        painter.setPen(Qt::NoPen);
        painter.setBrush(laneColor(theme(), scene()->frame, i));
        painter.drawEllipse(QPointF(box.left() + 10, box.center().y()), 3.5, 3.5);
        painter.setFont(uiFont(11, chosen ? QFont::DemiBold : QFont::Normal));
        painter.setPen(chosen ? theme().ink : theme().ink2);
        painter.drawText(box.adjusted(18, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, tabs[i].text);
    }
}

void CircuitView::select(const Selection& unit)
{
    if (unit != scene()->selection)
        Q_EMIT selected(unit);
}

void CircuitView::toggle(const CircuitPathway& pathway, const QPoint& globalAt)
{
    PathwayPlasticity after = plasticityOf(pathway, lane().parameters);
    after.locked = !after.locked;
    Q_EMIT editRequested(
        QStringLiteral("lock.") + QLatin1String(pathway.name()), ParameterValue(after.locked));
    QToolTip::showText(globalAt, describePathway(pathway, after, m_layout), this);
}

void CircuitView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !ready())
        return View::mousePressEvent(event);
    const std::vector<LaneTab> tabs = laneTabs(ownLayout());
    for (std::size_t i = 0; i < tabs.size(); ++i) {
        if (tabs[i].box.contains(event->position())) {
            Q_EMIT laneChosen(static_cast<int>(i));
            return;
        }
    }
    if (const CircuitPathway* pathway = ownLayout().pathwayAt(event->position()))
        return toggle(*pathway, event->globalPosition().toPoint());
    select(ownLayout().unitAt(event->position()));
}

void CircuitView::mouseMoveEvent(QMouseEvent* event)
{
    if (!ready())
        return;
    const bool onPill = ownLayout().pathwayAt(event->position()) != nullptr;
    const Selection unit = onPill ? Selection() : ownLayout().unitAt(event->position());
    const auto tabs = laneTabs(ownLayout());
    const bool onTab = std::ranges::any_of(
        tabs, [&](const LaneTab& t) { return t.box.contains(event->position()); });
    setCursor(onPill || onTab || unit != Selection() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (unit != m_hovered) {
        m_hovered = unit;
        update();
    }
}

void CircuitView::leaveEvent(QEvent*)
{
    m_hovered = {};
    update();
}

bool CircuitView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && ready()) {
        auto* help = static_cast<QHelpEvent*>(event);
        QString text;
        if (const CircuitPathway* pathway = ownLayout().pathwayAt(help->pos()))
            text = describePathway(*pathway, plasticityOf(*pathway, lane().parameters), m_layout);
        else if (const Selection unit = ownLayout().unitAt(help->pos()); unit != Selection())
            text = describeUnit(unit, scene()->frame.sizes, lane()).join(u'\n');
        text.isEmpty() ? QToolTip::hideText() : QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    if (event->type() == QEvent::ShortcutOverride) { // arrows are ours while we have the focus, not
                                                     // the timeline's
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up
            || key == Qt::Key_Down) {
            event->accept();
            return true;
        }
    }
    return View::event(event);
}

void CircuitView::keyPressEvent(QKeyEvent* event)
{
    const auto key = static_cast<Qt::Key>(event->key());
    if (!ready()
        || (key != Qt::Key_Left && key != Qt::Key_Right && key != Qt::Key_Up
            && key != Qt::Key_Down))
        return View::keyPressEvent(event);
    select(ownLayout().neighbour(scene()->selection, key));
}

void CircuitView::focusInEvent(QFocusEvent* event)
{
    m_keyboardFocus = event->reason() == Qt::TabFocusReason
        || event->reason() == Qt::BacktabFocusReason || event->reason() == Qt::ShortcutFocusReason;
    View::focusInEvent(event);
}

void CircuitView::focusOutEvent(QFocusEvent* event)
{
    m_keyboardFocus = false;
    View::focusOutEvent(event);
}

QString CircuitView::csv() const
{
    return ready() ? circuitCsv(scene()->frame) : QString();
}

} // namespace

View* makeCircuitView(QWidget* parent)
{
    return new CircuitView(parent);
}

void markPathway(View& circuit, const std::string& pathway, int layer)
{
    if (auto* view = dynamic_cast<CircuitView*>(&circuit))
        view->mark(pathway, layer);
}

} // namespace apical
