// Strips of models that no picture was made for: what their anatomy says is to be watched.
#pragma once

#include "widgets/strips/sources.h"

namespace apical {

/// Of the lanes whose model is no microcircuit: the quantities of the selected unit, or of the
/// first output, those of one unit of measure in a strip; those of populations of one; the
/// measures, those of one label in a strip. Each strip shows the lanes whose model has it.
std::vector<Strip> watchedStrips(const Scene&);

/// What the unit sends (its quantity of form Rate) in the first of these lanes that has it; an
/// empty probe if there is none.
StripSource sentByUnit(const Scene&);

} // namespace apical
