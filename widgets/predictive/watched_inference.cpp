#include "widgets/predictive/watched_inference.h"

#include "sim/base/error.h"
#include "sim/predictive/predictive.h"
#include "sim/run/model_table.h"
#include "widgets/view/lane_words.h"

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr qint64 kLeastMs = 250; // between two traces while the run goes on
constexpr qint64 kShare = 10; // a trace waits that many times what the last one took
constexpr double kSlow = 30; // steps/s: up to that an eye follows the reads of the run,
constexpr double kWhole = 1; // s: or where an inference lasts as long

bool infers(const LaneFrame& lane)
{
    return lane.anatomy && infersStepByStep(*lane.anatomy)
        && lane.parameters.familyIf<PredictiveParameters>();
}

/// Matrices of what the lane can learn, the others empty. @return whether all are there
bool copyWeights(const LaneFrame& lane, std::vector<Matrix>& weights)
{
    const auto& projections = lane.anatomy->projections;
    if (lane.weights.size() != projections.size())
        return false;
    weights.assign(projections.size(), {});
    for (std::size_t i = 0; i < projections.size(); ++i) {
        if (!projections[i].isWeight)
            continue;
        weights[i] = lane.weights[i];
        if (weights[i].empty())
            return false;
    }
    return true;
}

/// The step in which the presentation that is shown began: presentations end in all lanes together.
std::uint64_t firstStep(const Frame& frame, const LaneFrame& lane)
{
    std::uint64_t done = lane.clock.stepInPattern;
    if (done == 0)
        for (const LaneFrame& each : frame.lanes)
            done = std::max(
                done, static_cast<std::uint64_t>(ownSteps(frame.sizes, each.parameters, true)));
    return lane.clock.step - std::min(done, lane.clock.step);
}

} // namespace

bool WatchedInference::fail(const QString& why)
{
    m_problem = why;
    m_case = {};
    m_picture = {};
    return false;
}

void WatchedInference::take(const Scene& scene)
{
    take(scene, shownLaneThat(scene, infers).value_or(scene.frame.lanes.size()));
}

void WatchedInference::take(const Scene& scene, std::size_t index)
{
    const auto& lanes = scene.frame.lanes;
    const LaneFrame* lane = index < lanes.size() && infers(lanes[index]) ? &lanes[index] : nullptr;
    if (!lane) {
        fail(u"No lane here settles step by step: this view belongs to predictive coding."_s);
        return;
    }
    const Frame& frame = scene.frame;
    // After the last read of a presentation the clock stands at the next one.
    const bool ended = lane->clock.stepInPattern == 0 && lane->clock.step > 0;
    const Key key{frame.generation, frame.revision, lane->clock.pattern - (ended ? 1 : 0), index};
    const bool another = m_picture.empty() || key.generation != m_key.generation
        || key.lane != m_key.lane || m_case.sizes != frame.sizes;
    if (another)
        m_following = true; // what was held is gone
    if (!another && key.revision != m_key.revision && m_case.parameters != lane->parameters) {
        m_case.parameters = lane->parameters;
        m_case.steps = inferenceSteps(lane->parameters, m_picture.layers());
        dropWhatTheRunHas();
        if (!m_following)
            retrace();
    }
    if (!m_following) {
        m_key.revision = key.revision;
        return;
    }
    // Nothing is wanted of a sample that is only answered, so nothing errs.
    const bool taught =
        !lane->task.hasTask || lane->task.schedule.at(key.pattern).block == Block::Train;
    const bool due = scene.urgent || !m_sinceTrace.isValid()
        || m_sinceTrace.elapsed() >= std::max(kLeastMs, kShare * m_costMs);
    if (another || (key != m_key && taught && due)) {
        m_key = key;
        if (!takeCase(scene, *lane))
            return;
        retrace();
    }
    if (m_key.pattern == key.pattern && !m_picture.empty())
        followRead(frame, *lane);
}

bool WatchedInference::takeCase(const Scene& scene, const LaneFrame& lane)
{
    const auto input = lane.quantity("input.rate"), target = lane.quantity("target");
    if (lane.clock.step == 0)
        return fail(u"Waits for the first read: let the run go on, or press Step."_s);
    if (input.empty() || target.empty())
        return fail(u"No target: without one nothing errs."_s);
    InferenceCase next;
    if (!copyWeights(lane, next.weights))
        return fail(scene.live
                ? u"Waits for the weights."_s
                : u"The weights of this instant were not remembered: no view showed them."_s);
    next.sizes = scene.frame.sizes;
    next.parameters = lane.parameters;
    next.input.assign(input.begin(), input.end());
    next.target.assign(target.begin(), target.end());
    next.steps = inferenceSteps(lane.parameters, static_cast<int>(scene.frame.sizes.size()) - 1);
    const auto& net = lane.parameters.family<NetworkParameters>();
    next.seed = scene.frame.seed;
    next.step = firstStep(scene.frame, lane);
    next.samples = lane.anatomy->samples;
    next.sample = std::min(net.batchWatch, next.samples - 1);
    m_case = std::move(next);
    m_shown = lane.task.schedule.at(m_key.pattern);
    dropWhatTheRunHas();
    return true;
}

