#include "sim/spiking/reference_spiking.h"

#include "sim/base/random.h"
#include "sim/experiment/durations.h"
#include "sim/spiking/spike_count.h"
#include "sim/spiking/spiking_kernels.h"

#include <algorithm>
#include <cmath>

namespace apical {

ReferenceSpikingMicrocircuit::ReferenceSpikingMicrocircuit(std::vector<int> sizes,
    const Parameters& parameters, const std::vector<LayerWeights>& initial, std::uint64_t seed,
    std::shared_ptr<const SpikeTable> replay)
    : m_sizes(std::move(sizes))
    , m_seed(seed)
    , m_replay(std::move(replay))
    , m_anatomy(spikingAnatomy(m_sizes))
    , m_parameters(parameters)
{
    const SpikingParameters& p = own();
    m_slots = p.longestDelay() + 2;
    addPopulation(m_sizes.front());
    for (std::size_t l = 1; l < m_sizes.size(); ++l) {
        Layer layer;
        layer.pyramidal = addPopulation(m_sizes[l]);
        if (l + 1 < m_sizes.size())
            layer.interneurons = addPopulation(m_sizes[l + 1]);
        m_layers.push_back(layer);
    }
    for (std::size_t l = 0; l < m_layers.size(); ++l) { // in the order of circuitAnatomy()
        Layer& layer = m_layers[l];
        layer.up = addSynapses(l == 0 ? 0 : m_layers[l - 1].pyramidal, layer.pyramidal, p.delayUp);
        if (!layer.hidden())
            continue;
        layer.down = addSynapses(m_layers[l + 1].pyramidal, layer.pyramidal, p.delayDown);
        layer.ip = addSynapses(layer.pyramidal, layer.interneurons, p.delayIp);
        layer.pi = addSynapses(layer.interneurons, layer.pyramidal, p.delayPi);
    }
    m_rates.assign(m_synapses.size(), 0.0);
    m_target.assign(static_cast<std::size_t>(m_sizes.back()), 0.0);
    for (std::size_t l = 0; l < initial.size(); ++l)
        setLayerWeights(*this, static_cast<int>(l) + 1, initial[l]);
    m_probes = probesOf(*this);
}

int ReferenceSpikingMicrocircuit::addPopulation(int size)
{
    Population p;
    p.size = size;
    if (!m_populations.empty()) {
        const Population& last = m_populations.back();
        p.first = last.first + last.size;
        p.place = last.place + (last.size + kGroup - 1) / kGroup * kGroup;
    }
    for (Values* values :
        {&p.soma, &p.forward, &p.rate, &p.dendrite, &p.current, &p.error, &p.sent, &p.count,
            &p.silentFor, &p.apical, &p.topdown, &p.lateral, &p.apicalError, &p.distalError})
        values->assign(static_cast<std::size_t>(size), 0.0);
    m_populations.push_back(std::move(p));
    return static_cast<int>(m_populations.size()) - 1;
}

int ReferenceSpikingMicrocircuit::addSynapses(int pre, int post, int ownDelay)
{
    Synapses s;
    s.pre = pre;
    s.post = post;
    const auto rows = static_cast<std::size_t>(at(post).size);
    const auto cols = static_cast<std::size_t>(at(pre).size);
    s.weights = s.change = s.lastSent = Values(rows * cols, 0.0);
    s.trace.assign(cols, 0.0);
    s.errors = s.underway =
        std::vector<Values>(static_cast<std::size_t>(m_slots), Values(rows, 0.0));
    s.delay.assign(rows * cols, own().delayOf(ownDelay));
    const std::vector<int> extra = // sender by sender
        delaySpreads(own().delaySpread, rows * cols, m_seed, m_synapses.size());
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j)
            s.delay[i * cols + j] += extra[j * rows + i];
    m_synapses.push_back(std::move(s));
    return static_cast<int>(m_synapses.size()) - 1;
}

std::size_t ReferenceSpikingMicrocircuit::slot(int ahead) const
{
    const auto slots = static_cast<std::uint64_t>(m_slots);
    return static_cast<std::size_t>((m_step + slots + static_cast<std::uint64_t>(ahead)) % slots);
}

