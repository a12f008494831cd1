#include "sim/predictive/predictive_net.h"

#include "sim/base/random.h"
#include "sim/experiment/parameters.h"
#include "sim/network/network_anatomy.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {
namespace {

/// Below this share of itself a change of the energy is rounding.
template <class Scalar> constexpr double kRounding = 64 * std::numeric_limits<Scalar>::epsilon();

/// A few samples at a time, from the k-th on: what one line writes is near when the next reads it.
template <class Pass> void inBlocks(Eigen::Index samples, const Pass& pass)
{
    constexpr Eigen::Index kTogether = 8;
    for (Eigen::Index k = 0; k < samples; k += kTogether)
        pass(k, std::min(kTogether, samples - k));
}

} // namespace

template <class Scalar>
PredictiveNet<Scalar>::PredictiveNet(const Experiment& e, const Parameters& p)
    : Base(e.layers, p, predictiveAnatomy(e.layers, p))
    , m_seed(e.seed)
    , m_values(e.layers.size())
    , m_memory(Written + e.layers.size())
    , m_reported(e.layers.size() + 1)
    , m_exactDelta(e.layers.size())
    , m_exactGradient(e.layers.size())
{
    m_net.keepBefore();
    this->bindNet();
    this->netIsState();
    this->isState(m_memory);
    this->isState(m_reported);
    m_answer.setZero(m_net.target.rows(), m_net.target.cols());
    m_covariance.setZero(m_answer.rows(), m_answer.rows());
    for (auto* each : {&m_answer, &m_total, &m_time})
        this->isState(*each);
    for (std::size_t l = 1; l <= layers(); ++l) {
        Values& v = m_values[l];
        const Layer& layer = m_net.layers[l];
        for (auto* each : {&v.value, &v.prediction, &v.error, &v.weighted, &v.move}) {
            each->setZero(layer.z.rows(), layer.z.cols());
            this->isState(*each);
        }
        this->isState(v.energy);
        m_exactDelta[l] = layer.delta;
        m_exactGradient[l] = layer.gradient;
        const std::string name = layerName(static_cast<int>(l)) + '.';
        this->bind(name + "value", v.value);
        this->bind(name + "prediction", v.prediction);
        this->bind(name + "error", v.error);
        this->bind(name + "weighted_error", v.weighted);
        this->bind(name + "energy", v.energy);
        this->bind(name + "delta_backprop", m_exactDelta[l]);
        this->bind(name + "G_backprop", m_exactGradient[l]);
        this->bind(name + "answer", m_answer);
    }
    this->bind("energy", m_total);
    this->bind("inference.t", m_time);
    this->bind("equilibrium.energy", m_equilibriumEnergy);
    this->bind("inference.rate_limit", m_rateLimit);
    this->bind("equilibrium.covariance", m_covariance);
    const Anatomy& a = this->m_anatomy;
    for (const Anatomy::Quantity& q : a.quantities) {
        m_isExact.push_back(q.name.ends_with(".delta_backprop"));
        m_isEquilibrium.push_back(
            q.name == "equilibrium.energy" || q.name == "inference.rate_limit");
    }
    for (const Anatomy::Projection& projection : a.projections)
        m_isExactWeight.push_back(projection.pathway == "G_backprop");
    m_answerQuantity = a.quantity(layerName(static_cast<int>(layers())) + ".answer");
    m_changed.reserve(layers());
    setParameters(p);
    this->nameProbes();
    m_net.start(e);
    setWeightsOf(*this, e.weights.given);
}

template <class Scalar> void PredictiveNet<Scalar>::setParameters(const Parameters& p)
{
    checkPredictive(p);
    m_net.setParameters(p);
    m_parameters = p;
    for (std::size_t l = 1; l <= layers(); ++l)
        m_values[l].precision = layerValue(own().precision, static_cast<int>(l) - 1);
    restored();
}

template <class Scalar> void PredictiveNet<Scalar>::restored()
{
    m_exactKnown = m_equilibriumKnown = m_allRead = false;
    for (Values& v : m_values) {
        v.up.forget();
        v.down.forget();
        v.resting = false;
    }
}

template <class Scalar> void PredictiveNet<Scalar>::step(const Drive& d)
{
    m_changed.clear();
    m_allRead = false;
    if (!d.nudged)
        return answerOnly(d, own().normFused ? Pass::Fused : Pass::Running);
    const std::size_t t = d.stepInPattern,
                      last = static_cast<std::size_t>(own().lastRead(static_cast<int>(layers())));
    // A sample that was taught in between left its own values.
    const bool first = t == 0 || (!d.inputHeld && !shows(d.input));
    if (first) {
        start(d);
    } else {
        moveValues();
        const std::size_t turn = own().lazy() && t < layers() ? layers() - t : 0;
        for (std::size_t l = 1; l <= layers(); ++l) {
            if (turn > 0 && l != turn)
                continue;
            // What comes in is the same while neither the layer below moves, which the input never
            // does, nor the weights change.
            const bool same = (l == 1 || m_values[l - 1].resting) && remembered(Written + l) == 0;
            if (turn == 0 && !frozen() && !same)
                predict(l);
            readErrors(l);
        }
        m_allRead = turn == 0;
    }
    m_time(0) = static_cast<Scalar>(t);
    sumEnergy(first);
    remembered(Moves) = t < last ? 1 : 0;
    for (std::size_t l = 1; t < last && l < layers(); ++l) {
        if (own().lazy() && l + t + 1 != layers())
            m_values[l].move.setZero();
        else
            aim(l, first && own().startNoise <= 0 && l + 1 < layers());
    }
    if (d.learning)
        learn(t, last, d);
}

