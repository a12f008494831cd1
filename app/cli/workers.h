// Steps the lanes of a headless run, on one thread or several.
#pragma once

#include "app/cli/lane.h"
#include "app/cli/progress.h"
#include "sim/run/run_goal.h"

#include <memory>
#include <vector>

namespace apical {

/// Runs every lane to the goal, to divergence or to Ctrl-C; the caller's thread draws the bar. A
/// thread takes its lanes in turns of a few hundred steps. The number of threads does not change a
/// bit of the results.
/// @throws OutputError that a lane threw (after all threads have stopped)
void stepLanes(
    std::vector<std::unique_ptr<LaneRun>>& lanes, int threads, const RunGoal&, ProgressBar&);

} // namespace apical
