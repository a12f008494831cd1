// Benchmarks of nets of spikes.
#pragma once

#include "app/bench/bench_cases.h"

namespace apical {

/// The converted net of preset `conversion`: one image of a presentation.
BenchResult measureConversion();
/// A batch of learning of preset `spiking-pc-mnist`, both phases.
BenchResult measureSpikingPredictive();

} // namespace apical
