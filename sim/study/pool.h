// The threads of a study.
#pragma once

#include "sim/study/point.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace apical {

struct StudyProgress {
    std::size_t done = 0, total = 0; ///< points of this pool
    double expected = 0; ///< steps, all points of this pool together
    double fraction = 0; ///< of the expected steps
    std::uint64_t steps = 0; ///< made by this pool
    double seconds = 0; ///< since it started; stands still once it has ended
    bool running = false;
};

/// Runs points of a study, each on one thread from start to end, so that the number of threads does
/// not change a bit of any result. Any thread may ask; destroying it stops and joins.
class StudyPool {
public:
    struct Options {
        int jobs = 1;
        bool background = false; ///< gives way to everything else on the machine
    };
    /// @param finished called for every result as it arrives, one call at a time, on a worker
    /// thread; what it throws ends the study
    StudyPool(std::shared_ptr<const Study>, std::vector<std::size_t> points, Options,
        std::function<void(StudyResult)> finished);
    ~StudyPool();
    StudyPool(const StudyPool&) = delete;
    StudyPool& operator=(const StudyPool&) = delete;

    void stop(); ///< does not wait; points that were begun leave no result
    /// @return whether every thread has ended
    bool waitFor(std::chrono::milliseconds);
    StudyProgress progress() const;
    /// What ended the study early, or nullptr. After the threads have ended.
    std::exception_ptr failure() const;

    static int defaultJobs(); ///< as many as the machine has cores

private:
    void work(std::size_t worker);

    std::shared_ptr<const Study> m_study;
    std::vector<std::size_t> m_points;
    Options m_options;
    std::function<void(StudyResult)> m_finished;
    std::atomic<std::size_t> m_next{0};
    std::atomic<std::uint64_t> m_steps{0};
    std::chrono::steady_clock::time_point m_start;
    double m_expected = 0;

    struct Place { ///< where a worker is
        std::atomic<double> fraction{0}, expected{0};
    };
    std::deque<Place> m_places;
    std::mutex m_finishing; // one result at a time, while others look at the progress
    mutable std::mutex m_mutex; // guards what follows
    std::condition_variable m_changed;
    std::size_t m_done = 0, m_working = 0;
    double m_doneExpected = 0, m_seconds = 0;
    std::exception_ptr m_failure;
    std::stop_source m_stop;
    std::vector<std::jthread> m_threads; // last: they use all of the above
};

} // namespace apical
