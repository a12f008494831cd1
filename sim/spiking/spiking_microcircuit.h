// The dendritic microcircuit when neurons talk in spikes.
#pragma once

#include "sim/circuit/backprop.h"
#include "sim/circuit/circuit_weights.h"
#include "sim/circuit/self_prediction.h"
#include "sim/experiment/spike_table.h"
#include "sim/model/model.h"
#include "sim/spiking/spiking_anatomy.h"
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
/// Gille, Eq. 2.17 to 2.36; corrected where thesis and published models differ.
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
    using Values = std::vector<T>;
    struct Population {
        int size = 0, first = 0; ///< place of its first neuron among all, in draws and tables
        Values soma, forward, rate; ///< u, U, phi(U)
        Values dendrite, current; ///< v_B; analogue current that arrives in the next step
        Values input; ///< J of the step under way
        std::vector<double> error, count; ///< D_B; spikes since the start
        Values sent; ///< [slot][neuron]: spikes of the last steps
        std::vector<std::int32_t> silentFor; ///< steps of the refractory period that are left
        std::vector<std::uint8_t> off; ///< by dropout
        std::vector<double> hash; ///< order in which dropout takes neurons
    };
    struct Bundle { ///< synapses of one delay
        int delay = 1;
        SpikingPathway<T> synapses;
        Values underway; ///< [slot][post]: what reaches the dendrite in the steps to come
    };
    struct Pathway {
        int pre = 0, post = 0; ///< populations
        std::vector<Bundle> bundles;
        std::vector<double> errors; ///< [slot][post]: those of the last steps
    };
    struct Layer { ///< 1..N
        int pyramidal = 0, interneurons = -1; ///< populations
        Values apical, topdown, lateral; ///< v_A and its two parts
        Values topdownInput, lateralInput;
        std::vector<double> apicalError, distalError;
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
    int addPopulation(int size);
    int addPathway(int pre, int post, int ownDelay);
    void build();
    void chooseDropout();
    void settings(const Drive&);
    void deliver(int pathway, Values& dendrite);
    void input(const Drive&);
    void updateSoma(Population&, double conductance, const Values* apical, double constant);
    void leak(Values& dendrite, const Values& input, double capacitance);
    void spike(Population&);
    void currents(const Drive&);
    void basalError(Population&, double attenuation);
    void keepErrors(Pathway&, const std::vector<double>& errors);
    bool fits() const;
    template <class Self, class F> static void visit(Self&, F);

    std::vector<int> m_sizes;
    std::uint64_t m_seed;
    std::shared_ptr<const SpikeTable> m_replay;
    SpikingAnatomy m_anatomy;
    Parameters m_parameters;
    Transfer<double> m_transfer;
    std::vector<Population> m_populations;
    std::vector<Pathway> m_pathways; ///< in the order of the anatomy's projections
    std::vector<Layer> m_layers;
    int m_slots = 2; ///< steps of spikes and errors that are kept
    int m_neurons = 0;
    std::uint64_t m_step = 0; ///< steps done, for the rings
    std::uint64_t m_drawStep = 0; ///< address of the numbers drawn in this step
    Values m_target;
    T m_nudged = 0;
    bool m_learning = false;
    std::vector<std::uint8_t> m_byEvents; ///< per pathway, where the scheme is automatic
    std::vector<double> m_arrivals; ///< per pathway: spikes per sender and step, a running mean
    std::vector<Probe> m_probes;
};

std::unique_ptr<Model> makeSpikingMicrocircuit(
    const Experiment&, const Parameters&, const std::shared_ptr<const SpikeTable>& replay = {});

} // namespace apical
