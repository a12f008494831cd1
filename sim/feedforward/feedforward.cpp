// A feed-forward net (net.h) that learns by what comes down to its hidden layers:
//   delta_l = f'(z_l) * (W_(l+1)^T delta_(l+1))    backprop
//             f'(z_l) * (F_l delta_(l+1))          feedback alignment
//             f'(z_l) * (D_l delta_N)              direct feedback alignment
// One step is one batch: forward, backward, update.
// References: Rumelhart et al. (1986); Lillicrap et al. (2016); Nokland (2016)
#include "sim/feedforward/feedforward.h"

#include "sim/network/net_model.h"
#include "sim/network/network_anatomy.h"

#include <algorithm>
#include <utility>

namespace apical {
namespace {

enum Rule { Backprop, FeedbackAlignment, DirectFeedbackAlignment };

template <class Scalar> class FeedforwardNet final : public NetModel<Scalar> {
    using Base = NetModel<Scalar>;
    using Base::m_net, Base::m_parameters;
    using typename Base::Layer;
    using typename Base::Pass;

public:
    FeedforwardNet(const Experiment& e, const Parameters& p)
        : Base(e.layers, p, feedforwardAnatomy(e.layers, p))
    {
        m_net.addDown();
        m_net.addDirect();
        this->bindNet();
        this->netIsState();
        this->nameProbes();
        m_net.start(e);
        setWeightsOf(*this, e.weights.given);
    }

    void step(const Drive& d) override
    {
        m_net.show(d.input, d.target);
        const bool example = d.nudged && d.learning; // to learn from
        const Pass pass = example && own().learningOn ? Pass::Learning
            : own().normFused                         ? Pass::Fused
                                                      : Pass::Running;
        m_net.forward(pass);
        if (!example)
            return;
        for (Layer& l : m_net.above())
            if (pass == Pass::Fused && l.norm.present())
                l.norm.takeFused(l.z);
        m_net.computeLoss();
        m_net.computeOutputDelta();
        backward();
        if (!m_net.changes())
            return;
        m_net.beginUpdate(d.epoch);
        for (Layer& l : m_net.above())
            m_net.update(l);
    }

    int answer() const override { return this->m_anatomy.quantity("target") - 1; }
    void setParameters(const Parameters& p) override
    {
        m_net.setParameters(p);
        m_parameters = p;
    }
    bool finite() const override
    {
        return std::ranges::all_of(
            m_net.above(), [](const Layer& l) { return allFinite(l.z) && allFinite(l.weights); });
    }

private:
    const auto& own() const { return m_parameters.template family<FeedforwardParameters>(); }
    void backward()
    {
        auto& layers = m_net.layers;
        if (own().rule == Backprop)
            m_net.backward();
        else if (own().rule == FeedbackAlignment)
            m_net.backward([&](std::size_t l) {
                times(layers[l].delta, layers[l].down, layers[l + 1].delta);
            });
        else
            m_net.backward([&](std::size_t l) {
                times(layers[l].delta, layers[l].direct, layers.back().delta);
            });
    }
};

} // namespace

Anatomy feedforwardAnatomy(const std::vector<int>& sizes, const Parameters& p)
{
    const auto& own = p.family<NetworkParameters>();
    Anatomy a = networkAnatomy(sizes, own);
    const int outputs = static_cast<int>(sizes.size()) - 1;
    for (int l = 1; l <= outputs; ++l) {
        const std::string name = layerName(l) + '.';
        const bool normal = own.normalizes() && l < outputs;
        addForward(a, l);
        if (l < outputs) {
            addFeedback(a, l, "W_down", l + 1);
            addFeedback(a, l, "W_direct", outputs);
        }
        if (normal)
            addNormWeights(a, l, outputs + 1);
        addQuantity(a, name + "z", l);
        a.quantities.back().label = kPreActivationLabel;
        if (normal)
            addNormQuantities(a, l);
        addQuantity(a, name + "delta", l);
        addQuantity(a, name + "activation", l, Anatomy::Form::Rate);
    }
    addTargetAndLoss(a);
    return a;
}

int feedforwardSteps(const std::vector<int>&, const Parameters&, bool)
{
    return 1;
}

std::unique_ptr<Model> makeFeedforward(const Experiment& e, const Parameters& p)
{
    if (e.precision == "float")
        return std::make_unique<FeedforwardNet<float>>(e, p);
    return std::make_unique<FeedforwardNet<double>>(e, p);
}

} // namespace apical
