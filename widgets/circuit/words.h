// What the circuit says: tooltips, accessible texts, and its numbers as CSV.
#pragma once

#include "widgets/circuit/painter.h"

#include <QStringList>

namespace apical {

/// "h3, hidden pyramidal neuron", then one line per value.
QStringList describeUnit(const Selection&, const std::vector<int>& sizes, const LaneFrame&);
/// Whether the pathway learns, why, and how to change that.
QString describePathway(const CircuitPathway&, const PathwayPlasticity&, const CircuitLayout&);
/// One row per neuron and lane: lane,unit,population,layer,index,soma,basal,apical,rate (C locale).
QString circuitCsv(const Frame&);
/// A number as files hold it: shortest text that reads back, C locale.
QString fileNumber(double);

} // namespace apical
