// One run before the doctor: the measures every verdict is made of, and the verdicts themselves.
// Internal to the diagnosis; others call diagnose().
#pragma once

#include "sim/insight/diagnosis_pathways.h"
#include "sim/insight/diagnosis_trend.h"

#include <vector>

namespace apical {

/// References its arguments: lives no longer than one call of diagnose().
class DiagnosisCase {
public:
    DiagnosisCase(const LaneFrame&, const std::vector<int>& sizes, const ErrorSeries&,
        const std::vector<SelfPredictionErrors>& startErrors);

    bool enoughData() const; ///< at least 20 presentations with a trend for every error
    bool runsAway() const; ///< huge potentials, or weight errors that multiply
    bool carriesTarget() const; ///< the output is nudged, or answers between two such blocks
    bool goalsReached() const;
    bool blocked() const; ///< a pathway above its goal is locked or has a learning rate of 0
    /// Interneurons predict already, yet W_ip of a wide layer is far off: nothing is left that
    /// could move it.
    bool undetermined() const;
    bool converges() const; ///< an error above its goal falls, and gets there in reasonable time
    bool drifts() const; ///< an error above its goal rises

    Diagnosis waiting() const;
    Diagnosis converging() const;
    Diagnosis selfPredicting() const;
    Diagnosis learning() const;
    Diagnosis blockedPlateau() const;
    Diagnosis noiseFloor() const;
    Diagnosis plateau() const;
    Diagnosis diverging() const;
    Diagnosis guarded() const;
    Diagnosis diverged() const;

private:
    struct Error {
        const char* name; ///< "apical error"
        const Trend* trend;
        double goal;
        bool weights;
    };
    bool above(const Error&) const;
    const Error* slowest() const; ///< above its goal and falling; the one that gets there last
    std::string course(const Error&) const; ///< "apical error 1.0e-2, was 4.7e-2, 2 s ago"
    std::string weightCourse(const Error&) const; ///< "feedback weights 2.3 % off, falling"
    std::vector<Evidence> courses() const; ///< of the four errors
    std::vector<Evidence> preflight() const; ///< settings that spoil a run
    double largestPotential() const;
    double weightGrowth() const; ///< of the worse weight error against its start
    bool multiplies(const std::vector<double>&) const; ///< the latest part of a series
    bool deep() const { return m_layerErrors.size() > 1; }
    int targetLayers() const { return static_cast<int>(m_sizes.size()) - 1; }

    const LaneFrame& m_now;
    std::vector<SelfPredictionErrors> m_layerErrors; ///< now, per hidden layer
    const std::vector<int>& m_sizes;
    const ErrorSeries& m_past;
    double m_windowMs;
    Trends m_trends;
    std::vector<LateralPathway> m_paths;
    double m_startFeedforward = 0, m_startFeedback = 0; ///< summed over hidden layers
    std::vector<Error> m_errors; ///< apical, interneuron, feedforward, feedback
};

} // namespace apical
