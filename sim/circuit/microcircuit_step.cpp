// One step of the rate microcircuit, in the order of microcircuit.h.
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/microcircuit.h"

#include "sim/base/random.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace apical {
template <class T> void Microcircuit<T>::product(Pathway& p, const T* x, T* y)
{
    if (p.due)
        kernels<T>().updateMultiply(p.weights, {p.post, p.pre, p.clip}, x, y);
    else
        kernels<T>().multiply(p.weights, x, y);
    p.due = false;
}

template <class T> void Microcircuit<T>::step(const Drive& drive)
{
    const Parameters& p = m_parameters;
    const CircuitParameters& c = circuit(p);
    const Kernels<T>& k = kernels<T>();
    const bool lookAhead = c.latentEquilibrium;
    const bool shift = lookAhead && c.targetShift;
    const std::size_t outputs = drive.target.size();

    const bool started = m_flags[kStarted] != T(0);
    const bool jump = !started && c.initialInput == initial_input::first;
    // m_targetNext is the filtered target; with the shift the output sees the value it had before
    // this step.
    if (shift) {
        std::copy_n(m_targetNext, outputs, m_target);
        if (!started)
            std::fill_n(m_target, outputs, T(0));
    }
    const bool still = standsStill(drive);
    if (!still)
        receive(drive.input, jump);
    lowPassTarget(drive.target, jump);
    if (!shift)
        std::copy_n(m_targetNext, outputs, m_target);
    const T now = drive.nudged ? T(1) : T(0);
    const T shifted = started ? m_flags[kNudgedBefore] : now;
    // Gille's rule looks at the filtered values instead of a flag.
    const bool nudged = p.nudgingRule == nudging_rule::positive
        ? std::any_of(m_target, m_target + outputs, [](T t) { return t > T(0); })
        : (shift ? shifted : now) != T(0);
    m_flags[kStarted] = 1;
    m_flags[kNudgedBefore] = now;
    m_flags[kNudged] = nudged ? T(1) : T(0);

    for (int l = 0; l <= last(); ++l) {
        Layer& layer = m_layers[static_cast<std::size_t>(l)];
        if (l == 0)
            firstProduct(still);
        else
            product(layer.up, m_layers[static_cast<std::size_t>(l) - 1].pyramidal.rate,
                layer.pyramidal.dendrite);
        if (l == last())
            continue;
        feedback(layer, m_layers[static_cast<std::size_t>(l) + 1]);
        product(layer.ip, layer.pyramidal.rate, layer.interneurons.dendrite);
        for (int i = 0; i < layer.pyramidal.size; ++i)
            layer.apical[i] = layer.topdown[i] + layer.lateral[i];
    }

    // What this step's change of the first W_up refers to; the last step's was due until the
    // product above.
    if (!still)
        std::memcpy(m_inputBefore, m_input,
            static_cast<std::size_t>(padded<T>(m_inputSize + 1)) * sizeof(T));

    // Interneurons read the next layer's broadcast potential of the step before: they go first.
    const auto membrane = [&](double cA, double cB, double total) {
        return Membrane<T>{static_cast<T>(cA), static_cast<T>(cB), static_cast<T>(total),
            static_cast<T>(1 / total), static_cast<T>(p.dt), lookAhead};
    };
    const double hidden = c.totalHidden(), inter = c.totalInterneuron(), output = c.totalOutput();
    for (int l = 0; l < last(); ++l) {
        Layer& layer = m_layers[static_cast<std::size_t>(l)];
        Population& inn = layer.interneurons;
        k.membrane(membrane(c.basal / inter, c.nudging / inter, inter), inn.dendrite,
            m_layers[static_cast<std::size_t>(l) + 1].pyramidal.broadcast, inn.soma, inn.broadcast,
            inn.size);
        k.scale(
            static_cast<T>(c.basal / (c.leak + c.basal)), inn.dendrite, inn.attenuated, inn.size);
    }
    for (int l = 0; l < last(); ++l) {
        Layer& layer = m_layers[static_cast<std::size_t>(l)];
        Population& pyr = layer.pyramidal;
        k.membrane(membrane(c.basal / hidden, c.apical / hidden, hidden), pyr.dendrite,
            layer.apical, pyr.soma, pyr.broadcast, pyr.size);
        k.scale(static_cast<T>(c.basal / hidden), pyr.dendrite, pyr.attenuated, pyr.size);
    }
    Population& out = m_layers.back().pyramidal;
    // Not nudged, the steady state is the dendrite's own prediction, but the soma still relaxes
    // with G.
    k.membrane(nudged ? membrane(c.basal / output, c.nudging / output, output)
                      : membrane(c.basal / (c.leak + c.basal), 0, output),
        out.dendrite, nudged ? m_target : nullptr, out.soma, out.broadcast, out.size);
    k.scale(static_cast<T>(c.basal / (c.leak + c.basal)), out.dendrite, out.attenuated, out.size);
    if (c.noise > 0)
        addNoise(drive.step, p.dt);

    // phi(p') is the post term of plasticity now and the rate that is broadcast in the next step:
    // computed once.
    std::memcpy(m_ratesBefore, m_rates, static_cast<std::size_t>(m_rateSize) * sizeof(T));
    k.transfer(m_transfer, m_broadcasts, m_rates, m_rateSize);
    if (drive.learning)
        learn(drive, p.dt);
    setBias();
}