/// A plain forward pass; nothing is wanted, so nothing errs.
template <class Scalar> void PredictiveNet<Scalar>::answerOnly(const Drive& d, Pass pass)
{
    m_net.show(d.input, d.target);
    m_net.forward(pass);
    m_answer = m_net.layers.back().sent();
    for (std::size_t l = 1; l <= layers(); ++l) {
        Values& v = m_values[l];
        const Layer& layer = m_net.layers[l];
        if (post())
            v.prediction = layer.sent();
        else
            v.prediction = layer.felt();
        v.value = v.prediction;
        for (auto* each : {&v.error, &v.weighted, &v.move, &v.energy})
            each->setZero();
    }
    m_total.setZero();
    m_time.setZero();
    std::ranges::fill(m_memory, 0.0);
    m_exactKnown = m_equilibriumKnown = false;
}

template <class Scalar> void PredictiveNet<Scalar>::start(const Drive& d)
{
    answerOnly(d, Pass::Running);
    m_net.computeLoss();
    remembered(RateFactor) = 1;
    remembered(Nudged) = 1;
    if (own().startNoise > 0)
        addNoise(d.step);
    m_values.back().value = m_net.target;
    for (std::size_t l = 1; l <= layers(); ++l)
        readErrors(l);
}

template <class Scalar> bool PredictiveNet<Scalar>::shows(std::span<const double> input) const
{
    const auto rates = m_net.layers.front().sent();
    return rates
        == Eigen::Map<const RowMajor>(input.data(), rates.rows(), rates.cols())
               .template cast<Scalar>();
}

template <class Scalar> void PredictiveNet<Scalar>::addNoise(std::uint64_t step)
{
    std::uint32_t before = 0; // numbers of lower layers
    for (std::size_t l = 1; l < layers(); ++l) {
        Batch<Scalar>& value = m_values[l].value;
        const auto units = static_cast<std::uint32_t>(value.rows());
        std::uint32_t i = before + m_noiseFirst * units;
        for (Scalar& x : value.reshaped())
            x += static_cast<Scalar>(
                own().startNoise * normal(m_seed, RandomStream::SomaticNoise, step, i++));
        before += units
            * (m_noiseSamples > 0 ? m_noiseSamples : static_cast<std::uint32_t>(value.cols()));
        if (!frozen())
            send(l);
    }
    for (std::size_t l = 2; l <= layers() && !frozen(); ++l)
        predict(l);
}

template <class Scalar> void PredictiveNet<Scalar>::moveValues()
{
    if (remembered(Moves) == 0)
        return;
    const auto rate = static_cast<Scalar>(own().inferenceRate * remembered(RateFactor));
    for (std::size_t l = 1; l < layers(); ++l) {
        Values& v = m_values[l];
        if (v.resting)
            continue;
        inBlocks(v.value.cols(), [&](Eigen::Index k, Eigen::Index n) {
            v.value.middleCols(k, n) += rate * v.move.middleCols(k, n);
            if (!frozen() && !own().lazy())
                send(l, k, n);
        });
    }
}

template <class Scalar>
void PredictiveNet<Scalar>::send(std::size_t l, Eigen::Index first, Eigen::Index samples)
{
    const auto value = m_values[l].value.middleCols(first, samples);
    auto sent = m_net.layers[l].sent().middleCols(first, samples);
    if (post())
        sent = value;
    else
        activate<Scalar>(m_net.hidden, value, sent);
}

template <class Scalar> void PredictiveNet<Scalar>::predict(std::size_t l)
{
    Layer& layer = m_net.layers[l];
    Values& v = m_values[l];
    v.up.times(layer.z, layer.weights, m_net.layers[l - 1].rates);
    if (layer.norm.present())
        layer.norm.forward(layer.z, false, own().normEpsilon, own().normMomentum);
    if (post())
        activate<Scalar>(l < layers() ? m_net.hidden : m_net.output, layer.felt(), v.prediction);
    else
        v.prediction = layer.felt();
}

