#include "sim/experiment/lanes.h"
#include "sim/files/preset_parts.h"

#include <cmath>

namespace apical {
namespace {

Json parametersJson(const Parameters& parameters)
{
    Json json = Json::object();
    for (const ParameterRow& row : parameters.table()) {
        if (row.key.starts_with(kStimulusPrefix))
            continue;
        const ParameterValue value = parameterValue(parameters, row);
        const auto* list = std::get_if<std::vector<double>>(&value);
        json[std::string(row.key)] =
            list && list->size() == 1 ? Json(list->front()) : parameterJson(value, &row);
    }
    return json;
}

Json lanesJson(const Experiment& experiment)
{
    Json list = Json::array();
    for (int i = 0; i < static_cast<int>(experiment.lanes.size()); ++i) {
        const LaneSpec& lane = experiment.lanes[static_cast<std::size_t>(i)];
        Json entry{{"name", lane.name}};
        if (lane.model)
            entry["model"] = lane.model->model();
        if (!lane.parameters.empty()) {
            Json& own = entry["parameters"] = Json::object();
            for (const auto& [key, value] : lane.parameters)
                own[key] = parameterJson(value, findRow(experiment, i, key));
        }
        list.push_back(std::move(entry));
    }
    return list;
}

Json viewJson(const Experiment& experiment)
{
    Json view = Json::object();
    view["layout"] = experiment.layout;
    if (experiment.pace > 0)
        view["pace"] = std::isinf(experiment.pace) ? Json("max") : Json(experiment.pace);
    if (experiment.spanMs > 0)
        view["span"] = experiment.spanMs;
    view["hint"] = experiment.hint;
    return view;
}

} // namespace

Json experimentJson(const Experiment& experiment)
{
    Json json;
    json["apical"] = kPresetVersion;
    json["title"] = experiment.title;
    json["summary"] = experiment.summary;
    json["lesson"] = experiment.lesson;
    json["family"] = experiment.family;
    if (!experiment.notes.empty())
        json["notes"] = Json::parse(experiment.notes);
    json["model"] = experiment.model();
    json["precision"] = experiment.precision;
    json["network"]["layers"] = experiment.layers;
    json["parameters"] = parametersJson(experiment.parameters);
    json["weights"] = weightsJson(experiment.weights,
        weightForm(experiment.model(), experiment.layers, experiment.parameters));
    json["stimulus"] = stimulusJson(experiment.stimulus, experiment.parameters);
    if (experiment.replay.table || experiment.replay.uniforms)
        json["replay"] = replayJson(experiment.replay);
    json["seed"] = experiment.seed;
    json["lanes"] = lanesJson(experiment);
    json["edits"] = editsJson(experiment);
    json["record"] = experiment.record;
    json["view"] = viewJson(experiment);
    return json;
}

} // namespace apical
