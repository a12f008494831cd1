#include "widgets/task/answers_columns.h"

#include "widgets/view/task_words.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

const LaneFrame* withTask(const Frame& frame)
{
    return frame.lanes.empty() || !frame.lanes.front().task.hasTask ? nullptr
                                                                    : &frame.lanes.front();
}

/// The first lane says which samples, every lane what it answered to them: lanes see the same.
AnswerGroup gather(const Frame& frame, const auto& answersOf)
{
    AnswerGroup group;
    for (const Readout& answer : answersOf(frame.lanes.front())) {
        AnswerColumn column;
        column.number = answer.presentation.number;
        column.sample = answer.sample;
        if (answer.hasTarget)
            column.target = answer.target;
        for (const LaneFrame& lane : frame.lanes) {
            const auto& own = answersOf(lane);
            const auto same = std::ranges::find_if(own, [&](const Readout& other) {
                return other.presentation.number == answer.presentation.number;
            });
            const bool found = same != own.end();
            column.answers.push_back(found ? same->mean : std::vector<double>());
            column.scores.push_back(
                found ? scoreAnswer(*same, same->hasTarget, lane.task.classes > 0) : AnswerScore{});
        }
        group.columns.push_back(std::move(column));
    }
    return group;
}

} // namespace

AnswerGroup answerNow(const Frame& frame)
{
    AnswerGroup group;
    group.kind = AnswerGroup::Kind::Now;
    const LaneFrame* first = withTask(frame);
    if (!first)
        return group;
    group.block = first->task.shown.block;
    group.epoch = first->task.shown.epoch;
    group.size = 1;
    AnswerColumn column;
    column.number = first->task.shown.number;
    const auto list = [](std::span<const double> values) {
        return std::vector<double>(values.begin(), values.end());
    };
    column.input = list(first->quantity("input.rate"));
    if (first->nudged)
        column.target = list(first->quantity("target"));
    for (const LaneFrame& lane : frame.lanes) {
        column.answers.push_back(list(lane.quantity(lane.answer)));
        column.scores.emplace_back();
    }
    group.columns.push_back(std::move(column));
    return group;
}

std::vector<AnswerGroup> answerBlocks(const Frame& frame)
{
    std::vector<AnswerGroup> groups;
    const LaneFrame* first = withTask(frame);
    if (!first)
        return groups;
    for (const Block block : {Block::Validation, Block::Train, Block::Test}) {
        const auto at = static_cast<std::size_t>(block);
        const auto& kept = first->task.blocks[at];
        if (!kept || kept->answers.empty())
            continue;
        AnswerGroup group = gather(frame, [at](const LaneFrame& lane) {
            const auto& own = lane.task.blocks[at];
            return own ? std::span<const Readout>(own->answers) : std::span<const Readout>();
        });
        group.block = block;
        group.epoch = kept->epoch;
        group.size = kept->answers.front().presentation.size;
        for (std::size_t i = 0; i < kept->inputs.size(); ++i)
            group.columns[i].input = kept->inputs[i];
        std::ranges::stable_sort(group.columns, {}, &AnswerColumn::sample);
        groups.push_back(std::move(group));
    }
    if (groups.empty() && !first->task.answers.empty()) {
        AnswerGroup group = gather(frame,
            [](const LaneFrame& lane) { return std::span<const Readout>(lane.task.answers); });
        group.kind = AnswerGroup::Kind::Newest;
        group.block = first->task.answers.back().presentation.block;
        group.size = group.columns.size();
        groups.push_back(std::move(group));
    }
    return groups;
}

QStringList groupTitles(const AnswerGroup& group, const Frame& frame)
{
    switch (group.kind) {
    case AnswerGroup::Kind::Now:
        return {u"now"_s};
    case AnswerGroup::Kind::Newest:
        return {u"newest presentations"_s, u"newest"_s};
    case AnswerGroup::Kind::Block:
        break;
    }
    QString right, brief;
    for (std::size_t lane = 0; lane < frame.lanes.size(); ++lane) {
        const double count = rightAnswers(group, lane);
        if (std::isnan(count) || group.columns.size() < group.size)
            continue;
        const QString mark = laneMark(frame, lane);
        const auto all = static_cast<double>(group.columns.size());
        right += u", "_s + (mark.isEmpty() ? QString() : mark + u' ') + rightText(count, all);
        brief += (brief.isEmpty() ? u": "_s : u", "_s) + (mark.isEmpty() ? QString() : mark + u' ')
            + u"%1 of %2"_s.arg(count, 0, 'f', 0).arg(all, 0, 'f', 0);
    }
    const QString name = blockText(group.block), epoch = QString::number(group.epoch);
    const QString abridged = group.block == Block::Validation ? u"valid."_s : name;
    return {name + u", epoch "_s + epoch + right, name + u' ' + epoch + brief,
        abridged + u' ' + epoch + brief, abridged + brief};
}

double rightAnswers(const AnswerGroup& group, std::size_t lane)
{
    double right = 0;
    bool known = false;
    for (const AnswerColumn& column : group.columns) {
        if (lane >= column.scores.size() || std::isnan(column.scores[lane].correct))
            continue;
        known = true;
        right += column.scores[lane].correct;
    }
    return known ? right : std::numeric_limits<double>::quiet_NaN();
}

} // namespace apical
