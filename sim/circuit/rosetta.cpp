#include "sim/circuit/rosetta.h"

#include "sim/circuit/circuit_parameters.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace apical {

Rosetta::Rosetta(const std::vector<int>& sizes, bool bias)
    : m_layers(sizes.size() - 1)
    , m_target(static_cast<std::size_t>(sizes.back()))
    , m_lambda(sizes.size() - 1)
    , m_bias(bias)
{
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        m_layers[l].below.resize(static_cast<std::size_t>(sizes[l]) + (bias ? 1 : 0));
        for (auto* values : {&m_layers[l].value, &m_layers[l].prediction, &m_layers[l].backprop,
                 &m_layers[l].predictive, &m_layers[l].change})
            values->resize(static_cast<std::size_t>(sizes[l + 1]));
    }
}

/// mu_l from x_(l-1).
void Rosetta::predict(int layer, const Matrix& up)
{
    Layer& own = at(layer);
    assert(up.rows == static_cast<int>(own.value.size())
        && up.cols == static_cast<int>(own.below.size()));
    if (layer > 1) {
        const std::vector<double>& below = at(layer - 1).value;
        std::transform(below.begin(), below.end(), own.below.begin(),
            [this](double x) { return transfer(m_transfer, x); });
    }
    const double lambda = m_lambda[static_cast<std::size_t>(layer - 1)];
    for (int i = 0; i < up.rows; ++i) {
        double sum = 0;
        for (int j = 0; j < up.cols; ++j)
            sum += up(i, j) * own.below[static_cast<std::size_t>(j)];
        own.prediction[static_cast<std::size_t>(i)] = lambda * sum;
    }
}

/// phi'(x) * (W^T lambda e) of the layer below, at its present values.
void Rosetta::sendDown(
    int layer, const Matrix& up, const std::vector<double>& error, std::vector<double>& lower) const
{
    const std::vector<double>& values = at(layer - 1).value;
    const double lambda = m_lambda[static_cast<std::size_t>(layer - 1)];
    for (std::size_t j = 0; j < lower.size(); ++j) {
        double sum = 0;
        for (std::size_t i = 0; i < error.size(); ++i)
            sum += up(static_cast<int>(i), static_cast<int>(j)) * error[i];
        lower[j] = transferSlope(m_transfer, values[j]) * lambda * sum;
    }
}

void Rosetta::compute(const Parameters& p, std::span<const Matrix> up,
    std::span<const double> input, std::span<const double> target, double precision)
{
    const CircuitParameters& c = circuit(p);
    m_transfer = c.transfer();
    const int last = static_cast<int>(m_layers.size());
    for (int l = 1; l <= last; ++l)
        m_lambda[static_cast<std::size_t>(l - 1)] =
            c.basal / (l == last ? c.leak + c.basal : c.totalHidden());
    if (m_bias)
        for (Layer& layer : m_layers)
            layer.below.back() = c.biasValue;
    std::copy(input.begin(), input.end(), at(1).below.begin());
    for (std::size_t i = 0; i < m_target.size(); ++i)
        m_target[i] = transfer(m_transfer, target[i]);
    for (int l = 1; l <= last; ++l) {
        predict(l, up[static_cast<std::size_t>(l - 1)]);
        at(l).value = at(l).prediction; // a forward pass, where both theories begin
    }
    Layer& output = at(last);
    for (std::size_t i = 0; i < m_target.size(); ++i)
        output.backprop[i] = m_target[i] - transfer(m_transfer, output.prediction[i]);
    for (int l = last; l > 1; --l)
        sendDown(l, up[static_cast<std::size_t>(l - 1)], at(l).backprop, at(l - 1).backprop);
    settle(up, precision);
}

/// All hidden values move together, by gamma times minus the gradient of F, until they rest. gamma
/// is halved whenever the largest move grows: it was beyond the limit of stability then.
void Rosetta::settle(std::span<const Matrix> up, double precision)
{
    constexpr double kRest = 1e-11; // of the largest error that arrived: above rounding
    const int last = static_cast<int>(m_layers.size());
    double gamma = 0.5, before = HUGE_VAL, scale = 0;
    m_settled = last == 1;
    for (m_moves = 0;; ++m_moves) {
        for (int l = 2; l <= last; ++l)
            predict(l, up[static_cast<std::size_t>(l - 1)]);
        Layer& output = at(last);
        for (std::size_t i = 0; i < m_target.size(); ++i)
            output.predictive[i] =
                precision * (m_target[i] - transfer(m_transfer, output.prediction[i]));
        for (int l = 1; l < last; ++l)
            for (std::size_t i = 0; i < at(l).value.size(); ++i)
                at(l).predictive[i] = at(l).value[i] - at(l).prediction[i];
        if (m_settled || m_moves == kMostMoves)
            return;
        double largest = 0;
        for (int l = 1; l < last; ++l) {
            Layer& own = at(l);
            sendDown(l + 1, up[static_cast<std::size_t>(l)], at(l + 1).predictive, own.change);
            for (std::size_t i = 0; i < own.value.size(); ++i) {
                scale = std::max(scale, std::abs(own.change[i]));
                own.change[i] -= own.predictive[i];
                largest = std::max(largest, std::abs(own.change[i]));
            }
        }
        if (largest > before)
            gamma /= 2;
        before = largest;
        for (int l = 1; l < last; ++l)
            for (std::size_t i = 0; i < at(l).value.size(); ++i)
                at(l).value[i] += gamma * at(l).change[i];
        m_settled = !(largest > kRest * scale); // a last reading follows
    }
}

namespace {

class Comparison final : public ExactGradient {
public:
    Comparison(const std::vector<int>& sizes, bool bias, std::vector<int> apical,
        std::vector<int> compared)
        : m_exact(sizes, bias, std::move(apical))
        , m_rosetta(sizes, bias)
        , m_compared(std::move(compared))
    {
    }
    void compute(const Parameters& p, std::span<const Matrix> up, std::span<const double> input,
        std::span<const double> target) override
    {
        m_exact.compute(p, up, input, target);
        m_rosetta.compute(p, up, input, target);
    }
    const Matrix& gradient(int layer) const override { return m_exact.gradient(layer); }
    const std::vector<double>& delta(int layer) const override { return m_exact.delta(layer); }
    int errorQuantity(int layer) const override { return m_exact.errorQuantity(layer); }
    int comparedQuantity(int layer) const override
    {
        return m_compared[static_cast<std::size_t>(layer - 1)];
    }
    std::span<const double> backpropError(int layer) const override
    {
        return m_rosetta.backprop(layer);
    }
    std::span<const double> predictiveError(int layer) const override
    {
        return m_rosetta.predictive(layer);
    }

private:
    Backprop m_exact;
    Rosetta m_rosetta;
    std::vector<int> m_compared;
};

} // namespace

std::unique_ptr<ExactGradient> circuitComparison(
    const std::vector<int>& sizes, bool bias, std::vector<int> apical, std::vector<int> compared)
{
    return std::make_unique<Comparison>(sizes, bias, std::move(apical), std::move(compared));
}

} // namespace apical
