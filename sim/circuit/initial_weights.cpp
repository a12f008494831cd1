#include "sim/circuit/initial_weights.h"

#include "sim/base/random.h"
#include "sim/circuit/self_prediction.h"

namespace apical {
namespace {

Matrix draw(
    std::uint64_t seed, RandomStream stream, std::size_t layer, int rows, int cols, double range)
{
    Matrix m(rows, cols);
    for (std::size_t i = 0; i < m.values.size(); ++i)
        m.values[i] = range * (2 * uniform(seed, stream, layer, static_cast<std::uint32_t>(i)) - 1);
    return m;
}

} // namespace

std::vector<LayerWeights> initialWeights(const Experiment& e, const Parameters& p)
{
    const WeightSpec& spec = e.weights;
    if (spec.init == WeightSpec::Init::Explicit || spec.init == WeightSpec::Init::File)
        return layerWeights(spec.given, e.targetLayers());
    const int bias = p.biasOn ? 1 : 0;
    const auto targets = static_cast<std::size_t>(e.targetLayers());
    std::vector<LayerWeights> all(targets);
    for (std::size_t l = 0; l < targets; ++l) {
        const int below = e.layers[l], own = e.layers[l + 1];
        all[l].up = draw(e.seed, RandomStream::WeightsUp, l, own, below + bias, spec.rangeUp.at(l));
        if (l + 1 == targets)
            continue;
        const int next = e.layers[l + 2];
        all[l].down = draw(e.seed, RandomStream::WeightsDown, l, own, next, spec.rangeDown.at(l));
        all[l].ip = draw(e.seed, RandomStream::WeightsIp, l, next, own + bias, spec.rangeIp.at(l));
        all[l].pi = draw(e.seed, RandomStream::WeightsPi, l, own, next, spec.rangePi.at(l));
    }
    if (spec.init == WeightSpec::Init::SelfPredicting) {
        for (std::size_t l = 0; l + 1 < targets; ++l) {
            const auto fixed = selfPredictingWeights(
                p, all[l], all[l + 1], static_cast<int>(l) + 1, static_cast<int>(targets));
            all[l].ip = fixed.ip;
            all[l].pi = fixed.pi;
        }
    }
    return all;
}

} // namespace apical
