// The golden nets of spikes: their weights, and how what they hold is compared.
#pragma once

#include "tests/golden_preset.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace apical::golden {

/// {"rows", "cols", "data"}
inline Matrix batch(const nlohmann::json& json)
{
    Matrix m(json.at("rows").get<int>(), json.at("cols").get<int>());
    m.values = json.at("data").get<std::vector<double>>();
    return m;
}

/// W and b side by side, as W_up has them.
inline Matrix withBias(const Matrix& w, const Matrix& b)
{
    Matrix both(w.rows, w.cols + 1);
    for (int r = 0; r < w.rows; ++r) {
        for (int c = 0; c < w.cols; ++c)
            both(r, c) = w(r, c);
        both(r, w.cols) = b(r, 0);
    }
    return both;
}

inline std::vector<NamedMatrix> netWeights(const nlohmann::json& file)
{
    std::vector<NamedMatrix> all;
    for (std::size_t l = 0; l < file.at("W").size(); ++l)
        all.push_back({"layer" + std::to_string(l + 1) + ".W_up",
            withBias(batch(file["W"][l]), batch(file["b"][l]))});
    return all;
}

/// The largest difference, relative where values are above 1; infinity if sizes differ.
inline double worst(const std::vector<double>& expected, const std::vector<double>& actual)
{
    if (expected.size() != actual.size())
        return HUGE_VAL;
    double most = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double off = std::abs(expected[i] - actual[i]) / std::max(1.0, std::abs(expected[i]));
        most = std::isnan(off) ? HUGE_VAL : std::max(most, off);
    }
    return most;
}

} // namespace apical::golden