/// One step of the synapses (spiking_pathway.h). @return what reaches the dendrites now
ReferenceSpikingMicrocircuit::Values ReferenceSpikingMicrocircuit::arriving(
    int synapses, double eta, double clip)
{
    m_rates[static_cast<std::size_t>(synapses)] = eta;
    Synapses& s = m_synapses[static_cast<std::size_t>(synapses)];
    const Values& spikes = at(s.pre).sent;
    const double a = std::exp(-m_parameters.dt / own().tauDelta);
    const std::size_t rows = s.errors.front().size(), cols = spikes.size();
    for (double& trace : s.trace)
        trace *= a;
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < cols; ++j) {
            const std::size_t k = i * cols + j;
            const double error = s.errors[slot(-1 - s.delay[k])][i];
            s.weights[k] += eta * (1 - a) * s.change[k];
            s.change[k] = a * s.change[k] + error * s.trace[j];
            if (spikes[j] == 0)
                continue;
            s.lastSent[k] = std::clamp(s.weights[k], -clip, clip);
            s.underway[slot(s.delay[k] - 1)][i] += s.lastSent[k] * spikes[j] / own().psi;
        }
    }
    for (std::size_t j = 0; j < cols; ++j)
        s.trace[j] += spikes[j] / own().psi;
    Values now(rows, 0.0);
    now.swap(s.underway[slot(0)]);
    return now;
}

void ReferenceSpikingMicrocircuit::keepErrors(
    int synapses, double eta, bool learning, const Values& errors)
{
    const double factor = !learning || eta == 0 ? 0 : own().errorTimesDt ? m_parameters.dt : 1;
    Values& to = m_synapses[static_cast<std::size_t>(synapses)].errors[slot(0)];
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] = factor * errors[i];
}

void ReferenceSpikingMicrocircuit::soma(
    Population& of, double conductance, bool hidden, double constant)
{
    const SpikingParameters& p = own();
    const double noise = p.noise == 0              ? 0
        : p.noiseScaling == noise_scaling::sqrt_dt ? p.noise / std::sqrt(m_parameters.dt)
                                                   : p.noise;
    for (std::size_t i = 0; i < of.soma.size(); ++i) {
        double change = -conductance * of.soma[i] + p.basal * of.dendrite[i] + of.current[i]
            + constant + (hidden ? p.apical * of.apical[i] : 0);
        if (noise != 0)
            change += noise
                * normal(m_seed, RandomStream::SomaticNoise, m_drawStep,
                    static_cast<std::uint32_t>(of.first) + static_cast<std::uint32_t>(i));
        of.forward[i] = of.soma[i] + change / conductance;
        of.soma[i] += m_parameters.dt * change;
        of.rate[i] = phi(p.latentEquilibrium ? of.forward[i] : of.soma[i]);
    }
}

void ReferenceSpikingMicrocircuit::leak(
    Values& dendrite, const Values& input, double capacitance) const
{
    for (std::size_t i = 0; i < dendrite.size(); ++i)
        dendrite[i] +=
            (-own().dendriteLeakOf(m_parameters.dt) * dendrite[i] + input[i]) / capacitance;
}

void ReferenceSpikingMicrocircuit::spike(Population& of)
{
    const SpikingParameters& p = own();
    const std::vector<std::uint8_t> off = dropoutOf(p.dropout, of.size, of.first, m_seed);
    for (int i = 0; i < of.size; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const double mean = p.psi * m_parameters.dt * of.rate[k];
        const int place = of.place + i;
        double count = 0;
        if (m_replay) {
            if (m_drawStep < m_replay->steps())
                count = m_replay->row(m_drawStep)[static_cast<std::size_t>(of.first) + k];
        } else if (off[k] == 0) {
            count = poissonCount(mean, [&](unsigned part) {
                return mean < kLargestMean ? spikeUniform(m_seed, m_drawStep, place)
                                           : uniform(m_seed, RandomStream::Spikes, m_drawStep,
                                               largeDrawIndex(place, part));
            });
        }
        if (p.refractory > 0 && !m_replay) {
            count = of.silentFor[k] > 0 ? 0 : std::min(count, 1.0);
            if (of.silentFor[k] > 0)
                of.silentFor[k] -= 1;
            else if (count > 0)
                of.silentFor[k] = static_cast<double>(stepsOf(p.refractory, m_parameters.dt));
        }
        of.sent[k] = count;
        of.count[k] += count;
    }
}

