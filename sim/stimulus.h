// What is shown to the network: a pure function of (seed, pattern), so that a run can start
// anywhere.
#pragma once

#include "sim/experiment.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace apical {

/// Patterns are numbered 0, 1, 2, ... over the whole run; each is held for its duration.
class Stimulus {
public:
    virtual ~Stimulus() = default;
    /// Writes pattern `k`: raw input rates (size N_in) and target potentials (size N_out, 0 when
    /// there is none).
    /// @return whether the output is nudged during this pattern
    virtual bool pattern(std::uint64_t k, const Parameters&, std::span<double> input,
        std::span<double> target) const = 0;
    /// Duration of pattern k in ms; by default the presentation time.
    virtual double duration(std::uint64_t k, const Parameters&) const;
    /// Patterns until the same set starts again (an epoch); 0 = never.
    virtual int patternsPerEpoch() const { return 0; }
    /// Index of pattern k within its set (for labels, classes and confusion), or -1.
    virtual int sample(std::uint64_t) const { return -1; }
    virtual bool hasTargets() const { return true; }
};

struct StimulusRow {
    std::string_view kind;
    std::string_view help;
    std::unique_ptr<Stimulus> (*make)(const Experiment&);
};
std::span<const StimulusRow> stimulusTable();

/// @throws InputError for an unknown kind or wrong sizes
std::unique_ptr<Stimulus> makeStimulus(const Experiment&);

} // namespace apical