template <class T> void Microcircuit<T>::learn(const Drive& drive, double dt)
{
    const CircuitParameters& c = circuit(m_parameters);
    const Kernels<T>& k = kernels<T>();
    const double scale = c.rateScale(drive.presentationTime, drive.epoch);
    k.transfer(m_transfer, m_attenuated, m_attenuatedRates, m_rateSize);
    // The learning rate is part of the post factor, so that a change is one outer product.
    const auto factor = [&](const Pathway& path, double eta) {
        return static_cast<T>(path.tau > 0 ? eta : dt * eta);
    };
    const bool plasticFeedback = !transposedFeedback();
    const auto rateError = [&](Pathway& path, const Population& post, double eta, bool lock) {
        if (lock || eta == 0)
            return;
        k.scaledDifference(factor(path, eta), post.rate, post.attenuatedRate, path.post, post.size);
        schedule(path, dt);
    };
    for (int l = 0; l <= last(); ++l) {
        Layer& layer = m_layers[static_cast<std::size_t>(l)];
        rateError(layer.up, layer.pyramidal, scale * layerValue(c.etaUp, l), c.lockUp);
        if (l == last())
            continue;
        rateError(layer.ip, layer.interneurons, scale * layerValue(c.etaIp, l), c.lockIp);
        if (const double eta = scale * layerValue(c.etaPi, l);
            eta != 0 && !c.lockPi && plasticFeedback) {
            k.scale(-factor(layer.pi, eta), layer.apical, layer.pi.post, layer.pyramidal.size);
            schedule(layer.pi, dt);
        }
        if (const double eta = scale * layerValue(c.etaDown, l);
            eta != 0 && !c.lockDown && plasticFeedback) {
            k.transfer(m_transfer, layer.topdown, layer.topdownRate, layer.pyramidal.size);
            k.scaledDifference(factor(layer.down, eta), layer.pyramidal.rate, layer.topdownRate,
                layer.down.post, layer.pyramidal.size);
            schedule(layer.down, dt);
        }
    }
}

template <class T> void Microcircuit<T>::schedule(Pathway& p, double dt)
{
    if (p.tau <= 0) {
        p.due = true;
        return;
    }
    // Low-pass: D += (dt/tau)(dt eta post x pre - D), W += D. The simple loop: this option is rare.
    const T factor = static_cast<T>(std::min(1.0, dt / p.tau));
    WeightBlock<T> filtered = p.weights;
    filtered.data = p.filtered;
    for (int i = 0; i < p.weights.rows; ++i) {
        for (int j = 0; j < p.weights.cols; ++j) {
            T& d = filtered.at(i, j);
            d += factor * (static_cast<T>(dt) * p.post[i] * p.pre[j] - d);
            T& w = p.weights.at(i, j);
            w = std::clamp(w + d, -p.clip, p.clip);
        }
    }
}

// Noise is part of the membrane equation, so looking ahead sees it as well: with du/dt = G (s - u)
// + xi / dt the prospective potential u + (1/G) du/dt moves by xi / (G dt), and the soma stays the
// low-pass of what is broadcast.
template <class T> void Microcircuit<T>::addNoise(std::uint64_t step, double dt)
{
    const CircuitParameters& c = circuit(m_parameters);
    const double size = c.noise * (c.noiseScaling == noise_scaling::sqrt_dt ? std::sqrt(dt) : dt);
    std::uint32_t index = 0;
    const auto disturb = [&](Population& population, double conductance) {
        const T ahead = static_cast<T>(1 / (conductance * dt));
        for (int i = 0; i < population.size; ++i) {
            const T xi =
                static_cast<T>(size * normal(m_seed, RandomStream::SomaticNoise, step, index++));
            population.soma[i] += xi;
            if (c.latentEquilibrium)
                population.broadcast[i] += xi * ahead;
            else
                population.broadcast[i] = population.soma[i];
        }
    };
    for (Layer& layer : m_layers) {
        const bool output = &layer == &m_layers.back();
        disturb(layer.pyramidal, output ? c.totalOutput() : c.totalHidden());
        disturb(layer.interneurons, c.totalInterneuron());
    }
}

// The rest of the class is instantiated in microcircuit.cpp.
template void Microcircuit<double>::step(const Drive&);
template void Microcircuit<double>::product(Pathway&, const double*, double*);
template void Microcircuit<double>::learn(const Drive&, double);
template void Microcircuit<double>::schedule(Pathway&, double);
template void Microcircuit<double>::addNoise(std::uint64_t, double);
template void Microcircuit<float>::step(const Drive&);
template void Microcircuit<float>::product(Pathway&, const float*, float*);
template void Microcircuit<float>::learn(const Drive&, double);
template void Microcircuit<float>::schedule(Pathway&, double);
template void Microcircuit<float>::addNoise(std::uint64_t, double);

} // namespace apical
