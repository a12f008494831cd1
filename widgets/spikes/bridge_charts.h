// From spikes to rates: what a neuron sent, filtered, over what it should send on average.
#pragma once

#include "sim/experiment/parameters.h"
#include "sim/model/anatomy.h"
#include "sim/steps/step_watch.h"
#include "widgets/chart/chart.h"

#include <optional>
#include <string>
#include <vector>

namespace apical {

/// Names of the quantities that the bridge of a population needs.
struct BridgeQuantities {
    std::string spikes, rate; ///< "layer1.pyr.spikes", "layer1.pyr.rate"
    std::vector<std::string> potentials; ///< of dendrites: "layer1.pyr.basal", "layer1.pyr.apical"
    double scale = 1; ///< spikes per ms at a rate of 1
};
/// @param count quantity of the anatomy that counts @param beside of a lane without spikes that is
/// compared; nullptr: none
std::optional<BridgeQuantities> bridgeQuantities(
    const Anatomy&, const Parameters&, int count, const Anatomy* beside);

/// Mean filtered spikes over mean activation, in units of the rate, neuron by neuron: y = x, and
/// two standard deviations of Poisson spikes in that filter.
Chart bridgeScatter(
    const BridgeQuantities&, const StepReport&, int selected, const std::vector<QString>& names);
/// The same of one neuron over the last time, from its traces; the filter has forgotten what was
/// before where the curves begin.
Chart bridgeCurves(const BridgeQuantities&, const StepReport&, int neuron, const QString& name);
/// Mean dendritic potentials of two lanes against each other, with root mean square differences.
Chart lanesScatter(const BridgeQuantities&, const StepReport& spikes, const StepReport& rates,
    const std::vector<QString>& names);

/// Running mean of a filter over values in time, oldest first.
std::vector<double> filtered(
    const std::vector<double>& values, MeanFilter filter, double tauMs, double dt);

} // namespace apical
