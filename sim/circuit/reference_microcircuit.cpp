#include "sim/circuit/reference_microcircuit.h"

#include "sim/base/error.h"
#include "sim/base/random.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/model/transfer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace apical {
namespace {

Eigen::MatrixXd toEigen(const Matrix& m)
{
    return Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
        m.values.data(), m.rows, m.cols);
}

Matrix fromEigen(const Eigen::MatrixXd& m)
{
    Matrix out(static_cast<int>(m.rows()), static_cast<int>(m.cols()));
    Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
        out.values.data(), m.rows(), m.cols()) = m;
    return out;
}

} // namespace

ReferenceMicrocircuit::ReferenceMicrocircuit(std::vector<int> sizes, const Parameters& parameters,
    const std::vector<LayerWeights>& initial, std::uint64_t seed)
    : m_sizes(std::move(sizes))
    , m_parameters(parameters)
    , m_seed(seed)
    , m_layers(m_sizes.size() - 1)
    , m_filtered(Vector::Zero(m_sizes.front()))
    , m_input(m_filtered)
    , m_target(Vector::Zero(m_sizes.back()))
    , m_targetNext(Vector::Zero(m_sizes.back()))
    , m_flags(Vector::Zero(3))
{
    for (std::size_t l = 0; l <= last(); ++l) {
        Layer& layer = m_layers[l];
        const auto zero = [](const Weights& like) {
            return Weights(Weights::Zero(like.rows(), like.cols()));
        };
        layer.up = toEigen(initial[l].up);
        if (l < last()) {
            layer.down = toEigen(initial[l].down);
            layer.ip = toEigen(initial[l].ip);
            layer.pi = toEigen(initial[l].pi);
        }
        layer.u = layer.p = layer.basal = Vector::Zero(m_sizes[l + 1]);
        layer.changeUp = zero(layer.up);
        if (l == last())
            continue;
        layer.topdown = layer.lateral = layer.apical = Vector::Zero(m_sizes[l + 1]);
        layer.innU = layer.innP = layer.dendrite = Vector::Zero(m_sizes[l + 2]);
        layer.changeDown = zero(layer.down);
        layer.changeIp = zero(layer.ip);
        layer.changePi = zero(layer.pi);
    }
    m_circuit = circuitAnatomy(m_sizes, m_parameters.biasOn);
    m_probes = probesOf(*this);
}

void ReferenceMicrocircuit::read(int quantity, std::span<double> out) const
{
    using Q = CircuitQuantity;
    const CircuitParameters& c = circuit(m_parameters);
    const int index = m_circuit.layerOf(quantity) - 1;
    const bool output = index == static_cast<int>(last());
    // Input and target lie outside the layers; for them this is a layer that is not looked at.
    const Layer& layer =
        m_layers[static_cast<std::size_t>(std::clamp(index, 0, static_cast<int>(last())))];
    const auto values = [&]() -> Vector {
        switch (m_circuit.quantities[static_cast<std::size_t>(quantity)]) {
        case Q::InputRate:
            return m_input;
        case Q::InputPotential:
            return m_filtered;
        case Q::Basal:
            return layer.basal;
        case Q::Apical:
            return layer.apical;
        case Q::Distal:
        case Q::TopDown:
            return layer.topdown;
        case Q::Lateral:
            return layer.lateral;
        case Q::Soma:
            return layer.u;
        case Q::Prospective:
            return layer.p;
        case Q::Rate:
            return phi(layer.p);
        case Q::BasalError: {
            const double total = output ? c.leak + c.basal : c.totalHidden();
            return phi(layer.p) - phi(c.basal / total * layer.basal);
        }
        case Q::DistalError:
            return phi(layer.p) - phi(layer.topdown);
        case Q::InnDendrite:
            return layer.dendrite;
        case Q::InnSoma:
            return layer.innU;
        case Q::InnProspective:
            return layer.innP;
        case Q::InnRate:
            return phi(layer.innP);
        case Q::InnError:
            return phi(layer.innP) - phi(c.basal / (c.leak + c.basal) * layer.dendrite);
        case Q::Target:
            return m_target;
        case Q::Nudged:
            break;
        }
        return m_flags.tail(1);
    }();
    std::copy(values.begin(), values.end(), out.begin());
}

auto ReferenceMicrocircuit::block(int projection) -> Weights&
{
    Layer& layer = m_layers[static_cast<std::size_t>(m_circuit.layerOfProjection(projection) - 1)];
    switch (m_circuit.pathways[static_cast<std::size_t>(projection)]) {
    case CircuitProjection::Down:
        return layer.down;
    case CircuitProjection::Ip:
        return layer.ip;
    case CircuitProjection::Pi:
        return layer.pi;
    case CircuitProjection::Up:
        break;
    }
    return layer.up;
}

