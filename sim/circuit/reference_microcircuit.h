// The rate microcircuit once more, written as one reads it: dynamic Eigen matrices, temporaries,
// libm. Slow on purpose. It is the oracle of the tests and the yardstick of `apical-cli bench`;
// precision "reference" runs it.
#pragma once

#include "sim/circuit/backprop.h"
#include "sim/circuit/circuit_anatomy.h"
#include "sim/circuit/circuit_weights.h"
#include "sim/circuit/self_prediction.h"
#include "sim/model/model.h"

#include <Eigen/Core>

#include <memory>
#include <string>
#include <vector>

namespace apical {

class ReferenceMicrocircuit final : public Model {
public:
    ReferenceMicrocircuit(std::vector<int> sizes, const Parameters&,
        const std::vector<LayerWeights>& initial, std::uint64_t seed);

    void step(const Drive&) override;
    const Anatomy& anatomy() const override { return m_circuit.anatomy; }
    void read(int quantity, std::span<double>) const override;
    void readWeights(int projection, std::span<double>) const override;
    void setWeights(int projection, std::span<const double>) override;
    void measure(std::span<double> out) const override { measureSelfPrediction(*this, out); }
    int answer() const override;
    std::unique_ptr<ExactGradient> exactGradient() const override
    {
        return circuitBackprop(m_circuit.anatomy, m_sizes, m_parameters);
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
    using Vector = Eigen::VectorXd;
    using Weights = Eigen::MatrixXd;
    struct Layer {
        Vector u, p, basal, topdown, lateral, apical; ///< pyramidal
        Vector innU, innP, dendrite; ///< interneurons
        Weights up, down, ip, pi; ///< [post][pre]
        Weights changeUp, changeDown, changeIp, changePi; ///< low-passed changes
    };
    Vector phi(const Vector&) const;
    Vector withBias(const Vector&) const;
    void learn(Weights&, Weights& change, const Weights& derivative, double eta, bool lock,
        double clip, double ownTau);
    std::size_t last() const { return m_layers.size() - 1; }
    Weights& block(int projection);
    /// Every vector and matrix of the state, in the order of save(); Self may be const.
    template <class Self, class Visit> static void visitState(Self&, const Visit&);

    std::vector<int> m_sizes;
    Parameters m_parameters;
    std::uint64_t m_seed;
    std::vector<Layer> m_layers;
    Vector m_filtered, m_input, m_target, m_targetNext; ///< m_input: what the inputs send
    Vector m_flags; ///< [0] started, [1] nudging flag of the step before
    CircuitAnatomy m_circuit;
    std::vector<Probe> m_probes;
};

} // namespace apical
