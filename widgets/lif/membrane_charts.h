// Potentials of one neuron, lane by lane, over the current that drives it.
#pragma once

#include "sim/steps/step_watch.h"
#include "widgets/chart/chart.h"
#include "widgets/lif/bench_lane.h"

#include <array>
#include <vector>

namespace apical {

/// What is watched of a neuron in every step.
struct MembraneSignals {
    int neuron = 0;
    StepSignal voltage() const { return {.name = "layer1.voltage", .row = neuron}; }
    StepSignal current() const { return {.name = "layer1.current", .row = neuron}; }
    StepSignal spikes() const { return {.name = "layer1.spikes", .row = neuron}; }
    StepSignal spikeTime() const { return {.name = "layer1.spike_time", .row = neuron}; }
    std::array<StepSignal, 4> all() const { return {voltage(), current(), spikes(), spikeTime()}; }
};

/// A lane and what its steps were; `report` outlives it.
struct MembraneLane {
    QString name; ///< "" where there is one
    std::function<QColor(const Theme&)> color;
    LifParameters parameters;
    double drive = 0; ///< x, what the current is in the mean
    const StepReport* report = nullptr; ///< nullptr: nothing is known
};

/// A chart of potentials per lane, and one of all their currents. Potentials go up to the threshold
/// where a spike lies, between steps if that is where it was sent; silence is shaded.
/// @param endMs where the time shown ends @param spanMs how much of it is shown
std::vector<Chart> membraneCharts(const std::vector<MembraneLane>&, const MembraneSignals&,
    const QString& neuron, double endMs, double spanMs);

/// lane,time_ms,voltage,current,spike_ms of every step that is known; spike_ms: "" without one.
QString membraneCsv(const std::vector<MembraneLane>&, const MembraneSignals&);

} // namespace apical
