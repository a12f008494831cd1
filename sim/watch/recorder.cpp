#include "sim/watch/recorder.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

namespace apical {
namespace {

constexpr std::uint64_t kSamplesPerBin = 64;
constexpr std::uint64_t kMetricsPerBin = 8;
// Shares of the stepping time that watching may take.
constexpr double kObserveShare = 0.02;
constexpr double kMetricsShare = 0.015;

struct MetricRow {
    const char* name;
    double SelfPredictionErrors::*value;
};
constexpr std::array<MetricRow, 5> kMetricTable{{
    {"feedforward_weight_error", &SelfPredictionErrors::feedforwardWeight},
    {"feedback_weight_error", &SelfPredictionErrors::feedbackWeight},
    {"apical_error", &SelfPredictionErrors::apical},
    {"interneuron_error", &SelfPredictionErrors::interneuron},
    {"fixed_point_distance", &SelfPredictionErrors::fixedPointDistance},
}};

/// Vectors that are always watched, where a layer has them.
constexpr std::array kLayerVectors{"pyr.basal", "pyr.apical", "pyr.apical_distal", "pyr.soma",
    "pyr.prospective", "inn.dendrite", "inn.soma"};

std::vector<std::string> watched(const Simulation& lane)
{
    std::vector<std::string> names{"input.rate", "target"};
    for (int layer = 1; layer <= lane.experiment().targetLayers(); ++layer) {
        for (const char* vector : kLayerVectors)
            names.push_back("layer" + std::to_string(layer) + '.' + vector);
    }
    for (const std::string& name : lane.experiment().record) {
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    }
    return names;
}

double seconds(std::chrono::steady_clock::duration d)
{
    return std::chrono::duration<double>(d).count();
}

std::uint64_t wholeSteps(double steps, std::uint64_t most)
{
    if (!(steps > 1))
        return 1;
    return steps < static_cast<double>(most) ? static_cast<std::uint64_t>(std::ceil(steps)) : most;
}

} // namespace

Recorder::Recorder(std::span<Simulation> lanes, std::uint64_t generation, std::uint64_t run)
    : m_lanes(lanes)
{
    int units = kMostUnits;
    for (plan(lanes, units); m_channels.size() > kMostChannels && units > 1; plan(lanes, units))
        units /= 2;
    m_backprop.reserve(lanes.size());
    for (Simulation& lane : lanes)
        m_backprop.emplace_back(lane);
    m_now.resize(m_channels.size());
    m_low.resize(m_channels.size());
    m_high.resize(m_channels.size());
    m_ring = std::make_shared<BinRing>(
        m_channels, generation, BinRing::affordableSlots(m_channels.size()), run);
    calibrate();
    startOver();
}

void Recorder::plan(std::span<Simulation> lanes, int mostUnits)
{
    m_channels.clear();
    m_vectors.clear();
    m_metrics.clear();
    m_angles.clear();
    std::size_t longest = 0;
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        const auto laneIndex = static_cast<int>(lane);
        for (const std::string& name : watched(lanes[lane])) {
            const Probe* probe = findProbe(lanes[lane].model(), name);
            if (!probe || probe->cols != 1 || probe->rows == 0)
                continue;
            const int observed = std::min(probe->rows, mostUnits);
            m_vectors.push_back({probe, m_channels.size(), static_cast<std::size_t>(observed)});
            longest = std::max(longest, static_cast<std::size_t>(probe->rows));
            for (int i = 0; i < observed; ++i)
                m_channels.push_back({laneIndex, name, i});
        }
        m_metrics.push_back(m_channels.size());
        for (int hidden = 1; hidden < lanes[lane].experiment().targetLayers(); ++hidden) {
            for (const MetricRow& row : kMetricTable)
                m_channels.push_back(
                    {laneIndex, "layer" + std::to_string(hidden) + '.' + row.name, 0});
        }
        m_angles.push_back(m_channels.size());
        const int targets = lanes[lane].experiment().targetLayers();
        for (int layer = 1; layer <= targets; ++layer) {
            for (const BackpropAngleRow& row : kBackpropAngleTable) {
                if (!row.hiddenOnly || layer < targets)
                    m_channels.push_back(
                        {laneIndex, "layer" + std::to_string(layer) + '.' + row.name, 0});
            }
        }
    }
    m_scratch.resize(longest);
}

void Recorder::calibrate()
{
    using Steady = std::chrono::steady_clock;
    constexpr int kTrials = 5;
    constexpr int kReads = 8;
    double best = std::numeric_limits<double>::infinity();
    for (int trial = 0; trial < kTrials; ++trial) {
        const auto begin = Steady::now();
        for (int i = 0; i < kReads; ++i) {
            readVectors();
            fold();
        }
        best = std::min(best, seconds(Steady::now() - begin) / kReads);
    }
    m_observeSeconds = best;
    readMetrics();
}