template <class Scalar> void PredictiveNet<Scalar>::readErrors(std::size_t l)
{
    Layer& layer = m_net.layers[l];
    Values& v = m_values[l];
    const bool entropy = l == layers() && m_net.entropy();
    const auto pi = static_cast<Scalar>(v.precision);
    double energy = 0;
    inBlocks(v.value.cols(), [&](Eigen::Index first, Eigen::Index n) {
        auto error = v.error.middleCols(first, n);
        if (!entropy)
            error = v.value.middleCols(first, n) - v.prediction.middleCols(first, n);
        for (Eigen::Index k = first; entropy && k < first + n; ++k) {
            const auto mu = v.prediction.col(k);
            const Scalar sum = logSumExp(mu);
            v.error.col(k) = v.value.col(k).array() - (mu.array() - sum).exp();
            energy += static_cast<double>((v.value.col(k).array() * (sum - mu.array())).sum());
        }
        v.weighted.middleCols(first, n) = pi * error;
        auto delta = layer.delta.middleCols(first, n);
        delta = -v.weighted.middleCols(first, n);
        if (post())
            multiplyBySlope<Scalar>(l < layers() ? m_net.hidden : m_net.output,
                layer.felt().middleCols(first, n), v.prediction.middleCols(first, n), delta);
    });
    if (!entropy)
        energy = static_cast<double>(v.error.squaredNorm()) / 2;
    v.energy(0) = static_cast<Scalar>(v.precision * energy);
    if (layer.norm.present())
        layer.norm.backward(layer.delta);
}

template <class Scalar> void PredictiveNet<Scalar>::sumEnergy(bool first)
{
    double total = 0;
    for (std::size_t l = 1; l <= layers(); ++l)
        total += static_cast<double>(m_values[l].energy(0));
    const double before = remembered(Total);
    m_total(0) = static_cast<Scalar>(total);
    remembered(Total) = total;
    if (!first && !own().lazy()) { // else most layers show another time than this
        const double rise = total - before;
        remembered(Rises) += rise > kRounding<Scalar> * before && rise > rounding() ? 1 : 0;
        if (own().halveOnRise && !(total < before))
            remembered(RateFactor) /= 2;
    }
    const auto samples = static_cast<double>(m_net.target.cols());
    for (std::size_t l = 1; l <= layers(); ++l)
        m_reported[l - 1] = static_cast<double>(m_values[l].energy(0)) / samples;
    m_reported[layers()] = total / samples;
    m_reported[layers() + 1] = remembered(Rises);
}

template <class Scalar> void PredictiveNet<Scalar>::aim(std::size_t l, bool still)
{
    const Layer &layer = m_net.layers[l], &above = m_net.layers[l + 1];
    Values& v = m_values[l];
    v.resting = still;
    if (still) { // nor does anything err here
        v.move = -v.weighted;
        return;
    }
    if (own().lazy()) // once
        transposedTimes(v.move, above.weights, above.delta, layer.z.rows());
    else
        m_values[l + 1].down.transposedTimes(v.move, above.weights, above.delta, layer.z.rows());
    const Batch<Scalar>& felt = frozen() ? layer.felt() : v.value;
    inBlocks(v.value.cols(), [&](Eigen::Index k, Eigen::Index n) {
        auto move = v.move.middleCols(k, n);
        if (!post())
            multiplyBySlope<Scalar>(
                m_net.hidden, felt.middleCols(k, n), layer.sent().middleCols(k, n), move);
        move = -move - v.weighted.middleCols(k, n);
    });
}

template <class Scalar>
void PredictiveNet<Scalar>::learn(std::size_t t, std::size_t last, const Drive& d)
{
    const auto late = static_cast<std::size_t>(own().late);
    if (own().zil()) {
        if (t >= late && t < late + layers()) {
            const std::size_t l = layers() - (t - late);
            m_net.takeGradient(l);
            if (own().write == 0 && m_net.changes()) {
                if (t == late)
                    m_net.beginUpdate(d.epoch);
                write(l);
            }
        }
        if (own().write == 0 || t < last || !m_net.changes())
            return;
    } else {
        if (own().schedule == inference_schedule::incremental ? t >= last : t < last)
            return;
        for (std::size_t l = 1; l <= layers(); ++l)
            m_net.takeGradient(l);
        if (!m_net.changes())
            return;
    }
    m_net.beginUpdate(d.epoch);
    for (std::size_t l = 1; l <= layers(); ++l)
        write(l);
}

template <class Scalar> void PredictiveNet<Scalar>::write(std::size_t l)
{
    double& written = remembered(Written + l);
    m_net.update(m_net.layers[l], written == 0);
    m_values[l].up.forget();
    m_values[l].down.forget();
    written = 1;
    m_changed.push_back(l);
}

template <class Scalar> bool PredictiveNet<Scalar>::finite() const
{
    for (std::size_t l = 1; l <= layers(); ++l) {
        const Values& v = m_values[l];
        // If either is not, nor is their difference, and its energy.
        if (!std::isfinite(v.energy(0))
            || (!m_allRead && !(allFinite(v.value) && allFinite(v.prediction))))
            return false;
    }
    return std::ranges::all_of(
        m_changed, [this](std::size_t l) { return allFinite(m_net.layers[l].weights); });
}

template <class Scalar> void PredictiveNet<Scalar>::measure(std::span<double> out) const
{
    std::ranges::copy(m_reported, out.begin());
}

template class PredictiveNet<float>;
template class PredictiveNet<double>;

std::unique_ptr<Model> makePredictive(const Experiment& e, const Parameters& p)
{
    if (e.precision == "float")
        return std::make_unique<PredictiveNet<float>>(e, p);
    return std::make_unique<PredictiveNet<double>>(e, p);
}

} // namespace apical
