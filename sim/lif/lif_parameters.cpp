// The rows of model lif.
#include "sim/lif/lif_parameters.h"

#include "sim/experiment/run_parameters.h"
#include "sim/network/network_parameters.h"

#include <utility>

namespace apical {

ParameterRow spikingStepRow()
{
    ParameterRow dt = runParameter("dt");
    dt.defaultValue = 1.0;
    dt.sliderLow = 0.05;
    dt.sliderHigh = 1;
    dt.live = false;
    dt.help = "Length of one step.";
    dt.source = "Hunsberger 2018";
    return dt;
}

namespace {

std::vector<ParameterRow> rows()
{
    ParameterRow time = runParameter("stimulus.presentation_time");
    time.defaultValue = 200.0;
    time.sliderLow = 10;
    time.sliderHigh = 1000;
    time.source = "Hunsberger 2018";
    std::vector<ParameterRow> table{spikingStepRow(), time};
    table.front().live = true; // nothing but dt tells the integrators apart: it is tried out
    // One declaration per concept: soft-LIF units of nets have the same constants.
    using P = LifParameters;
    const std::pair<const char*, double P::*> constants[]{{"lif.tau_rc", &P::tauRc},
        {"lif.t_ref", &P::tRef}, {"lif.threshold", &P::threshold}, {"lif.amplitude", &P::amplitude},
        {"softlif.smoothing", &P::smoothing}};
    std::vector<ParameterRow> network = networkRows();
    for (const auto& [key, field] : constants) {
        ParameterRow row = rowOf(network, key);
        row.group = "Neuron";
        row.field = field;
        table.push_back(std::move(row));
    }
    table.back().defaultValue = 0.1; // the curve of which it is the width is looked at by itself
    for (ParameterRow& row : spikeRows<P>(true))
        table.push_back(std::move(row));
    for (const char* key : {"stimulus.low", "stimulus.high", "state.reset"})
        table.push_back(runParameter(key));
    return table;
}

} // namespace

const ParameterTable& lifParameterTable()
{
    static const ParameterTable table("lif", rows(), FamilyValue(LifParameters{}));
    return table;
}

} // namespace apical
