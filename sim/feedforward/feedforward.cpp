// A feed-forward net. With a_0 the input, for l = 1..N:
//   z_l = W_l a_(l-1) + b_l     a_l = f_l(z_l)
// The loss of a sample is 1/2 |y - a_N|^2 or, for the softmax of linear outputs, the cross-entropy
// -sum y log softmax(z_N) (the y of a sample add up to 1).
//   delta_N = (a_N - y) f'(z_N)   or   softmax(z_N) - y
//   delta_l = f'(z_l) * (W_(l+1)^T delta_(l+1))    backprop
//             f'(z_l) * (F_l delta_(l+1))          feedback alignment
//             f'(z_l) * (D_l delta_N)              direct feedback alignment
//   gradient of the batch mean: delta_l a_(l-1)^T / B, with a row of ones below a_(l-1) for b_l
// One step is one batch: forward, backward, update.
// References: Rumelhart et al. (1986); Lillicrap et al. (2016); Nokland (2016); He et al. (2015)
#include "sim/feedforward/feedforward.h"

#include "sim/base/error.h"
#include "sim/base/random.h"
#include "sim/model/activation.h"
#include "sim/model/optimizer.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

using Kind = Activation::Kind;
enum Rule { Backprop, FeedbackAlignment, DirectFeedbackAlignment };

template <class A, class Y> double lossOf(bool entropy, const A& a, const Y& y)
{
    return static_cast<double>(
        entropy ? (y.array() * (logSumExp(a) - a.array())).sum() : (a - y).squaredNorm() / 2);
}

