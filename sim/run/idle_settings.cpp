#include "sim/run/idle_settings.h"

#include "sim/base/error.h"
#include "sim/experiment/lanes.h"
#include "sim/predictive/predictive.h"
#include "sim/run/model_table.h"
#include "sim/spiking/spiking_parameters.h"

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

/// Input neurons of the spiking microcircuit send as many spikes as the input says.
InputError::Fields negativeRate(std::string key, const std::string& place, double rate)
{
    return {.problem = place + " = " + parameterText(rate)
            + ": the input neurons send spikes, and no rate of spikes is negative",
        .key = std::move(key),
        .allowed = "0 or more"};
}

bool sendsInput(const Parameters& p)
{
    return p.familyIf<SpikingParameters>() != nullptr;
}

/// A teacher's task is the same for models that send spikes and others that do not.
std::optional<InputError::Fields> drawsNegativeRates(const Experiment& e, const Parameters& p)
{
    if (!sendsInput(p) || !(p.inputLow < 0) || e.stimulus.kind != "uniform")
        return std::nullopt;
    return negativeRate("stimulus.low", "stimulus.low", p.inputLow);
}

void checkListedRates(const StimulusSpec& spec)
{
    struct List {
        const char* key;
        const InputList& inputs;
    };
    for (const auto& [key, inputs] :
        {List{"inputs", spec.inputs}, List{"validation_inputs", spec.validationInputs},
            List{"test_inputs", spec.testInputs}}) {
        const std::string name = std::string("stimulus.") + key;
        const auto file = std::ranges::find(spec.files, key, &DataFile::key);
        for (std::size_t row = 0; row < inputs.size(); ++row) {
            const auto& rates = inputs[row];
            const auto at = std::ranges::find_if(rates, [](double rate) { return rate < 0; });
            if (at == rates.end())
                continue;
            const auto column = static_cast<std::size_t>(at - rates.begin());
            if (file != spec.files.end())
                throw InputError(negativeRate(name,
                    name + ", row " + std::to_string(row + 1) + ", column "
                        + std::to_string(column + 1) + " of " + file->path,
                    *at));
            const std::string place =
                name + '[' + std::to_string(row) + "][" + std::to_string(column) + ']';
            throw InputError(negativeRate(place, place, *at));
        }
    }
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
    if (own)
        return "lanes[" + std::to_string(lane) + "].parameters." + key;
    return key.starts_with("stimulus.") ? key : "parameters." + key;
}

} // namespace

void checkIdleSettings(const Experiment& e)
{
    std::vector<Parameters> lanes;
    for (int lane = 0; lane < e.laneCount(); ++lane) {
        lanes.push_back(e.laneParameters(lane));
        auto found = idle(e, lanes.back());
        if (!found) // edits may: a slider goes where a run can be repeated
            found = drawsNegativeRates(e, lanes.back());
        if (found) {
            found->key = placeOf(e, lane, found->key);
            throw InputError(std::move(*found));
        }
    }
    if (std::ranges::any_of(lanes, sendsInput))
        checkListedRates(e.stimulus);
    for (std::size_t i = 0; i < e.edits.size(); ++i) {
        const Edit& edit = e.edits[i];
        for (int lane = 0; lane < e.laneCount(); ++lane) {
            Parameters& p = lanes[static_cast<std::size_t>(lane)];
            if (!findRow(e, edit.lane, edit.key) // an action
                || !setInLane(e, lane, p, edit.lane, edit.key, edit.value))
                continue;
            try {
                checkTogether(p);
            } catch (const InputError& error) {
                InputError::Fields fields = error.fields();
                const std::string place = "edits[" + std::to_string(i) + ']';
                fields.problem = place + ": " + fields.problem;
                fields.key = place + ".value";
                throw InputError(std::move(fields));
            }
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
