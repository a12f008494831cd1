// Where the parts of the picture of both phases stand, and which neuron is under the mouse.
#include "widgets/union/picture.h"

#include "widgets/conversion/crossing.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kGutter = 132, kRight = 10; // px beside the plots
constexpr double kPhases = 18, kNotes = 15, kAxis = 30, kGap = 7; // px
constexpr double kNarrow = 420, kNarrowGutter = 84; // px
constexpr double kRoomForNotes = 260; // px of height
constexpr double kLeastBand = 18, kLeastCurve = 26; // px
constexpr double kMostOfOutput = 9; // px a neuron of the output
constexpr double kCurveShare = 0.3; // of the height that rasters and curves share

/// Heights of the rasters: all equal, only few outputs need less.
std::vector<double> heightsOf(const PhasesTrace& trace, std::size_t bands, double height)
{
    const double each = height / static_cast<double>(bands);
    const double output =
        std::min(each, std::max(kLeastBand, kMostOfOutput * trace.layers.back().units));
    std::vector<double> heights(
        bands, bands > 1 ? (height - output) / static_cast<double>(bands - 1) : output);
    heights.front() = output;
    return heights;
}

} // namespace

PhasesPlaces phasesPlaces(const PhasesTrace& trace, const QRectF& area)
{
    PhasesPlaces p;
    const double gutter = area.width() < kNarrow ? kNarrowGutter : kGutter;
    const double left = area.left() + gutter, width = area.width() - gutter - kRight;
    const bool notes = area.height() >= kRoomForNotes;
    const double head = kPhases + (notes ? kNotes : 0);
    p.phases = QRectF(left, area.top(), width, kPhases);
    if (notes) {
        p.notes = QRectF(left, area.top() + kPhases, width, kNotes);
        p.image = QRectF(area.left() + 6, area.top(), head, head);
    }
    p.left = area.left();
    p.foot = area.bottom() - kAxis;
    const std::size_t bands = 2 * trace.layers.size() - 1;
    double top = area.top() + head + 4;
    const double free = p.foot - top;
    const double forCurves = kCurveShare * free;
    const bool curves = forCurves >= 2 * kLeastCurve + kGap
        && free - forCurves - static_cast<double>(bands) * kGap
            >= kLeastBand * static_cast<double>(bands);
    if (curves) {
        const double upper = (forCurves - 2 * kGap) * 0.55;
        p.currents = QRectF(left, p.foot - forCurves + kGap, width, upper);
        p.trace = QRectF(QPointF(left, p.currents.bottom() + kGap), QPointF(left + width, p.foot));
    }
    const double rasters = free - (curves ? forCurves : 0) - static_cast<double>(bands - 1) * kGap;
    const std::vector<double> heights = heightsOf(trace, bands, std::max(rasters, 1.0));
    for (std::size_t b = 0; b < bands; ++b) { // the output, then errors over values of each layer
        PhasesBand band;
        band.layer = trace.layers.size() - (b + 1) / 2;
        band.errors = b == 0 || b % 2 == 1;
        band.box = QRectF(left, top, width, heights[b]);
        band.each = neuronsPerLine(trace.layers[band.layer - 1].units, heights[b]);
        top += heights[b] + kGap;
        p.bands.push_back(band);
    }
    return p;
}

std::optional<PhasesNeuron> neuronAt(
    const PhasesTrace& trace, const PhasesPlaces& places, const QPointF& at)
{
    for (const PhasesBand& band : places.bands) {
        if (!band.box.contains(at))
            continue;
        const PhasesTrace::Layer& layer = trace.layers[band.layer - 1];
        const int lines = (layer.units + band.each - 1) / band.each;
        const int line = std::clamp(
            static_cast<int>((at.y() - band.box.top()) / band.box.height() * lines), 0, lines - 1);
        const int first = line * band.each, end = std::min(layer.units, first + band.each);
        std::vector<int> sent(static_cast<std::size_t>(end - first), 0);
        for (const PhasesTrace::Spike& spike : band.errors ? layer.errors : layer.values)
            if (const int n = static_cast<int>(spike.neuron); n >= first && n < end)
                ++sent[static_cast<std::size_t>(n - first)];
        const auto most = std::ranges::max_element(sent) - sent.begin();
        return PhasesNeuron{band.layer, first + static_cast<int>(most)};
    }
    return {};
}

PhasesNeuron loudestNeuron(const PhasesTrace& trace)
{
    for (std::size_t l = 0; l < trace.layers.size(); ++l) {
        const PhasesTrace::Layer& layer = trace.layers[l];
        std::vector<int> sent(static_cast<std::size_t>(layer.units), 0);
        for (const PhasesTrace::Spike& spike : layer.errors)
            ++sent[spike.neuron];
        const auto most = std::ranges::max_element(sent);
        if (*most > 0)
            return {l + 1, static_cast<int>(most - sent.begin())};
    }
    return {};
}

} // namespace apical
