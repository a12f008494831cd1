#include "sim/study/pool.h"

#include "sim/base/background.h"

#include <algorithm>
#include <utility>

namespace apical {
namespace {

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

StudyPool::StudyPool(std::shared_ptr<const Study> study, std::vector<std::size_t> points,
    Options options, std::function<void(StudyResult)> finished)
    : m_study(std::move(study))
    , m_points(std::move(points))
    , m_options(options)
    , m_finished(std::move(finished))
    , m_start(std::chrono::steady_clock::now())
{
    // The first seed of everything comes first, short runs before long ones: a person who looks
    // sees the whole picture early.
    const auto seeds = static_cast<std::size_t>(m_study->spec().seeds);
    std::stable_sort(m_points.begin(), m_points.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(a % seeds, m_study->expectedSteps(a))
            < std::pair(b % seeds, m_study->expectedSteps(b));
    });
    for (const std::size_t point : m_points)
        m_expected += m_study->expectedSteps(point);
    const auto jobs = static_cast<std::size_t>(std::max(1, options.jobs));
    m_working = std::min(jobs, m_points.size());
    for (std::size_t i = 0; i < m_working; ++i)
        m_places.emplace_back();
    const std::size_t count = m_working;
    for (std::size_t i = 0; i < count; ++i)
        m_threads.emplace_back([this, i] { work(i); });
}

StudyPool::~StudyPool()
{
    stop();
}

void StudyPool::stop()
{
    m_stop.request_stop();
}

bool StudyPool::waitFor(std::chrono::milliseconds time)
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, time, [this] { return m_working == 0; });
}

void StudyPool::work(std::size_t worker)
{
    if (m_options.background)
        giveWay();
    Place& place = m_places[worker];
    const std::stop_token token = m_stop.get_token();
    try {
        while (!token.stop_requested()) {
            const std::size_t i = m_next.fetch_add(1);
            if (i >= m_points.size())
                break;
            const double expected = m_study->expectedSteps(m_points[i]);
            place.fraction.store(0);
            place.expected.store(expected);
            auto result = runStudyPoint(*m_study, m_points[i], token, place.fraction, m_steps);
            if (!result)
                break;
            {
                const std::lock_guard lock(m_finishing);
                m_finished(std::move(*result));
            }
            const std::lock_guard lock(m_mutex);
            place.expected.store(0);
            ++m_done;
            m_doneExpected += expected;
        }
    } catch (...) {
        const std::lock_guard lock(m_mutex);
        if (!m_failure)
            m_failure = std::current_exception();
        m_stop.request_stop();
    }
    const std::lock_guard lock(m_mutex);
    m_seconds = secondsSince(m_start);
    --m_working;
    m_changed.notify_all();
}

StudyProgress StudyPool::progress() const
{
    const std::lock_guard lock(m_mutex);
    StudyProgress now{.done = m_done,
        .total = m_points.size(),
        .expected = m_expected,
        .steps = m_steps.load(),
        .seconds = m_working ? secondsSince(m_start) : m_seconds,
        .running = m_working > 0};
    double expected = m_doneExpected;
    for (const Place& place : m_places)
        expected += place.fraction.load() * place.expected.load();
    now.fraction = m_done == m_points.size() ? 1 : expected / std::max(m_expected, 1.0);
    return now;
}

std::exception_ptr StudyPool::failure() const
{
    const std::lock_guard lock(m_mutex);
    return m_failure;
}

int StudyPool::defaultJobs()
{
    return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

} // namespace apical
