// Lanes of neurons that stand on the bench, and the one of their neurons that is looked at.
#pragma once

#include "sim/lif/counts_since.h"
#include "sim/lif/lif_parameters.h"
#include "widgets/view/view.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace apical {

/// Neurons that are driven one by one, beside the rates that theory gives them.
bool isBench(const Anatomy&);

/// A lane of the frame with such neurons.
struct BenchLane {
    std::size_t index = 0;
    const LaneFrame* lane = nullptr;
    const LifParameters& parameters() const { return lane->parameters.family<LifParameters>(); }
    double dt() const { return lane->parameters.dt; }
    int neurons() const;
    std::span<const double> quantity(const char* name) const { return lane->quantity(name); }
};
std::vector<BenchLane> benchLanes(const Scene&);
/// Index among these of the lane shown, or of the first; none must not be empty.
std::size_t shownBench(const Scene&, const std::vector<BenchLane>&);

/// Its name in a legend: "grid"; "" while there is one lane.
QString benchName(const Scene&, const BenchLane&);
std::function<QColor(const Theme&)> benchColor(const Scene&, const BenchLane&);

/// The selected neuron, or input, which drives the neuron of the same number; else the one with the
/// largest input. @param before the one shown so far, which stays while there are no inputs yet
int shownNeuron(const Scene&, const BenchLane&, int before = -1);

/// Counts of a quantity in every lane, each since what drives it last changed.
class BenchCounts {
public:
    /// @param quantity a cumulative count: "layer1.spikes"
    explicit BenchCounts(std::string quantity)
        : m_quantity(std::move(quantity))
    {
    }
    void see(const Scene&, const std::vector<BenchLane>&);
    /// Of one of the lanes seen last.
    const CountsSince& of(const BenchLane& lane) const { return m_lanes[lane.index]; }

private:
    std::string m_quantity;
    std::uint64_t m_run = 0;
    std::vector<CountsSince> m_lanes; ///< by index in the frame
};

} // namespace apical
