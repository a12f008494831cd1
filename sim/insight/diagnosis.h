// The doctor: a plain verdict on a run, with its evidence and one next step. Pure functions, no
// clock, no window.
#pragma once

#include "sim/circuit/self_prediction.h"
#include "sim/live/frame.h"
#include "sim/watch/history.h"

#include <cstdint>
#include <string>
#include <vector>

namespace apical {

enum class Verdict {
    Waiting,
    Converging,
    SelfPredicting,
    Learning,
    Plateau,
    NoiseFloor,
    Diverging,
    Diverged
};

/// What the one button does.
struct Remedy {
    enum class Kind {
        None,
        SwitchTargetOn,
        SetParameter,
        RewindAndHalveDt,
        UndoAndRewind,
        JumpToSelfPrediction
    };
    Kind kind = Kind::None;
    std::string label; ///< "Switch the target on"
    std::string key; ///< SetParameter, UndoAndRewind
    ParameterValue value = true;
    std::uint64_t step = 0; ///< UndoAndRewind: where to go on from
    int lane = -1; ///< UndoAndRewind: whose edit it was, -1: all lanes
};

struct Evidence {
    bool good = true;
    std::string text; ///< "apical error 1.0e-2, was 4.7e-2 2 s ago"
};

struct Diagnosis {
    Verdict verdict = Verdict::Waiting;
    std::string title; ///< "Converging"
    std::string text; ///< at most two short lines
    std::vector<Evidence> evidence;
    Remedy remedy;
    std::string why; ///< a paragraph for "Why?"
    double halfLifeMs = 0; ///< of the slowest error (log-linear fit); 0 = unknown
    double timeToGoMs = 0; ///< until the goal; 0 = unknown
    double goalMs = 0; ///< simulated time at which the goal is expected
};

/// Errors of a run over time, one row per bin of the history (ms, then the errors summed up over
/// hidden layers). Each is the least value of its bin: what is left between the transients that
/// follow every pattern change.
struct ErrorSeries {
    std::vector<double> timeMs, apical, interneuron, feedforward, feedback;
};
ErrorSeries errorSeries(const History&, int lane, int hiddenLayers, double fromMs, double toMs);

/// How far back the doctor looks: 200 presentations. Give it at least that much past.
double diagnosisWindowMs(const Parameters&);

/// @param past ascending times, up to now; NaN where nothing was sampled
/// @param startErrors the errors at step 0 (weights' start), per hidden layer
Diagnosis diagnose(const LaneFrame& now, const std::vector<int>& sizes, const ErrorSeries& past,
    const std::vector<SelfPredictionErrors>& startErrors);

} // namespace apical
