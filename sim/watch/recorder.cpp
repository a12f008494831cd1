#include "sim/watch/recorder.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

namespace apical {
namespace {

constexpr std::uint64_t kSamplesPerBin = 64;
constexpr std::uint64_t kMetricsPerBin = 8;
// Shares of the stepping time that watching may take.
constexpr double kObserveShare = 0.02;
constexpr double kMetricsShare = 0.015;

/// What is always watched, then what the experiment asks to be recorded.
std::vector<std::string> watched(const Simulation& lane)
{
    std::vector<std::string> names;
    for (const Anatomy::Quantity& quantity : lane.model().anatomy().quantities) {
        if (quantity.watched)
            names.push_back(quantity.name);
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

Recorder::Recorder(std::span<Simulation> lanes, std::uint64_t generation, std::uint64_t run,
    std::span<const LaneWatch> watches, std::vector<int> origins)
    : m_lanes(lanes)
    , m_spikes(lanes, generation, run, std::move(origins))
    , m_watches(watches)
{
    int units = kMostUnits;
    for (plan(lanes, units); m_channels.size() > kMostChannels && units > 1; plan(lanes, units))
        units /= 2;
    m_now.resize(m_channels.size());
    m_low.resize(m_channels.size());
    m_high.resize(m_channels.size());
    m_counted.resize(m_channels.size());
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
    m_angleColumns.clear();
    std::size_t longest = 0;
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        const auto laneIndex = static_cast<int>(lane);
        const Model& model = lanes[lane].model();
        const Anatomy& anatomy = model.anatomy();
        for (const std::string& name : watched(lanes[lane])) {
            const Probe* probe = findProbe(model, name);
            const int quantity = anatomy.quantity(name);
            if (!probe || quantity < 0 || probe->rows == 0)
                continue;
            const int observed = std::min(probe->rows, mostUnits);
            const bool count =
                anatomy.quantities[static_cast<std::size_t>(quantity)].form == Anatomy::Form::Count;
            m_vectors.push_back(
                {probe, &model, m_channels.size(), static_cast<std::size_t>(observed), count});
            longest = std::max(longest, static_cast<std::size_t>(probe->size()));
            for (int i = 0; i < observed; ++i)
                m_channels.push_back({laneIndex, name, i, count});
        }
        m_metrics.push_back(m_channels.size());
        for (const Anatomy::Measure& measure : anatomy.measures)
            m_channels.push_back({laneIndex, measure.name, 0});
        m_angles.push_back(m_channels.size());
        m_angleColumns.push_back(backpropAngleColumns(model));
        for (const BackpropAngleColumn& column : m_angleColumns.back())
            m_channels.push_back({laneIndex, column.name, 0});
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
    m_spikes.setSpeed(stepsPerSecond, mostSteps);
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
        const auto size = static_cast<std::size_t>(v.probe->size());
        if (size == v.observed) {
            v.probe->read({m_now.data() + v.channel, size});
            continue;
        }
        v.probe->read({m_scratch.data(), size});
        const auto columns = static_cast<std::size_t>(v.probe->cols);
        const auto sample =
            columns > 1 ? static_cast<std::size_t>(v.model->watchedSample()) : std::size_t{0};
        for (std::size_t i = 0; i < v.observed; ++i)
            m_now[v.channel + i] = m_scratch[i * columns + sample];
    }
}

void Recorder::readMetrics()
{
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
        const Model& model = m_lanes[lane].model();
        model.measure({m_now.data() + m_metrics[lane], model.anatomy().measures.size()});
    }
    const double spent = seconds(std::chrono::steady_clock::now() - begin);
    m_metricsSeconds += (m_metricsSeconds > 0 ? 0.1 : 1.0) * (spent - m_metricsSeconds);
    m_sinceMetrics = 0;
}

void Recorder::readAngles()
{
    for (std::size_t lane = 0; lane < m_angles.size(); ++lane) {
        const BackpropMeasurement* now =
            lane < m_watches.size() ? m_watches[lane].angles.current() : nullptr;
        double* out = m_now.data() + m_angles[lane];
        for (const BackpropAngleColumn& column : m_angleColumns[lane])
            *out++ = now ? now->layers[column.layer].*column.value : BackpropAngle::kNone;
    }
}

void Recorder::foldCounts()
{
    for (const Vector& v : m_vectors) {
        for (std::size_t i = v.channel; v.count && i < v.channel + v.observed; ++i)
            m_low[i] = m_high[i] = m_now[i] - m_counted[i];
    }
}

void Recorder::countFromHere()
{
    for (const Vector& v : m_vectors) {
        for (std::size_t i = v.channel; v.count && i < v.channel + v.observed; ++i)
            m_counted[i] = m_now[i];
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
    foldCounts();
    bool kept = false;
    if (!retry())
        m_ring->drop();
    else
        kept = m_ring->push({.firstStep = m_firstStep,
                                .steps = static_cast<std::uint32_t>(m_done),
                                .samples = m_samples,
                                .timeMs = clock.timeMs,
                                .durationMs = clock.timeMs - m_beginMs},
            m_low, m_high);
    // Events of a bin that found no room are counted in the next one that does.
    if (kept)
        countFromHere();
    beginBin();
}

void Recorder::flush()
{
    m_spikes.flush();
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
    m_spikes.startOver();
    readMetrics();
    readVectors();
    countFromHere();
    beginBin();
}

void Recorder::forgetLater()
{
    startOver();
    m_spikes.forgetLater();
    m_truncation = m_truncationWaits ? std::min(m_truncation, m_firstStep) : m_firstStep;
    m_truncationWaits = true;
    retry();
}

bool Recorder::retry()
{
    if (m_truncationWaits && m_ring->pushTruncation(m_truncation))
        m_truncationWaits = false;
    const bool told = m_spikes.retry();
    return told && !m_truncationWaits;
}

} // namespace apical
