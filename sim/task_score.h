// How well a network answers: loss and accuracy of finished presentations.
#pragma once

#include "sim/simulation.h"

#include <cstddef>
#include <deque>
#include <limits>

namespace apical {

/// Loss and correctness of one answer; NaN where the presentation has none.
struct AnswerScore {
    double loss =
        std::numeric_limits<double>::quiet_NaN(); ///< mean over outputs of (read-out - target)^2
    double correct =
        std::numeric_limits<double>::quiet_NaN(); ///< 1 or 0: greatest read-out = greatest target
};

/// @param hasClasses targets stand for classes (one output each)
AnswerScore scoreAnswer(const Readout&, bool hasTarget, bool hasClasses);

/// Scores every finished presentation of a simulation and averages over the last epoch (the last
/// 100 presentations where the stimulus has no epochs).
class TaskScore {
public:
    explicit TaskScore(const Simulation&);

    /// After each step; does nothing unless the step ended a presentation. @return whether it did
    bool observe(const Simulation&);

    bool hasLoss() const { return m_hasTargets; } ///< the stimulus can have targets
    bool hasAccuracy() const { return m_hasClasses; }
    const Readout& last() const
    {
        return m_last;
    } ///< mean is empty before the first presentation has finished
    AnswerScore lastScore() const { return m_lastScore; }
    AnswerScore epochMean() const; ///< NaN where nothing was scored

private:
    bool m_hasTargets, m_hasClasses;
    std::size_t m_window;
    Readout m_last;
    AnswerScore m_lastScore;
    std::deque<AnswerScore> m_recent;
    std::vector<double> m_input, m_target; // of the presentation that ended
};

} // namespace apical
