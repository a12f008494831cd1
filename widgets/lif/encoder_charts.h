// What encoders sent beside what they should send.
#pragma once

#include "sim/lif/count_distribution.h"
#include "widgets/chart/chart.h"

#include <span>
#include <vector>

namespace apical {

/// A lane, its encoder, and what it sent since that last changed.
struct EncoderLane {
    QString name; ///< "" where there is one
    std::function<QColor(const Theme&)> color;
    SpikeFields parameters;
    double tRef = 4, dt = 1; ///< ms
    std::vector<double> inputs; ///< x of each
    std::vector<double> counts; ///< spikes of each in `ms`, all trains together
    double ms = 0;
    std::vector<double> spikes; ///< of the input looked at, step by step

    bool sends() const { return parameters.encoder != encoder_kind::current; }
    /// "Poisson", "Bernoulli", ...
    QString kind() const;
};

/// The inputs as somebody reads them who only counts: spikes t_ref / (M T). Empty for T = 0.
std::vector<double> readBack(const EncoderLane&);
/// Root of the mean squared error of that, and what chance alone gives: sqrt(mean variance).
struct ReadingError {
    double made = 0, expected = 0;
};
ReadingError readingError(const EncoderLane&);

/// How often so many spikes were sent in a window of one input, and how often they should be.
/// @param input whose spikes they are @param steps length of the window
Chart countChart(const EncoderLane&, int input, int steps);
/// Inputs as read back over the inputs themselves, for inputs that are no picture.
Chart readingChart(const std::vector<EncoderLane>&);

/// lane,input,x,counted_ms,spikes,read_back of every input.
QString encoderCsv(const std::vector<EncoderLane>&);

} // namespace apical
