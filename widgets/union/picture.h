// Both phases of one sample over one axis of simulated time: rasters of value spikes and of errors
// of two signs, the latch, and the curves of one neuron.
#pragma once

#include "sim/spiking_predictive/phases_trace.h"
#include "widgets/look/theme.h"

#include <QRectF>
#include <QString>

#include <optional>
#include <vector>

class QPainter;

namespace apical {

/// A neuron of a layer 1..N.
struct PhasesNeuron {
    std::size_t layer = 1;
    int index = 0;
    bool operator==(const PhasesNeuron&) const = default;
};

/// The raster of one population: the values of a layer, or its pairs of errors.
struct PhasesBand {
    std::size_t layer = 1;
    bool errors = false;
    QRectF box;
    int each = 1; ///< neurons that share a line
};

/// Where the parts stand; the output on top, so that predictions rise and errors come down.
struct PhasesPlaces {
    QRectF image; ///< of the sample, left of the head
    QRectF phases, notes; ///< the names of the phases, and what is averaged in them
    std::vector<PhasesBand> bands;
    QRectF currents, trace; ///< of the chosen neuron; null: no room
    double left = 0, foot = 0; ///< x where words begin, y where the axis does
};
PhasesPlaces phasesPlaces(const PhasesTrace&, const QRectF& area);

/// The neuron under a point in one of the rasters, of those that share the line the one that sent
/// most.
std::optional<PhasesNeuron> neuronAt(const PhasesTrace&, const PhasesPlaces&, const QPointF&);
/// Of the lowest layer the one that sent most errors: what is shown before anybody chooses.
PhasesNeuron loudestNeuron(const PhasesTrace&);

QColor errorColor(const Theme&, int sign);
QColor valueColor(const Theme&);

struct PhasesLook {
    const PhasesTrace* trace = nullptr;
    PhasesNeuron chosen{};
    QString name{}; ///< of the chosen one: "h1.3"
    bool rates = false; ///< compared with the net of rates in place of what was latched
    bool values = false; ///< x - mu of hidden layers in place of what error spikes came to
};
void paintPhases(QPainter&, const Theme&, const PhasesLook&, const PhasesPlaces&);

} // namespace apical