void WatchedInference::followRead(const Frame& frame, const LaneFrame& lane)
{
    const auto t = lane.quantity("inference.t");
    const bool slow = frame.state != RunState::Running
        || frame.stepsPerSecond <= std::max(kSlow, m_picture.last() / kWhole);
    m_picture.t = !slow || t.empty()
        ? m_picture.last()
        : std::clamp(static_cast<int>(std::lround(t.front())), 0, m_picture.last());
}

void WatchedInference::follow(bool on)
{
    m_following = on;
    if (on)
        m_key.revision = ~std::uint64_t{0}; // whatever the run shows is news
}

void WatchedInference::showRead(int t)
{
    if (m_picture.empty())
        return;
    m_following = false;
    m_picture.t = std::clamp(t, 0, m_picture.last());
}

double WatchedInference::rate() const
{
    const auto* own = m_case.parameters.familyIf<PredictiveParameters>();
    return m_trial.rate.value_or(own ? own->inferenceRate : 0);
}

int WatchedInference::steps() const
{
    return std::min(kMostMoves, m_trial.steps.value_or(m_case.steps));
}

std::vector<double> WatchedInference::precision() const
{
    const auto* own = m_case.parameters.familyIf<PredictiveParameters>();
    const std::size_t layers = m_case.sizes.empty() ? 0 : m_case.sizes.size() - 1;
    if (!own || m_trial.precision.size() == layers)
        return m_trial.precision;
    std::vector<double> all;
    for (std::size_t l = 0; l < layers; ++l)
        all.push_back(layerValue(own->precision, static_cast<int>(l)));
    return all;
}

/// What the run was given, or has got by itself, is no trial any more.
void WatchedInference::dropWhatTheRunHas()
{
    InferenceTrial tried = std::exchange(m_trial, {});
    if (tried.rate && *tried.rate != rate())
        m_trial.rate = tried.rate;
    if (tried.steps && *tried.steps != m_case.steps)
        m_trial.steps = tried.steps;
    if (tried.precision != precision() && tried.precision.size() + 1 == m_case.sizes.size())
        m_trial.precision = std::move(tried.precision);
}

void WatchedInference::setTrial(const InferenceTrial& trial)
{
    if (trial == m_trial || m_case.weights.empty())
        return;
    const bool end = m_picture.t == m_picture.last();
    m_trial = trial;
    dropWhatTheRunHas();
    retrace();
    if (end && !m_picture.empty()) // more moves: go on looking at where it ends
        m_picture.t = m_picture.last();
}

std::vector<std::pair<std::string, ParameterValue>> WatchedInference::trialEdits() const
{
    std::vector<std::pair<std::string, ParameterValue>> edits;
    if (m_trial.rate)
        edits.emplace_back("inference.rate", *m_trial.rate);
    // Z-IL has as many moves as it has layers.
    const auto* own = m_case.parameters.familyIf<PredictiveParameters>();
    if (m_trial.steps && own && !own->zil())
        edits.emplace_back("inference.steps", static_cast<double>(*m_trial.steps));
    if (!m_trial.precision.empty())
        edits.emplace_back("inference.precision", m_trial.precision);
    return edits;
}

void WatchedInference::retrace()
{
    QElapsedTimer cost;
    cost.start();
    InferenceCase tried = m_case;
    tried.steps = steps();
    auto& own = tried.parameters.family<PredictiveParameters>();
    own.inferenceRate = rate();
    own.precision = precision();
    m_problem.clear();
    m_picture.rate = own.inferenceRate;
    m_picture.outputPrecision = own.precision.back();
    m_picture.entropy = own.entropy();
    m_picture.input = tried.input;
    m_picture.parameters = tried.parameters;
    try {
        m_picture.trace = m_tracer.trace(tried);
        m_picture.t = std::min(m_picture.t, m_picture.last());
        m_picture.chooseRanges();
    } catch (const InputError& e) {
        m_picture = {};
        m_problem = QString::fromUtf8(e.what());
    }
    m_costMs = cost.elapsed();
    m_sinceTrace.start();
}

QString WatchedInference::sampleText() const
{
    return u"epoch %1, %2 %3"_s.arg(m_shown.epoch)
        .arg(m_case.parameters.familyIf<NetworkParameters>()
                    && m_case.parameters.familyIf<NetworkParameters>()->batchSize > 1
                ? u"batch"_s
                : u"sample"_s)
        .arg(m_shown.index + 1);
}

} // namespace apical
