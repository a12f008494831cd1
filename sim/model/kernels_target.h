// Kernels of one instruction set, for tests and benchmarks that compare them.
#pragma once

#include <hwy/highway.h>

#include <string>

namespace apical {

/// What `make` gives while `name` is the only instruction set that may be chosen; `present` if the
/// machine or the program does not have it. One thread.
template <class K, class F> K kernelsOfTarget(K present, const std::string& name, F make)
{
    for (const auto target : hwy::SupportedAndGeneratedTargets()) {
        if (hwy::TargetName(target) != name)
            continue;
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
        present = make();
        hwy::SetSupportedTargetsForTest(0);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    }
    return present;
}

} // namespace apical
