// A fabricated run whose spikes are known one by one: no engine, no thread.
#pragma once

#include "sim/watch/spike_history.h"
#include "tests/window/strips_fixture.h"

#include <algorithm>
#include <random>
#include <vector>

namespace apical {

/// Two lanes of 8-6-3 (or another network), a bin per step of 0.1 ms.
struct RasterScene : StripsFixture {
    SpikeHistory spikes;
    std::vector<std::vector<std::uint32_t>> counts; ///< per step, per row
    static constexpr double kStepMs = 0.1;

    explicit RasterScene(int steps = 4000, double rate = 0.05, std::vector<int> sizes = {8, 6, 3})
        : StripsFixture(2, 1, 10)
    {
        std::vector<SpikeGroup> groups;
        std::size_t row = 0;
        for (int lane = 0; lane < 2; ++lane) {
            const auto add = [&](const std::string& name, const char* kind, int layer, int size) {
                groups.push_back({.lane = lane,
                    .quantity = name + ".spikes",
                    .population = name,
                    .kind = kind,
                    .layer = layer,
                    .first = row,
                    .size = static_cast<std::size_t>(size)});
                row = groups.back().end();
            };
            add("input", "input", 0, sizes[0]);
            add("layer1.pyr", "pyramidal", 1, sizes[1]);
            add("layer1.inn", "interneuron", 1, sizes[2]);
            add("layer2.pyr", "pyramidal", 2, sizes[2]);
        }
        spikes = SpikeHistory(groups);
        scene.spikes = &spikes;
        scene.frame.sizes = std::move(sizes);
        scene.selection = {};
        scene.events.clear();
        scene.textDue = true;
        run(steps, rate);
        show(0, scene.nowMs);
    }

    void run(int steps, double rate)
    {
        std::poisson_distribution<std::uint32_t> draw(std::max(rate, 1e-9));
        for (int k = 0; k < steps; ++k) {
            std::vector<std::uint32_t> now(spikes.rows());
            std::vector<SpikeEvent> events;
            for (std::size_t i = 0; i < now.size(); ++i) {
                now[i] = draw(random);
                if (now[i])
                    events.push_back({static_cast<std::uint32_t>(i), now[i]});
            }
            counts.push_back(now);
            const auto step = static_cast<std::uint64_t>(counts.size());
            spikes.append(step, kStepMs * static_cast<double>(step), events);
        }
        scene.nowMs = scene.shownMs = spikes.endMs();
    }

    void show(double beginMs, double endMs)
    {
        scene.viewBeginMs = beginMs;
        scene.viewEndMs = endMs;
    }

    /// Spikes of a lane's group in steps [from, to).
    std::uint64_t sum(const SpikeGroup& group, std::size_t from, std::size_t to) const
    {
        std::uint64_t all = 0;
        for (std::size_t k = from; k < std::min(to, counts.size()); ++k) {
            for (std::size_t i = group.first; i < group.end(); ++i)
                all += counts[k][i];
        }
        return all;
    }
    std::uint64_t sum(int lane, std::size_t from, std::size_t to) const
    {
        std::uint64_t all = 0;
        for (const SpikeGroup& group : spikes.groups())
            all += group.lane == lane ? sum(group, from, to) : 0;
        return all;
    }

    std::mt19937 random{3};
};

} // namespace apical
