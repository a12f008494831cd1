// Which neurons a raster shows and where: a band of rows per population, inputs at the bottom.
#pragma once

#include "sim/watch/spike_history.h"
#include "widgets/view/spiking_neuron.h"

#include <QColor>
#include <QSet>
#include <QString>

#include <utility>
#include <vector>

namespace apical {

/// The part of all rows, counted from the top, that is in sight.
struct RowRange {
    double first = 0, count = 0; ///< count 0: all
    bool operator==(const RowRange&) const = default;
};

struct RasterBand {
    SpikeGroup group;
    QString name; ///< "hidden 1"
    int hue = 0; ///< index into rasterHues()
    std::size_t firstRow = 0; ///< of all that could be in sight, from the top
    std::size_t firstNeuron = 0, neurons = 0; ///< of the group, in sight
    int top = 0, height = 0; ///< device px from the top of the plot
    std::size_t firstCell = 0,
                cells = 0; ///< a cell is a neuron, or several where they are too many

    /// Cell c of this band: its neurons [first, second) of the group, and its px from the top.
    std::pair<std::size_t, std::size_t> neuronsOf(std::size_t cell) const;
    std::pair<int, int> pixelsOf(std::size_t cell) const;
    /// Of a neuron of the group that is in sight.
    std::size_t cellOf(std::size_t neuron) const;
    /// Under a px from the top of the plot, within the band.
    std::size_t cellAt(int line) const;
    bool shows(std::size_t neuron) const
    {
        return neuron >= firstNeuron && neuron < firstNeuron + neurons;
    }
    bool operator==(const RasterBand&) const = default;
};

/// A population of a lane that sends spikes.
struct RasterGroup {
    SpikeGroup group;
    QString name;
    int hue = 0;
};

/// The lane's, from the bottom up: layer by layer as the model says them.
std::vector<RasterGroup> rasterGroups(const SpikeHistory&, int lane);
/// The lane whose spikes are shown: the one that all views show, else the first that has any; -1.
int rasterLane(const Scene&);
/// Colours of bands: inputs, then one per kind of population.
std::vector<QColor> rasterHues(const Theme&);

/// From the top down, those that are in sight. Every population keeps a height at which its name
/// can be read, the others share what is left by their size.
/// @param height, gap, least in device px
std::vector<RasterBand> rasterBands(const std::vector<RasterGroup>&, const QSet<QString>& hidden,
    RowRange, int height, int gap, int least);
/// How many rows there are in all.
std::size_t rasterRows(const std::vector<RasterGroup>&, const QSet<QString>& hidden);

} // namespace apical
