// How many spikes the neurons of a model have sent.
#pragma once

#include "sim/model/model.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// The counts of every population that sends spikes, and what came to them since the last look.
class SpikeCounts {
public:
    struct Population {
        int quantity = 0; ///< index in the anatomy
        int layer = 0;
        std::string name; ///< "pyr", "inn", "input"; "layer1", "layer1.error" of networks
        std::string fullName; ///< "layer1.pyr"
        std::vector<double> now, before; ///< of the neurons; [neuron][sample] of batches
    };

    enum class Of { neurons, samples }; ///< samples: also what each sample of a batch has
    /// Counts from where the model stands.
    /// @param wanted whether to count, by the name of the quantity; empty: all
    explicit SpikeCounts(
        const Model&, Of, const std::function<bool(std::string_view quantity)>& wanted = {});
    bool any() const { return !m_populations.empty(); }
    /// Takes the present counts; those of the look before become Population::before.
    void look(const Model&);
    const std::vector<Population>& populations() const { return m_populations; }
    /// Of a population, since the start of the run.
    static double total(const Population&);

private:
    std::vector<Population> m_populations;
};

} // namespace apical
