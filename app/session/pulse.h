// How often the window may refresh: never more than half a core.
#pragma once

#include <QElapsedTimer>

#include <vector>

namespace apical {

/// Measures each frame (the timer's work plus the repaint that follows) and says when the next one
/// may come.
class Pulse {
public:
    void beginWork() { m_clock.start(); }
    void endWork(bool repaints); ///< repaints: a repaint is now due and belongs to this frame
    void addPaint(double milliseconds); ///< one synchronous repaint of a window

    int intervalMs() const; ///< 16 or more: such that work and repaint take half of it at most
    double framesPerSecond() const; ///< measured over about a second
    double costMs() const { return m_cost; } ///< smoothed

    void record(bool on); ///< starts or stops collecting every frame (--measure)
    const std::vector<double>& recorded() const { return m_recorded; }

private:
    void finish();
    QElapsedTimer m_clock, m_second;
    double m_open = 0; ///< ms of the frame that is not finished yet
    bool m_isOpen = false, m_painted = false, m_recording = false;
    double m_cost = 4;
    int m_frames = 0;
    double m_rate = 0;
    std::vector<double> m_recorded;
};

} // namespace apical
