// One synapse, step by step: spikes and trace, error, the two integrals, the weight.
#pragma once

#include "sim/steps/spike_source.h"
#include "sim/steps/step_watch.h"
#include "widgets/chart/chart.h"

#include <string>
#include <vector>

namespace apical {

/// A synapse that spikes change, as a wish and as the charts need it.
struct ShownSynapse {
    SynapseSource source;
    std::string projection; ///< "layer1.W_up"
    int from = 0, to = 0; ///< neurons
    QString fromText, toText; ///< "x1", "h1"
    StepSignal spikes() const { return {.name = source.spikes, .row = from}; }
    StepSignal error() const { return {.name = source.error, .row = to}; }
    StepSignal weight() const { return {.name = projection, .row = to, .col = from}; }
};

/// Four charts over the same time, top down. The trace and the integrals are made from the spikes
/// and errors of the steps shown (Gille, Eq. 2.33); spikes, error and weight are the model's own.
/// @param shownMs how much of the end
std::vector<Chart> synapseCharts(const ShownSynapse&, const StepReport&, double shownMs);

/// time_ms,spikes,trace,error,i1,i2,weight of every step that is known.
QString synapseCsv(const ShownSynapse&, const StepReport&);

} // namespace apical
