#include "app/cli/workers.h"

#include "app/cli/commands.h"
#include "app/cli/interrupt.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace apical {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr int kLargestBatch = 256;
constexpr auto kPatience = std::chrono::milliseconds(20); // between two looks at Ctrl-C

/// What the workers tell the thread that draws; guarded by `mutex`.
struct Board {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Milestone> status; // per lane
    std::vector<double> fraction; // per lane
    std::vector<std::pair<std::string, std::string>> warnings; // lane's name, still to be said
    int working = 0;
    std::exception_ptr failure;
    std::atomic<bool> stop{false};
};

void publish(Board& board, std::size_t index, LaneRun& lane)
{
    Milestone now{lane.simulation().clock(), measuresOf(lane.simulation().model())};
    const std::lock_guard lock(board.mutex);
    board.status[index] = std::move(now);
    board.fraction[index] = lane.progress();
}

void passOn(Board& board, LaneRun& lane)
{
    std::string text = lane.takeWarning();
    if (text.empty())
        return;
    const Experiment& e = lane.simulation().experiment();
    const auto index = static_cast<std::size_t>(lane.simulation().lane());
    const std::lock_guard lock(board.mutex);
    board.warnings.emplace_back(
        e.lanes.size() > 1 ? e.lanes[index].name : std::string(), std::move(text));
}

void work(Board& board, std::vector<std::unique_ptr<LaneRun>>& lanes, std::size_t first,
    std::size_t stride, bool publishing)
{
    try {
        std::vector<std::size_t> mine;
        for (std::size_t i = first; i < lanes.size(); i += stride)
            mine.push_back(i);
        auto nextPublication = SteadyClock::now();
        int batch = 1;
        while (!mine.empty() && !interrupted() && !board.stop.load(std::memory_order_relaxed)) {
            const auto began = SteadyClock::now();
            const bool due = publishing && began >= nextPublication;
            if (due)
                nextPublication = began + std::chrono::milliseconds(100);
            std::erase_if(mine, [&](std::size_t i) {
                const bool more = lanes[i]->advance(batch);
                passOn(board, *lanes[i]);
                if (due || !more)
                    publish(board, i, *lanes[i]);
                return !more;
            });
            batch = SteadyClock::now() - began > kPatience ? std::max(1, batch / 2)
                                                           : std::min(kLargestBatch, batch * 2);
        }
    } catch (...) {
        const std::lock_guard lock(board.mutex);
        board.failure = std::current_exception();
        board.stop.store(true);
    }
    const std::lock_guard lock(board.mutex);
    --board.working;
    board.changed.notify_one();
}

std::string wholeText(double amount)
{
    char buffer[32];
    const auto end =
        std::to_chars(buffer, buffer + sizeof buffer, amount, std::chars_format::fixed, 0).ptr;
    return {buffer, end};
}

/// "12.4 s of 40 s"
std::string positionText(const RunGoal& goal, const Clock& clock)
{
    switch (goal.unit()) {
    case RunGoal::Unit::Steps:
        return std::to_string(clock.step) + " of " + wholeText(goal.amount()) + " steps";
    case RunGoal::Unit::Presentations:
        return std::to_string(clock.pattern) + " of " + wholeText(goal.amount()) + " samples";
    case RunGoal::Unit::Milliseconds:
        break;
    }
    return durationText(clock.timeMs) + " of " + durationText(goal.amount());
}

/// The measures, each summed over the layers: "apical error 0.1, ...".
std::string measuresText(const Anatomy& anatomy, const std::vector<double>& values)
{
    std::vector<std::pair<std::string, double>> sums;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!anatomy.measures[i].recorded)
            continue;
        const std::string& label = anatomy.measures[i].label;
        const auto at = std::find_if(
            sums.begin(), sums.end(), [&](const auto& sum) { return sum.first == label; });
        if (at == sums.end())
            sums.emplace_back(label, values[i]);
        else
            at->second += values[i];
    }
    std::string text;
    for (const auto& [label, sum] : sums)
        text += (text.empty() ? "" : ", ") + label + ' ' + readable(sum, 2);
    return text;
}

Progress progressOf(const Board& board, const RunGoal& goal, const Anatomy& anatomy)
{
    Progress progress;
    const auto slowest = std::min_element(board.fraction.begin(), board.fraction.end());
    progress.fraction = *slowest;
    const auto index = static_cast<std::size_t>(slowest - board.fraction.begin());
    progress.position = positionText(goal, board.status[index].clock);
    for (const Milestone& lane : board.status)
        progress.steps += lane.clock.step;
    progress.tail = measuresText(anatomy, board.status.front().measures);
    return progress;
}

} // namespace

void stepLanes(std::vector<std::unique_ptr<LaneRun>>& lanes, int threads, const RunGoal& goal,
    ProgressBar& bar)
{
    Board board;
    const Anatomy anatomy = lanes.front()->simulation().model().anatomy();
    for (const auto& lane : lanes) {
        board.status.push_back(lane->milestones().front());
        board.fraction.push_back(0);
    }
    const auto count = std::min(static_cast<std::size_t>(threads), lanes.size());
    board.working = static_cast<int>(count);
    {
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < count; ++i)
            workers.emplace_back([&, i] { work(board, lanes, i, count, bar.shown()); });
        std::unique_lock lock(board.mutex);
        const auto sayWarnings = [&] {
            for (const auto& [lane, text] : std::exchange(board.warnings, {}))
                bar.say(lane, text);
        };
        const auto finished = [&] { return board.working == 0; };
        while (!finished()) {
            const Progress progress = progressOf(board, goal, anatomy);
            sayWarnings();
            lock.unlock();
            bar.draw(progress);
            lock.lock();
            board.changed.wait_for(lock, bar.interval(), finished);
        }
        sayWarnings();
        bar.draw(progressOf(board, goal, anatomy));
    }
    if (board.failure)
        std::rethrow_exception(board.failure);
}

} // namespace apical
