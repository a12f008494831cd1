#include "sim/run/lane_model.h"

#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/run/model_table.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace apical {
namespace {

Matrix withColumns(const Matrix& m, int cols)
{
    Matrix out(m.rows, cols);
    for (int r = 0; r < m.rows; ++r) {
        for (int c = 0; c < std::min(cols, m.cols); ++c)
            out(r, c) = m(r, c);
    }
    return out;
}

bool lastColumnIsZero(const Matrix& m)
{
    for (int r = 0; r < m.rows; ++r) {
        if (m(r, m.cols - 1) != 0)
            return false;
    }
    return true;
}

} // namespace

std::unique_ptr<Model> makeLaneModel(const Experiment& e, int lane, const Parameters& p)
{
    const ModelRow& row = modelNamed(p.model());
    if (p.model() == e.model())
        return row.make(e, p);
    const std::vector<WeightSpec::Init>& inits = row.inits;
    Experiment own = e;
    own.weights.given.clear();
    if (std::find(inits.begin(), inits.end(), e.weights.init) == inits.end())
        own.weights.init = inits.front();
    std::unique_ptr<Model> model = row.make(own, p);
    const Anatomy& a = model->anatomy();
    std::vector<NamedMatrix> shared =
        weightsOf(*modelNamed(e.model()).make(e, e.laneParameters(-1)));
    for (NamedMatrix& weights : shared) {
        const int i = a.projection(weights.name);
        if (i < 0)
            continue;
        const Anatomy::Projection& to = a.projections[static_cast<std::size_t>(i)];
        const int cols = a.cols(to);
        if (cols < weights.matrix.cols && !lastColumnIsZero(weights.matrix))
            throw InputError({.problem = "the biases of " + weights.name + " are lost in lane "
                    + std::to_string(lane) + ", whose model has none",
                .key = "lanes[" + std::to_string(lane) + "].parameters.bias.on",
                .allowed = "true, or weights with biases of 0"});
        if (cols != weights.matrix.cols && a.rows(to) == weights.matrix.rows)
            weights.matrix = withColumns(weights.matrix, cols);
    }
    setWeightsOf(*model, shared);
    return model;
}

bool someLaneHas(const Experiment& e, std::string_view probe)
{
    for (int lane = 0; lane < e.laneCount(); ++lane) {
        const Parameters p = e.laneParameters(lane);
        const Anatomy a = modelNamed(p.model()).anatomy(e.layers, p);
        const auto named = [probe](const auto& part) { return matches(probe, part.name); };
        if (std::any_of(a.quantities.begin(), a.quantities.end(), named)
            || std::any_of(a.projections.begin(), a.projections.end(), named))
            return true;
    }
    return false;
}

} // namespace apical
