// A network that is stepped: its quantities, its parameters, its state as a value. Knows no time,
// thread or picture.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/model/anatomy.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// A named quantity of a model. `read` writes rows*cols doubles, row-major, as they stand after the
/// last step.
struct Probe {
    std::string name; ///< "layer1.pyr.apical"
    std::string unit; ///< "1" = dimensionless
    int rows = 0;
    int cols = 1; ///< 1: a vector; matrices have columns [post][pre]
    std::function<void(std::span<double>)> read;
    int size() const { return rows * cols; }
};

/// What drives one step.
struct Drive {
    std::span<const double> input; ///< X_k, raw pattern, N_in
    std::span<const double> target; ///< T_k, potentials, N_out
    bool nudged = false;
    bool learning = true;
    std::uint64_t step = 0; ///< address of random numbers
    double presentationTime = 1; ///< ms, for eta.per_presentation
};

class Model {
public:
    virtual ~Model() = default;
    virtual void step(const Drive&) = 0; ///< allocates nothing
    /// What can be read by index. Reading changes no bit of save(); it may apply a weight change
    /// that is due, so one model is read by one thread at a time.
    virtual const Anatomy& anatomy() const = 0;
    virtual void read(int quantity, std::span<double>) const = 0; ///< size of its population
    virtual void readWeights(int projection, std::span<double>) const = 0; ///< rows x cols
    virtual const std::vector<Probe>& probes() const = 0; ///< probesOf(*this)
    virtual const Parameters& parameters() const = 0;
    virtual void setParameters(const Parameters&) = 0; ///< between steps
    /// State as a value: every potential, rate, filtered input and weight, bit for bit.
    virtual std::vector<std::byte> save() const = 0;
    virtual void restore(std::span<const std::byte>) = 0; ///< @throws InputError on another size
    virtual void
    resetPotentials() = 0; ///< hard reset: potentials 0, weights and filtered input kept
    virtual LayerWeights weights(int layer) const = 0; ///< layer 1..N, after the last step
    virtual void setWeights(int layer, const LayerWeights&) = 0;
    virtual bool finite() const = 0; ///< cheap check after a step
    virtual std::string firstNonFinite() const = 0; ///< "layer1.pyr.apical[2]", or ""
};

/// The anatomy as probes, layer by layer: its quantities, then the projections to it. They refer to
/// the model.
std::vector<Probe> probesOf(const Model&);
const Probe* findProbe(const Model&, std::string_view name);

} // namespace apical
