// One lane, deterministic and without threads: an experiment that is stepped. The headless program
// and the runner both drive this, so both give the same bits.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/experiment/schedule.h"
#include "sim/model/model.h"
#include "sim/run/stop.h"
#include "sim/task/stimulus.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace apical {

inline constexpr double kSoftResetMs = 15; ///< silence before a pattern (Gille, published code)

/// Where a run stands. Advanced only by step().
struct Clock {
    std::uint64_t step = 0; ///< steps done
    double timeMs = 0; ///< simulated time after them
    std::uint64_t pattern = 0; ///< pattern of the next step
    std::uint32_t stepInPattern = 0; ///< steps of it already done (soft-reset lead-in included)
    bool operator==(const Clock&) const = default;
};

/// Everything that changes during a run: restore(state()) continues bit for bit.
struct State {
    Clock clock;
    std::uint64_t seed = 0;
    Parameters parameters{};
    std::size_t editsApplied = 0; ///< of the experiment's own edits
    std::vector<std::byte> model{};
    std::vector<double> readout{}; ///< running sum, then its count
    bool operator==(const State&) const = default;
};

/// Answer to one sample of a finished presentation.
struct Readout {
    std::uint64_t pattern = 0;
    Presentation presentation{}; ///< of the sample: of a batch it numbers samples, not batches
    std::vector<double> mean; ///< over the steps from readout.lag on
    std::vector<double> target;
    bool hasTarget = false; ///< there is a task: nudged, or a sample of a fixed set
    bool nudged = false;
    int sample = -1;
    /// Model::loss() of the mean; NaN where there is no target to compare with.
    double loss = std::numeric_limits<double>::quiet_NaN();
};

class Simulation {
public:
    /// @throws InputError if the experiment is not valid
    explicit Simulation(const Experiment&, int lane = 0);
    /// Steps this model in place of the one that the lane names, whose parameters it takes.
    /// @throws InputError
    Simulation(const Experiment&, int lane, std::unique_ptr<Model>);
    ~Simulation();
    Simulation(Simulation&&) noexcept;
    Simulation& operator=(Simulation&&) noexcept;

    /// One step: due edits, stimulus, model, clock. @return false (and no clock advance) once the
    /// state is not finite, or beyond a guard
    bool step();
    /// Applies an edit now, before the next step (parameters and actions). @throws InputError,
    /// nothing changed
    void apply(const Edit&);

    const Experiment& experiment() const;
    int lane() const;
    Model& model();
    const Model& model() const;
    const Parameters& parameters() const;
    const Clock& clock() const;
    std::uint32_t
    stepsInPattern() const; ///< length of the current pattern in steps, lead-in included
    /// Counts edits and restores: differs when something else than steps changed the run.
    std::uint64_t revision() const;
    bool diverged() const;
    const Stop& stop() const; ///< why it diverged, while it has
    const Stimulus& stimulus() const;
    const Schedule& schedule() const;
    const Presentation& presentation() const; ///< now shown
    /// Pattern now shown: raw input, target, nudging as used by the next or current step. Of a
    /// batch all samples, [unit][sample].
    const std::vector<double>& patternInput() const;
    const std::vector<double>& patternTarget() const;
    bool nudged() const;
    /// The samples of the presentation that ended with the last step; empty if it did not end one.
    std::span<const Readout> finishedReadouts() const;

    State state();
    void restore(const State&);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace apical
