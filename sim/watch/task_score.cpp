#include "sim/watch/task_score.h"

#include "sim/run/shown_samples.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace apical {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t kFirstSeen = 20; // samples: a mean of fewer says nothing
constexpr double kSeenRatio = 1.12;

std::uint64_t seenAfter(std::uint64_t seen)
{
    return std::max(seen + kFirstSeen,
        static_cast<std::uint64_t>(std::llround(kSeenRatio * static_cast<double>(seen))));
}

} // namespace

int classOf(const std::vector<double>& values)
{
    return static_cast<int>(
        std::distance(values.begin(), std::max_element(values.begin(), values.end())));
}

AnswerScore scoreAnswer(const Readout& answer, bool hasTarget, bool hasClasses)
{
    AnswerScore score;
    if (!hasTarget || answer.mean.empty() || answer.mean.size() != answer.target.size())
        return score;
    score.loss = answer.loss;
    if (hasClasses)
        score.correct = classOf(answer.mean) == classOf(answer.target) ? 1 : 0;
    return score;
}

TaskScore::TaskScore(const Simulation& simulation)
    : m_hasTargets(simulation.stimulus().hasTargets())
    , m_classes(simulation.stimulus().classes())
    , m_window(simulation.schedule().hasEpochs()
              ? static_cast<std::size_t>(simulation.schedule().size(Block::Train))
              : 100)
    , m_hasEpochs(simulation.schedule().hasEpochs())
    , m_samples(static_cast<std::uint64_t>(simulation.model().anatomy().samples))
    , m_blockCounts(m_classes, m_classes)
{
}

bool TaskScore::observe(const Simulation& simulation, const LaneCost* cost)
{
    const std::span<const Readout> finished = simulation.finishedReadouts();
    if (finished.empty())
        return false;
    const Place place{simulation, cost};
    const int set = simulation.stimulus().samples(finished.back().presentation.block);
    Sum all;
    for (const Readout& answer : finished) {
        const bool counts =
            countsInBlock(answer.presentation, set, static_cast<int>(finished.size()));
        const AnswerScore score = scoreAnswer(answer, answer.hasTarget && counts, hasAccuracy());
        all.add(score);
        if (m_hasEpochs)
            addToBlock(answer, score);
        addToSeen(answer, score, place);
        if (m_answers.size() < kRecentAnswers) {
            m_answers.push_back(answer);
        } else { // the oldest one's memory is used again
            m_answers.push_back(std::move(m_answers.front()));
            m_answers.pop_front();
            m_answers.back() = answer;
        }
    }
    m_last = finished.back();
    m_lastScore = all.mean();
    if (m_last.presentation.block == Block::Train) {
        m_recent.push_back(m_lastScore);
        if (m_recent.size() > m_window)
            m_recent.pop_front();
    }
    if (m_hasEpochs)
        finishBlock(simulation.schedule().at(m_last.pattern), place);
    return true;
}

void TaskScore::Sum::add(const AnswerScore& score)
{
    ++presentations;
    if (!std::isnan(score.loss)) {
        loss += score.loss;
        ++losses;
    }
    if (!std::isnan(score.correct)) {
        correct += score.correct;
        ++corrects;
    }
}

AnswerScore TaskScore::Sum::mean() const
{
    AnswerScore mean;
    if (losses > 0)
        mean.loss = loss / static_cast<double>(losses);
    if (corrects > 0)
        mean.correct = correct / static_cast<double>(corrects);
    return mean;
}

void TaskScore::BlockMemory::add(const Readout& answer)
{
    if (count >= kBlockAnswers)
        return;
    if (count == answers.size())
        answers.push_back(answer);
    else
        answers[count] = answer;
    ++count;
}

std::span<const Readout> TaskScore::blockAnswers(Block block) const
{
    return {kept(block).answers.data(), kept(block).count};
}

void TaskScore::addToBlock(const Readout& answer, const AnswerScore& score)
{
    if (answer.presentation.index == 0) {
        m_block = {};
        m_current.count = 0;
        std::fill(m_blockCounts.values.begin(), m_blockCounts.values.end(), 0.0);
        m_examples.start(m_classes);
    }
    m_block.add(score);
    m_current.add(answer);
    if (!std::isnan(score.correct)) {
        const int asked = classOf(answer.target), answered = classOf(answer.mean);
        m_blockCounts(asked, answered) += 1;
        m_examples.add(answer, asked, answered);
    }
}

void TaskScore::addToSeen(const Readout& answer, const AnswerScore& score, const Place& place)
{
    const Presentation& p = answer.presentation;
    if (p.block != Block::Train || std::isnan(score.loss))
        return;
    const std::uint64_t seen = m_hasEpochs
        ? p.ordinal * m_window * m_samples + p.index + 1 // a batch numbers its samples
        : p.number + 1;
    if (m_nextSeen == 0)
        m_nextSeen = seenAfter(seen - 1);
    m_sinceSeen.add(score);
    if (seen < m_nextSeen)
        return;
    m_seen.push_back({.seen = seen, .train = m_sinceSeen.mean(), .spent = place.spent()});
    m_sinceSeen = {};
    m_nextSeen = seenAfter(seen);
    m_sharedSeen.reset();
}

