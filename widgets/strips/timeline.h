// The bar below all docks: the remembered part of the run, its marks and the play head.
#pragma once

#include "sim/live/frame.h"

#include <QWidget>

#include <vector>

class QAbstractButton;

namespace apical {

/// What the timeline shows; times in simulated ms.
struct TimelineState {
    double beginMs = 0, nowMs = 0, shownMs = 0;
    bool live = true, running = false, diverged = false;
    bool iterations = false; ///< times are numbers of iterations
    std::size_t bytes = 0, limitBytes = 0; ///< memory of what is remembered
    const std::vector<Event>* events = nullptr;
};

/// Drag or click to look back; the badge says live, paused, or which instant is shown, and goes
/// back to live.
class Timeline : public QWidget {
    Q_OBJECT
public:
    explicit Timeline(QWidget* parent = nullptr);
    void setState(const TimelineState&);
    const TimelineState& state() const { return m_state; }
    QString badgeText() const;
    /// Simulated time at a pixel of the track, clamped to what is remembered.
    double timeAt(double x) const;
    double xOf(double timeMs) const;
    QSize sizeHint() const override { return {600, 32}; }

Q_SIGNALS:
    void scrubRequested(double timeMs);
    void liveRequested();

protected:
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void resizeEvent(QResizeEvent*) override;
    bool event(QEvent*) override;

private:
    QRectF track() const;
    void paintMarks(QPainter&) const;
    TimelineState m_state;
    QAbstractButton* m_badge;
};

} // namespace apical
