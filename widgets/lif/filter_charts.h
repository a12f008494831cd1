// What a synapse makes of one spike and of a train, beside the closed forms.
#pragma once

#include "sim/lif/impulse_response.h"
#include "sim/steps/step_watch.h"
#include "widgets/chart/chart.h"

#include <array>
#include <vector>

namespace apical {

/// What is watched of an input in every step.
struct TrainSignals {
    int input = 0;
    StepSignal filtered() const { return {.name = "input.trace", .row = input}; }
    StepSignal theory() const { return {.name = "input.trace_theory", .row = input}; }
    StepSignal spikes() const { return {.name = "input.spikes", .row = input}; }
    std::array<StepSignal, 3> all() const { return {filtered(), theory(), spikes()}; }
};

/// A lane and the filter it has.
struct FilterLane {
    QString name; ///< "" where there is one
    std::function<QColor(const Theme&)> color;
    double dt = 1, tau = 5; ///< ms
    int order = 2;
    bool periodic = false; ///< there is a closed form of its trains
    double input = 0; ///< x, the mean of what comes out
    const StepReport* report = nullptr; ///< nullptr: nothing is known; outlives it
};

/// Answers of all filters to one spike, with the area that each has.
Chart impulseChart(const std::vector<FilterLane>&);
/// What comes out of a lane's filter, its closed form, its mean and the spikes that went in.
Chart trainChart(
    const FilterLane&, const TrainSignals&, const QString& input, double endMs, double spanMs);

/// lane,time_ms,made_per_ms,closed_per_ms of the answers to one spike.
QString impulseCsv(const std::vector<FilterLane>&);

} // namespace apical
