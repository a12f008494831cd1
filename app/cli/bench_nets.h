// Benchmark cases of nets: an epoch of 60,000 digits, 784-256-256-10, batches of 64.
#pragma once

#include "app/cli/bench_cases.h"

namespace apical {

/// One batch of training as the preset of this name has it: the whole run with order, data, scores
/// and metrics, and the model alone. @param plain and a net written down in plain loops
BenchResult measureNet(const char* preset, bool plain);

inline constexpr double kBatchesOfEpoch = 937;

} // namespace apical
