#include "sim/insight/diagnosis_case.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/circuit_frame.h"
#include "sim/insight/diagnosis_words.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace apical {
namespace {

constexpr double kHugePotential =
    1e3; // potentials of a working circuit stay below ten times its inputs
constexpr double kRunaway = 10; // weight error against its start
constexpr double kPatience =
    100; // windows: what takes longer than this to converge counts as a plateau

double largest(std::span<const double> values, double so_far)
{
    for (double v : values)
        so_far = std::max(so_far, std::abs(v));
    return so_far;
}

/// Two hundred presentations, or as long as it takes to see enough samples: at full speed bins are
/// coarse.
double windowOf(const Parameters& p, const ErrorSeries& past)
{
    const double usual = diagnosisWindowMs(p);
    std::size_t samples = 0;
    for (std::size_t i = past.timeMs.size(); i-- > 0;)
        if (std::isfinite(past.apical[i]) && ++samples == 40)
            return std::max(usual, past.timeMs.back() - past.timeMs[i]);
    return usual;
}

} // namespace

DiagnosisCase::DiagnosisCase(const LaneFrame& now, const std::vector<int>& sizes,
    const ErrorSeries& past, const std::vector<SelfPredictionErrors>& startErrors)
    : m_now(now)
    , m_layerErrors(circuitErrors(now))
    , m_sizes(sizes)
    , m_past(past)
    , m_windowMs(windowOf(now.parameters, past))
    , m_trends(trendsOf(leastPer(past, now.parameters.presentationTime), m_windowMs))
    , m_paths(lateralPathways(now, sizes, startErrors))
{
    double goalIp = 0, goalPi = 0;
    for (const LateralPathway& path : m_paths) {
        const bool ip = path.kind == LateralPathway::Kind::Ip;
        (ip ? goalIp : goalPi) += path.goal;
        (ip ? m_startFeedforward : m_startFeedback) += path.start;
    }
    const auto layers = static_cast<double>(std::max<std::size_t>(1, m_layerErrors.size()));
    m_errors = {
        {"apical error", &m_trends.apical, kApicalGoal * layers, false},
        {"interneuron error", &m_trends.interneuron, kInterneuronGoal * layers, false},
        {"feedforward weight", &m_trends.feedforward, goalIp, true},
        {"feedback weight", &m_trends.feedback, goalPi, true},
    };
}

bool DiagnosisCase::enoughData() const
{
    const bool known = std::all_of(
        m_errors.begin(), m_errors.end(), [](const Error& e) { return e.trend->known; });
    return known
        && m_past.timeMs.back() - m_past.timeMs.front()
        >= 0.09 * diagnosisWindowMs(m_now.parameters);
}

double DiagnosisCase::largestPotential() const
{
    double out = 0;
    const CircuitFrame circuit(m_now);
    for (const CircuitLayerFrame& layer : circuit.layers)
        for (const auto* values : {&layer.basal, &layer.apical, &layer.soma, &layer.prospective,
                 &layer.innDendrite, &layer.innSoma, &layer.innProspective})
            out = largest(*values, out);
    return out;
}

double DiagnosisCase::weightGrowth() const
{
    double feedforward = 0, feedback = 0;
    for (const LateralPathway& path : m_paths)
        (path.kind == LateralPathway::Kind::Ip ? feedforward : feedback) += path.error;
    // A start near zero (self-predicting weights) is no measure for growth; 0.1 is that of small
    // random weights.
    return std::max(
        feedforward / std::max(m_startFeedforward, 0.1), feedback / std::max(m_startFeedback, 0.1));
}

bool DiagnosisCase::multiplies(const std::vector<double>& series) const
{
    if (m_past.timeMs.empty())
        return false;
    const double to = m_past.timeMs.back();
    const Trend recent = trendOf(m_past.timeMs, series, to - m_windowMs / 4, to);
    return recent.rising() && recent.level > 3 * recent.before;
}

bool DiagnosisCase::runsAway() const
{
    if (largestPotential() > kHugePotential)
        return true;
    const double growth = weightGrowth();
    return growth > kRunaway
        || (growth > 2 && (multiplies(m_past.feedforward) || multiplies(m_past.feedback)));
}

bool DiagnosisCase::carriesTarget() const
{
    const std::span<const double> target = m_now.quantity("target");
    // Between delayed nudges the flag is off while the target stays.
    return m_now.nudged || (m_now.parameters.targetOn && m_now.task.shown.block != Block::Train)
        || (m_now.parameters.targetOn && m_now.parameters.targetDelay > 0
            && std::any_of(target.begin(), target.end(), [](double t) { return t != 0; }));
}

