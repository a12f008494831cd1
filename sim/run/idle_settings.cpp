#include "sim/run/idle_settings.h"

#include "sim/base/error.h"
#include "sim/experiment/lanes.h"
#include "sim/predictive/predictive.h"
#include "sim/run/model_table.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace apical {
namespace {

std::optional<InputError::Fields> watchesNobody(const Experiment& e, const Parameters& p)
{
    const auto* own = p.familyIf<NetworkParameters>();
    if (!own)
        return std::nullopt;
    const int samples = modelNamed(p.model()).anatomy(e.layers, p).samples;
    if (own->batchWatch < samples)
        return std::nullopt;
    // A spiking net that does not learn shows another number of samples side by side.
    const std::string size = samples == own->batchSize || !p.table().find("spiking.batch")
        ? "batch.size"
        : "spiking.batch";
    return InputError::Fields{.problem = "batch.watch = " + std::to_string(own->batchWatch)
            + " is no sample of a batch: with " + size + " = " + std::to_string(samples)
            + " they are counted from 0 to " + std::to_string(samples - 1),
        .key = "batch.watch",
        .allowed = "0 to " + std::to_string(samples - 1) + ", or a larger " + size};
}

std::optional<InputError::Fields> lazyAndLate(const Parameters& p)
{
    const auto* own = p.familyIf<PredictiveParameters>();
    if (!own || !own->zil() || own->updates == 0 || own->late == 0)
        return std::nullopt;
    return InputError::Fields{
        .problem =
            "zil.updates = lazy reads each layer once, when its weights change: with zil.late = "
            + std::to_string(own->late) + " they would change without a read",
        .key = "zil.late",
        .allowed = "zil.late = 0, or zil.updates = all"};
}

std::optional<InputError::Fields> idle(const Experiment& e, const Parameters& p)
{
    std::optional<InputError::Fields> found = watchesNobody(e, p);
    return found ? found : lazyAndLate(p);
}

/// Of the lane if that sets it, of the preset else.
std::string placeOf(const Experiment& e, int lane, const std::string& key)
{
    const auto i = static_cast<std::size_t>(lane);
    const bool own = i < e.lanes.size()
        && std::ranges::any_of(
            e.lanes[i].parameters, [&key](const auto& set) { return set.first == key; });
    return (own ? "lanes[" + std::to_string(lane) + "]." : std::string()) + "parameters." + key;
}

} // namespace

void checkIdleSettings(const Experiment& e)
{
    std::vector<Parameters> lanes;
    for (int lane = 0; lane < e.laneCount(); ++lane) {
        lanes.push_back(e.laneParameters(lane));
        if (auto found = idle(e, lanes.back())) {
            found->key = placeOf(e, lane, found->key);
            throw InputError(std::move(*found));
        }
    }
    for (std::size_t i = 0; i < e.edits.size(); ++i) {
        const Edit& edit = e.edits[i];
        for (int lane = 0; lane < e.laneCount(); ++lane) {
            Parameters& p = lanes[static_cast<std::size_t>(lane)];
            if (!findRow(e, edit.lane, edit.key) // an action
                || !setInLane(e, lane, p, edit.lane, edit.key, edit.value))
                continue;
            // Edits before the same step are one change.
            if (i + 1 < e.edits.size() && e.edits[i + 1].step == edit.step)
                continue;
            if (auto found = idle(e, p)) {
                found->key = "edits[" + std::to_string(i) + "].value";
                throw InputError(std::move(*found));
            }
        }
    }
}

} // namespace apical
