// The small net of the golden file with batch normalisation of its hidden layers.
#pragma once

#include "tests/engine/lif/lif_run.h"
#include "tests/engine/spiking_predictive/golden_net.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

namespace apical::test {

enum Statistics { OfBatch, Running };

/// gain, shift, mean and variance of a unit of the golden net.
inline Matrix norms(int units, double turn)
{
    Matrix norm(units, 4);
    for (int i = 0; i < units; ++i) {
        norm(i, 0) = 1.2 + 0.3 * std::sin(turn + i);
        norm(i, 1) = 1.0 + 0.2 * std::cos(turn + 2 * i);
        norm(i, 2) = 0.3 * std::sin(turn + 3 * i);
        norm(i, 3) = 0.8 + 0.4 * std::cos(turn + i);
    }
    return norm;
}

/// The golden net, sizes 6-5-4-3, normalised.
inline Experiment normalised(Statistics statistics)
{
    Experiment e = goldenNet(golden::read("pc_spc_small"));
    own(e).norm = 1;
    own(e).normStatistics = statistics;
    for (int l = 1; l <= 2; ++l)
        e.weights.given.push_back(
            {layer(l, "W_norm"), norms(e.layers[static_cast<std::size_t>(l)], l)});
    return e;
}

inline Matrix& given(Experiment& e, const std::string& name)
{
    const auto found = std::ranges::find(e.weights.given, name, &NamedMatrix::name);
    Q_ASSERT(found != e.weights.given.end());
    return found->matrix;
}

/// Where W(i, j) stands in a list.
inline std::size_t entry(const Matrix& w, int i, int j)
{
    return static_cast<std::size_t>(i) * static_cast<std::size_t>(w.cols)
        + static_cast<std::size_t>(j);
}

} // namespace apical::test
