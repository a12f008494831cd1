#include "widgets/strips/spike_ticks.h"

#include "widgets/strips/sources.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/spiking_neuron.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <vector>

namespace apical {
namespace {

constexpr double kLeast = 4, kMost = 10; // px: height of one spike, and of many
constexpr double kDense = 0.4; // share of the columns that have a tick
constexpr float kFaint = 0.3F;

} // namespace

void addSpikes(Strip& strip, const Scene& scene)
{
    if (!scene.spikes)
        return;
    const bool several = laneCount(scene) > 1;
    for (std::size_t lane = 0; lane < laneCount(scene); ++lane) {
        const auto [group, neuron] =
            neuronOf(*scene.spikes, static_cast<int>(lane), scene.selection);
        if (group)
            strip.spikes.push_back({group->first + neuron,
                several ? laneColor(*scene.theme, scene.frame, lane) : scene.theme->ink});
    }
}

void paintSpikeTicks(QPainter& painter, const Scene& scene, const Strip& strip,
    const TimeAxis& axis, const QRectF& plot)
{
    double bottom = plot.bottom() - 1;
    const double columns = std::max(1.0, std::floor(plot.width()));
    std::vector<QRectF> ticks;
    for (const StripSpikes& spikes : strip.spikes) {
        if (!scene.spikes || spikes.row >= scene.spikes->rows())
            continue;
        ticks.clear();
        scene.spikes->forEachStripe(axis.beginMs(), axis.endMs(), axis.spanMs() / columns,
            spikes.row, 1, [&](const Bin& bin, std::span<const std::uint32_t> counts) {
                if (counts[0] == 0)
                    return;
                const double height =
                    std::min(kMost, kLeast + 2 * std::log2(static_cast<double>(counts[0])));
                const double x = std::floor(std::max(axis.x(bin.beginMs()), plot.left()));
                ticks.emplace_back(x, bottom - height, 1, height);
            });
        QColor color = spikes.color;
        // Too close to be told apart they are a shade.
        if (static_cast<double>(ticks.size()) > kDense * columns)
            color.setAlphaF(kFaint);
        for (const QRectF& tick : ticks)
            painter.fillRect(tick, color);
        bottom -= kMost + 2;
    }
}

} // namespace apical
