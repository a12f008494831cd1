// The simulation thread's loop: commands, batches of steps, frames, keyframes.
#pragma once

#include "sim/live/command.h"
#include "sim/live/pace.h"
#include "sim/live/queue.h"
#include "sim/live/reader.h"
#include "sim/live/timeline.h"
#include "sim/live/triple_buffer.h"
#include "sim/watch/lane_watch.h"
#include "sim/watch/recorder.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

namespace apical {

/// What two threads share: lock-free except for locks that are held for some pointers or a flag.
struct RunnerHandover {
    RunnerQueue<command::Any> commands; ///< window -> simulation
    TripleBuffer<Frame> frames; ///< simulation -> window
    RunnerQueue<Event> events; ///< simulation -> window
    RunnerQueue<std::string> errors; ///< simulation -> window
    RunnerQueue<std::shared_ptr<SpikeRing>> spikes; ///< simulation -> window: one per generation
    std::atomic<std::uint64_t> stepsDone{0};

    std::shared_ptr<BinRing> ring() const; ///< of the current generation; any thread
    void setRing(std::shared_ptr<BinRing>);
    /// What came of the wishes for every step, lane by lane; empty: there are none. Any thread.
    StepReports stepReports() const;
    void setStepReports(StepReports);
    void wake(); ///< any thread: the loop looks at its commands now
    /// Simulation thread: until wake() or a time.
    void sleep();
    void sleepUntil(std::chrono::steady_clock::time_point);

private:
    mutable std::mutex m_ringMutex;
    std::shared_ptr<BinRing> m_ring;
    mutable std::mutex m_stepsMutex;
    StepReports m_stepReports;
    std::mutex m_wakeMutex;
    std::condition_variable m_wakeCondition;
    bool m_awake = false;
};

/// Simulation thread, after construction.
class RunnerLoop {
public:
    RunnerLoop(Experiment, RunnerHandover&); ///< @throws InputError
    void run(const std::stop_token&);
    const Timeline& timeline() const { return m_timeline; }

private:
    enum class Mode { Idle, Running, Stepping, ToPattern, Rewinding };
    using Steady = std::chrono::steady_clock;

    double now() const; ///< seconds since construction
    void turn();
    void idle();
    void nap(double now);

    // Commands (runner_commands.cpp)
    bool mustWait(const command::Any&) const;
    void obeyCommands();
    void obey(command::Run&);
    void obey(command::Pause&);
    void obey(command::Step&);
    void obey(command::NextPattern&);
    void obey(command::Reset&);
    void obey(command::Pace&);
    void obey(command::SetParameter&);
    void obey(command::Rebuild&);
    void obey(command::DuplicateLane&);
    void obey(command::RemoveLane&);
    void obey(command::Rewind&);
    void obey(command::Restore&);
    void obey(command::Wish&);
    void obey(command::WatchSteps&);
    void obey(command::AskStates&);
    void startGoal(Mode);
    void anotherRun(const std::string& what);
    void otherLanes(const std::string& what, std::vector<int> origins);

    // Stepping
    std::uint64_t stepsNow(double now);
    std::uint64_t goalSteps(); ///< left until the goal of the mode
    void batch(std::uint64_t steps);
    bool advance(std::uint64_t steps);
    bool stepLanes();
    void replay(std::uint64_t steps);
    void finishRewind();
    void rest(RunState);
    void restartClocks();
    /// @param origins per lane, which one it was in the generation before of the same run
    void observeAnew(std::vector<int> origins = {});

    // Telling the window
    void tell(Event::Kind, int lane, std::string text);
    void tellAt(std::uint64_t step, Event::Kind, int lane, std::string text);
    void tellEdit(const Edit&);
    void tellWarnings();
    void tellOwnEdits(std::uint64_t from, std::uint64_t to);
    void report(std::string error);
    bool frameDue(double now) const;
    void publish();

    RunnerHandover& m_out;
    Timeline m_timeline;
    std::vector<LaneWatch> m_watches; ///< one per lane
    std::vector<LaneReader> m_readers; ///< of the watches
    std::unique_ptr<Recorder> m_recorder;
    Pacer m_pacer;
    SpeedMeter m_meter;
    FrameWish m_wish;
    StepWish m_stepWish;
    Steady::time_point m_epoch = Steady::now();

    Mode m_mode = Mode::Idle;
    RunState m_state = RunState::Paused;
    std::uint64_t m_goal =
        0; ///< Stepping, Rewinding: the step to reach; ToPattern: the pattern to leave
    double m_goalSince = 0;
    std::uint64_t m_timelineEnd = 0; ///< Rewinding: where it began
    double m_mostBinSteps = 0; ///< so that a short run in one go shows its course

    double m_stepSeconds = 0; ///< cost of one step of all lanes, 0 = not known yet
    std::uint64_t m_lastBatch = 1;
    std::uint32_t m_clockedEvery = 1, m_unclocked = 0; ///< steps, and since the last that was timed
    std::vector<double> m_laneSeconds; ///< that a timed step took
    double m_lastKeyframe = 0, m_keyframeSeconds = 0;
    double m_lastFrame = 0, m_frameSeconds = 0;
    bool m_dirty = true; ///< something happened since the last frame
    std::uint64_t m_serial = 0, m_revision = 0, m_generation = 0, m_run = 0;
    std::uint64_t m_confirmedRevision = 0; ///< of the last frame
};

} // namespace apical
