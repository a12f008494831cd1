// Which lateral pathway cannot bring its weights to the fixed point, and why: per hidden layer,
// from weights and parameters alone.
#pragma once

#include "sim/insight/diagnosis.h"

#include <string>
#include <vector>

namespace apical {

/// A lateral pathway of one hidden layer: W_ip (feedforward weight error) or W_pi (feedback weight
/// error).
struct LateralPathway {
    enum class Kind { Ip, Pi };
    enum class Obstacle { None, Locked, RateZero, Undetermined };
    Kind kind = Kind::Ip;
    int hidden = 1; ///< 1-based
    double error = 0, start = 0; ///< mean squared distance to the fixed point, now and at step 0
    double goal = 0; ///< the error where the weights are kWeightGoal off
    double off = 0; ///< distance to the fixed point, in sizes of the fixed point
    Obstacle obstacle = Obstacle::None;

    bool aboveGoal() const { return error > goal; }
    std::string name(bool deep) const; ///< "W_pi", in deep nets "W_pi of layer 2"
};

/// Two per hidden layer, W_ip first. A pathway held by a lock or a rate of 0 says so; W_ip is
/// Undetermined where a layer has more rates than any layer before it (their span cannot fix all
/// its columns).
std::vector<LateralPathway> lateralPathways(const LaneFrame&, const std::vector<int>& sizes,
    const std::vector<SelfPredictionErrors>& startErrors);

/// The change that frees a pathway: its lock opened, or a usual learning rate for its layer; None
/// if there is none.
Remedy remedyFor(const LateralPathway&, const Parameters&, int targetLayers);
/// The same pathway learning three times as fast.
Remedy fasterRate(const LateralPathway&, const Parameters&, int targetLayers);

} // namespace apical
