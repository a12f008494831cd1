// What error spikes said, against backprop: layer by layer, neuron by neuron.
#pragma once

#include "widgets/plot/scatter_plot.h"
#include "widgets/union/picture.h"

#include <QRectF>
#include <QString>

#include <optional>
#include <vector>

class QPainter;

namespace apical {

/// One layer: the mean of each error trace, which is x - mu as spikes tell it, or x - mu itself,
/// over what backprop says.
struct ErrorScatter {
    std::size_t layer = 1;
    ScatterPlot plot;
    QRectF square; ///< null: no room, words only
    QString words; ///< "output: 12°, the same direction"
};
/// In `area` under each other, from the output down; where they do not fit, that of the chosen
/// neuron.
std::vector<ErrorScatter> errorScatters(const Theme&, const PhasesLook&, const QRectF& area);
void paintErrorScatters(QPainter&, const Theme&, const std::vector<ErrorScatter>&, const QRectF&);
std::optional<PhasesNeuron> pointAt(const std::vector<ErrorScatter>&, const QPointF&);

/// x_l - mu_l of a hidden layer, the mean over the window in which weights learn.
std::vector<double> valueErrors(const PhasesTrace&, std::size_t layer);
/// "12°, the same direction".
QString directionText(double degrees);
/// "layer 1", "output".
QString phasesLayerText(const PhasesTrace&, std::size_t layer);
/// Spikes of the sample, what was latched, what the errors came to, and the curves of one neuron.
QString phasesCsv(const PhasesTrace&, const PhasesNeuron&);

} // namespace apical
