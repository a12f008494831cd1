// The window's one door to the runner: commands in, frames out, on one timer.
#pragma once

#include "app/session/edit_history.h"
#include "app/session/past.h"
#include "app/session/pulse.h"
#include "sim/experiment/experiment.h"
#include "sim/live/wish.h"
#include "sim/watch/history.h"
#include "sim/watch/spike_history.h"
#include "widgets/view/view.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace apical {

class Runner;

/// Window thread. Owns the runner, what is remembered of the run, and the scene that every view
/// shows. Commands return at once; what they did arrives with a later frame.
class Session : public QObject {
    Q_OBJECT
public:
    explicit Session(QObject* parent = nullptr);
    ~Session() override; ///< the runner stops within 50 ms

    // Opening. On bad input: false, failed() says what, where and what is allowed, and the run
    // before goes on.
    bool openPreset(const QString& nameOrPath);
    bool openSession(const QString& path);
    /// Where presets whose pictures are generated, or lie elsewhere, find a data set from now on.
    /// "": nowhere.
    void setDataFolder(const QString& folder) { m_dataFolder = folder; }
    const QString& dataFolder() const { return m_dataFolder; }
    bool open(const QString& nameOrPath); ///< either, told apart by what the file holds
    bool openExperiment(
        const Experiment&, bool keepWeights = false); ///< keepWeights: a structural edit
    /// Experiment, edits, exact states and `view` (JSON of the window). On failure false and
    /// failed().
    bool save(const QString& path, const QByteArray& view);
    /// The same for a copy nobody waits for: what is to be written is asked for now, and written
    /// when the result is called, on any thread. It throws InputError, or std::future_error if the
    /// run has ended meanwhile. Empty if no run is open.
    std::function<void()> copyTo(const QString& path, const QByteArray& view);
    /// The weights of one lane as they are now, in preset form. On failure false and failed().
    bool saveWeights(const QString& path, int lane = 0);
    /// The same experiment, live edits included, from step 0 with the weights of a file.
    bool loadWeights(const QString& path);
    bool isOpen() const { return m_runner != nullptr; }
    const QString& fileName() const { return m_fileName; } ///< "" until saved
    void forgetFileName() { m_fileName.clear(); } ///< the next save asks where
    QString title() const; ///< what stands in the window's corner
    const QByteArray& savedView() const { return m_savedView; } ///< of the session file opened last

    // Running.
    void run();
    void pause();
    void toggle();
    void step();
    void stepToNextPattern();
    void reset();
    void newSeed();
    void newSeed(std::uint64_t seed);
    void setPace(double realTimeFactor); ///< clamped to [0.001, infinity]
    bool running() const;
    double pace() const { return m_pace; }
    std::uint64_t seed() const { return m_seed; }

    // Editing. False, and failed() with the range, if the value is not allowed or the window is
    // scrubbed back.
    bool edit(const QString& key, const ParameterValue& value); ///< in editLane()
    bool edit(int lane, const QString& key, const ParameterValue& value); ///< -1: all lanes
    /// The value nearest to it that makes every duration a whole number of time steps.
    ParameterValue roundedToSteps(int lane, const QString& key, const ParameterValue& value) const;
    /// The same for a key that steps from one value towards another: never none.
    double steppedInSteps(int lane, const QString& key, double from, double asked) const;
    bool action(const QString& name); ///< "self_predicting", "rewind_halve_dt", "undo_suspect"
    /// One training presentation of a sample that the run is not shown: inputs, then targets.
    bool teach(const std::vector<double>& sample);
    /// Of the lane shown, edits under way included.
    std::vector<Anatomy> anatomies() const; ///< of the lanes' models
    bool countsIterations() const; ///< no lane has time in ms
    bool hasParameter(const QString& key) const; ///< in any lane's model
    const Parameters& parameters() const { return parameters(m_scene.shownLane); }
    const Parameters& parameters(int lane) const;
    /// Of one lane, or of all: one entry if they agree, else one per lane.
    std::vector<LaneValue> valuesNow(int lane, const QString& key) const;
    const Experiment& experiment() const { return m_experiment; } ///< as opened, without live edits
    Experiment replay() const; ///< with the edit log: reruns this session
    Experiment asSetNow() const; ///< without edits: what was set is where every lane starts
    bool locked() const { return !m_scene.live; }
    QString lockReason() const; ///< "" or why nothing can be edited now
    std::uint64_t editsConfirmed() const { return m_newest.revision; }

    // Lanes. The lane shown and the one edited go together, unless all are edited.
    int laneCount() const { return static_cast<int>(m_lanes.size()); }
    bool
    duplicateLane(); ///< as B, shown and edited from then on; false, and noticed(), if there is
    bool removeLane(); ///< B; false, and noticed(), if there is none
    void showLane(int lane);
    int editLane() const { return laneCount() > 1 ? m_editLane : -1; } ///< -1: all
    void setEditLane(int lane);

