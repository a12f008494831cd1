// How soon a drawn digit is answered: part of `apical --measure`.
#pragma once

#include <QElapsedTimer>
#include <QEvent>
#include <QObject>
#include <QPointF>
#include <QTimer>

#include <functional>
#include <vector>

namespace apical {

class View;

/// Draws sevens on the view "drawing" with mouse events, one after the other, while the network
/// runs. The last move and the release come together, as from a hand. A stroke is answered once
/// the view has been painted after its release, and that picture is on the screen.
class StrokeLatency : public QObject {
public:
    StrokeLatency(View& drawing, double seconds, std::function<void()> done);
    /// From release to picture, in ms.
    const std::vector<double>& latencies() const { return m_latencies; }

protected:
    bool eventFilter(QObject*, QEvent*) override;

private:
    void next();
    void mouse(QEvent::Type, QPointF at);
    QPointF place(int point) const;

    View& m_view;
    double m_seconds;
    std::function<void()> m_done;
    QElapsedTimer m_all, m_released;
    QTimer m_hand;
    int m_point = 0; ///< of the stroke that is drawn
    bool m_waiting = false; ///< for the picture
    std::vector<double> m_latencies;
};

} // namespace apical
