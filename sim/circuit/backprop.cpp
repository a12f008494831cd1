#include "sim/circuit/backprop.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/rosetta.h"
#include "sim/model/transfer.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace apical {
namespace {

double attenuation(const Parameters& p, bool output)
{
    const CircuitParameters& c = circuit(p);
    return c.basal / (output ? c.leak + c.basal : c.totalHidden());
}

} // namespace

Backprop::Backprop(const std::vector<int>& sizes, bool bias, std::vector<int> apical)
    : m_layers(sizes.size() - 1)
    , m_bias(bias)
    , m_apical(std::move(apical))
{
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const int below = sizes[l] + (bias ? 1 : 0), own = sizes[l + 1];
        m_layers[l].below.resize(static_cast<std::size_t>(below));
        m_layers[l].potential.resize(static_cast<std::size_t>(own));
        m_layers[l].delta.resize(static_cast<std::size_t>(own));
        m_layers[l].gradient = Matrix(own, below);
    }
}

void Backprop::compute(const Parameters& p, std::span<const Matrix> up,
    std::span<const double> input, std::span<const double> target)
{
    assert(up.size() == m_layers.size());
    const Transfer<double> phi = circuit(p).transfer();
    const std::size_t last = m_layers.size() - 1;
    for (std::size_t l = 0; l <= last; ++l) {
        Layer& layer = m_layers[l];
        assert(up[l].rows == layer.gradient.rows && up[l].cols == layer.gradient.cols);
        if (l == 0)
            std::copy(input.begin(), input.end(), layer.below.begin());
        else
            std::transform(m_layers[l - 1].potential.begin(), m_layers[l - 1].potential.end(),
                layer.below.begin(), [&phi](double u) { return transfer(phi, u); });
        if (m_bias)
            layer.below.back() = circuit(p).biasValue;
        const double lambda = attenuation(p, l == last);
        for (std::size_t i = 0; i < layer.potential.size(); ++i) {
            double sum = 0;
            for (std::size_t j = 0; j < layer.below.size(); ++j)
                sum += up[l](static_cast<int>(i), static_cast<int>(j)) * layer.below[j];
            layer.potential[i] = lambda * sum;
        }
    }
    m_loss = 0;
    for (std::size_t i = 0; i < target.size(); ++i) {
        const double difference = m_layers[last].potential[i] - target[i];
        m_layers[last].delta[i] = difference;
        m_loss += difference * difference / 2;
    }
    for (std::size_t l = last + 1; l-- > 0;) {
        Layer& layer = m_layers[l];
        const double lambda = attenuation(p, l == last);
        for (std::size_t i = 0; i < layer.delta.size(); ++i) {
            for (std::size_t j = 0; j < layer.below.size(); ++j)
                layer.gradient(static_cast<int>(i), static_cast<int>(j)) =
                    lambda * layer.delta[i] * layer.below[j];
        }
        if (l == 0)
            break;
        Layer& lower = m_layers[l - 1];
        std::fill(lower.delta.begin(), lower.delta.end(), 0.0);
        for (std::size_t i = 0; i < layer.delta.size(); ++i) {
            for (std::size_t j = 0; j < lower.delta.size(); ++j)
                lower.delta[j] +=
                    up[l](static_cast<int>(i), static_cast<int>(j)) * lambda * layer.delta[i];
        }
        for (std::size_t j = 0; j < lower.delta.size(); ++j)
            lower.delta[j] *= transferSlope(phi, lower.potential[j]);
    }
}

std::unique_ptr<ExactGradient> circuitBackprop(
    const Anatomy& anatomy, const std::vector<int>& sizes, const Parameters& p)
{
    std::vector<int> apical, compared;
    for (std::size_t l = 1; l < sizes.size(); ++l) {
        const std::string pyramidal = "layer" + std::to_string(l) + ".pyr.";
        apical.push_back(anatomy.quantity(pyramidal + "apical"));
        compared.push_back(l + 1 < sizes.size() ? anatomy.quantity(pyramidal + "basal_error") : -1);
    }
    if (circuit(p).rosetta)
        return circuitComparison(sizes, p.biasOn, std::move(apical), std::move(compared));
    return std::make_unique<Backprop>(sizes, p.biasOn, std::move(apical));
}

} // namespace apical