void ReferenceSpikingMicrocircuit::step(const Drive& d)
{
    const SpikingParameters& p = own();
    m_drawStep = d.step;
    const double scale = d.learning ? p.rateScale(d.presentationTime, d.epoch) / p.tauDelta : 0;
    const auto rateOf = [&](bool locked, const std::vector<double>& eta, std::size_t layer) {
        return locked ? 0 : scale * layerValue(eta, static_cast<int>(layer));
    };
    struct Inputs {
        Values up, down, ip, pi;
    };
    std::vector<Inputs> inputs(m_layers.size());
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const Layer& layer = m_layers[l];
        inputs[l].up = arriving(layer.up, rateOf(p.lockUp, p.etaUp, l),
            layer.hidden() ? p.clipUpHidden : p.clipUpOutput);
        if (!layer.hidden())
            continue;
        inputs[l].down = arriving(layer.down, rateOf(p.lockDown, p.etaDown, l), kNone);
        inputs[l].ip = arriving(layer.ip, rateOf(p.lockIp, p.etaIp, l), p.clipIp);
        inputs[l].pi = arriving(layer.pi, rateOf(p.lockPi, p.etaPi, l), p.clipPi);
    }
    Population& input = at(0);
    const bool follows = p.input == spiking_input::generators || p.inputTau <= m_parameters.dt;
    for (std::size_t i = 0; i < input.soma.size(); ++i) {
        const double share = follows ? 1 : m_parameters.dt / p.inputTau;
        input.soma[i] += share * (d.input[i] - input.soma[i]);
        if (follows)
            input.soma[i] = d.input[i];
        input.forward[i] = input.soma[i];
        input.rate[i] = std::max(0.0, input.soma[i]);
    }
    const double alphaHidden = p.basal / p.totalHidden(), alphaFree = p.basal / (p.leak + p.basal);
    const auto basalError = [this](Population& of, double alpha) {
        for (std::size_t i = 0; i < of.error.size(); ++i)
            of.error[i] = of.rate[i] - phi(alpha * of.dendrite[i]);
    };
    const bool released = p.untargeted == untargeted_leak::released && m_nudged == 0;
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const Layer& layer = m_layers[l];
        Population& pyr = at(layer.pyramidal);
        const double free = released ? p.leak + p.basal : p.totalOutput();
        soma(pyr, layer.hidden() ? p.totalHidden() : free, layer.hidden(),
            layerValue(p.current, static_cast<int>(l)));
        leak(pyr.dendrite, inputs[l].up, p.basalCapacitance);
        basalError(pyr, layer.hidden() ? alphaHidden : alphaFree);
        keepErrors(layer.up, rateOf(p.lockUp, p.etaUp, l), d.learning, pyr.error);
        if (!layer.hidden())
            continue;
        Values both = inputs[l].down;
        for (std::size_t i = 0; i < both.size(); ++i)
            both[i] += inputs[l].pi[i];
        leak(pyr.topdown, inputs[l].down, p.apicalCapacitance);
        leak(pyr.lateral, inputs[l].pi, p.apicalCapacitance);
        leak(pyr.apical, both, p.apicalCapacitance);
        for (std::size_t i = 0; i < both.size(); ++i) {
            pyr.apicalError[i] = -pyr.apical[i];
            pyr.distalError[i] = pyr.rate[i] - phi(pyr.topdown[i]);
        }
        Population& inn = at(layer.interneurons);
        soma(inn, p.leak + p.basal + p.innConductance(), false, 0);
        leak(inn.dendrite, inputs[l].ip, p.basalCapacitance);
        basalError(inn, alphaFree);
        keepErrors(layer.ip, rateOf(p.lockIp, p.etaIp, l), d.learning, inn.error);
        keepErrors(layer.pi, rateOf(p.lockPi, p.etaPi, l), d.learning, pyr.apicalError);
        keepErrors(layer.down, rateOf(p.lockDown, p.etaDown, l), d.learning, pyr.distalError);
    }
    for (Population& of : m_populations)
        spike(of);
    currents(d);
    ++m_step;
}

void ReferenceSpikingMicrocircuit::currents(const Drive& d)
{
    const SpikingParameters& p = own();
    for (std::size_t l = 0; l + 1 < m_layers.size(); ++l) {
        const Values& sister = at(m_layers[l + 1].pyramidal).soma;
        Values& current = at(m_layers[l].interneurons).current;
        for (std::size_t i = 0; i < current.size(); ++i)
            current[i] = p.innConductance() * sister[i];
    }
    m_nudged = 0;
    for (std::size_t i = 0; i < m_target.size(); ++i) {
        const bool on =
            d.nudged && (m_parameters.nudgingRule != nudging_rule::positive || d.target[i] > 0);
        const double wanted = on ? d.target[i] : 0;
        m_target[i] = p.targetTau <= m_parameters.dt
            ? wanted
            : m_target[i] + m_parameters.dt / p.targetTau * (wanted - m_target[i]);
        at(m_layers.back().pyramidal).current[i] = p.nudging * m_target[i];
        if (on)
            m_nudged = 1;
    }
}

} // namespace apical
