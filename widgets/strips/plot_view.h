// A view made of strips: one way to pan, zoom, point and export for all of them.
#pragma once

#include "widgets/strips/stack.h"
#include "widgets/view/view.h"

#include <optional>

class QScrollBar;

namespace apical {

/// Drag pans; wheel zooms time around the pointer, with Ctrl the values of the strip under it;
/// double click fits and follows, on a value axis it autoscales that strip; arrows, + and - do the
/// same from the keyboard, F fits. Where the strips do not all have their least height, the bar at
/// the right, the wheel over the value axes and PageUp and PageDown scroll. The time range belongs
/// to the session: this only asks for another one.
class StripPlotView : public View {
    Q_OBJECT
public:
    StripPlotView(bool phaseLane, QWidget* parent);

    void refresh(const Scene&) override;
    void paint(QPainter&, const QRectF& area) override;
    QString csv() const override;
    QString subtitle() const override;

protected:
    virtual std::vector<Strip> describe(const Scene&) const = 0;
    /// The part of the view that the strips take.
    virtual QRectF stackArea(const QRectF& area) const { return area; }
    const StripStack& stack() const { return m_stack; }

    bool event(QEvent*) override;
    void resizeEvent(QResizeEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void mouseReleaseEvent(QMouseEvent*) override;
    void mouseDoubleClickEvent(QMouseEvent*) override;
    void wheelEvent(QWheelEvent*) override;
    void leaveEvent(QEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    void focusInEvent(QFocusEvent*) override;
    void focusOutEvent(QFocusEvent*) override;

private:
    TimeRange range() const { return {m_stack.axis().beginMs(), m_stack.axis().endMs()}; }
    void ask(TimeRange, bool followLive);
    void zoomTime(double factor, double x);
    void pan(double deltaMs);
    bool onValueAxis(const QPointF&) const;
    void placeScrollBar(const Scene&);

    StripStack m_stack;
    QScrollBar* m_scrollBar;
    StripKey m_key;
    double m_scrolled = 0; ///< parts of a notch of the wheel over the value axes
    double m_nowMs = 0; ///< of the scene shown last
    bool m_described = false;
    bool m_following = true; ///< what was asked for last
    bool m_keyboardFocus = false;
    struct Drag {
        double x;
        TimeRange from;
    };
    std::optional<Drag> m_drag;
};

} // namespace apical
