// How well a net answers if its hidden units are the rate functions of LIF neurons.
#pragma once

#include "sim/lif/lif_parameters.h"
#include "sim/network/net.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace apical {

/// Counts samples whose largest answer is that of the largest target.
class RightAnswers {
public:
    /// @param answers, targets [unit][sample] @param counts of each sample
    void see(std::span<const double> answers, std::span<const double> targets,
        const std::vector<bool>& counts)
    {
        const std::size_t n = counts.size();
        const auto largest = [n](std::span<const double> values, std::size_t k) {
            std::size_t best = k;
            for (std::size_t i = k; i < values.size(); i += n)
                best = values[i] > values[best] ? i : best;
            return best;
        };
        for (std::size_t k = 0; k < n; ++k) {
            if (!counts[k])
                continue;
            m_right += largest(answers, k) == largest(targets, k) ? 1 : 0;
            ++m_all;
        }
    }
    double share() const { return m_all > 0 ? m_right / m_all : 0; }

private:
    double m_right = 0, m_all = 0;
};

/// The outputs z_N of a net on the input it was shown, with hidden units A r(z), r of eq. 8 (hard)
/// or soft. Allocates; for tests.
template <class Scalar>
std::vector<double> rateAnswer(const Net<Scalar>& net, const SoftLif& lif, bool hard)
{
    Batch<Scalar> rates = net.layers[0].rates, z;
    for (std::size_t l = 1; l < net.layers.size(); ++l) {
        const auto& layer = net.layers[l];
        const Batch<Scalar>& weights = layer.norm.present() ? layer.norm.fused : layer.weights;
        z.resize(weights.rows(), rates.cols());
        times<Scalar>(z, weights, rates);
        if (l + 1 == net.layers.size())
            break;
        rates.setOnes(z.rows() + 1, z.cols());
        rates.topRows(z.rows()) = z.unaryExpr([&](Scalar j) {
            const double r = hard ? hardRate(lif, static_cast<double>(j))
                                  : lif.rate(static_cast<double>(j)).value;
            return static_cast<Scalar>(lif.gain() * r);
        });
    }
    std::vector<double> out(static_cast<std::size_t>(z.size()));
    Eigen::Map<RowMajor>(out.data(), z.rows(), z.cols()) = z.template cast<double>();
    return out;
}

} // namespace apical
