#include "sim/watch/lag_meter.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/initial_weights.h"
#include "sim/run/lane_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {
namespace {

using Steady = std::chrono::steady_clock;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kNoJump = -1;
constexpr std::size_t kMostStateBytes = std::size_t{2} << 20;
constexpr int kLeastRelaxation = 40, kMostRelaxation = 4000; // steps of half a time constant
constexpr double kRelaxed = 1e-10; // change of a potential per step, relative
constexpr double kSmallestJump = 1e-6; // relative

double distance(std::span<const double> a, std::span<const double> b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(sum);
}

double largest(std::span<const double> a)
{
    double most = 0;
    for (const double v : a)
        most = std::max(most, std::abs(v));
    return most;
}

std::unique_ptr<Model> makeCopy(const Simulation& lane)
{
    const Experiment& e = lane.experiment();
    return makeLaneModel(e, lane.lane(), lane.parameters());
}

} // namespace

void Settling::start(
    std::span<const double> from, std::span<const double> to, std::span<const double> now)
{
    m_to.assign(to.begin(), to.end());
    const double jump = distance(from, to);
    m_limit = jump > kSmallestJump * (1 + largest(to)) ? kShare * jump : 0;
    m_timeMs = m_lagMs = 0;
    m_distance = distance(now, m_to);
    m_inside = m_distance <= m_limit;
}

void Settling::add(double timeMs, std::span<const double> now)
{
    const double next = distance(now, m_to);
    const bool inside = next <= m_limit;
    if (inside && !m_inside)
        m_lagMs = m_timeMs + (timeMs - m_timeMs) * (m_distance - m_limit) / (m_distance - next);
    m_inside = inside;
    m_distance = next;
    m_timeMs = timeMs;
}

double Settling::lagMs() const
{
    return jumped() && m_inside ? m_lagMs : kNaN;
}

LagMeter::LagMeter(Simulation& lane, double wallShare)
    : m_lane(lane)
    , m_wallShare(wallShare)
{
    m_quantities.push_back({.probe = findProbe(lane.model(), "input.potential")});
    m_quantities.push_back({.probe = findProbe(lane.model(), "input.rate")});
    for (int l = 1; l <= lane.experiment().targetLayers(); ++l) {
        for (const char* name : {".pyr.soma", ".pyr.prospective"})
            m_quantities.push_back(
                {.probe = findProbe(lane.model(), "layer" + std::to_string(l) + name)});
    }
    // Spikes never settle.
    const auto& all = lane.model().anatomy().quantities;
    if (std::any_of(all.begin(), all.end(),
            [](const Anatomy::Quantity& q) { return q.form == Anatomy::Form::Count; }))
        for (Quantity& q : m_quantities)
            q.probe = nullptr;
    for (Quantity& q : m_quantities) {
        if (!q.probe) { // another kind of model: nothing here settles
            aim();
            return;
        }
        q.lags.fill(kNoJump);
        for (std::vector<double>* v : {&q.now, &q.from, &q.to})
            v->resize(static_cast<std::size_t>(q.probe->size()));
    }
    if (lane.model().save().size() <= kMostStateBytes)
        m_copy = makeCopy(lane);
    aim();
}

void LagMeter::read(Quantity& q)
{
    q.probe->read(q.now);
}

void LagMeter::aim()
{
    if (!m_copy) {
        m_untilLook = std::numeric_limits<std::uint64_t>::max();
        return;
    }
    const std::uint32_t length = m_lane.stepsInPattern(), done = m_lane.clock().stepInPattern;
    m_untilLook = m_following ? 1 : length > done ? length - done : 1;
}

void LagMeter::look()
{
    const Clock& clock = m_lane.clock();
    if (m_following) {
        for (Quantity& q : m_quantities) {
            read(q);
            if (q.settling.jumped())
                q.settling.add(clock.timeMs - m_beginMs, q.now);
        }
        if (clock.pattern != m_pattern)
            finish();
    }
    if (!m_following && clock.stepInPattern == 0 && clock.pattern > 0) {
        const auto now = Steady::now();
        m_beganAt = now;
        m_following = now >= m_notBefore && begin();
        m_spentSeconds += std::chrono::duration<double>(Steady::now() - now).count();
    }
    aim();
}

bool LagMeter::begin()
{
    const bool next = m_lastFollowed && m_lane.clock().pattern == m_pattern + 1;
    m_lastFollowed = false;
    m_pattern = m_lane.clock().pattern;
    m_parameters = m_lane.parameters();
    // After a reset no answer comes from the one before.
    if (m_parameters.stateReset != reset_kind::none)
        return false;
    if (next) {
        for (Quantity& q : m_quantities)
            q.from = q.to;
    } else if (!relax(m_pattern - 1, false)) {
        return false;
    }
    if (!relax(m_pattern, true))
        return false;
    m_beginMs = m_lane.clock().timeMs;
    const auto before = Steady::now();
    for (Quantity& q : m_quantities) {
        read(q);
        q.settling.start(q.from, q.to, q.now);
    }
    m_spentSeconds =
        m_lane.stepsInPattern() * std::chrono::duration<double>(Steady::now() - before).count();
    return true;
}

