// What the pictures of one inference share: the trace, the read that is shown, names, colours and
// ranges of its layers.
#pragma once

#include "sim/predictive/free_energy.h"
#include "sim/predictive/inference_trace.h"
#include "widgets/look/theme.h"

#include <QColor>
#include <QString>

#include <vector>

namespace apical {

struct InferencePicture {
    InferenceTrace trace; ///< without layers: there is none
    std::vector<double> input;
    int t = 0; ///< the read that is shown
    double rate = 0; ///< gamma
    double outputPrecision = 1; ///< pi_N
    bool entropy = false; ///< the output's error is that of a softmax
    Parameters parameters{}; ///< that the trace was made with
    /// Of layers 0..N (0: the input, values only), round: what all reads stay below, so that
    /// colours mean the same at each of them.
    std::vector<double> valueRange, errorRange;

    bool empty() const { return trace.layers.empty(); }
    int layers() const { return static_cast<int>(trace.layers.size()); } ///< N
    int last() const { return trace.last(); }
    const InferenceTrace::Layer& layer(int l) const
    {
        return trace.layers[static_cast<std::size_t>(l - 1)];
    }
    double energy(int l) const { return layer(l).energy[static_cast<std::size_t>(t)]; }
    FreeEnergy freeEnergy() const { return freeEnergyAt(trace, t, parameters); }
    /// Reads after which F is so large that colours and axes no longer follow.
    int followed() const;
    void chooseRanges();
    QString layerName(int l) const; ///< "input", "layer 1", "output"
};

/// The same in columns and curves; of layers 1..N.
QColor inferenceColor(const Theme&, int layer, int layers);

} // namespace apical
