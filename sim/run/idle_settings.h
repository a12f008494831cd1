// Settings that would be passed over: whoever wrote them meant something else.
#pragma once

#include "sim/experiment/experiment.h"

namespace apical {

/// Of a preset, its lanes and its edits: a watched sample that no batch has, Z-IL that would be
/// both lazy and late, edits that contradict what is set by then; not of its edits: negative rates
/// of neurons that send spikes. In a run that goes on the nearest that there is holds instead: the
/// last sample, nodes that all move, no spikes. @throws InputError naming the path in the preset
void checkIdleSettings(const Experiment&);

} // namespace apical
