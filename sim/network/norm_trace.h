// Batch normalisation, to look at: what the hidden units of a net receive from a batch before and
// after it, and how far the net that normalises is from the plain one that it amounts to. The net
// itself makes both (net.h, batch_norm.h), from weights that are held:
//   before z = W a + b,   normalised zh = (z - m) / sqrt(v + e),   after y = G zh + S
// m, v are those of the batch, or the running ones. Fused, with s = G / sqrt(v + e):
//   W' = diag(s) W,   b' = s (b - m) + S
// Fused with running statistics a net answers as it does with them, to rounding.
#pragma once

#include "sim/base/matrix.h"
#include "sim/experiment/parameters.h"
#include "sim/model/anatomy.h"

#include <span>
#include <string>
#include <vector>

namespace apical {

/// A net that normalises, as a value.
struct NormCase {
    std::vector<int> sizes; ///< input, hidden..., output
    Parameters parameters{}; ///< of a model around such a net
    std::vector<Matrix> up; ///< of layers 1..N, b_l as last column
    std::vector<Matrix> norm; ///< of hidden layers: [unit][gain, shift, mean, variance]
};

/// Samples are columns.
struct NormTrace {
    struct Layer {
        Matrix before, normalised, after; ///< z, zh, y: [unit][sample]
        std::vector<double> mean, variance; ///< that were used, of each unit
    };
    std::vector<Layer> layers; ///< hidden ones
    Matrix output; ///< a_N, [unit][sample]
};

/// Whether a model with this anatomy normalises what its hidden units receive.
bool normalisesBatches(const Anatomy&);

/// One forward pass in double. @param input [unit][sample] @param ofBatch by statistics of these
/// samples, else by the running ones. @throws InputError for matrices of another size
NormTrace traceNorm(const NormCase&, std::span<const double> input, int samples, bool ofBatch);

/// Of each sample the largest difference of an output between the net that normalises by running
/// statistics and the fused one. @param precision in which both are worked out, "float" or "double"
/// @param fusedWith empty: fused as it should be; else the mean and variance per hidden layer that
/// are folded in instead, as NormTrace has them. @throws InputError for matrices of another size
std::vector<double> fusionDifference(const NormCase&, std::span<const double> input, int samples,
    const std::string& precision, const std::vector<NormTrace::Layer>& fusedWith = {});

} // namespace apical