void ReferenceMicrocircuit::readWeights(int projection, std::span<double> out) const
{
    const Matrix m = fromEigen(const_cast<ReferenceMicrocircuit*>(this)->block(projection));
    std::copy(m.values.begin(), m.values.end(), out.begin());
}

Eigen::VectorXd ReferenceMicrocircuit::phi(const Vector& v) const
{
    const Transfer<double> f = circuit(m_parameters).transfer();
    return v.unaryExpr([&f](double x) { return transfer(f, x); });
}

Eigen::VectorXd ReferenceMicrocircuit::withBias(const Vector& r) const
{
    if (!m_parameters.biasOn)
        return r;
    Vector longer(r.size() + 1);
    longer << r, circuit(m_parameters).biasValue;
    return longer;
}

void ReferenceMicrocircuit::learn(Weights& w, Weights& change, const Weights& derivative,
    double eta, bool lock, double clip, double ownTau)
{
    const Parameters& p = m_parameters;
    const CircuitParameters& c = circuit(p);
    if (lock || eta == 0)
        return;
    if (const double tau = c.filterTau(ownTau); tau > 0) {
        change += std::min(1.0, p.dt / tau) * (p.dt * eta * derivative - change);
        w += change;
    } else {
        w += p.dt * eta * derivative;
    }
    w = w.cwiseMin(clip).cwiseMax(-clip);
}

void ReferenceMicrocircuit::step(const Drive& drive)
{
    const Parameters& p = m_parameters;
    const CircuitParameters& c = circuit(p);
    const bool shift = c.latentEquilibrium && c.targetShift;
    const bool started = m_flags[0] != 0;
    const bool jump = !started && c.initialInput == initial_input::first;
    const Vector input = Eigen::Map<const Vector>(drive.input.data(), m_input.size());
    const Vector target = Eigen::Map<const Vector>(drive.target.data(), m_target.size());
    if (shift)
        m_target = m_targetNext;
    const auto filter = [&](Vector& x, const Vector& to, double tau) {
        if (jump || tau <= p.dt)
            x = to;
        else
            x += p.dt / tau * (to - x);
    };
    const bool ahead = c.latentEquilibrium && c.inputLookAhead && !jump;
    const Vector sent =
        m_filtered + (input - m_filtered) / std::max(c.inputTau, p.dt) / c.totalHidden();
    filter(m_filtered, input, c.inputTau);
    m_input = ahead ? sent : m_filtered;
    filter(m_targetNext, target, c.targetTau);
    if (!shift)
        m_target = m_targetNext;
    bool nudged = shift && started ? m_flags[1] != 0 : drive.nudged;
    if (p.nudgingRule == nudging_rule::positive)
        nudged = (m_target.array() > 0).any();
    m_flags << 1, drive.nudged ? 1 : 0, nudged ? 1 : 0;

    const auto transposeFeedback = [&] {
        for (std::size_t l = 0; l < last() && c.feedback == feedback_kind::transposed; ++l) {
            Layer& layer = m_layers[l];
            layer.down =
                c.feedbackScale * m_layers[l + 1].up.leftCols(layer.down.rows()).transpose();
            layer.pi = -layer.down;
        }
    };
    transposeFeedback();
    // Phase 1: everything from what the step before left.
    const double gHidden = c.totalHidden(), gInter = c.totalInterneuron(), gOut = c.totalOutput();
    std::vector<Vector> rates, innRates, derivative, innDerivative;
    for (const Layer& layer : m_layers) {
        rates.push_back(phi(layer.p));
        innRates.push_back(phi(layer.innP));
    }
    for (std::size_t l = 0; l <= last(); ++l) {
        Layer& layer = m_layers[l];
        layer.basal = layer.up * withBias(l == 0 ? m_input : rates[l - 1]);
        if (l == last()) {
            const Vector steady = nudged
                ? Vector((c.basal * layer.basal + c.nudging * m_target) / gOut)
                : Vector(c.basal * layer.basal / (c.leak + c.basal));
            derivative.emplace_back(gOut * (steady - layer.u));
            innDerivative.emplace_back();
            continue;
        }
        layer.topdown = layer.down * rates[l + 1];
        layer.lateral = layer.pi * innRates[l];
        layer.apical = layer.topdown + layer.lateral;
        layer.dendrite = layer.ip * withBias(rates[l]);
        const Vector steady = (c.basal * layer.basal + c.apical * layer.apical) / gHidden;
        const Vector innSteady =
            (c.basal * layer.dendrite + c.nudging * m_layers[l + 1].p) / gInter;
        derivative.emplace_back(gHidden * (steady - layer.u));
        innDerivative.emplace_back(gInter * (innSteady - layer.innU));
    }

    // Phase 2: potentials, then weights.
    std::uint32_t noiseIndex = 0;
    const double noise =
        c.noise * (c.noiseScaling == noise_scaling::sqrt_dt ? std::sqrt(p.dt) : p.dt);
    const auto advance = [&](Vector& u, Vector& broadcast, const Vector& d, double conductance) {
        broadcast = u + d / conductance;
        u += p.dt * d;
        for (Eigen::Index i = 0; noise > 0 && i < u.size(); ++i) {
            const double xi =
                noise * normal(m_seed, RandomStream::SomaticNoise, drive.step, noiseIndex++);
            u[i] += xi;
            broadcast[i] += xi / (conductance * p.dt);
        }
        if (!c.latentEquilibrium)
            broadcast = u;
    };
    for (std::size_t l = 0; l <= last(); ++l) {
        Layer& layer = m_layers[l];
        advance(layer.u, layer.p, derivative[l], l == last() ? gOut : gHidden);
        if (l < last())
            advance(layer.innU, layer.innP, innDerivative[l], gInter);
    }
    if (!drive.learning)
        return;
    const double scale = c.rateScale(drive.presentationTime, drive.epoch);
    for (std::size_t l = 0; l <= last(); ++l) {
        Layer& layer = m_layers[l];
        const int entry = static_cast<int>(l);
        const Vector below = withBias(l == 0 ? m_input : rates[l - 1]);
        const double attenuation = l == last() ? c.basal / (c.leak + c.basal) : c.basal / gHidden;
        learn(layer.up, layer.changeUp,
            (phi(layer.p) - phi(attenuation * layer.basal)) * below.transpose(),
            scale * layerValue(c.etaUp, entry), c.lockUp,
            l == last() ? c.clipUpOutput : c.clipUpHidden, c.plasticityTauUp);
        if (l == last())
            continue;
        const Vector predicted = phi(c.basal / (c.leak + c.basal) * layer.dendrite);
        learn(layer.ip, layer.changeIp,
            (phi(layer.innP) - predicted) * withBias(rates[l]).transpose(),
            scale * layerValue(c.etaIp, entry), c.lockIp, c.clipIp, c.plasticityTauIp);
        learn(layer.pi, layer.changePi, -layer.apical * innRates[l].transpose(),
            scale * layerValue(c.etaPi, entry), c.lockPi, c.clipPi, c.plasticityTauPi);
        learn(layer.down, layer.changeDown,
            (phi(layer.p) - phi(layer.topdown)) * rates[l + 1].transpose(),
            scale * layerValue(c.etaDown, entry), c.lockDown, kNone, c.plasticityTauDown);
    }
    transposeFeedback();
}

