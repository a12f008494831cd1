#include "sim/study/point.h"

#include "sim/files/recording.h"
#include "sim/run/simulation.h"
#include "sim/watch/task_score.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace apical {
namespace {

constexpr std::size_t kMostEpochs = 200, kMostRows = 400'000;
constexpr int kLargestBatch = 4096;
constexpr auto kPatience = std::chrono::milliseconds(10); // between two looks at the stop token
constexpr std::uint64_t kWindow = 100; // presentations, where the stimulus has no epochs
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

bool inCurve(std::string_view name)
{
    return (isTaskMetric(name) && name != "first_epoch_without_error")
        || name.ends_with(".apical_error");
}

/// Keeps every 1st, then 2nd, 4th, ... epoch as the run gets longer: what is kept depends on the
/// epochs alone.
class CurveSampler {
public:
    CurveSampler(const Simulation& simulation, std::size_t limit)
        : m_limit(limit)
    {
        m_hasEpochs = simulation.schedule().hasEpochs();
    }

    /// After a presentation has ended.
    void observe(Simulation& simulation, const TaskScore& score)
    {
        const std::uint64_t pattern = simulation.clock().pattern;
        const Presentation next = simulation.presentation();
        const std::uint64_t ended = m_hasEpochs ? next.epoch : pattern / kWindow;
        const bool ends =
            m_hasEpochs ? next.block == Block::Train && next.index == 0 : pattern % kWindow == 0;
        if (!ends || ended % m_every != 0)
            return;
        m_curve.epochs.push_back(ended);
        std::vector<double>& row = m_curve.rows.emplace_back(m_curve.names.size(), kUnknown);
        for (const auto& [name, value] : currentMetrics(simulation, score)) {
            if (inCurve(name))
                row[column(name)] = value;
        }
        if (m_curve.epochs.size() > m_limit)
            thin();
    }

    LearningCurve take() { return std::move(m_curve); }

private:
    std::size_t column(const std::string& name)
    {
        auto& names = m_curve.names;
        const auto found = std::find(names.begin(), names.end(), name);
        if (found != names.end())
            return static_cast<std::size_t>(found - names.begin());
        names.push_back(name);
        for (auto& row : m_curve.rows)
            row.push_back(kUnknown);
        return names.size() - 1;
    }

    void thin()
    {
        m_every *= 2;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < m_curve.epochs.size(); ++i) {
            if (m_curve.epochs[i] % m_every != 0)
                continue;
            m_curve.epochs[kept] = m_curve.epochs[i];
            if (kept != i)
                m_curve.rows[kept] = std::move(m_curve.rows[i]);
            ++kept;
        }
        m_curve.epochs.resize(kept);
        m_curve.rows.resize(kept);
    }

    LearningCurve m_curve;
    std::size_t m_limit;
    bool m_hasEpochs;
    std::uint64_t m_every = 1;
};

} // namespace

std::size_t curveLimit(std::size_t points)
{
    return std::clamp<std::size_t>(kMostRows / std::max<std::size_t>(points, 1), 10, kMostEpochs);
}

bool isTaskMetric(std::string_view name)
{
    return !name.starts_with("layer");
}

std::optional<StudyResult> runStudyPoint(const Study& study, std::size_t index,
    const std::stop_token& stop, std::atomic<double>& progress, std::atomic<std::uint64_t>& steps)
{
    const StudyPoint point = study.point(index);
    Simulation simulation(study.experiment(point), point.lane);
    const RunGoal goal(study.spec().length, simulation);
    TaskScore score(simulation);
    BackpropAngles angles(simulation);
    CurveSampler curve(simulation, curveLimit(study.size()));
    StudyResult result;
    result.point = index;
    for (int batch = 1; !goal.reached(simulation.clock()) && !result.diverged;) {
        const auto began = std::chrono::steady_clock::now();
        const std::uint64_t before = simulation.clock().step;
        for (int i = 0; i < batch && !goal.reached(simulation.clock()); ++i) {
            if (!simulation.step()) {
                result.diverged = true;
                break;
            }
            angles.afterStep();
            if (score.observe(simulation))
                curve.observe(simulation, score);
        }
        const bool slow = std::chrono::steady_clock::now() - began > kPatience;
        batch = slow ? std::max(1, batch / 2) : std::min(kLargestBatch, batch * 2);
        progress.store(goal.progress(simulation.clock()), std::memory_order_relaxed);
        steps.fetch_add(simulation.clock().step - before, std::memory_order_relaxed);
        if (stop.stop_requested())
            return std::nullopt;
    }
    result.steps = simulation.clock().step;
    result.metrics = finalMetrics(simulation, score, angles);
    std::stable_partition(result.metrics.begin(), result.metrics.end(),
        [](const auto& metric) { return isTaskMetric(metric.first); });
    result.curve = curve.take();
    return result;
}

} // namespace apical
