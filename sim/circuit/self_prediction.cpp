#include "sim/circuit/self_prediction.h"

#include "sim/circuit/circuit_parameters.h"

#include <cmath>

namespace apical {
namespace {

double squaredNorm(const std::vector<double>& v)
{
    double sum = 0;
    for (const double x : v)
        sum += x * x;
    return sum;
}

// Of weights W and their fixed point W* = factor * other.
struct Squares {
    double distance = 0; ///< ||W - W*||^2
    double size = 0; ///< ||W*||^2
};

// Both sums in one loop, side by side: a metrics row has four of them over large matrices.
Squares squares(const Matrix& own, double factor, const Matrix& other)
{
    Squares sums;
    for (std::size_t i = 0; i < own.values.size(); ++i) {
        const double fixed = factor * other.values[i], off = own.values[i] - fixed;
        sums.distance += off * off;
        sums.size += fixed * fixed;
    }
    return sums;
}

// From squared norms.
double relative(double distance, double size)
{
    return size > 0 ? std::sqrt(distance / size) : std::sqrt(distance);
}

std::vector<double> read(const Model& model, const std::string& name)
{
    const Probe* probe = findProbe(model, name);
    std::vector<double> values(static_cast<std::size_t>(probe->size()));
    probe->read(values);
    return values;
}

int targetLayersOf(const Model& model)
{
    // So many measures in every layer that is hidden.
    return static_cast<int>(model.anatomy().measures.size() / kSelfPredictionMeasures.size()) + 1;
}

} // namespace

double selfPredictingScale(const Parameters& p, int hidden, int targetLayers)
{
    const CircuitParameters& c = circuit(p);
    const double apical = hidden + 1 == targetLayers ? 0 : c.apical;
    return c.basal / (c.leak + c.basal + apical) * (c.leak + c.dendrite) / c.dendrite;
}

LayerWeights selfPredictingWeights(const Parameters& p, const LayerWeights& own,
    const LayerWeights& next, int hidden, int targetLayers)
{
    LayerWeights fixed = own;
    for (std::size_t i = 0; i < own.down.values.size(); ++i)
        fixed.pi.values[i] = -own.down.values[i];
    const double rho = selfPredictingScale(p, hidden, targetLayers);
    for (std::size_t i = 0; i < next.up.values.size(); ++i)
        fixed.ip.values[i] = rho * next.up.values[i];
    return fixed;
}

std::vector<SelfPredictionErrors> selfPredictionErrors(const Model& model)
{
    const int targets = targetLayersOf(model);
    std::vector<SelfPredictionErrors> errors;
    LayerWeights own = microcircuitWeights(model, 1); // its W_up predicts nothing
    for (int l = 1; l < targets; ++l) {
        LayerWeights next = layerWeights(model, l + 1);
        const double rho = selfPredictingScale(model.parameters(), l, targets);
        const Squares ip = squares(own.ip, rho, next.up), pi = squares(own.pi, -1, own.down);
        SelfPredictionErrors e;
        e.feedforwardWeight = ip.distance / static_cast<double>(own.ip.values.size());
        e.feedbackWeight = pi.distance / static_cast<double>(own.pi.values.size());
        e.fixedPointDistance = relative(ip.distance + pi.distance, ip.size + pi.size);
        e.feedforwardDistance = relative(ip.distance, ip.size);
        e.feedbackDistance = relative(pi.distance, pi.size);
        const std::string prefix = "layer" + std::to_string(l) + '.';
        e.apical = std::sqrt(squaredNorm(read(model, prefix + "pyr.apical")));
        const auto predicted = read(model, prefix + "inn.rate");
        const auto actual = read(model, "layer" + std::to_string(l + 1) + ".pyr.rate");
        double sum = 0;
        for (std::size_t i = 0; i < predicted.size(); ++i)
            sum += (predicted[i] - actual[i]) * (predicted[i] - actual[i]);
        e.interneuron = sum / static_cast<double>(predicted.size());
        errors.push_back(e);
        own = std::move(next);
    }
    return errors;
}

std::vector<SelfPredictionErrors> selfPredictionErrors(std::span<const double> measures)
{
    std::vector<SelfPredictionErrors> errors(measures.size() / kSelfPredictionMeasures.size());
    std::size_t i = 0;
    for (SelfPredictionErrors& e : errors) {
        for (const SelfPredictionMeasure& m : kSelfPredictionMeasures)
            e.*m.value = measures[i++];
    }
    return errors;
}

void measureSelfPrediction(const Model& model, std::span<double> out)
{
    std::size_t i = 0;
    for (const SelfPredictionErrors& e : selfPredictionErrors(model)) {
        for (const SelfPredictionMeasure& m : kSelfPredictionMeasures)
            out[i++] = e.*m.value;
    }
}

void jumpToSelfPrediction(Model& model)
{
    const int targets = targetLayersOf(model);
    for (int l = 1; l < targets; ++l) {
        const LayerWeights fixed = selfPredictingWeights(model.parameters(),
            microcircuitWeights(model, l), layerWeights(model, l + 1), l, targets);
        setLayerWeights(model, l, {.up = {}, .down = {}, .ip = fixed.ip, .pi = fixed.pi});
    }
}

} // namespace apical
