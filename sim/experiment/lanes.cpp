#include "sim/experiment/lanes.h"

#include "sim/experiment/run_parameters.h"

#include "sim/base/error.h"

#include <algorithm>

namespace apical {
namespace {

bool sameForAllLayers(const Parameters& a, const Parameters& b, const ParameterRow& row, int layers)
{
    const ParameterValue x = parameterValue(a, row), y = parameterValue(b, row);
    const auto* list = std::get_if<std::vector<double>>(&x);
    const auto* other = std::get_if<std::vector<double>>(&y);
    if (!list || !other || list->size() == other->size())
        return x == y;
    // A list that leaves out the output layer says all there is: its entry has no effect.
    int used = layers;
    for (const std::size_t size : {list->size(), other->size()})
        used = size > 1 ? std::min(used, static_cast<int>(size)) : used;
    for (int layer = 0; layer < used; ++layer) {
        if (layerValue(*list, layer) != layerValue(*other, layer))
            return false;
    }
    return true;
}

} // namespace

Experiment withTwin(Experiment e)
{
    if (e.laneCount() != 1)
        throw InputError(
            {.problem = "there are " + std::to_string(e.laneCount()) + " lanes already",
                .key = "lanes",
                .allowed = "a lane can be duplicated while it is the only one"});
    if (e.lanes.empty())
        e.lanes.emplace_back();
    LaneSpec& first = e.lanes.front();
    if (first.name.empty())
        first.name = "A"; // results of a headless run stand in a folder of this name
    e.lanes.push_back({.name = first.name == "B" ? "A" : "B",
        .parameters = first.parameters,
        .model = first.model});
    for (Edit& edit : e.edits)
        edit.lane = -1;
    return e;
}

Experiment withoutLane(Experiment e, int lane)
{
    if (e.laneCount() < 2 || lane < 0 || lane >= e.laneCount())
        throw InputError({.problem = "lane " + std::to_string(lane) + " cannot be removed from "
                + std::to_string(e.laneCount()),
            .key = "lanes",
            .allowed = "one of several lanes"});
    e.lanes.erase(e.lanes.begin() + lane);
    std::erase_if(e.edits, [lane](const Edit& edit) { return edit.lane == lane; });
    for (Edit& edit : e.edits)
        edit.lane -= edit.lane > lane ? 1 : 0;
    if (e.lanes.size() == 1 && !e.lanes.front().model) {
        e.parameters = e.laneParameters(0);
        e.lanes.clear();
        for (Edit& edit : e.edits)
            edit.lane = -1;
    }
    return e;
}

Experiment withLaneParameters(Experiment e, const std::vector<Parameters>& lanes)
{
    if (lanes.empty())
        return e;
    if (e.lanes.empty() || !e.lanes.front().model)
        e.parameters = lanes.front();
    for (std::size_t i = 0; i < std::min(e.lanes.size(), lanes.size()); ++i) {
        e.lanes[i].parameters.clear();
        for (const ParameterRow* row : differingRows(e.parameters, lanes[i], e.targetLayers()))
            e.lanes[i].parameters.emplace_back(row->key, parameterValue(lanes[i], *row));
    }
    return e;
}

std::vector<const ParameterRow*> differingRows(const Parameters& a, const Parameters& b, int layers)
{
    std::vector<const ParameterRow*> rows;
    const Parameters first = a.as(b.table());
    if (first == b)
        return rows;
    for (const ParameterRow& row : b.table()) {
        if (!sameForAllLayers(first, b, row, layers))
            rows.push_back(&row);
    }
    return rows;
}

std::optional<ParameterValue> valueLike(const Parameters& p, const ParameterRow& row)
{
    const ParameterRow* own = p.table().find(row.key);
    if (!own || own->kind != row.kind)
        return std::nullopt;
    return parameterValue(p, *own);
}

const ParameterRow* findRow(const Experiment& e, int lane, std::string_view key)
{
    if (lane >= 0)
        return e.laneTable(lane).find(key);
    for (int i = 0; i < e.laneCount(); ++i) {
        if (const ParameterRow* row = e.laneTable(i).find(key))
            return row;
    }
    return nullptr;
}

bool setInLane(const Experiment& e, int lane, Parameters& p, int editLane, std::string_view key,
    const ParameterValue& value)
{
    const ParameterRow* row = p.table().find(key);
    const bool ofAll = editLane < 0;
    if (!row && ofAll) {
        row = findRow(e, -1, key);
        const bool shared = std::ranges::find(kClockKeys, key) != std::end(kClockKeys);
        if (row && !shared)
            return false;
    }
    if (editLane >= 0 && editLane != lane)
        return false;
    setParameter(p, row ? *row : p.table().at(key), value, e.targetLayers());
    return true;
}

void setOver(Experiment& experiment, const Edit& edit)
{
    if (!findRow(experiment, edit.lane, edit.key))
        return; // an action belongs to its moment, not to the experiment
    const auto isKey = [&](const auto& pair) { return pair.first == edit.key; };
    const bool own = experiment.parameters.table().find(edit.key) != nullptr;
    if (own && (edit.lane < 0 || experiment.lanes.empty()))
        setParameter(experiment.parameters, edit.key, edit.value, experiment.targetLayers());
    for (int i = 0; i < static_cast<int>(experiment.lanes.size()); ++i) {
        auto& lane = experiment.lanes[static_cast<std::size_t>(i)].parameters;
        if (edit.lane >= 0 && edit.lane != i)
            continue;
        const auto at = std::find_if(lane.begin(), lane.end(), isKey);
        const bool follows =
            edit.lane < 0 && own && !experiment.lanes[static_cast<std::size_t>(i)].model;
        if (follows) {
            std::erase_if(lane, isKey);
        } else if (!experiment.laneTable(i).find(edit.key)) {
            continue; // a key of other lanes' models
        } else if (at != lane.end()) {
            at->second = edit.value;
        } else {
            lane.emplace_back(edit.key, edit.value);
        }
    }
}

bool mayDiffer(const ParameterRow& row)
{
    return row.key != "dt";
}

} // namespace apical