void TaskScore::finishBlock(const Presentation& p, const Place& place)
{
    if (p.index + 1 != p.size || m_block.presentations != p.size * m_samples)
        return;
    const AnswerScore mean = m_block.mean();
    if (std::isnan(mean.loss))
        return;
    m_current.epoch = p.epoch;
    std::swap(m_current, m_kept[static_cast<std::size_t>(p.block)]);
    if (p.block == Block::Validation) {
        m_lastValidation = mean;
        if (hasAccuracy()) {
            m_lastErrors.push_back(1 - mean.correct);
            if (m_lastErrors.size() > kLastEpochs)
                m_lastErrors.pop_front();
            if (m_firstWithoutError < 0 && mean.correct == 1)
                m_firstWithoutError = static_cast<std::int64_t>(p.epoch);
        }
    }
    // Confusion is worth seeing for what was not trained on in this very block, if there is that.
    if (hasAccuracy() && (p.block != Block::Train || m_confusion.block == Block::Train))
        m_confusion = {.block = p.block,
            .epoch = p.epoch,
            .counts = m_blockCounts,
            .examples = m_examples.finish()};
    if (p.epoch % m_stride != 0)
        return;
    EpochScore& entry = epochEntry(p.epoch, place);
    (p.block == Block::Train               ? entry.train
            : p.block == Block::Validation ? entry.validation
                                           : entry.test) = mean;
    m_shared.reset();
}

EpochScore& TaskScore::epochEntry(std::uint64_t epoch, const Place& place)
{
    if (m_epochs.empty() || m_epochs.back().epoch != epoch) {
        if (m_epochs.size() >= kMostEpochs)
            thin();
        m_epochs.push_back(
            {.epoch = epoch, .train = {}, .validation = {}, .test = {}, .spent = place.spent()});
    }
    return m_epochs.back();
}

void TaskScore::thin()
{
    m_stride *= 2;
    std::erase_if(m_epochs, [this](const EpochScore& e) { return e.epoch % m_stride != 0; });
}

void TaskScore::forgetLater(const Simulation& simulation)
{
    const std::uint64_t now = simulation.clock().pattern;
    const Presentation shown = simulation.schedule().at(now);
    std::erase_if(m_epochs, [&](const EpochScore& e) { return e.epoch >= shown.epoch; });
    std::erase_if(m_answers, [now](const Readout& r) { return r.pattern >= now; });
    if (m_firstWithoutError >= static_cast<std::int64_t>(shown.epoch))
        m_firstWithoutError = -1;
    if (m_confusion.epoch >= shown.epoch)
        m_confusion = {};
    for (BlockMemory& block : m_kept)
        if (block.epoch >= shown.epoch)
            block.count = 0;
    m_current.count = 0;
    m_recent.clear();
    m_lastErrors.clear();
    m_lastScore = m_lastValidation = {};
    m_last = m_answers.empty() ? Readout{} : m_answers.back();
    m_block = {};
    m_shared.reset();
    const std::uint64_t trained = !m_hasEpochs ? now
        : shown.block == Block::Train          ? shown.ordinal * m_window + shown.index
                                               : (shown.epoch + 1) * m_window;
    const std::uint64_t before = trained * m_samples;
    std::erase_if(m_seen, [before](const SeenScore& s) { return s.seen > before; });
    m_sinceSeen = {};
    m_nextSeen = 0;
    m_sharedSeen.reset();
}

AnswerScore TaskScore::epochMean() const
{
    Sum sum;
    for (const AnswerScore& score : m_recent)
        sum.add(score);
    return sum.mean();
}

double TaskScore::lastEpochsError() const
{
    if (m_lastErrors.empty())
        return kNaN;
    return std::accumulate(m_lastErrors.begin(), m_lastErrors.end(), 0.0)
        / static_cast<double>(m_lastErrors.size());
}

Spent TaskScore::lastSpent() const
{
    // None of it ever falls; what is NaN loses.
    const Spent seen = m_seen.empty() ? Spent{} : m_seen.back().spent;
    const Spent epoch = m_epochs.empty() ? Spent{} : m_epochs.back().spent;
    return {std::fmax(seen.timeMs, epoch.timeMs), std::fmax(seen.spikes, epoch.spikes),
        std::fmax(seen.seconds, epoch.seconds)};
}

std::shared_ptr<const std::vector<EpochScore>> TaskScore::epochs() const
{
    if (!m_shared)
        m_shared = std::make_shared<const std::vector<EpochScore>>(m_epochs);
    return m_shared;
}

std::shared_ptr<const std::vector<SeenScore>> TaskScore::seen() const
{
    if (!m_sharedSeen)
        m_sharedSeen = std::make_shared<const std::vector<SeenScore>>(m_seen);
    return m_sharedSeen;
}

} // namespace apical
