// A network that is stepped: its quantities, its parameters, its state as a value. Knows no time,
// thread or picture.
#pragma once

#include "sim/base/matrix.h"
#include "sim/experiment/experiment.h"
#include "sim/model/anatomy.h"
#include "sim/model/exact_gradient.h"
#include "sim/model/test_watch.h"

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
    int cols = 1; ///< 1: a vector; matrices have columns [post][pre] or [unit][sample]
    std::function<void(std::span<double>)> read;
    bool isWeights = false; ///< of a projection: always written with both indices
    int size() const { return rows * cols; }
};

/// What drives one step. Samples of a batch are columns: [unit][sample], row-major.
struct Drive {
    std::span<const double> input; ///< X_k, raw pattern, N_in x samples
    std::span<const double> target; ///< T_k, potentials or output values, N_out x samples
    bool nudged = false; ///< there is a target and it acts
    bool learning = true;
    bool inputHeld = false; ///< known to be the input of the step before; saves comparing it
    std::uint64_t step = 0; ///< address of random numbers
    double presentationTime = 1; ///< ms, for eta.per_presentation
    std::uint64_t epoch = 0; ///< of the presentation
    std::uint32_t stepInPattern = 0, stepsInPattern = 1; ///< where in the presentation this step is
};

class Model {
public:
    virtual ~Model() = default;
    virtual void step(const Drive&) = 0; ///< allocates nothing
    /// What can be read by index. Reading changes no bit of save(); it may apply a weight change
    /// that is due, so one model is read by one thread at a time.
    virtual const Anatomy& anatomy() const = 0;
    /// Its population's size, per sample x Anatomy::samples, [unit][sample].
    virtual void read(int quantity, std::span<double>) const = 0;
    virtual void readWeights(int projection, std::span<double>) const = 0; ///< rows x cols
    /// Only of projections that are weights.
    virtual void setWeights(int projection, std::span<const double>) = 0;
    /// All of Anatomy::measures, in their order. Allocates; not for the step loop.
    virtual void measure(std::span<double>) const { }
    /// Index of the quantity that is averaged as the answer.
    virtual int answer() const = 0;
    /// The sample of a batch that views show.
    virtual int watchedSample() const { return 0; }
    /// Loss of one answer, N_out each: what the model's learning makes smaller, or what people
    /// compare: the mean over outputs of (answer - target)^2.
    virtual double loss(std::span<const double> answer, std::span<const double> target) const;
    /// nullptr: its learning is not measured against a gradient.
    virtual std::unique_ptr<ExactGradient> exactGradient() const { return nullptr; }
    /// nullptr: a test tells no more than loss and accuracy.
    virtual std::unique_ptr<TestWatch> testWatch() const { return nullptr; }
    virtual void act(std::string_view) { } ///< one of Anatomy::actions; others call actOn()
    virtual const std::vector<Probe>& probes() const = 0; ///< probesOf(*this)
    virtual const Parameters& parameters() const = 0;
    virtual void setParameters(const Parameters&) = 0; ///< between steps
    /// State as a value: every potential, rate, filtered input and weight, bit for bit.
    virtual std::vector<std::byte> save() const = 0;
    virtual void restore(std::span<const std::byte>) = 0; ///< @throws InputError on another size
    virtual void
    resetPotentials() = 0; ///< hard reset: potentials 0, weights and filtered input kept
    virtual bool finite() const = 0; ///< cheap check after a step
    /// Magnitude of what neurons broadcast, for guard.potential; 0: the model has no such limit.
    virtual double largestPotential() const { return 0; }
};

/// The anatomy as probes, layer by layer: its quantities, then the projections to it. They refer to
/// the model.
std::vector<Probe> probesOf(const Model&);
const Probe* findProbe(const Model&, std::string_view name);

/// Every weight of the model, in the order of its anatomy.
std::vector<NamedMatrix> weightsOf(const Model&);
/// Sets those that the model has in this very size.
void setWeightsOf(Model&, const std::vector<NamedMatrix>&);

std::vector<double> measuresOf(const Model&); ///< Model::measure() as a list

/// @throws InputError with the actions that there are, nothing changed
void actOn(Model&, std::string_view action);

std::string firstNonFinite(const Model&); ///< "layer1.pyr.apical[2]", or ""
std::string largestQuantity(const Model&); ///< "layer1.pyr.prospective[2]": the largest of all

} // namespace apical