template <class Scalar> class FeedforwardNet final : public Model {
public:
    FeedforwardNet(const std::vector<int>& sizes, const Parameters& p)
        : m_sizes(sizes)
        , m_anatomy(feedforwardAnatomy(sizes, p))
        , m_layers(sizes.size())
    {
        const int batch = m_anatomy.samples;
        for (std::size_t l = 0; l < sizes.size(); ++l) { // in the order of feedforwardAnatomy()
            Layer& layer = m_layers[l];
            layer.rates.setOnes(sizes[l] + 1, batch);
            if (l > 0) {
                layer.z = layer.delta.setZero(sizes[l], batch);
                layer.weights = layer.gradient.setZero(sizes[l], sizes[l - 1] + 1);
                m_quantities.insert(m_quantities.end(), {&layer.z, &layer.delta});
                m_projections.insert(m_projections.end(), {&layer.weights, &layer.gradient});
            }
            m_quantities.push_back(&layer.rates);
            if (l > 0 && l + 1 < sizes.size()) {
                layer.down.setZero(sizes[l], sizes[l + 1]);
                layer.direct.setZero(sizes[l], sizes.back());
                m_projections.insert(m_projections.end(), {&layer.down, &layer.direct});
            }
        }
        m_target.setZero(sizes.back(), batch);
        m_quantities.insert(m_quantities.end(), {&m_target, &m_loss});
        setParameters(p);
        m_probes = probesOf(*this);
    }

    /// W_l ~ N(0, 2 / N_(l-1)) or as the experiment says, F_l and D_l ~ N(0, 2 / N_l), from seed
    /// and layer alone; then the weights that are given.
    void start(const Experiment& e)
    {
        // Both kinds of feedback share a stream: no layer has a number this large.
        constexpr std::uint64_t kDirect = std::uint64_t{1} << 32;
        const bool flat = e.weights.init == WeightSpec::Init::Uniform;
        const auto draw = [&](auto&& all, RandomStream stream, std::uint64_t step, double size) {
            std::uint32_t i = 0;
            for (auto row : all.rowwise())
                for (Scalar& w : row)
                    w = static_cast<Scalar>(size
                        * (flat ? 2 * uniform(e.seed, stream, step, i++) - 1
                                : normal(e.seed, stream, step, i++)));
        };
        for (std::uint64_t l = 1; l < m_layers.size(); ++l) {
            Layer& layer = m_layers[l];
            const Eigen::Index below = layer.weights.cols() - 1;
            draw(layer.weights.leftCols(below), RandomStream::WeightsUp, l - 1,
                flat ? e.weights.rangeUp.at(l - 1) : std::sqrt(2 / static_cast<double>(below)));
            const double back = flat ? e.weights.rangeDown.at(l - 1)
                                     : std::sqrt(2 / static_cast<double>(layer.z.rows()));
            draw(layer.down, RandomStream::WeightsDown, l - 1, back);
            draw(layer.direct, RandomStream::WeightsDown, kDirect + l - 1, back);
            layer.weights.col(below).setConstant(static_cast<Scalar>(
                l + 1 < m_layers.size() ? e.weights.bias.value_or(m_hidden.startingBias()) : 0));
        }
        setWeightsOf(*this, e.weights.given);
    }

    void step(const Drive& d) override
    {
        show(d.input, d.target);
        forward();
        if (!d.nudged || !d.learning)
            return; // not an example to learn from
        backward();
        if (!own().learningOn || own().lockUp)
            return;
        ++m_memory[1];
        m_optimizer.rate = own().rate * std::pow(own().decay, static_cast<double>(d.epoch));
        for (Layer& l : layersAbove())
            l.optimizer.descend(m_optimizer, m_memory[1], l.gradient, l.weights,
                l.weights.cols() - (m_parameters.biasOn ? 0 : 1));
    }

    /// @param input, target [unit][sample]
    void show(std::span<const double> input, std::span<const double> target)
    {
        const auto take = [this](auto&& to, std::span<const double> from) {
            to = Eigen::Map<const RowMajor>(from.data(), to.rows(), m_anatomy.samples)
                     .template cast<Scalar>();
        };
        take(m_layers[0].rates.topRows(m_layers[0].rates.rows() - 1), input);
        take(m_target, target);
    }

    void forward()
    {
        for (std::size_t l = 1; l < m_layers.size(); ++l) {
            Layer& layer = m_layers[l];
            multiply(layer.z, layer.weights, m_layers[l - 1].rates);
            activate<Scalar>(l + 1 < m_layers.size() ? m_hidden : m_output, layer.z,
                layer.rates.topRows(layer.z.rows()));
        }
    }

    /// Loss, deltas and gradients of what forward() left.
    void backward()
    {
        Layer& last = m_layers.back();
        const auto answers = last.rates.topRows(last.z.rows());
        m_loss.setZero();
        for (Eigen::Index k = 0; k < m_target.cols(); ++k) {
            const auto z = last.z.col(k), y = m_target.col(k);
            m_loss(0) += static_cast<Scalar>(
                lossOf(entropy(), answers.col(k), y) / static_cast<double>(m_target.cols()));
            if (entropy())
                last.delta.col(k) = (z.array() - logSumExp(z)).exp() - y.array();
            else
                last.delta.col(k) = answers.col(k) - y;
        }
        if (!entropy())
            multiplyBySlope<Scalar>(m_output, last.z, answers, last.delta);
        for (std::size_t l = m_layers.size() - 1; l >= 1; --l) {
            Layer& layer = m_layers[l];
            if (l + 1 < m_layers.size()) {
                const Layer& above = m_layers[l + 1];
                if (own().rule == Backprop)
                    multiply(layer.delta, above.weights.leftCols(layer.z.rows()).transpose(),
                        above.delta);
                else if (own().rule == FeedbackAlignment)
                    multiply(layer.delta, layer.down, above.delta);
                else
                    multiply(layer.delta, layer.direct, last.delta);
                multiplyBySlope<Scalar>(
                    m_hidden, layer.z, layer.rates.topRows(layer.z.rows()), layer.delta);
            }
            multiply(layer.gradient, layer.delta, m_layers[l - 1].rates.transpose());
            layer.gradient /= static_cast<Scalar>(m_target.cols());
        }
    }

    const Anatomy& anatomy() const override { return m_anatomy; }
    void read(int quantity, std::span<double> out) const override
    {
        const Batch<Scalar>& from = *m_quantities[static_cast<std::size_t>(quantity)];
        const auto rows = static_cast<Eigen::Index>(out.size()) / from.cols();
        Eigen::Map<RowMajor>(out.data(), rows, from.cols()) =
            from.topRows(rows).template cast<double>(); // without the row of ones
    }
    void readWeights(int projection, std::span<double> out) const override
    {
        const Batch<Scalar>& from = *m_projections[static_cast<std::size_t>(projection)];
        Eigen::Map<RowMajor>(out.data(), from.rows(), from.cols()) = from.template cast<double>();
    }
    void setWeights(int projection, std::span<const double> in) override
    {
        Batch<Scalar>& to = *m_projections[static_cast<std::size_t>(projection)];
        to = Eigen::Map<const RowMajor>(in.data(), to.rows(), to.cols()).template cast<Scalar>();
    }
    int answer() const override { return m_anatomy.quantity("target") - 1; }
    int stepsPerPresentation() const override { return 1; }
    int watchedSample() const override { return std::min(own().batchWatch, m_anatomy.samples - 1); }
    double loss(std::span<const double> answer, std::span<const double> target) const override
    {
        const auto n = static_cast<Eigen::Index>(answer.size());
        return lossOf(entropy(), Eigen::Map<const Eigen::VectorXd>(answer.data(), n),
            Eigen::Map<const Eigen::VectorXd>(target.data(), n));
    }
    std::unique_ptr<ExactGradient> exactGradient() const override;
    const std::vector<Probe>& probes() const override { return m_probes; }
    const Parameters& parameters() const override { return m_parameters; }
    void setParameters(const Parameters& p) override
    {
        constexpr Kind outputs[]{Kind::Linear, Kind::Sigmoid, Kind::Tanh};
        const auto& f = p.family<FeedforwardParameters>();
        if (f.loss != 0 && f.output != 0)
            throw InputError({.problem = "loss.kind = ce needs linear outputs",
                .key = "loss.kind",
                .allowed = "se, or activation.output = linear"});
        m_hidden = {static_cast<Kind>(f.hidden), {f.smoothing, f.tauRc, f.tRef, f.threshold, {}}};
        if (f.amplitude != kNone)
            m_hidden.lif.amplitude = f.amplitude;
        m_output = {outputs[f.output]};
        m_optimizer = {static_cast<Optimizer::Kind>(f.optimizer), f.rate, f.momentum, f.beta1,
            f.beta2, f.epsilon};
        m_parameters = p;
        if (m_memory[0] == f.optimizer)
            return;
        m_memory << f.optimizer, 0; // another one starts anew
        for (Layer& l : layersAbove())
            l.optimizer.start(l.weights);
    }

    std::vector<std::byte> save() const override
    {
        std::vector<std::byte> all(stateSize());
        visit(*this, [to = all.begin()](auto values) mutable {
            to = std::ranges::copy(std::as_bytes(values), to).out;
        });
        return all;
    }
    void restore(std::span<const std::byte> bytes) override
    {
        if (bytes.size() != stateSize())
            throw InputError({.problem = "saved state does not fit this network", .key = "state"});
        visit(*this, [&bytes](auto values) {
            std::copy_n(bytes.begin(), values.size_bytes(), std::as_writable_bytes(values).begin());
            bytes = bytes.subspan(values.size_bytes());
        });
    }
    void resetPotentials() override { } // nothing outlasts a batch but weights
    bool finite() const override
    {
        return std::all_of(m_layers.begin() + 1, m_layers.end(),
            [](const Layer& l) { return l.z.allFinite() && l.weights.allFinite(); });
    }

private:
    struct Layer {
        Batch<Scalar> rates; ///< (N_l + 1) x B: a_l over a row of ones
        Batch<Scalar> z, delta; ///< N_l x B; empty in the input layer, as all below
        Batch<Scalar> weights, gradient; ///< N_l x (N_(l-1) + 1), b_l as last column
        Batch<Scalar> down, direct; ///< F_l, N_l x N_(l+1), and D_l, N_l x N_out; hidden layers
        OptimizerState<Scalar> optimizer;
    };

    const auto& own() const { return m_parameters.family<FeedforwardParameters>(); }
    bool entropy() const { return own().loss != 0; }
    std::size_t stateSize() const
    {
        std::size_t size = 0;
        visit(*this, [&size](auto values) { size += values.size_bytes(); });
        return size;
    }
    std::span<Layer> layersAbove() { return std::span(m_layers).subspan(1); }
    /// Everything that is state.
    template <class Self, class F> static void visit(Self& self, F f)
    {
        const auto see = [&f](auto& values) {
            f(std::span(values.data(), static_cast<std::size_t>(values.size())));
        };
        see(self.m_memory);
        see(self.m_target);
        see(self.m_loss);
        for (auto& l : self.m_layers)
            for (auto* values : {&l.rates, &l.z, &l.delta, &l.weights, &l.gradient, &l.down,
                     &l.direct, &l.optimizer.m, &l.optimizer.v})
                see(*values);
    }

    std::vector<int> m_sizes;
    Anatomy m_anatomy;
    Parameters m_parameters;
    Activation m_hidden, m_output;
    Optimizer m_optimizer;
    std::vector<Layer> m_layers;
    Batch<Scalar> m_target, m_loss = Batch<Scalar>::Zero(1, 1);
    Eigen::Array2d m_memory{-1, 0}; ///< kind of optimizer, its steps
    std::vector<Batch<Scalar>*> m_quantities, m_projections; ///< in the anatomy's order
    std::vector<Probe> m_probes;
};

