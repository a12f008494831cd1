// Counts, intervals between spikes and Fano factors of a population, gathered step by step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace apical {

/// Whole numbers, exact however long the run: what was seen from a step on. Steps are gathered into
/// windows of the same length that follow each other; the last one may be under way.
struct SpikeStatistics {
    /// Intervals of so many steps, and counts of so many spikes in a window, have a place of their
    /// own each; what is longer, or more, is counted together.
    static constexpr std::size_t kPlaces = 2048;

    double dt = 1; ///< ms
    std::uint64_t firstStep = 0, steps = 0;
    std::uint32_t windowSteps = 1;
    std::uint64_t windows = 0; ///< complete ones
    std::vector<std::uint64_t> spikes; ///< per neuron, in all steps
    std::vector<std::uint64_t> sum, squares; ///< per neuron: of its counts in complete windows
    std::vector<std::uint64_t> counts; ///< [n] windows of any neuron with n spikes
    std::uint64_t moreCounts = 0;
    /// [k] intervals of k steps of any neuron. Spikes of one neuron in one step are 0 steps apart.
    std::vector<std::uint64_t> intervals;
    std::uint64_t longIntervals = 0;
    std::uint64_t intervalSteps = 0; ///< of all intervals together
    /// Per neuron: sum and squares of what was expected in complete windows from the rates that the
    /// model had; empty where no rate stands behind the spikes.
    std::vector<double> expected, expectedSquares;

    double windowMs() const { return dt * windowSteps; }
    std::uint64_t intervalCount() const;
    /// Variance of the counts over their mean; NaN with fewer than two windows, or no spike.
    double fano(std::size_t neuron) const;
    /// The same for Poisson spikes at the rates that the neuron had: 1 + variance / mean of what
    /// was expected. 1 where no rate is known.
    double expectedFano(std::size_t neuron) const;
    /// Spikes per ms over all steps.
    double rate(std::size_t neuron) const;
};

/// Of Poisson spikes at the rates that the neurons had on average.
/// Share of the intervals of all neurons together that are `steps` long: with lambda spikes
/// expected in a step, 1 - (1 - exp(-lambda)) / lambda are 0 steps, and
/// (1 - exp(-lambda))^2 exp(-lambda (k - 1)) / lambda are k > 0 steps; neurons by their spikes.
double poissonIntervalShare(const SpikeStatistics&, std::size_t steps);
/// Share of the windows of all neurons together with so many spikes.
double poissonCountShare(const SpikeStatistics&, std::size_t spikes);

/// Simulation thread. Follows cumulative counts.
class SpikeGatherer {
public:
    /// @param counts where the neurons stand now @param step the next one to come
    SpikeGatherer(std::span<const double> counts, double dt, double windowMs, std::uint64_t step);
    /// After a step. @param counts since the start of the run, none below what it was
    /// @param expected spikes of each neuron in this step; empty: not known
    void add(std::span<const double> counts, std::span<const double> expected);
    const SpikeStatistics& statistics() const { return m_statistics; }

private:
    void closeWindow();

    SpikeStatistics m_statistics;
    std::vector<double> m_before;
    std::vector<std::uint64_t> m_last; ///< step + 1 of a neuron's last spike; 0: none yet
    std::vector<std::uint64_t> m_window; ///< spikes in the window under way
    std::vector<double> m_windowExpected;
    std::uint32_t m_inWindow = 0; ///< steps of it that are done
};

} // namespace apical