bool DiagnosisCase::above(const Error& error) const
{
    if (!error.weights)
        return error.trend->level > error.goal;
    const bool ip = error.trend == &m_trends.feedforward;
    return std::any_of(m_paths.begin(), m_paths.end(), [ip](const LateralPathway& path) {
        return (path.kind == LateralPathway::Kind::Ip) == ip && path.aboveGoal();
    });
}

bool DiagnosisCase::goalsReached() const
{
    return std::none_of(
        m_errors.begin(), m_errors.end(), [this](const Error& e) { return above(e); });
}

bool DiagnosisCase::blocked() const
{
    return std::any_of(m_paths.begin(), m_paths.end(), [](const LateralPathway& path) {
        return path.aboveGoal()
            && (path.obstacle == LateralPathway::Obstacle::Locked
                || path.obstacle == LateralPathway::Obstacle::RateZero);
    });
}

bool DiagnosisCase::undetermined() const
{
    return !above(m_errors[1])
        && std::any_of(m_paths.begin(), m_paths.end(), [](const LateralPathway& path) {
               return path.aboveGoal() && path.off > 3 * kWeightGoal
                   && path.obstacle == LateralPathway::Obstacle::Undetermined;
           });
}

const DiagnosisCase::Error* DiagnosisCase::slowest() const
{
    const Error* out = nullptr;
    double longest = -1;
    for (const Error& error : m_errors) {
        if (!above(error) || !error.trend->falling())
            continue;
        const double time = error.trend->timeToMs(error.goal);
        if (time > longest && time <= kPatience * m_windowMs)
            longest = time, out = &error;
    }
    return out;
}

bool DiagnosisCase::converges() const
{
    const Error* error = slowest();
    if (!error)
        return false;
    // Noise walks: only a fall that could not be its wandering counts while it is on.
    const Trend& trend = *error->trend;
    return circuit(m_now.parameters).noise == 0 || trend.level < 0.75 * trend.before;
}

bool DiagnosisCase::drifts() const
{
    return std::any_of(m_errors.begin(), m_errors.end(), [this](const Error& e) {
        return e.weights && above(e) && e.trend->rising() && e.trend->level > 1.1 * e.trend->before;
    });
}

std::string DiagnosisCase::course(const Error& error) const
{
    const Trend& trend = *error.trend;
    const std::string now = std::string(error.name) + ' ' + errorText(trend.level);
    if (!above(error))
        return now + ", goal " + errorText(error.goal) + " met";
    return now + ", was " + errorText(trend.before) + ", " + timeSpanText(trend.spanMs) + " ago";
}

std::string DiagnosisCase::weightCourse(const Error& error) const
{
    const bool ip = error.trend == &m_trends.feedforward;
    double off = 0;
    for (const LateralPathway& path : m_paths)
        if ((path.kind == LateralPathway::Kind::Ip) == ip)
            off = std::max(off, path.off);
    const std::string now = std::string(error.name) + "s " + percentText(off) + " off";
    if (!above(error))
        return now + ", goal " + percentText(kWeightGoal) + " met";
    return now
        + (error.trend->falling()       ? ", falling"
                : error.trend->rising() ? ", rising"
                                        : ", not falling");
}

std::vector<Evidence> DiagnosisCase::courses() const
{
    std::vector<Evidence> out;
    // Feedback before feedforward: it is what silences the apical compartments.
    for (std::size_t i : {0U, 3U, 2U, 1U}) {
        const Error& error = m_errors[i];
        const bool good = !above(error) || error.trend->falling();
        out.push_back({good, error.weights ? weightCourse(error) : course(error)});
    }
    return out;
}

std::vector<Evidence> DiagnosisCase::preflight() const
{
    std::vector<Evidence> out;
    const Parameters& p = m_now.parameters;
    const CircuitParameters& c = circuit(p);
    const double fastest = 1 / std::max({c.totalHidden(), c.totalInterneuron(), c.totalOutput()});
    if (p.dt > 0.5 * fastest)
        out.push_back({false,
            "dt " + timeSpanText(p.dt) + " against a time constant of " + timeSpanText(fastest)});
    const int layers = targetLayers();
    if (c.latentEquilibrium) {
        const double steps = p.presentationTime / p.dt;
        if (steps < 2 * layers)
            out.push_back({false,
                timeSpanText(p.presentationTime) + " per pattern: too short for signals to cross "
                    + std::to_string(layers) + " layers twice"});
    } else if (const double settle = 3 * layers / c.totalHidden(); p.presentationTime < settle)
        out.push_back({false,
            timeSpanText(p.presentationTime) + " per pattern; somata need " + timeSpanText(settle)
                + " to settle"});
    return out;
}

} // namespace apical
