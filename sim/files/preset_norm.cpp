#include "sim/files/preset_norm.h"

#include "sim/network/network_anatomy.h"

#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apical {

Matrix readNorm(const JsonNode& node, int units, std::size_t layer, double most)
{
    const std::vector<std::string_view> keys(std::begin(kNormColumns), std::end(kNormColumns));
    node.onlyKeys(keys);
    Matrix matrix(units, static_cast<int>(keys.size()));
    for (int c = 0; c < matrix.cols; ++c) {
        const JsonNode column = node.need(keys[static_cast<std::size_t>(c)]);
        if (column.size() != static_cast<std::size_t>(units))
            column.fail({.problem = column.name() + " has " + std::to_string(column.size())
                    + " numbers; layer " + std::to_string(layer) + " has " + std::to_string(units)
                    + " units",
                .allowed = std::to_string(units) + " numbers"});
        const bool variance = c + 1 == matrix.cols;
        for (int r = 0; r < units; ++r)
            matrix(r, c) =
                column.at(static_cast<std::size_t>(r)).number(variance ? 0 : -most, most);
    }
    return matrix;
}

Json normJson(const Matrix& matrix)
{
    Json units;
    for (int c = 0; c < matrix.cols; ++c) {
        Json& column = units[kNormColumns[c]] = Json::array();
        for (int r = 0; r < matrix.rows; ++r)
            column.push_back(matrix(r, c));
    }
    return units;
}

} // namespace apical
