// Spikes of the selected neuron under its voltages.
#pragma once

#include "widgets/plot/time_axis.h"
#include "widgets/strips/model.h"

#include <QRectF>

class QPainter;

namespace apical {

/// Of every lane whose model counts spikes of the selected neuron.
void addSpikes(Strip&, const Scene&);
/// A tick wherever there were some, the higher the more; lanes one above the other at the bottom of
/// the plot.
void paintSpikeTicks(QPainter&, const Scene&, const Strip&, const TimeAxis&, const QRectF& plot);

} // namespace apical
