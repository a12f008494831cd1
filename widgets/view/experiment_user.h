// A view that shows what the experiment has besides its run: the samples of its task.
#pragma once

#include "sim/experiment/experiment.h"

namespace apical {

/// A View that is one, too, is told of every experiment that is opened, before it is refreshed with
/// a frame of it; nullptr: of one that has nothing for this view.
class ExperimentUser {
public:
    virtual ~ExperimentUser() = default;
    virtual void take(const Experiment*) = 0;
};

} // namespace apical
