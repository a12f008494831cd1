// What local plasticity is measured against: the exact gradient of a loss.
#pragma once

#include "sim/base/matrix.h"

#include <span>
#include <vector>

namespace apical {

struct Parameters;

/// Of the network that a model stands for. Layers are numbered 1..N; all memory is allocated at
/// construction.
class ExactGradient {
public:
    virtual ~ExactGradient() = default;
    /// @param up W_up of layers 1..N @param input, target [unit][sample], as in Drive
    virtual void compute(const Parameters&, std::span<const Matrix> up,
        std::span<const double> input, std::span<const double> target) = 0;
    virtual const Matrix& gradient(int layer) const = 0; ///< dL/dW_up,l, as large as W_up
    virtual const std::vector<double>& delta(int layer) const = 0; ///< dL/du_l
    /// Index of the quantity that carries minus delta in this layer; -1: none does.
    virtual int errorQuantity(int layer) const = 0;
    /// Index of the projection that holds what the last step wanted W_up to go against; -1: the
    /// change of W_up over the presentation says it.
    virtual int updateProjection(int) const { return -1; }
    /// Index of the quantity that is compared with the errors that theories put in this layer; -1:
    /// none is.
    virtual int comparedQuantity(int) const { return -1; }
    /// That error as backpropagation and as predictive coding at rest have it, after compute().
    virtual std::span<const double> backpropError(int) const { return {}; }
    virtual std::span<const double> predictiveError(int) const { return {}; }
};

} // namespace apical
