// The samples of one presentation side by side: what a step is driven by.
#pragma once

#include "sim/task/stimulus.h"

#include <cstddef>
#include <span>
#include <vector>

namespace apical {

/// A presentation shows so many samples together: number k of an epoch holds samples k n .. k n +
/// n - 1 of that epoch's order; what is left over at the end of a set is not shown in that epoch.
/// @param setSize of the block's set, 0: endless @param samples n @param column 0 .. n - 1
Presentation samplePresentation(const Presentation&, int setSize, int samples, int column);
/// Which sample of its set that column shows, as Stimulus::sample() counts.
int sampleOf(const Stimulus&, const Presentation&, int samples, int column);

/// Whether a sample counts in the scores of its block. Batches of a validation or test block that
/// is longer than its set fill up with samples that were shown before: whole passes through the set
/// count, so that no sample weighs more than another. @param setSize 0: endless @param samples of a
/// batch
bool countsInBlock(const Presentation& ofSample, int setSize, int samples);

struct ShownSamples {
    ShownSamples() = default;
    ShownSamples(int inputs, int outputs, int samples);

    /// What the stimulus shows, [unit][sample]. @return whether every sample has a target
    bool load(const Stimulus&, const Presentation&, const Parameters&);
    /// One column. @return whether the sample has a target
    bool loadSample(int column, const Stimulus&, const Presentation& ofSample, const Parameters&);
    int samples() const { return static_cast<int>(presentations.size()); }
    /// One sample's part of values [unit][sample].
    std::vector<double> column(const std::vector<double>& values, int sample) const;

    std::vector<double> input, target;
    std::vector<Presentation> presentations; ///< of each sample, as the stimulus numbers them

private:
    /// Samples that are put in place together, so that lines of memory are written whole.
    static constexpr std::size_t kTogether = 8;
    std::span<double> drawn(std::size_t j)
    {
        return std::span(m_input).subspan(j * m_inputs, m_inputs);
    }

    std::size_t m_inputs = 0; ///< units
    std::vector<double> m_input, m_target; ///< of samples before they are put in place
};

} // namespace apical
