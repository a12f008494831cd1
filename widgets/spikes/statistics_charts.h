// Spike statistics as charts: what was counted, and what Poisson spikes would have given.
#pragma once

#include "sim/steps/spike_statistics.h"
#include "widgets/chart/chart.h"

#include <vector>

namespace apical {

/// Numbers next to each other that share a bar.
struct HistogramBins {
    std::size_t first = 0, width = 1, count = 0;
    std::size_t end() const { return first + width * count; }
};
/// At most `most` bins from the first place that holds anything, or from 0, to the one below which
/// all but a thousandth lies.
HistogramBins binsOf(
    const std::vector<std::uint64_t>& places, std::size_t most, bool fromZero = false);

/// Rates in windows, intervals, Fano factors over rates; each says what it lacks while there is
/// nothing to show. @param selected neuron, -1: none @param names of the neurons, or empty
std::vector<Chart> statisticsCharts(
    const SpikeStatistics&, int selected, const std::vector<QString>& names);

/// neuron,spikes,rate_per_ms,fano,expected_fano; then the intervals and the counts in windows.
QString statisticsCsv(const SpikeStatistics&);

} // namespace apical