bool LagMeter::relax(std::uint64_t pattern, bool to)
{
    const Stimulus& stimulus = m_lane.stimulus();
    std::vector<double> input(m_lane.patternInput().size()), target(m_lane.patternTarget().size());
    const Presentation shown = m_lane.schedule().at(pattern);
    const bool nudged = stimulus.pattern(shown, m_parameters, input, target)
        && m_parameters.targetOn && shown.block == Block::Train;
    if (!nudged && m_parameters.nudgingRule == nudging_rule::positive)
        std::fill(target.begin(), target.end(), 0.0);
    // Euler steps of half a time constant towards the steady state: where look-ahead and soma
    // agree.
    Parameters p = m_parameters;
    CircuitParameters& c = circuit(p);
    c.latentEquilibrium = false;
    c.inputTau = c.targetTau = c.noise = 0;
    p.dt = 0.5 / std::max({c.totalHidden(), c.totalInterneuron(), c.totalOutput()});
    m_copy->restore(m_lane.model().save());
    m_copy->setParameters(p);
    std::vector<std::vector<double>> before;
    const auto& probes = m_copy->probes();
    const auto copied = [&](const Quantity& q) -> const Probe& {
        return *std::find_if(probes.begin(), probes.end(),
            [&](const Probe& probe) { return probe.name == q.probe->name; });
    };
    std::vector<const Probe*> reads;
    for (const Quantity& q : m_quantities)
        reads.push_back(&copied(q));
    for (int step = 0; step < kMostRelaxation; ++step) {
        m_copy->step({.input = input,
            .target = target,
            .nudged = nudged,
            .learning = false,
            .step = 0,
            .presentationTime = 1});
        double change = 0;
        for (std::size_t i = 0; i < m_quantities.size(); ++i) {
            std::vector<double>& values = to ? m_quantities[i].to : m_quantities[i].from;
            m_quantities[i].now = values;
            reads[i]->read(values);
            const double scale = 1 + largest(values);
            if (!std::isfinite(scale))
                return false;
            change = std::max(change, distance(values, m_quantities[i].now) / scale);
        }
        if (step >= kLeastRelaxation && change < kRelaxed)
            return true;
    }
    return false;
}

void LagMeter::finish()
{
    m_following = false;
    m_lastFollowed = m_parameters == m_lane.parameters();
    if (!m_lastFollowed)
        return;
    const auto slot = static_cast<std::size_t>(m_changes++ % kLagWindow);
    for (Quantity& q : m_quantities)
        q.lags[slot] = q.settling.jumped() ? q.settling.lagMs() : kNoJump;
    m_presentationMs = m_lane.clock().timeMs - m_beginMs;
    m_notBefore = m_beganAt
        + std::chrono::duration_cast<Steady::duration>(
            std::chrono::duration<double>(m_spentSeconds / m_wallShare));
}

void LagMeter::skip()
{
    m_following = m_lastFollowed = false;
    aim();
}

void LagMeter::startOver()
{
    m_changes = 0;
    for (Quantity& q : m_quantities)
        q.lags.fill(kNoJump);
    m_notBefore = {};
    skip();
}

void LagMeter::report(LagReport& out) const
{
    out.blocked = !m_copy                                    ? LagReport::Blocked::TooLarge
        : m_lane.parameters().stateReset != reset_kind::none ? LagReport::Blocked::Resets
                                                             : LagReport::Blocked::No;
    out.changes = std::min(m_changes, kLagWindow);
    out.presentationMs = m_presentationMs;
    out.layers.resize(m_quantities.size() / 2);
    const auto mean = [](const Quantity& q, int& count, int& missed) {
        double sum = 0;
        count = missed = 0;
        for (const double lag : q.lags) {
            if (std::isnan(lag))
                ++missed;
            else if (lag != kNoJump)
                sum += lag, ++count;
        }
        return count > 0 ? sum / count : kNaN;
    };
    for (std::size_t l = 0; l < out.layers.size(); ++l) {
        LayerLag& layer = out.layers[l];
        layer.somaMs = mean(m_quantities[2 * l], layer.somaCount, layer.somaMissed);
        layer.broadcastMs =
            mean(m_quantities[2 * l + 1], layer.broadcastCount, layer.broadcastMissed);
    }
}

} // namespace apical
