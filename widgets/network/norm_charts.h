// Batch normalisation as charts: what units receive before and after it, and how far the fused net
// is from the one that normalises.
#pragma once

#include "sim/network/norm_trace.h"
#include "widgets/chart/chart.h"

#include <QString>

#include <algorithm>
#include <vector>

namespace apical {

/// What a net does to a batch, and what is left between it and its fused form.
struct NormPicture {
    NormTrace trace;
    std::vector<Matrix> norm; ///< of hidden layers: [unit][gain, shift, mean, variance]
    QString batch; ///< "batch 2 of epoch 3"
    int samples = 0; ///< of it
    bool ofBatch = true; ///< normalised by its own statistics, else by the running ones
    QString judged; ///< "8 test samples": what the differences are of
    /// Largest difference of an output, sample by sample: in double, in float, and in double with
    /// the statistics of this batch folded in in place of the running ones.
    std::vector<double> inDouble, inFloat, wrong;

    bool empty() const { return trace.layers.empty(); }
    int layers() const { return static_cast<int>(trace.layers.size()); } ///< hidden ones
    double largest(const std::vector<double>& of) const
    {
        return of.empty() ? 0 : *std::ranges::max_element(of);
    }
};

/// Units of a hidden layer: all of them, or one.
struct NormLook {
    int layer = 1;
    int unit = -1; ///< from 0; -1: all
};

/// Mean and standard deviation of units, of a batch or as they run, with the law they stand for.
struct NormMoments {
    double mean = 0, deviation = 0;
};
/// Of what units received, before or after.
NormMoments momentsOf(const Matrix& values, int unit);
/// Of the running statistics; of several units together.
NormMoments runningMoments(const Matrix& norm, int unit);
/// What gain and shift make of mean 0 and variance 1.
NormMoments wantedMoments(const Matrix& norm, int unit);

/// Both have the same axis of values.
Chart beforeChart(const NormPicture&, const NormLook&);
Chart afterChart(const NormPicture&, const NormLook&);
Chart fusionChart(const NormPicture&);

/// layer,unit,sample,before,normalised,after of the batch; then
/// sample,difference_double,difference_float,difference_of_batch.
QString normCsv(const NormPicture&);

} // namespace apical