class BackpropGradient final : public ExactGradient {
public:
    BackpropGradient(const std::vector<int>& sizes, const Parameters& p)
        : m_net(sizes, p)
    {
        for (std::size_t l = 1; l < sizes.size(); ++l)
            m_gradients.emplace_back(sizes[l], sizes[l - 1] + 1);
    }
    void compute(const Parameters& p, std::span<const Matrix> up, std::span<const double> input,
        std::span<const double> target) override
    {
        Parameters exact = p;
        exact.family<FeedforwardParameters>().rule = Backprop;
        m_net.setParameters(exact);
        for (std::size_t l = 0; l < up.size(); ++l)
            m_net.setWeights(at(l, ".W_up"), up[l].values);
        m_net.show(input, target);
        m_net.forward();
        m_net.backward();
        for (std::size_t l = 0; l < up.size(); ++l)
            m_net.readWeights(at(l, ".G_up"), m_gradients[l].values);
    }
    const Matrix& gradient(int layer) const override { return m_gradients[index(layer)]; }
    int errorQuantity(int) const override { return -1; } // hence nobody asks for a delta
    const std::vector<double>& delta(int layer) const override { return gradient(layer).values; }
    int updateProjection(int layer) const override { return at(index(layer), ".G_up"); }

private:
    static std::size_t index(int layer) { return static_cast<std::size_t>(layer - 1); }
    int at(std::size_t l, const char* what) const
    {
        return m_net.anatomy().projection("layer" + std::to_string(l + 1) + what);
    }

