#include "widgets/circuit/inspector_view.h"

#include "widgets/circuit/inspector_painter.h"
#include "widgets/view/lane_words.h"

#include <QElapsedTimer>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <vector>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

/// The selected neuron in numbers. Bars move at 20 Hz, digits at 10 Hz; what does not fit
/// scrolls.
class InspectorView : public View {
public:
    explicit InspectorView(QWidget* parent)
        : View(parent)
    {
        setFocusPolicy(Qt::StrongFocus);
        setMouseTracking(true);
        setMinimumSize(220, 120);
        setAccessibleName(u"Inspector"_s);
    }

    QSize sizeHint() const override { return {292, 490}; }

    int periodMs() const override { return 50; }
    bool showsWeights() const override { return true; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        const LaneFrame* lane = shownCircuit(scene);
        m_live =
            lane ? inspect(unitToShow(scene, *lane), *lane, scene.frame.sizes) : InspectorContent();
        if (!m_live.empty() && scene.selection == Selection())
            m_live.subtitle = u"loudest apical compartment, none selected"_s;
        const bool another = m_live.unit != m_shown.unit || m_live.badge != m_shown.badge
            || m_live.terms.size() != m_shown.terms.size()
            || m_live.synapses.bars.size() != m_shown.synapses.bars.size();
        if (another && m_live.unit != m_shown.unit)
            m_scroll = 0;
        if (another || textDue()) {
            m_shown = m_live;
            setAccessibleDescription(
                m_shown.empty() ? kNothing : m_shown.title + u", "_s + m_shown.subtitle);
        }
        m_scroll = std::clamp(m_scroll, 0.0, furthest());
    }

    void paint(QPainter& painter, const QRectF& area) override
    {
        painter.setRenderHint(QPainter::Antialiasing);
        if (m_shown.empty()) {
            painter.setFont(uiFont(12));
            painter.setPen(theme().ink2);
            painter.drawText(
                area.adjusted(24, 0, -24, 0), Qt::AlignCenter | Qt::TextWordWrap, kNothing);
            return;
        }
        picture().draw(painter, area, m_scroll);
    }

    QString csv() const override { return inspectorCsv(m_live); }
    QString subtitle() const override { return scene() ? shownCircuitText(*scene()) : QString(); }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        View::paintEvent(event);
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (furthest() > 0) {
            const double whole = picture().height(width());
            const double part = height() / whole * height();
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme().groove);
            painter.drawRoundedRect(
                QRectF(width() - 6, m_scroll / whole * height() + 2, 4, part - 4), 2, 2);
        }
        if (m_keyboardFocus) {
            painter.setPen(QPen(theme().accent, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
        }
    }

    void wheelEvent(QWheelEvent* event) override
    {
        const double pixels =
            event->pixelDelta().y() != 0 ? event->pixelDelta().y() : event->angleDelta().y() / 3.0;
        scrollTo(m_scroll - pixels);
        event->accept();
    }

    void keyPressEvent(QKeyEvent* event) override
    {
        switch (event->key()) {
        case Qt::Key_Down:
            return scrollTo(m_scroll + 24);
        case Qt::Key_Up:
            return scrollTo(m_scroll - 24);
        case Qt::Key_PageDown:
            return scrollTo(m_scroll + height() - 48);
        case Qt::Key_PageUp:
            return scrollTo(m_scroll - height() + 48);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            Q_EMIT helpRequested(u"inspector-equation"_s);
            return;
        default:
            View::keyPressEvent(event);
        }
    }

    bool event(QEvent* event) override
    {
        if (event->type() == QEvent::ShortcutOverride) {
            const int key = static_cast<QKeyEvent*>(event)->key();
            if (key == Qt::Key_Up || key == Qt::Key_Down) {
                event->accept();
                return true;
            }
        }
        return View::event(event);
    }

    void mousePressEvent(QMouseEvent* event) override
    {
        if (event->button() != Qt::LeftButton || m_shown.empty())
            return View::mousePressEvent(event);
        const InspectorTarget target = targetAt(event->position());
        switch (target.kind) {
        case InspectorTarget::Kind::Help:
            Q_EMIT helpRequested(u"inspector-equation"_s);
            break;
        case InspectorTarget::Kind::Neuron:
            Q_EMIT selected(target.neuron);
            break;
        case InspectorTarget::Kind::More:
            scrollTo(m_scroll + height() - 60);
            break;
        case InspectorTarget::Kind::None:
            break;
        }
    }

    void mouseMoveEvent(QMouseEvent* event) override
    {
        const bool link =
            !m_shown.empty() && targetAt(event->position()).kind != InspectorTarget::Kind::None;
        setCursor(link ? Qt::PointingHandCursor : Qt::ArrowCursor);
    }

    void focusInEvent(QFocusEvent* event) override
    {
        m_keyboardFocus =
            event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
        View::focusInEvent(event);
    }

    void focusOutEvent(QFocusEvent* event) override
    {
        m_keyboardFocus = false;
        View::focusOutEvent(event);
    }

    void resizeEvent(QResizeEvent*) override { m_scroll = std::clamp(m_scroll, 0.0, furthest()); }

private:
    /// The selected neuron; with none the one whose apical compartment is loudest, for a second at
    /// least, so that it can be read.
    Selection unitToShow(const Scene& next, const LaneFrame& lane)
    {
        if (next.selection != Selection())
            return next.selection;
        if (!m_sinceChoice.isValid() || m_sinceChoice.elapsed() >= kChoiceMs || next.urgent
            || m_generation != next.frame.generation) {
            const std::vector<LoudApical> first = loudest(lane, 1);
            m_loudest = first.empty() ? Selection()
                                      : Selection{Selection::Population::Pyramidal,
                                          first.front().layer, first.front().index};
            m_generation = next.frame.generation;
            m_sinceChoice.start();
        }
        return m_loudest;
    }
    InspectorPicture picture() const { return {m_live, m_shown, theme(), scene()->frame.sizes}; }
    InspectorTarget targetAt(const QPointF& at) const
    {
        return picture().targetAt(at, QRectF(rect()), m_scroll);
    }
    double furthest() const
    {
        return m_shown.empty() ? 0 : std::max(0.0, picture().height(width()) - height());
    }
    void scrollTo(double y)
    {
        m_scroll = std::clamp(y, 0.0, furthest());
        update();
    }

    inline static const QString kNothing =
        QStringLiteral("Select a neuron to see its voltages: click it in the circuit.");
    InspectorContent m_live; ///< bars
    InspectorContent m_shown; ///< digits and the order of the synapses
    static constexpr int kChoiceMs = 1000;
    Selection m_loudest;
    QElapsedTimer m_sinceChoice;
    std::uint64_t m_generation = 0;
    double m_scroll = 0;
    bool m_keyboardFocus = false;
};

} // namespace

View* makeInspectorView(QWidget* parent)
{
    return new InspectorView(parent);
}

} // namespace apical
