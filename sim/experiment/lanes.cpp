#include "sim/experiment/lanes.h"

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
    e.lanes.push_back({.name = first.name == "B" ? "A" : "B", .parameters = first.parameters});
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
    if (e.lanes.size() == 1) {
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
    e.parameters = lanes.front();
    for (std::size_t i = 0; i < std::min(e.lanes.size(), lanes.size()); ++i) {
        e.lanes[i].parameters.clear();
        for (const ParameterRow* row : differingRows(lanes.front(), lanes[i], e.targetLayers()))
            e.lanes[i].parameters.emplace_back(row->key, parameterValue(lanes[i], *row));
    }
    return e;
}

std::vector<const ParameterRow*> differingRows(const Parameters& a, const Parameters& b, int layers)
{
    std::vector<const ParameterRow*> rows;
    if (a == b)
        return rows;
    for (const ParameterRow& row : a.table()) {
        if (!sameForAllLayers(a, b, row, layers))
            rows.push_back(&row);
    }
    return rows;
}

bool mayDiffer(const ParameterRow& row)
{
    return row.key != "dt";
}

} // namespace apical
