// What is worth a look in every single step, and only while somebody wants to see it.
#pragma once

#include <string>
#include <vector>

namespace apical {

/// One number of a model: a neuron's quantity, or a weight.
struct StepSignal {
    std::string name; ///< "layer1.pyr.spikes" or "layer1.W_up"
    int row = 0; ///< neuron; of a weight the receiver
    int col = -1; ///< of a weight the sender; -1: a quantity
    bool operator==(const StepSignal&) const = default;
};

enum class MeanFilter {
    Exponential, ///< what lies t back counts exp(-t / tau)
    Boxcar ///< the last tau ms count alike
};

/// Holds for every lane; what a lane's model does not have is left out there.
struct StepWish {
    std::string statistics{}; ///< a count whose spikes are put into statistics; empty: none
    double windowMs = 10; ///< of the counts in them
    std::vector<std::string> means{}; ///< quantities whose running means are kept
    MeanFilter filter = MeanFilter::Exponential;
    double filterMs = 20; ///< tau
    std::vector<StepSignal> followed{}; ///< kept one by one for the last signalMs
    double signalMs = 20;
    bool none() const { return statistics.empty() && means.empty() && followed.empty(); }
    bool operator==(const StepWish&) const = default;
};

} // namespace apical
