// The dendritic microcircuit when neurons talk in spikes.
#pragma once

#include "sim/base/aligned.h"
#include "sim/circuit/backprop.h"
#include "sim/circuit/circuit_weights.h"
#include "sim/circuit/self_prediction.h"
#include "sim/experiment/spike_table.h"
#include "sim/model/model.h"
#include "sim/spiking/spike_trains.h"
#include "sim/spiking/spiking_anatomy.h"
#include "sim/spiking/spiking_kernels.h"
#include "sim/spiking/spiking_parameters.h"
#include "sim/spiking/spiking_pathway.h"

#include <memory>
#include <vector>

namespace apical {

/// One step, k -> k + 1, with the spikes n(k-1) of the step before:
///   synapses   J = sum W n(k-1) / psi, for the dendrite in step k + d - 1, and learning by the
///              errors of step k - 1 - d (spiking_pathway.h)
///   soma       C du = dt (-G u + g_b v_B + g_a v_A + I), old dendrites; p = u(k) + du/dt / G
///   dendrite   v += (-g_den v + J) / C, g_den a share per step
///   spikes     n(k) ~ Poisson(psi phi(U) dt), U = p with Latent Equilibrium, else u; or one at
///              most with probability 1 - exp(-psi phi(U) dt) outside the refractory period
///   errors     D_B = phi(U) - phi(alpha v_B), D_A = -v_A, D_I and D_D alike
///   currents   g_inn u of the next layer to its interneurons, g_som T to the output: in step k + 1
/// Gille, Eq. 2.17 to 2.36; corrected where thesis and published models differ. The plain form is
/// ReferenceSpikingMicrocircuit. All neurons stand in one list, population by population, each
/// from a multiple of kGroup on: so the kernels see long lists, and this place is the address of a
/// neuron's random numbers.
template <class T> class SpikingMicrocircuit final : public Model {
public:
    /// @param replay spikes in place of drawn ones; may be nullptr
    SpikingMicrocircuit(const std::vector<int>& sizes, const Parameters&,
        const std::vector<LayerWeights>& initial, std::uint64_t seed,
        std::shared_ptr<const SpikeTable> replay);

    void step(const Drive&) override;
    const Anatomy& anatomy() const override { return m_anatomy.circuit.anatomy; }
    void read(int quantity, std::span<double>) const override;
    void readWeights(int projection, std::span<double>) const override;
    void setWeights(int projection, std::span<const double>) override;
    void measure(std::span<double>) const override;
    int answer() const override { return m_anatomy.circuit.answer(m_parameters); }
    /// Of the rate network that has these weights.
    std::unique_ptr<ExactGradient> exactGradient() const override
    {
        return circuitBackprop(m_anatomy.circuit.anatomy, m_sizes, m_parameters);
    }
    void act(std::string_view) override { jumpToSelfPrediction(*this); }
    const std::vector<Probe>& probes() const override { return m_probes; }
    const Parameters& parameters() const override { return m_parameters; }
    void setParameters(const Parameters&) override;
    std::vector<std::byte> save() const override;
    void restore(std::span<const std::byte>) override;
    void resetPotentials() override;
    bool finite() const override;
    double largestPotential() const override;

private:
    using Values = Aligned<T>;
    struct Population {
        int size = 0;
        int first = 0; ///< of its neurons among all, as tables count
        int at = 0; ///< place of its first neuron in the lists
        SpikeTrains<T> trains;
        double arrivals = 1; ///< share of it that sends in a step, a running mean
        std::size_t placeOf(int i) const
        {
            return static_cast<std::size_t>(at) + static_cast<std::size_t>(i);
        }
        std::size_t columnOf(int i) const
        {
            return static_cast<std::size_t>(first) + static_cast<std::size_t>(i);
        }
    };
    struct Bundle { ///< synapses of one delay
        int delay = 1;
        SpikingPathway<T> synapses;
        Values underway; ///< [slot][post]: what reaches the dendrite in the steps to come
    };
    struct Pathway {
        int pre = 0, post = 0; ///< populations
        Values SpikingMicrocircuit::*errors = nullptr; ///< ring of what it learns from
        std::vector<Bundle> bundles;
        Values factors; ///< [slot]: of the errors of that step; 0: nothing was to be learned
        double factor = 0; ///< from now on
        bool byEvents = false; ///< where the scheme is automatic
    };
    struct Layer { ///< 1..N
        int pyramidal = 0, interneurons = -1; ///< populations
        int up = -1, down = -1, ip = -1, pi = -1; ///< pathways
        bool hidden() const { return interneurons >= 0; }
    };

    const SpikingParameters& own() const { return spiking(m_parameters); }
    Population& at(int population) { return m_populations[static_cast<std::size_t>(population)]; }
    const Population& at(int population) const
    {
        return m_populations[static_cast<std::size_t>(population)];
    }
    Pathway& way(int pathway) { return m_pathways[static_cast<std::size_t>(pathway)]; }
    const Pathway& way(int pathway) const { return m_pathways[static_cast<std::size_t>(pathway)]; }
    /// Of so many steps ago; negative: ahead.
    std::size_t slot(int back) const
    {
        const auto all = static_cast<std::uint64_t>(m_slots); // "slots" is a word of Qt
        return static_cast<std::size_t>((m_step + all - static_cast<std::uint64_t>(back)) % all);
    }
    T* ringAt(Values& ring, int back)
    {
        return ring.data() + slot(back) * static_cast<std::size_t>(m_length);
    }
    const T* ringAt(const Values& ring, int back) const
    {
        return ring.data() + slot(back) * static_cast<std::size_t>(m_length);
    }
    int addPopulation(int size);
    int addPathway(int pre, int post, int ownDelay, Values SpikingMicrocircuit::*errors);
    void build();
    void chooseDropout();
    void settings(const Drive&);
    void synapseSettings();
    void neuronSettings();
    void chooseScheme(Pathway&, double decay);
    void deliver(int pathway, Values& dendrite);
    void input(const Drive&);
    void listQuads();
    void neurons();
    void spikes();
    void drawLarge(T* sent);
    void replaySpikes(T* sent);
    void beRefractory(T* sent);
    void currents(const Drive&);
    bool fits() const;
    template <class Self, class F> static void visit(Self&, F);

    std::vector<int> m_sizes;
    std::uint64_t m_seed;
    std::shared_ptr<const SpikeTable> m_replay;
    SpikingAnatomy m_anatomy;
    Parameters m_parameters;
    Transfer<T> m_transfer;
    std::vector<Population> m_populations;
    std::vector<Pathway> m_pathways; ///< in the order of the anatomy's projections
    std::vector<Layer> m_layers;
    int m_slots = 2; ///< steps of spikes and errors that are kept
    int m_neurons = 0; ///< of all
    int m_length = 0; ///< of the lists; the last kGroup entries are nobody's
    // One entry per neuron: u, p, phi(U), v_B, current that arrives in the next step, J
    Values m_soma, m_forward, m_rate, m_dendrite, m_current, m_input;
    Values m_apical, m_topdown, m_lateral; ///< v_A and its two parts
    Values m_topdownInput, m_lateralInput;
    Values m_sent, m_basalError, m_apicalError, m_distalError; ///< [slot][neuron]
    Aligned<double> m_count; ///< spikes since the start
    std::vector<std::int32_t> m_silentFor; ///< steps of the refractory period that are left
    Values m_noisy; ///< current and noise
    Values m_on, m_drawn; ///< 0 where dropout is, else 1; the rate times it
    std::vector<double> m_order; ///< in which dropout takes neurons
    std::vector<std::int32_t> m_quads; ///< that have a rate
    std::vector<NeuronUpdate<T>> m_updates; ///< of all populations but the input

    std::uint64_t m_step = 0; ///< steps done, for the rings
    std::uint64_t m_drawStep = 0; ///< address of the numbers drawn in this step
    Values m_target;
    T m_nudged = 0;
    bool m_changed = true; ///< parameters, or the state from outside
    bool m_learning = false;
    double m_rateScale = 0, m_decay = 0; ///< of the last settings()
    std::vector<Probe> m_probes;
};

/// Precision "reference": the plain form.
std::unique_ptr<Model> makeSpikingMicrocircuit(
    const Experiment&, const Parameters&, const std::shared_ptr<const SpikeTable>& replay = {});

} // namespace apical