template <class Self, class Visit>
void ReferenceMicrocircuit::visitState(Self& self, const Visit& visit)
{
    for (auto* v :
        {&self.m_filtered, &self.m_input, &self.m_target, &self.m_targetNext, &self.m_flags})
        visit(v->data(), v->size());
    for (auto& l : self.m_layers) {
        for (auto* v : {&l.u, &l.p, &l.basal, &l.topdown, &l.lateral, &l.apical, &l.innU, &l.innP,
                 &l.dendrite})
            visit(v->data(), v->size());
        for (auto* w :
            {&l.up, &l.down, &l.ip, &l.pi, &l.changeUp, &l.changeDown, &l.changeIp, &l.changePi})
            visit(w->data(), w->size());
    }
}

std::vector<std::byte> ReferenceMicrocircuit::save() const
{
    std::vector<std::byte> bytes;
    visitState(*this, [&](const double* values, Eigen::Index n) {
        const auto* begin = reinterpret_cast<const std::byte*>(values);
        bytes.insert(bytes.end(), begin, begin + n * static_cast<Eigen::Index>(sizeof(double)));
    });
    return bytes;
}

void ReferenceMicrocircuit::restore(std::span<const std::byte> bytes)
{
    if (bytes.size() != save().size())
        throw InputError({.problem = "saved state does not fit this network", .key = "state"});
    visitState(*this, [&](double* values, Eigen::Index n) {
        const std::size_t size = static_cast<std::size_t>(n) * sizeof(double);
        if (size > 0)
            std::memcpy(values, bytes.data(), size);
        bytes = bytes.subspan(size);
    });
}

void ReferenceMicrocircuit::resetPotentials()
{
    for (Layer& layer : m_layers) {
        for (Vector* v : {&layer.u, &layer.p, &layer.innU, &layer.innP})
            v->setZero();
    }
}

void ReferenceMicrocircuit::setWeights(int projection, std::span<const double> values)
{
    Weights& to = block(projection);
    Matrix given(static_cast<int>(to.rows()), static_cast<int>(to.cols()));
    given.values.assign(values.begin(), values.end());
    to = toEigen(given);
}

int ReferenceMicrocircuit::answer() const
{
    return m_circuit.answer(m_parameters);
}

bool ReferenceMicrocircuit::finite() const
{
    return std::all_of(m_layers.begin(), m_layers.end(), [](const Layer& l) {
        return l.u.allFinite() && l.p.allFinite() && l.innU.allFinite() && l.innP.allFinite();
    });
}

} // namespace apical
