#include "sim/run/net_models.h"

#include "sim/feedforward/feedforward.h"
#include "sim/predictive/predictive.h"
#include "sim/spiking_net/spiking_net.h"
#include "sim/spiking_predictive/spiking_predictive.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace apical {
namespace {

/// Models that are no rows here have as many steps as their presentation's time has, and parameters
/// that all go together.
struct NetRow {
    std::string_view model;
    int (*steps)(const std::vector<int>& sizes, const Parameters&, bool training);
    void (*check)(const Parameters&);
};
constexpr NetRow kTable[]{
    {"feedforward", feedforwardSteps, checkNetwork},
    {"predictive-coding", predictiveSteps, checkPredictive},
    {"spiking-net", spikingNetSteps, checkSpikingNet},
    {"spiking-predictive-coding", spikingPredictiveSteps, checkSpikingPredictive},
};

const NetRow* find(std::string_view model)
{
    const auto* row = std::ranges::find(kTable, model, &NetRow::model);
    return row == std::end(kTable) ? nullptr : row;
}

} // namespace

int ownSteps(const std::vector<int>& sizes, const Parameters& p, bool training)
{
    const NetRow* row = find(p.model());
    return row ? row->steps(sizes, p, training) : 0;
}

void checkTogether(const Parameters& p)
{
    if (const NetRow* row = find(p.model()))
        row->check(p);
}

} // namespace apical
