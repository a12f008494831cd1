// Running means of numbers that come step by step.
#pragma once

#include "sim/steps/step_wish.h"

#include <cstddef>
#include <span>
#include <vector>

namespace apical {

/// Mean over the recent past of each of some numbers. Exponential: step k steps back weighs
/// exp(-k dt / tau); boxcar: the last tau ms alike. Weights add up to 1 from the first step on, so
/// that a mean has no bias at its start.
class RunningMean {
public:
    RunningMean(std::size_t size, MeanFilter, double tauMs, double dt);
    void add(std::span<const double> values);
    /// 0 before the first step.
    std::vector<double> means() const;
    /// Steps of equal weight whose mean would be as noisy: (sum w)^2 / sum w^2.
    double steps() const;

private:
    MeanFilter m_filter;
    double m_decay = 0;
    double m_weight = 0, m_squares = 0; ///< sums of the weights and of their squares
    std::vector<double> m_sums; ///< exponential
    /// Boxcar: [step][index], summed when somebody looks. A running sum would gather rounding
    /// errors for as long as the run lasts.
    std::vector<double> m_ring;
    std::size_t m_length = 1, m_next = 0, m_filled = 0; ///< of the ring, in steps
};

} // namespace apical
