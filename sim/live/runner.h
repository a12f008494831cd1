// The thread that steps one or several lanes in lockstep. Nobody waits: commands go in and frames
// come out through lock-free buffers; the window pulls at frame rate.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/live/frame.h"
#include "sim/live/wish.h"
#include "sim/steps/step_watch.h"
#include "sim/watch/history.h"

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace apical {

class Runner {
public:
    /// Builds the lanes (on the caller's thread, so that errors arrive here) and starts the thread,
    /// paused.
    /// @throws InputError
    explicit Runner(Experiment);
    ~Runner(); ///< stops within 50 ms
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    // Commands: window thread, applied between steps, in order.
    void run();
    void pause();
    void stepOnce(int steps = 1); ///< then paused
    void stepToNextPattern(); ///< then paused
    void reset(); ///< same seed, same weights, edits forgotten except the experiment's own
    void reset(std::uint64_t newSeed);
    void setPace(double realTimeFactor); ///< 0.001 ... ; infinity = as fast as possible
    /// Live edits take effect before the next step; at-reset ones rebuild at the next reset.
    /// Checked by the caller with setParameter(); an invalid one is dropped and reported by
    /// takeError().
    void edit(int lane, std::string key, ParameterValue);
    /// Structural edit or another preset: rebuilt on the runner's thread; keeps weights where sizes
    /// match if asked.
    void rebuild(Experiment, bool keepWeights);
    /// A second lane: the exact state of the only one, the same input, from now on in lockstep.
    void duplicateLane();
    void removeLane(int lane); ///< with its edits; the history of the others goes on
    /// Back to an earlier step by the nearest keyframe and exact re-computation; then paused.
    void rewindTo(std::uint64_t step);
    /// Continue from a saved state (all lanes).
    void restore(std::vector<State>);
    void setWish(FrameWish);
    /// What is looked at in every step from now on; nothing is told twice.
    void watchSteps(const StepWish&);

    // Results: window thread.
    bool takeFrame(Frame&); ///< the newest frame if there is a newer one than last time
    /// Hands over all finished bins, in order. Channels are those of `channels()` of the same
    /// generation.
    std::size_t drain(History&);
    std::vector<Channel> channels() const; ///< of the current generation
    /// What came of watchSteps() when the newest frame was made, lane by lane; empty: nothing.
    StepReports stepReports() const;
    bool takeEvent(Event&);
    bool takeError(std::string&);

    // Any thread.
    Experiment experiment() const; ///< with the edit log so far: replays this session
    std::vector<State> states(); ///< pauses for one batch, copies
    /// The same without waiting for the batch. A runner that ends first breaks the promise.
    std::future<std::vector<State>> askStates();
    std::uint64_t stepsDone() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace apical
