// Which inference is looked at: of what the run shows, or of a sample and weights that are held,
// with the run's rate, precisions and moves, or with others that are tried here.
#pragma once

#include "sim/live/frame.h"
#include "widgets/predictive/inference_picture.h"

#include <QElapsedTimer>
#include <QString>

#include <optional>
#include <utility>
#include <vector>

namespace apical {

struct Scene;

/// What is tried in place of the run's own.
struct InferenceTrial {
    std::optional<double> rate{};
    std::optional<int> steps{};
    std::vector<double> precision{}; ///< pi_1..pi_N; empty: the run's
    bool any() const { return rate || steps || !precision.empty(); }
    bool operator==(const InferenceTrial&) const = default;
};

/// Window thread. Computes only what has changed, and while the run goes on only a few times a
/// second.
class WatchedInference {
public:
    static constexpr int kMostMoves = 2000; ///< that are drawn; a run may have more

    /// Of the lane that is shown, or where that has no inference of the first that has.
    void take(const Scene&);
    /// Of this lane.
    void take(const Scene&, std::size_t lane);
    const InferencePicture& picture() const { return m_picture; }
    /// Why there is none; "" if there is.
    const QString& problem() const { return m_problem; }
    QString sampleText() const; ///< "epoch 3, batch 2", as the window counts
    std::size_t lane() const { return m_key.lane; } ///< among those of the frame
    qint64 costMs() const { return m_costMs; } ///< of the last trace

    bool following() const { return m_following; }
    void follow(bool);
    void showRead(int t); ///< holds sample and weights; t within the reads there are

    const InferenceTrial& trial() const { return m_trial; }
    void setTrial(const InferenceTrial&);
    /// As keys and values of the run's parameters.
    std::vector<std::pair<std::string, ParameterValue>> trialEdits() const;

    double rate() const;
    int steps() const;
    std::vector<double> precision() const; ///< pi_1..pi_N

private:
    struct Key {
        std::uint64_t generation = 0, revision = 0, pattern = 0;
        std::size_t lane = 0;
        bool operator==(const Key&) const = default;
    };

    bool fail(const QString& why);
    bool takeCase(const Scene&, const LaneFrame&);
    void followRead(const Frame&, const LaneFrame&);
    void dropWhatTheRunHas();
    void retrace();

    InferenceTracer m_tracer;
    InferenceCase m_case; ///< with the run's own parameters; without weights: there is none
    InferencePicture m_picture;
    InferenceTrial m_trial;
    Key m_key;
    Presentation m_shown; ///< whose sample it is
    bool m_following = true;
    QElapsedTimer m_sinceTrace;
    qint64 m_costMs = 0;
    QString m_problem;
};

} // namespace apical
