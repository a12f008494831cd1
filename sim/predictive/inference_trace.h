// One inference of predictive coding, to look at: values, predictions, errors and energies of every
// layer at each read t = 0..T, for one sample and weights that are held. The model itself makes it
// (predictive_net.h), in double; which layer would learn when does not matter here.
//
// The limit of its rate: around the forward pass F is a bowl over the hidden values x, and going
// down it by gamma never rises while gamma < 2 / lambda_max, the largest eigenvalue of
//   H = d^2 F / dx dx   at x_l = mu_l
// H is never written out. With g = -dF/dx, which is the model's own move, it is known by
//   H v = (g(x - h v) - g(x + h v)) / 2h + O(h^2)
// and lambda_max is that of the space which v, H v, H^2 v, ... span: power iteration that forgets
// none of its steps (Lanczos 1950). With predictions held fixed, moves are linear and triangular,
// with pi_l on the diagonal; then lambda_max is the largest pi_l of a hidden layer.
#pragma once

#include "sim/base/matrix.h"
#include "sim/experiment/parameters.h"
#include "sim/model/anatomy.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace apical {

/// What an inference follows from.
struct InferenceCase {
    std::vector<int> sizes; ///< input, hidden..., output
    Parameters parameters; ///< of predictive coding; batch, schedule of weights and T are not used
    std::vector<Matrix> weights; ///< per projection of its anatomy; gradients may be empty
    std::vector<double> input, target;
    int steps = 0; ///< T
    /// Where the numbers of inference.start_noise come from: the run's seed, its step of the first
    /// read, and which of so many samples of a batch this one is.
    std::uint64_t seed = 1, step = 0;
    int sample = 0, samples = 1;
    bool operator==(const InferenceCase&) const = default;
};

struct InferenceTrace {
    struct Layer {
        Matrix value, prediction, error; ///< x_l, mu_l, eps_l: [t][unit], t = 0..last()
        std::vector<double> energy; ///< F_l
    };
    std::vector<Layer> layers; ///< 1..N
    std::vector<double> total; ///< F
    std::vector<bool> rises; ///< whether F is larger than one read before, beyond rounding
    double loss = 0; ///< of the forward pass
    double rateLimit = std::numeric_limits<double>::infinity(); ///< 2 / lambda_max
    double equilibrium = std::numeric_limits<double>::quiet_NaN(); ///< F*, of linear nets
    bool diverged = false; ///< it ends where a number was none, before T

    int last() const { return static_cast<int>(total.size()) - 1; }
};

/// Whether a model with this anatomy goes through an inference that can be traced.
bool infersStepByStep(const Anatomy&);
/// T of the run itself, for so many target layers. @throws std::bad_any_cast for another family
int inferenceSteps(const Parameters&, int layers);

/// Keeps a net between traces of the same sizes: what it gives depends on the case alone. One
/// thread at a time.
class InferenceTracer {
public:
    InferenceTracer();
    ~InferenceTracer();
    /// @throws InputError for parameters that do not go together, or weights of another size
    InferenceTrace trace(const InferenceCase&);

private:
    struct Parts;
    std::unique_ptr<Parts> m;
};

} // namespace apical
