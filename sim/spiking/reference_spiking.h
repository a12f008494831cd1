// The spiking microcircuit once more, written as one reads it: loops over synapses, libm, one
// random number at a time, every synapse in every step. Slow on purpose. It is the oracle of the
// tests and the yardstick of `apical-cli bench`; precision "reference" runs it.
#pragma once

#include "sim/circuit/backprop.h"
#include "sim/circuit/circuit_weights.h"
#include "sim/circuit/self_prediction.h"
#include "sim/experiment/spike_table.h"
#include "sim/model/model.h"
#include "sim/spiking/spiking_anatomy.h"
#include "sim/spiking/spiking_parameters.h"

#include <memory>
#include <vector>

namespace apical {

/// The same equations and the same random numbers as SpikingMicrocircuit, so the same spikes.
class ReferenceSpikingMicrocircuit final : public Model {
public:
    ReferenceSpikingMicrocircuit(std::vector<int> sizes, const Parameters&,
        const std::vector<LayerWeights>& initial, std::uint64_t seed,
        std::shared_ptr<const SpikeTable> replay);

    void step(const Drive&) override;
    const Anatomy& anatomy() const override { return m_anatomy.circuit.anatomy; }
    void read(int quantity, std::span<double>) const override;
    void readWeights(int projection, std::span<double>) const override;
    void setWeights(int projection, std::span<const double>) override;
    void measure(std::span<double> out) const override { measureSelfPrediction(*this, out); }
    int answer() const override { return m_anatomy.circuit.answer(m_parameters); }
    std::unique_ptr<ExactGradient> exactGradient() const override
    {
        return circuitBackprop(m_anatomy.circuit.anatomy, m_sizes, m_parameters);
    }
    void act(std::string_view) override { jumpToSelfPrediction(*this); }
    const std::vector<Probe>& probes() const override { return m_probes; }
    const Parameters& parameters() const override { return m_parameters; }
    void setParameters(const Parameters& p) override { m_parameters = p; }
    std::vector<std::byte> save() const override;
    void restore(std::span<const std::byte>) override;
    void resetPotentials() override;
    bool finite() const override;

private:
    using Values = std::vector<double>;
    struct Population {
        int size = 0;
        int first = 0, place = 0; ///< in tables; as address of random numbers
        Values soma, forward, rate, dendrite, current, error, sent, count, silentFor;
        Values apical, topdown, lateral, apicalError, distalError; ///< of hidden pyramidal neurons
    };
    struct Synapses { ///< of two populations, [post][pre]
        int pre = 0, post = 0; ///< populations
        std::vector<int> delay; ///< steps, of each
        Values weights, change, lastSent; ///< W, E, clip(W) at the last spike
        Values trace; ///< S_j
        std::vector<Values> errors, underway; ///< of the last steps; inputs of the steps to come
    };
    struct Layer {
        int pyramidal = 0, interneurons = -1; ///< populations
        int up = -1, down = -1, ip = -1, pi = -1; ///< synapses
        bool hidden() const { return interneurons >= 0; }
    };

    const SpikingParameters& own() const { return spiking(m_parameters); }
    Population& at(int k) { return m_populations[static_cast<std::size_t>(k)]; }
    const Population& at(int k) const { return m_populations[static_cast<std::size_t>(k)]; }
    std::size_t slot(int ahead) const; ///< of so many steps from now
    double phi(double v) const { return transfer(own().transfer(), v); }
    double clipOf(int synapses) const;
    int addPopulation(int size);
    int addSynapses(int pre, int post, int ownDelay);
    Values arriving(int synapses, double eta, double clip);
    void keepErrors(int synapses, double eta, bool learning, const Values& errors);
    void soma(Population&, double conductance, bool hidden, double constant);
    void leak(Values& dendrite, const Values& input, double capacitance) const;
    void spike(Population&);
    void currents(const Drive&);
    /// Every list of the state, in the order of save(); Self may be const.
    template <class Self, class F> static void visit(Self&, F);

    std::vector<int> m_sizes;
    std::uint64_t m_seed;
    std::shared_ptr<const SpikeTable> m_replay;
    SpikingAnatomy m_anatomy;
    Parameters m_parameters;
    std::vector<Population> m_populations;
    std::vector<Synapses> m_synapses; ///< in the order of the anatomy's projections
    std::vector<Layer> m_layers;
    int m_slots = 2;
    Values m_rates; ///< eta of each projection in the last step
    Values m_target;
    std::uint64_t m_step = 0, m_drawStep = 0;
    double m_nudged = 0;
    std::vector<Probe> m_probes;
};

} // namespace apical
