#include "sim/run/own_steps.h"

#include "sim/feedforward/feedforward.h"
#include "sim/predictive/predictive.h"
#include "sim/spiking_net/spiking_net.h"
#include "sim/spiking_predictive/spiking_predictive.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace apical {
namespace {

/// Models that are no rows here have as many steps as their presentation's time has.
struct OwnSteps {
    std::string_view model;
    int (*steps)(const std::vector<int>& sizes, const Parameters&, bool training);
};
constexpr OwnSteps kTable[]{
    {"feedforward", feedforwardSteps},
    {"predictive-coding", predictiveSteps},
    {"spiking-net", spikingNetSteps},
    {"spiking-predictive-coding", spikingPredictiveSteps},
};

} // namespace

int ownSteps(const std::vector<int>& sizes, const Parameters& p, bool training)
{
    const auto* row = std::ranges::find(kTable, p.model(), &OwnSteps::model);
    return row == std::end(kTable) ? 0 : row->steps(sizes, p, training);
}

} // namespace apical
