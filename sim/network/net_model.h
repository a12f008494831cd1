// What every model that is made around a net does in the same way: reading and writing by the names
// of its anatomy, its state as a value, its loss.
#pragma once

#include "sim/base/error.h"
#include "sim/model/model.h"
#include "sim/network/net.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace apical {

/// Writes what normalisation of hidden layer l had before it learned: [unit][gain, shift, mean,
/// variance].
using NormBefore = std::function<void(std::size_t l, std::span<double>)>;
template <class Scalar> NormBefore normBefore(const Net<Scalar>& net)
{
    return [&net](std::size_t l, std::span<double> out) {
        const Batch<Scalar>& before = net.layers[l].norm.before;
        Eigen::Map<RowMajor>(out.data(), before.rows(), before.cols()) =
            before.template cast<double>();
    };
}
/// Backprop in a net of these sizes and parameters, double. @param anatomy of the model, which says
/// where its updates are: layerL.G_up
std::unique_ptr<ExactGradient> makeNetGradient(
    const std::vector<int>& sizes, const Parameters&, const Anatomy& anatomy, NormBefore);

template <class Scalar> class NetModel : public Model {
public:
    using Layer = typename Net<Scalar>::Layer;
    using Pass = typename Net<Scalar>::Pass;

    const Anatomy& anatomy() const override { return m_anatomy; }
    void read(int quantity, std::span<double> out) const override
    {
        const Source& from = m_quantities[static_cast<std::size_t>(quantity)];
        const Batch<Scalar>& all = *from.values;
        const auto cols = from.column < 0 ? all.cols() : 1;
        const auto rows = static_cast<Eigen::Index>(out.size()) / cols;
        Eigen::Map<RowMajor>(out.data(), rows, cols) =
            all.block(0, std::max<Eigen::Index>(from.column, 0), rows, cols)
                .template cast<double>(); // without the row of ones
    }
    void readWeights(int projection, std::span<double> out) const override
    {
        const Batch<Scalar>& from = *m_projections[static_cast<std::size_t>(projection)].values;
        Eigen::Map<RowMajor>(out.data(), from.rows(), from.cols()) = from.template cast<double>();
    }
    void setWeights(int projection, std::span<const double> in) override
    {
        Batch<Scalar>& to = *m_projections[static_cast<std::size_t>(projection)].values;
        to = Eigen::Map<const RowMajor>(in.data(), to.rows(), to.cols()).template cast<Scalar>();
        restored();
    }
    int watchedSample() const override
    {
        return std::min(m_net.parameters().batchWatch, m_anatomy.samples - 1);
    }
    double loss(std::span<const double> answer, std::span<const double> target) const override
    {
        return m_net.loss(answer, target);
    }
    std::unique_ptr<ExactGradient> exactGradient() const override
    {
        return makeNetGradient(m_sizes, m_parameters, m_anatomy, normBefore(m_net));
    }
    const std::vector<Probe>& probes() const override { return m_probes; }
    const Parameters& parameters() const override { return m_parameters; }

    std::vector<std::byte> save() const override
    {
        std::vector<std::byte> all(stateSize());
        auto put = [to = all.begin()](auto values) mutable {
            to = std::ranges::copy(std::as_bytes(values), to).out;
        };
        visit(put);
        return all;
    }
    void restore(std::span<const std::byte> bytes) override
    {
        if (bytes.size() != stateSize())
            throw InputError({.problem = "saved state does not fit this network", .key = "state"});
        visit([&bytes](auto values) {
            std::copy_n(bytes.begin(), values.size_bytes(), std::as_writable_bytes(values).begin());
            bytes = bytes.subspan(values.size_bytes());
        });
        restored();
    }
    void resetPotentials() override { } // nothing outlasts a batch but weights

protected:
    NetModel(const std::vector<int>& sizes, const Parameters& p, Anatomy anatomy)
        : m_sizes(sizes)
        , m_anatomy(std::move(anatomy))
        , m_net(sizes, p)
        , m_parameters(p)
        , m_quantities(m_anatomy.quantities.size())
        , m_projections(m_anatomy.projections.size())
    {
    }
    NetModel(const NetModel&) = delete; // what is read refers to its own matrices

    /// Where a quantity or projection of the anatomy is found; a name that it lacks is passed over.
    /// @param column of one number per unit; -1: all columns
    void bind(const std::string& name, Batch<Scalar>& values, Eigen::Index column = -1)
    {
        if (const int i = m_anatomy.quantity(name); i >= 0)
            m_quantities[static_cast<std::size_t>(i)] = {&values, column};
        if (const int i = m_anatomy.projection(name); i >= 0)
            m_projections[static_cast<std::size_t>(i)] = {&values, column};
    }
    /// input.rate, target, loss, and of each layer z, activation, delta, weights, gradients and
    /// what normalisation has, as far as the anatomy has them.
    void bindNet()
    {
        bind("input.rate", m_net.layers[0].rates);
        bind("target", m_net.target);
        bind("loss", m_net.meanLoss);
        for (std::size_t l = 1; l < m_net.layers.size(); ++l) {
            Layer& layer = m_net.layers[l];
            const std::string name = "layer" + std::to_string(l) + '.';
            bind(name + "z", layer.z);
            bind(name + "activation", layer.rates);
            bind(name + "delta", layer.delta);
            bind(name + "W_up", layer.weights);
            bind(name + "G_up", layer.gradient);
            bind(name + "W_down", layer.down);
            bind(name + "W_direct", layer.direct);
            BatchNorm<Scalar>& norm = layer.norm;
            bind(name + "W_norm", norm.weights);
            bind(name + "W_fused", norm.fused);
            bind(name + "norm", norm.value);
            bind(name + "norm_mean", norm.used, 0);
            bind(name + "norm_var", norm.used, 1);
            bind(name + "norm_running_mean", norm.weights, norm.Mean);
            bind(name + "norm_running_var", norm.weights, norm.Variance);
            bind(name + "G_gain", norm.gradient, norm.Gain);
            bind(name + "G_shift", norm.gradient, norm.Shift);
        }
    }
    /// All that is state, in the order in which it is saved; sizes never change.
    void isState(std::vector<double>& values) { m_memories.push_back(&values); }
    void isState(Batch<Scalar>& values) { m_state.push_back(&values); }
    void netIsState()
    {
        isState(m_net.memory);
        isState(m_net.target);
        isState(m_net.meanLoss);
        for (Layer& l : m_net.layers) {
            for (auto* values : {&l.rates, &l.z, &l.delta, &l.weights, &l.gradient, &l.down,
                     &l.direct, &l.optimizer.m, &l.optimizer.v, &l.before})
                isState(*values);
            if (!l.norm.present())
                continue;
            BatchNorm<Scalar>& n = l.norm;
            for (auto* values : {&n.weights, &n.gradient, &n.used, &n.before, &n.value, &n.centred,
                     &n.slope, &n.fused, &n.optimizer.m, &n.optimizer.v})
                isState(*values);
        }
    }
    /// Last in the constructor: everything is bound.
    void nameProbes() { m_probes = probesOf(*this); }
    /// What is worked out from state and weights may have become another.
    virtual void restored() { }

    std::vector<int> m_sizes;
    Anatomy m_anatomy;
    Net<Scalar> m_net;
    Parameters m_parameters;

private:
    struct Source {
        Batch<Scalar>* values = nullptr;
        Eigen::Index column = -1;
    };

    std::size_t stateSize() const
    {
        std::size_t size = 0;
        visit([&size](auto values) { size += values.size_bytes(); });
        return size;
    }
    template <class F> void visit(F&& f) const
    {
        for (auto* values : m_memories)
            f(std::span(*values));
        for (auto* values : m_state)
            f(std::span(values->data(), static_cast<std::size_t>(values->size())));
    }

    std::vector<Source> m_quantities, m_projections; ///< in the anatomy's order
    std::vector<std::vector<double>*> m_memories;
    std::vector<Batch<Scalar>*> m_state;
    std::vector<Probe> m_probes;
};

} // namespace apical
