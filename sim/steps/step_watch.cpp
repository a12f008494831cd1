#include "sim/steps/step_watch.h"

#include "sim/steps/spike_source.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

std::size_t sizeOf(const Anatomy& a, int quantity)
{
    const Anatomy::Quantity& q = a.quantities[static_cast<std::size_t>(quantity)];
    return static_cast<std::size_t>(a.of(q).size);
}

bool isCount(const Anatomy& a, int quantity)
{
    return a.quantities[static_cast<std::size_t>(quantity)].form == Anatomy::Form::Count;
}

/// A quantity with one number per neuron, by name; -1: none.
int plainQuantity(const Anatomy& a, const std::string& name)
{
    const int i = a.quantity(name);
    return i >= 0 && !a.quantities[static_cast<std::size_t>(i)].perSample ? i : -1;
}

} // namespace

const std::vector<double>* StepReport::meansOf(std::string_view name) const
{
    for (const Means& each : means)
        if (each.name == name)
            return &each.values;
    return nullptr;
}

const std::vector<double>* StepReport::traceOf(const StepSignal& signal) const
{
    for (const Trace& each : traces)
        if (each.signal == signal)
            return &each.values;
    return nullptr;
}

StepWatch::StepWatch(const Simulation& lane)
    : m_lane(lane)
    , m_dt(lane.parameters().dt)
{
}

void StepWatch::wish(const StepWish& next)
{
    const StepWish old = m_wish;
    m_wish = next;
    m_looks = !next.none();
    m_step = m_lane.clock().step;
    m_timeMs = m_lane.clock().timeMs;
    if (old.statistics != next.statistics || old.windowMs != next.windowMs)
        startStatistics();
    if (old.means != next.means || old.filter != next.filter || old.filterMs != next.filterMs)
        startMeans();
    if (old.followed != next.followed || old.signalMs != next.signalMs)
        startTraces();
}

void StepWatch::startOver()
{
    m_step = m_lane.clock().step;
    m_timeMs = m_lane.clock().timeMs;
    m_dt = m_lane.parameters().dt;
    startStatistics();
    startMeans();
    startTraces();
}

void StepWatch::read(int quantity, std::vector<double>& out) const
{
    out.resize(sizeOf(m_lane.model().anatomy(), quantity));
    m_lane.model().read(quantity, out);
}

void StepWatch::startStatistics()
{
    m_spikes.reset();
    const Anatomy& a = m_lane.model().anatomy();
    m_counted = plainQuantity(a, m_wish.statistics);
    if (m_counted < 0 || !isCount(a, m_counted))
        return;
    read(m_counted, m_scratch);
    m_spikes.emplace(m_scratch, m_dt, m_wish.windowMs, m_lane.clock().step);
}

void StepWatch::startMeans()
{
    m_means.clear();
    const Anatomy& a = m_lane.model().anatomy();
    for (const std::string& name : m_wish.means) {
        const int quantity = plainQuantity(a, name);
        if (quantity < 0)
            continue;
        m_means.push_back({.quantity = quantity,
            .count = isCount(a, quantity),
            .mean = RunningMean(sizeOf(a, quantity), m_wish.filter, m_wish.filterMs, m_dt),
            .before = {}});
        if (m_means.back().count)
            read(quantity, m_means.back().before);
    }
}

std::optional<StepWatch::Source> StepWatch::sourceOf(const StepSignal& signal) const
{
    const Anatomy& a = m_lane.model().anatomy();
    const auto within = [](int index, int size) { return index >= 0 && index < size; };
    if (signal.col < 0) {
        const int quantity = plainQuantity(a, signal.name);
        if (quantity < 0 || !within(signal.row, static_cast<int>(sizeOf(a, quantity))))
            return {};
        return Source{.quantity = quantity,
            .place = static_cast<std::size_t>(signal.row),
            .count = isCount(a, quantity)};
    }
    const int projection = a.projection(signal.name);
    if (projection < 0)
        return {};
    const Anatomy::Projection& p = a.projections[static_cast<std::size_t>(projection)];
    if (!within(signal.row, a.rows(p)) || !within(signal.col, a.cols(p)))
        return {};
    return Source{.projection = projection,
        .place = static_cast<std::size_t>(signal.row) * static_cast<std::size_t>(a.cols(p))
            + static_cast<std::size_t>(signal.col)};
}

