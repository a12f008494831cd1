// What is shown to the network: a pure function of (seed, presentation), so that a run can start
// anywhere.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/experiment/schedule.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// Presentations are numbered 0, 1, 2, ... over the whole run; each pattern is held for its
/// duration.
class Stimulus {
public:
    virtual ~Stimulus() = default;
    /// Writes what is presented: raw input rates (size N_in) and target potentials (size N_out, 0
    /// when there is none).
    /// @return whether it has a target
    virtual bool pattern(const Presentation&, const Parameters&, std::span<double> input,
        std::span<double> target) const = 0;
    /// Duration in ms; by default the presentation time.
    virtual double duration(const Presentation&, const Parameters&) const;
    /// Samples of the set that blocks of this kind show; 0 = there is no such set.
    virtual int samples(Block) const { return 0; }
    /// Index of what is presented within the samples (for labels, classes and confusion), or -1.
    virtual int sample(const Presentation&) const { return -1; }
    /// Outputs stand for so many classes; 0 = targets are no classes.
    virtual int classes() const { return 0; }
    virtual std::vector<std::string> classNames() const { return {}; } ///< empty: they have none
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
