#include "widgets/raster/bands.h"

#include "sim/circuit/circuit_anatomy.h"

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kKindHues = 5; // besides that of inputs

QString shortName(const std::string& population)
{
    return QString::fromStdString(population.substr(population.find('.') + 1));
}

/// i * to / from, in whole numbers.
std::size_t scaled(std::size_t i, std::size_t to, std::size_t from)
{
    return i * to / from;
}

} // namespace

std::pair<std::size_t, std::size_t> RasterBand::neuronsOf(std::size_t cell) const
{
    return {
        firstNeuron + scaled(cell, neurons, cells), firstNeuron + scaled(cell + 1, neurons, cells)};
}

std::pair<int, int> RasterBand::pixelsOf(std::size_t cell) const
{
    const auto px = static_cast<std::size_t>(height);
    return {top + static_cast<int>(scaled(cell, px, cells)),
        top + static_cast<int>(scaled(cell + 1, px, cells))};
}

std::size_t RasterBand::cellOf(std::size_t neuron) const
{
    std::size_t cell = scaled(neuron - firstNeuron, cells, neurons);
    while (cell + 1 < cells && neuronsOf(cell).second <= neuron)
        ++cell;
    return cell;
}

std::size_t RasterBand::cellAt(int line) const
{
    const auto below = static_cast<std::size_t>(std::clamp(line - top, 0, height - 1));
    std::size_t cell = scaled(below, cells, static_cast<std::size_t>(height));
    while (cell + 1 < cells && pixelsOf(cell).second <= line)
        ++cell;
    return cell;
}

std::vector<RasterGroup> rasterGroups(const SpikeHistory& history, int lane)
{
    std::vector<RasterGroup> groups;
    int last = 0;
    for (const SpikeGroup& group : history.groups()) {
        if (group.lane == lane) {
            groups.push_back({group, {}, 0});
            last = std::max(last, group.layer);
        }
    }
    std::stable_sort(groups.begin(), groups.end(),
        [](const RasterGroup& a, const RasterGroup& b) { return a.group.layer < b.group.layer; });
    std::vector<std::string> kinds; // of neurons that are no inputs
    int layer = -1;
    for (RasterGroup& g : groups) {
        const bool first = g.group.layer != layer; // what a layer has first gives it its name
        layer = g.group.layer;
        if (layer > 0) {
            auto kind = std::find(kinds.begin(), kinds.end(), g.group.kind);
            if (kind == kinds.end())
                kind = kinds.insert(kinds.end(), g.group.kind);
            g.hue = 1 + static_cast<int>(kind - kinds.begin()) % kKindHues;
        }
        if (!first)
            g.name = g.group.kind == kInterneuronKind ? u"inter"_s : shortName(g.group.population);
        else
            g.name = layer == 0 ? u"inputs"_s : layer == last ? u"outputs"_s : u"hidden"_s;
        if (layer > 0 && layer < last && last > 2)
            g.name += u' ' + QString::number(layer);
    }
    return groups;
}

int rasterLane(const Scene& scene)
{
    if (!scene.spikes)
        return -1;
    int found = -1;
    for (const SpikeGroup& group : scene.spikes->groups()) {
        if (group.lane == scene.shownLane)
            return group.lane;
        found = found < 0 ? group.lane : std::min(found, group.lane);
    }
    return found;
}

std::vector<QColor> rasterHues(const Theme& t)
{
    return {t.ink2, t.soma, t.interneuron, t.basal, t.apical, t.topdown};
}

std::size_t rasterRows(const std::vector<RasterGroup>& groups, const QSet<QString>& hidden)
{
    std::size_t rows = 0;
    for (const RasterGroup& g : groups)
        rows += hidden.contains(g.name) ? 0 : g.group.size;
    return rows;
}

std::vector<RasterBand> rasterBands(const std::vector<RasterGroup>& groups,
    const QSet<QString>& hidden, RowRange range, int height, int gap, int least)
{
    const auto all = static_cast<double>(rasterRows(groups, hidden));
    if (!(range.count > 0))
        range = {0, all};
    range.count = std::clamp(std::round(range.count), std::min(1.0, all), all);
    range.first = std::clamp(std::round(range.first), 0.0, all - range.count);
    const auto from = static_cast<std::size_t>(range.first);
    const auto to = from + static_cast<std::size_t>(range.count);
    std::vector<RasterBand> bands;
    std::size_t row = 0;
    for (auto g = groups.rbegin(); g != groups.rend(); ++g) {
        if (hidden.contains(g->name))
            continue;
        const std::size_t first = std::max(row, from), end = std::min(row + g->group.size, to);
        if (first < end)
            bands.push_back({.group = g->group,
                .name = g->name,
                .hue = g->hue,
                .firstRow = row,
                .firstNeuron = first - row,
                .neurons = end - first});
        row += g->group.size;
    }
    if (bands.empty())
        return bands;
    const int count = static_cast<int>(bands.size());
    int room = std::max(height - gap * (count - 1), count);
    least = std::min(least, room / count);
    auto rows = static_cast<double>(to - from);
    // Who would come out too low takes the least off the others.
    for (bool changed = true; changed;) {
        changed = false;
        for (RasterBand& band : bands) {
            const auto share = static_cast<double>(band.neurons);
            if (band.height > 0 || room * share / rows >= least)
                continue;
            band.height = least;
            room -= least;
            rows -= share;
            changed = true;
        }
    }
    int top = 0;
    double done = 0;
    std::size_t cell = 0;
    for (RasterBand& band : bands) {
        if (band.height == 0) { // by rounding the sum, not the parts
            const double before = std::floor(room * done / rows);
            done += static_cast<double>(band.neurons);
            band.height = std::max(1, static_cast<int>(std::floor(room * done / rows) - before));
        }
        band.top = top;
        top += band.height + gap;
        band.firstCell = cell;
        band.cells = std::min(band.neurons, static_cast<std::size_t>(band.height));
        cell += band.cells;
    }
    return bands;
}

} // namespace apical