void Recorder::setSpeed(double stepsPerSecond, double mostSteps)
{
    constexpr std::uint64_t most = std::uint64_t{1} << 30;
    m_binSteps = wholeSteps(std::min(stepsPerSecond / kBinsPerSecond, mostSteps), most);
    m_stride = std::max(wholeSteps(static_cast<double>(m_binSteps) / kSamplesPerBin, most),
        wholeSteps(m_observeSeconds * stepsPerSecond / kObserveShare, most));
    // Coarser than its bins it need not be, and a bin is at least one observation.
    m_binSteps = std::max(m_binSteps, std::min(m_stride, wholeSteps(mostSteps, most)));
    m_stride = std::min(m_stride, m_binSteps);
    // A run of a few steps shows its metrics whatever they cost.
    m_metricsSteps = std::max(wholeSteps(static_cast<double>(m_binSteps) / kMetricsPerBin, most),
        std::min(wholeSteps(m_metricsSeconds * stepsPerSecond / kMetricsShare, most),
            wholeSteps(mostSteps, most)));
}

void Recorder::readVectors()
{
    for (const Vector& v : m_vectors) {
        const auto rows = static_cast<std::size_t>(v.probe->rows);
        if (rows == v.observed) {
            v.probe->read({m_now.data() + v.channel, rows});
        } else {
            v.probe->read({m_scratch.data(), rows});
            std::copy_n(m_scratch.data(), v.observed, m_now.data() + v.channel);
        }
    }
}

void Recorder::readMetrics()
{
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
        double* out = m_now.data() + m_metrics[lane];
        for (const SelfPredictionErrors& errors : m_lanes[lane].errors()) {
            for (const MetricRow& row : kMetricTable)
                *out++ = errors.*row.value;
        }
    }
    const double spent = seconds(std::chrono::steady_clock::now() - begin);
    m_metricsSeconds += (m_metricsSeconds > 0 ? 0.1 : 1.0) * (spent - m_metricsSeconds);
    m_sinceMetrics = 0;
}

std::span<const BackpropAngle> Recorder::angles(std::size_t lane) const
{
    const BackpropMeasurement* now = m_backprop[lane].current();
    return now ? std::span<const BackpropAngle>(now->layers) : std::span<const BackpropAngle>();
}

void Recorder::readAngles()
{
    for (std::size_t lane = 0; lane < m_backprop.size(); ++lane) {
        double* out = m_now.data() + m_angles[lane];
        const auto layers = static_cast<std::size_t>(m_lanes[lane].experiment().targetLayers());
        const std::span<const BackpropAngle> now = angles(lane);
        for (std::size_t l = 0; l < layers; ++l) {
            for (const BackpropAngleRow& row : kBackpropAngleTable) {
                if (!row.hiddenOnly || l + 1 < layers)
                    *out++ = now.empty() ? BackpropAngle::kNone : now[l].*row.value;
            }
        }
    }
}

void Recorder::fold()
{
    // Comparisons with NaN are false: what is not a number is not seen.
    for (std::size_t i = 0; i < m_now.size(); ++i) {
        m_low[i] = m_now[i] < m_low[i] ? m_now[i] : m_low[i];
        m_high[i] = m_now[i] > m_high[i] ? m_now[i] : m_high[i];
    }
    ++m_samples;
}

void Recorder::beginBin()
{
    m_firstStep = m_lanes.front().clock().step;
    m_beginMs = m_lanes.front().clock().timeMs;
    m_done = 0;
    m_samples = 0;
    std::fill(m_low.begin(), m_low.end(), std::numeric_limits<double>::infinity());
    std::fill(m_high.begin(), m_high.end(), -std::numeric_limits<double>::infinity());
    beginChunk();
}

void Recorder::beginChunk()
{
    m_chunk = m_binSteps > m_done ? std::min(m_stride, m_binSteps - m_done) : 1;
    m_untilObserved = m_chunk;
}

void Recorder::observe()
{
    m_done += m_chunk;
    m_sinceMetrics += m_chunk;
    readVectors();
    // Metrics that are not due keep the value they had: they change slowly, and cost more than a
    // step.
    if (m_sinceMetrics >= m_metricsSteps)
        readMetrics();
    readAngles();
    fold();
    if (m_done >= m_binSteps)
        close();
    else
        beginChunk();
}

void Recorder::close()
{
    const Clock& clock = m_lanes.front().clock();
    // A bin must not overtake a truncation that still waits: it shares its fate.
    if (!retry())
        m_ring->drop();
    else
        m_ring->push({.firstStep = m_firstStep,
                         .steps = static_cast<std::uint32_t>(m_done),
                         .samples = m_samples,
                         .timeMs = clock.timeMs,
                         .durationMs = clock.timeMs - m_beginMs},
            m_low, m_high);
    beginBin();
}

void Recorder::flush()
{
    const std::uint64_t begun = m_chunk - m_untilObserved;
    m_done += begun;
    if (m_done == 0)
        return;
    m_sinceMetrics += begun;
    m_chunk = m_untilObserved = 0;
    readVectors();
    if (m_sinceMetrics > 0)
        readMetrics();
    readAngles();
    fold();
    close();
}

void Recorder::startOver()
{
    readMetrics();
    beginBin();
}

void Recorder::forgetLater()
{
    for (BackpropAngles& angles : m_backprop)
        angles.forgetLater();
    startOver();
    m_truncation = m_truncationWaits ? std::min(m_truncation, m_firstStep) : m_firstStep;
    m_truncationWaits = true;
    retry();
}

bool Recorder::retry()
{
    if (m_truncationWaits && m_ring->pushTruncation(m_truncation))
        m_truncationWaits = false;
    return !m_truncationWaits;
}

} // namespace apical
