#include "sim/network/net_model.h"

#include <utility>

namespace apical {
namespace {

class NetGradient final : public ExactGradient {
public:
    NetGradient(
        const std::vector<int>& sizes, const Parameters& p, const Anatomy& a, NormBefore norms)
        : m_net(sizes, p)
        , m_norms(std::move(norms))
    {
        for (std::size_t l = 1; l < sizes.size(); ++l) {
            const std::string name = "layer" + std::to_string(l) + '.';
            m_gradients.emplace_back(sizes[l], sizes[l - 1] + 1);
            m_deltas.emplace_back(m_net.layers[l].delta.size());
            m_updates.push_back(a.projection(name + "G_up"));
        }
    }
    void compute(const Parameters& p, std::span<const Matrix> up, std::span<const double> input,
        std::span<const double> target) override
    {
        m_net.setParameters(p);
        for (std::size_t l = 1; l < m_net.layers.size(); ++l) {
            auto& layer = m_net.layers[l];
            const Matrix& w = up[l - 1];
            layer.weights = Eigen::Map<const RowMajor>(w.values.data(), w.rows, w.cols);
            if (!layer.norm.present())
                continue;
            RowMajor norm(layer.norm.weights.rows(), layer.norm.weights.cols());
            m_norms(l, {norm.data(), static_cast<std::size_t>(norm.size())});
            layer.norm.weights = norm;
        }
        m_net.show(input, target);
        using Pass = Net<double>::Pass;
        m_net.forward(m_net.parameters().learningOn ? Pass::Learning : Pass::Running);
        m_net.computeOutputDelta();
        m_net.backward();
        for (std::size_t l = 1; l < m_net.layers.size(); ++l) {
            Matrix& g = m_gradients[l - 1];
            Eigen::Map<RowMajor>(g.values.data(), g.rows, g.cols) = m_net.layers[l].gradient;
            const auto& delta = m_net.layers[l].delta;
            Eigen::Map<RowMajor>(m_deltas[l - 1].data(), delta.rows(), delta.cols()) = delta;
        }
    }
    const Matrix& gradient(int layer) const override { return m_gradients[at(layer)]; }
    const std::vector<double>& delta(int layer) const override { return m_deltas[at(layer)]; }
    int errorQuantity(int) const override { return -1; }
    int updateProjection(int layer) const override { return m_updates[at(layer)]; }

private:
    static std::size_t at(int layer) { return static_cast<std::size_t>(layer - 1); }

    Net<double> m_net;
    NormBefore m_norms;
    std::vector<Matrix> m_gradients;
    std::vector<std::vector<double>> m_deltas;
    std::vector<int> m_updates; ///< projections of the model
};

} // namespace

std::unique_ptr<ExactGradient> makeNetGradient(
    const std::vector<int>& sizes, const Parameters& p, const Anatomy& a, NormBefore norms)
{
    return std::make_unique<NetGradient>(sizes, p, a, std::move(norms));
}

} // namespace apical
