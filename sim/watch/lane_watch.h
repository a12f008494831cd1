// Everything that watches one lane of a window's run: its answers and what they cost, its angles to
// backprop, its lags. Each of them knows by itself whether it applies to the lane's model.
#pragma once

#include "sim/steps/step_watch.h"
#include "sim/watch/backprop_angle.h"
#include "sim/watch/lag_meter.h"
#include "sim/watch/task_score.h"
#include "sim/watch/warning_watch.h"

namespace apical {

/// Simulation thread. Never changes a bit of the lane.
struct LaneWatch {
    explicit LaneWatch(Simulation& lane)
        : simulation(lane)
        , score(lane)
        , cost(lane)
        , angles(lane)
        , lag(lane)
        , steps(lane)
        , warnings(lane)
    {
    }

    /// After every step forward.
    void afterStep()
    {
        angles.afterStep();
        cost.afterStep(simulation);
        score.observe(simulation, &cost);
        lag.afterStep();
        steps.afterStep();
        warnings.afterStep();
    }
    /// Something else than a step changed the lane.
    void skip()
    {
        lag.skip();
        steps.startOver();
        warnings.startOver();
    }
    /// The lane stands at an earlier moment, or elsewhere.
    void forgetLater()
    {
        angles.forgetLater();
        score.forgetLater(simulation);
        cost.goBack(score.lastSpent());
        lag.startOver();
        steps.startOver();
        warnings.startOver();
    }

    Simulation& simulation;
    TaskScore score;
    LaneCost cost; ///< goes into the score
    BackpropAngles angles;
    LagMeter lag;
    StepWatch steps; ///< only while somebody wishes it
    WarningWatch warnings;
};

} // namespace apical