    // Looking.
    void select(const Selection&);
    void choosePair(const ClassPair&);
    bool exists(const Selection&) const; ///< in this network
    void scrubTo(double timeMs);
    void scrubBy(int instants); ///< to the next remembered instant, -1 = into the past
    void backToLive();
    /// Exactly [0, now] that follows is what views ask for to see it all: fitTimeRange().
    void setTimeRange(double beginMs, double endMs, bool followLive);
    void fitTimeRange(); ///< the whole run, from now on and however long it grows
    void setCrosshair(double timeMs);
    void setCrosshairOn(bool);
    void setGridOn(bool);
    void refitRanges(); ///< of weights, to what is shown
    void setTheme(const Theme&);
    void wish(const FrameWish&); ///< what the views that can be seen need of the frames to come

    const Scene& scene() const { return m_scene; } ///< stable in memory
    const Frame& newest() const { return m_newest; }
    const History& history() const { return m_history; }
    const SpikeHistory& spikes() const { return m_spikes; }
    const PastFrames& past() const { return m_past; }
    Pulse& pulse() { return m_pulse; }
    Runner* runner() { return m_runner.get(); }
    /// What stands in memory for looking back, and the most it may become, in bytes.
    std::size_t rememberedBytes() const;
    std::size_t rememberedLimit() const;
    /// One turn of the timer: pull, drain, refresh. Called by the timer; tests and --measure may
    /// call it too.
    void tick();
    void setRefreshing(bool on)
    {
        m_refreshing = on;
    } ///< off: nothing is pulled or shown (--measure, hidden)

Q_SIGNALS:
    void opened(); ///< another experiment: panels rebuild
    void refreshed(); ///< the scene changed: visible views repaint
    void textDue(); ///< ten times a second: digits
    void parametersChanged();
    void wasReset(); ///< another run of the same experiment: at-reset edits are in force
    void stateChanged(); ///< run state, pace, seed, live or scrubbed
    void selectionChanged();
    void lanesChanged(); ///< another number of lanes, or another one is shown or edited
    void saved(const QString& path);
    /// The run goes on, but not as it should; "": what was said may be true no longer.
    void warned(const QString& text);
    void failed(const QString& text); ///< bad input, in one sentence with its place
    void noticed(const QString& text); ///< something worth a line in the status bar

private:
    bool start(std::unique_ptr<Runner>, const Experiment&, bool running);
    std::vector<Parameters> lanesOf(int lane, const QString& key) const; ///< that an edit changes
    void setRunning(bool);
    void startAwaited();
    void resume(bool running);
    bool rewindAndHalveDt();
    bool undoSuspect(); ///< what the remedy UndoAndRewind of the scene says
    bool pull();
    void syncParameters();
    void takeOwnParameters(); ///< those of the experiment as opened
    void describeParameters();
    void startOver();
    void rememberStart();
    void adoptLanes();
    void keepLanesInRange();
    void forgetAfter(std::uint64_t step);
    void selectFirst();
    void updateScene();
    void showNewest();
    void updateTimeRange();
    void diagnoseNow();
    template <typename Load> bool tryOpen(Load&&);

    std::unique_ptr<Runner> m_runner;
    Experiment m_experiment;
    /// What a lane is set to.
    struct LaneSettings {
        Parameters now{}; ///< edits under way included
        std::map<std::string, ParameterValue> atReset{}; ///< edits that wait for the next reset
    };
    std::vector<LaneSettings> m_lanes = std::vector<LaneSettings>(1);
    int m_editLane = -1;
    Frame m_newest;
    History m_history;
    PastFrames m_past;
    Scene m_scene;
    QTimer m_timer;
    Pulse m_pulse;
    QElapsedTimer m_sinceText, m_sinceDiagnosis, m_sinceEdit;
    QString m_dataFolder;
    QString m_fileName;
    QByteArray m_savedView;
    double m_pace = 1;
    std::uint64_t m_seed = 0;
    std::uint64_t m_generation = 0, m_run = 0;
    std::uint64_t m_editsSent = 0, m_revisionBase = 0;
    FrameWish m_wish; ///< as last told to the runner
    bool m_wantRunning = false;
    /// A new run waits until its first frame was shown: then views have said what they follow step
    /// by step.
    bool m_awaitsView = false;
    bool m_refreshing = true;
    bool m_fresh = true; ///< something besides the frame changed since the last refresh
    bool m_moved = false; ///< only the crosshair or the time axis did
    bool m_textWaits = false; ///< digits were due while nothing was new
    bool m_followLive = true;
    double m_userSpanMs = 0; ///< width of the time axis while it follows; 0 = as the run grows
    bool m_fitAll = false; ///< the axis never scrolls: it grows with the run
    SpikeHistory m_spikes;
};

/// Real-time factor a window starts with: the preset's own, else one at which a run is pleasant to
/// watch.
double startingPace(const Experiment&);

} // namespace apical
