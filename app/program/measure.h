// `apical --measure SECONDS`: what the window costs, as one JSON object.
#pragma once

#include <QObject>

#include <cstdint>
#include <vector>

namespace apical {

class MainWindow;

/// Runs as fast as possible in slices, in turn with the window shown and hidden (then nothing is
/// refreshed), and edits a parameter now and then. Prints {"renderer", "frames", "frame_ms_median",
/// "frame_ms_p99", "steps_per_s", "headless_steps_per_s", "edit_latency_ms", "longest_stall_ms",
/// "rss_mb"} and ends the program.
class Measurement : public QObject {
    Q_OBJECT
public:
    Measurement(MainWindow&, double seconds);

private:
    void nextSlice();
    void editNow();
    void lookForEdit();
    void noteTurn(); ///< every millisecond, unless the window thread is held up
    void finish();

    struct Sum {
        double steps = 0, seconds = 0;
        double rate() const { return seconds > 0 ? steps / seconds : 0; }
    };
    MainWindow& m_window;
    int m_slice = -1;
    double m_sliceSeconds;
    Sum m_visible, m_hidden;
    std::uint64_t m_stepsAtStart = 0;
    std::int64_t m_sliceBegan = 0, m_editSent = 0, m_lastTurn = 0;
    double m_longestStallMs = 0;
    std::uint64_t m_revisionWanted = 0;
    std::vector<double> m_latencies;
};

} // namespace apical
