// A view that shows what happened in every single step.
#pragma once

#include "sim/steps/step_watch.h"

namespace apical {

/// A View that is one, too, is asked what it wishes while it can be seen, and given what came of it
/// before it is refreshed. The reports are the newest, also while the window looks back.
class StepUser {
public:
    virtual ~StepUser() = default;
    /// Adds to what others wish.
    virtual void wish(StepWish&) const = 0;
    /// One report per lane; empty while nobody wishes anything.
    virtual void take(const StepReports&) = 0;
};

} // namespace apical