void StepWatch::startTraces()
{
    m_traces.clear();
    m_traced = 0;
    const double most = static_cast<double>(kMostSteps);
    m_traceLength =
        static_cast<std::size_t>(std::clamp(std::round(m_wish.signalMs / m_dt), 1.0, most));
    const Anatomy& a = m_lane.model().anatomy();
    for (const StepSignal& signal : m_wish.followed) {
        const std::optional<Source> source = sourceOf(signal);
        if (!source)
            continue;
        Traced traced{.signal = signal, .source = *source, .ring = {}};
        bool small = true;
        if (source->projection >= 0) {
            const auto& p = a.projections[static_cast<std::size_t>(source->projection)];
            small = static_cast<std::size_t>(a.rows(p)) * static_cast<std::size_t>(a.cols(p))
                <= kMostWeights;
        }
        if (small) {
            traced.ring.resize(m_traceLength);
            traced.before = valueOf(*source);
        }
        m_traces.push_back(std::move(traced));
    }
}

double StepWatch::valueOf(const Source& source)
{
    if (source.quantity >= 0) {
        read(source.quantity, m_scratch);
        return m_scratch[source.place];
    }
    const Anatomy& a = m_lane.model().anatomy();
    const Anatomy::Projection& p = a.projections[static_cast<std::size_t>(source.projection)];
    m_matrix.resize(static_cast<std::size_t>(a.rows(p)) * static_cast<std::size_t>(a.cols(p)));
    m_lane.model().readWeights(source.projection, m_matrix);
    return m_matrix[source.place];
}

void StepWatch::lookAtSpikes()
{
    m_expected.clear();
    const Anatomy& a = m_lane.model().anatomy();
    if (const auto source = spikeSource(a, m_lane.parameters(), m_counted)) {
        read(source->rate, m_expected);
        for (double& rate : m_expected)
            rate *= source->scale * m_dt;
    }
    read(m_counted, m_scratch);
    m_spikes->add(m_scratch, m_expected);
}

void StepWatch::look()
{
    if (m_lane.parameters().dt != m_dt) // an edit, from this step on
        return startOver();
    m_step = m_lane.clock().step;
    m_timeMs = m_lane.clock().timeMs;
    if (m_spikes)
        lookAtSpikes();
    const double perMs = 1 / m_dt;
    for (Averaged& each : m_means) {
        read(each.quantity, m_scratch);
        if (each.count) {
            for (std::size_t i = 0; i < m_scratch.size(); ++i) {
                const double now = m_scratch[i];
                m_scratch[i] = (now - each.before[i]) * perMs;
                each.before[i] = now;
            }
        }
        each.mean.add(m_scratch);
    }
    if (m_traces.empty())
        return;
    const auto at = static_cast<std::size_t>(m_traced % m_traceLength);
    for (Traced& each : m_traces) {
        if (each.ring.empty())
            continue;
        const double now = valueOf(each.source);
        each.ring[at] = each.source.count ? now - each.before : now;
        each.before = now;
    }
    ++m_traced;
}

std::shared_ptr<const StepReport> StepWatch::report() const
{
    if (!m_looks)
        return {};
    auto report = std::make_shared<StepReport>();
    report->wish = m_wish;
    report->dt = m_dt;
    report->timeMs = m_timeMs;
    report->step = m_step;
    if (m_spikes)
        report->statistics = m_spikes->statistics();
    const Anatomy& a = m_lane.model().anatomy();
    for (const Averaged& each : m_means) {
        report->means.push_back(
            {a.quantities[static_cast<std::size_t>(each.quantity)].name, each.mean.means()});
        report->meanSteps = each.mean.steps();
    }
    const std::size_t kept = std::min<std::uint64_t>(m_traced, m_traceLength);
    report->tracedFrom = m_step - kept;
    for (const Traced& each : m_traces) {
        StepReport::Trace trace{.signal = each.signal, .values = {}};
        for (std::size_t k = 0; k < kept && !each.ring.empty(); ++k)
            trace.values.push_back(
                each.ring[static_cast<std::size_t>((m_traced - kept + k) % m_traceLength)]);
        report->traces.push_back(std::move(trace));
    }
    return report;
}

} // namespace apical
