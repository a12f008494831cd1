// The rows of model spiking-net: those of networks, of LIF neurons and encoders, and its own.
#include "sim/experiment/run_parameters.h"
#include "sim/spiking_net/spiking_net.h"

#include <utility>

namespace apical {
namespace {

using P = SpikingNetParameters;
constexpr auto kSource = "Hunsberger 2018";

std::vector<ParameterRow> rows()
{
    std::vector<ParameterRow> table = networkRows();
    ParameterRow time = runParameter("stimulus.presentation_time");
    time.defaultValue = 200.0;
    time.sliderLow = 10;
    time.sliderHigh = 1000;
    time.help = "How long an image is shown to the spiking net.";
    time.source = kSource;
    table.insert(table.begin(), {spikingStepRow(), time});
    rowOf(table, "activation.output").help = "Outputs are currents: linear, no other.";
    ParameterRow onset = runParameter("readout.lag");
    onset.key = "readout.onset";
    onset.group = "Read-out";
    onset.symbol = "t<sub>c</sub>";
    onset.name = "mean from";
    onset.defaultValue = 50.0;
    onset.sliderHigh = 200;
    onset.help = "The answer is the mean of the output from this time of a presentation on.";
    onset.source = kSource;
    std::vector<ParameterRow> spikes = spikeRows<P>(true);
    spikes.push_back(std::move(onset));
    spikes.push_back({"spiking.batch", "Read-out", "B<sub>s</sub>", "side by side", "1",
        ParameterKind::Count, 1.0, 1, 10000, false, 1, 64, true, false, {}, &P::imagesTogether,
        "Images that a run without learning shows side by side. One that starts with learning "
        "shows "
        "batch.size of them.",
        "-"});
    insertAfter(table, "lif.amplitude", spikes);
    return table;
}

} // namespace

const ParameterTable& spikingNetParameterTable()
{
    static const ParameterTable table("spiking-net", rows(), FamilyValue(P{}));
    return table;
}

} // namespace apical