    FeedforwardNet<double> m_net;
    std::vector<Matrix> m_gradients;
};

template <class Scalar> std::unique_ptr<ExactGradient> FeedforwardNet<Scalar>::exactGradient() const
{
    return std::make_unique<BackpropGradient>(m_sizes, m_parameters);
}

} // namespace

Anatomy feedforwardAnatomy(const std::vector<int>& sizes, const Parameters& p)
{
    Anatomy a;
    a.timeUnit = "iteration";
    a.samples = p.family<FeedforwardParameters>().batchSize;
    const int outputs = static_cast<int>(sizes.size()) - 1;
    const auto quantity = [&a](const std::string& name, int of) {
        const bool sent = name.ends_with("rate") || name.ends_with("activation");
        a.add(Anatomy::Quantity{name, of, "1", sent ? Anatomy::Form::Rate : Anatomy::Form::Level,
            true, false, name != "loss"});
    };
    for (int l = 0; l <= outputs; ++l)
        a.add(Anatomy::Population{l == 0 ? "input" : "layer" + std::to_string(l), l,
            l == 0 ? "input" : "units", sizes[static_cast<std::size_t>(l)]});
    quantity("input.rate", 0);
    for (int l = 1; l <= outputs; ++l) {
        const std::string layer = a.populations[static_cast<std::size_t>(l)].name + '.';
        quantity(layer + "z", l);
        quantity(layer + "delta", l);
        quantity(layer + "activation", l);
        const auto projection = [&](const char* pathway, int from, bool up, bool weight) {
            a.projections.push_back({layer + pathway, pathway, from, l, up,
                weight && up ? "learning.rate" : "", weight && up ? "lock.up" : "", weight});
        };
        projection("W_up", l - 1, true, true);
        projection("G_up", l - 1, true, false);
        if (l == outputs)
            continue;
        projection("W_down", l + 1, false, true);
        projection("W_direct", outputs, false, true);
    }
    quantity("target", a.add(Anatomy::Population{"target", outputs + 1, "target", sizes.back()}));
    quantity("loss", a.add(Anatomy::Population{"loss", outputs + 1, "loss", 1}));
    return a;
}

std::unique_ptr<Model> makeFeedforward(const Experiment& e, const Parameters& p)
{
    const auto started = [&](auto net) {
        net->start(e);
        return std::unique_ptr<Model>(std::move(net));
    };
    return e.precision == "float" ? started(std::make_unique<FeedforwardNet<float>>(e.layers, p))
                                  : started(std::make_unique<FeedforwardNet<double>>(e.layers, p));
}

} // namespace apical
