// `apical --measure SECONDS`: what the window costs, as one JSON object.
#pragma once

#include <QObject>

#include <cstdint>
#include <vector>

namespace apical {

class MainWindow;
class StrokeLatency;

/// Runs as fast as possible in slices, in turn with the window shown and hidden (then nothing is
/// refreshed), and edits a parameter now and then; frames count once the window has settled in its
/// slice. Where digits can be drawn it then draws some, the canvas in front. Prints {"renderer",
/// "frames", "frame_ms_median", "frame_ms_p99", "frame_cpu_ms", "steps_per_s",
/// "headless_steps_per_s", "edit_latency_ms", "longest_stall_ms", "rss_mb"} and ends the program;
/// "frame_cpu_ms" is what the window's thread computes per frame, whoever else uses the processor.
/// A task with test blocks adds "seconds_to_80_percent" (wall time from the first show to a test
/// block with four of five right, before the slices begin if ten seconds are enough; null: not
/// reached), the canvas "strokes", "stroke_ms_median" and "stroke_ms_p99" (from the release of the
/// mouse to the answer).
class Measurement : public QObject {
    Q_OBJECT
public:
    Measurement(MainWindow&, double seconds);

private:
    void startSlices();
    void nextSlice();
    void editNow();
    void lookForEdit();
    void lookForAccuracy();
    void noteTurn(); ///< every millisecond, unless the window thread is held up
    void drawDigits();
    void finish();

    struct Sum {
        double steps = 0, seconds = 0, processor = 0; ///< of the window's thread
        double rate() const { return seconds > 0 ? steps / seconds : 0; }
    };
    MainWindow& m_window;
    int m_slice = -1;
    double m_sliceSeconds;
    Sum m_visible, m_hidden;
    std::uint64_t m_stepsAtStart = 0;
    std::int64_t m_began, m_sliceBegan = 0, m_editSent = 0, m_lastTurn = 0;
    double m_processorAtStart = 0;
    double m_longestStallMs = 0;
    std::uint64_t m_revisionWanted = 0;
    std::vector<double> m_latencies;
    StrokeLatency* m_strokes = nullptr;
    bool m_tested = false; ///< there are test blocks
    double m_secondsToAccuracy = -1; ///< not reached yet
};

} // namespace apical
