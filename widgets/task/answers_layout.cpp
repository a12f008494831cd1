#include "widgets/task/answers_painter.h"

#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kTitle = 18, kSampleText = 14, kGap = 14;
constexpr double kNames = 78; // left: names of outputs and their range
constexpr double kNarrowest = 9, kLane = 5, kWidest = 30; // a column; each lane beside the first
constexpr double kLowestRow = 8; // a dot still moves in it

} // namespace

AnswersLayout::AnswersLayout(const QRectF& area, const AnswerGroup* now,
    const std::vector<AnswerGroup>& blocks, const Frame& frame)
    : m_area(area)
    , m_lanes(std::max<std::size_t>(1, frame.lanes.size()))
{
    const bool classes = !frame.lanes.empty() && frame.lanes.front().task.classes > 0;
    m_marks = classes ? 11.0 * static_cast<double>(m_lanes) : 0;
    const auto pictured = [](const AnswerGroup& g) {
        return !g.columns.empty() && !g.columns.front().input.empty();
    };
    if (std::any_of(blocks.begin(), blocks.end(), pictured) || (now && pictured(*now)))
        m_pictures = area.height() >= 150 ? 24 : 16;
    const int outputs = frame.sizes.empty() ? 0 : frame.sizes.back();
    m_top = area.top() + kTitle + m_pictures + 2;
    const double room = area.bottom() - m_top - m_marks - kSampleText - 2;
    m_rows = std::clamp(static_cast<int>(room / kLowestRow), std::min(1, outputs), outputs);
    m_height = m_rows > 0 ? room / m_rows : room;

    const double narrowest = kNarrowest + kLane * static_cast<double>(m_lanes - 1);
    double left = area.left() + kNames;
    const double right = area.right() - 8;
    if (now && !now->columns.empty()) {
        const double width = std::max(34.0, m_pictures + 6);
        m_groups.push_back({now, {left, area.top(), width, area.height()}, width, 1});
        left += width + kGap;
    }
    // As many blocks as have room beside each other, all with columns of one width.
    std::vector<const AnswerGroup*> chosen;
    double columns = 0;
    for (const AnswerGroup& group : blocks) {
        const double more = columns + static_cast<double>(group.columns.size());
        const double gaps = kGap * static_cast<double>(chosen.size());
        if (!chosen.empty() && more * narrowest + gaps > right - left)
            continue;
        chosen.push_back(&group);
        columns = more;
    }
    if (chosen.empty())
        return;
    const double free = right - left - kGap * static_cast<double>(chosen.size() - 1);
    const double width = std::clamp(free / columns, narrowest, kWidest);
    for (const AnswerGroup* group : chosen) {
        const std::size_t shown = std::min(
            group->columns.size(), static_cast<std::size_t>(std::max(1.0, (right - left) / width)));
        const double span = width * static_cast<double>(shown);
        m_groups.push_back({group, {left, area.top(), span, area.height()}, width, shown});
        left += span + kGap;
    }
}

QRectF AnswersLayout::row(int output) const
{
    return {m_area.left(), m_top + output * m_height, m_area.width(), m_height};
}

QRectF AnswersLayout::picture(const Group& group, std::size_t column) const
{
    const double side = std::floor(std::min(group.column - 3, m_pictures - 2));
    const double x = group.box.left() + (static_cast<double>(column) + 0.5) * group.column;
    return {std::round(x - side / 2), m_top - 3 - side, side, side};
}

QRectF AnswersLayout::cell(const Group& group, std::size_t column, int output) const
{
    const double x = group.box.left() + static_cast<double>(column) * group.column;
    return {x, m_top + output * m_height, group.column, m_height};
}

QRectF AnswersLayout::mark(const Group& group, std::size_t column, std::size_t lane) const
{
    const double x = group.box.left() + (static_cast<double>(column) + 0.5) * group.column;
    const double y = m_top + m_rows * m_height + 2 + 11.0 * static_cast<double>(lane);
    return {x - 4, y + 1, 8, 8};
}

void AnswerRange::fit(const AnswerGroup& now, const std::vector<AnswerGroup>& blocks)
{
    AnswerRange next;
    const auto take = [&next](const std::vector<double>& values) {
        for (const double v : values) {
            if (std::isfinite(v) && std::abs(v) < 1e6) {
                next.low = std::min(next.low, v);
                next.high = std::max(next.high, v);
            }
        }
    };
    const auto takeAll = [&take](const AnswerGroup& group) {
        for (const AnswerColumn& column : group.columns) {
            take(column.target);
            for (const auto& answer : column.answers)
                take(answer);
        }
    };
    takeAll(now);
    for (const AnswerGroup& group : blocks)
        takeAll(group);
    // In quarters, so that the axis does not creep; of larger numbers two digits are enough, too.
    constexpr double kQuarter = 0.25, kShare = 40;
    const double step = std::max(kQuarter, niceStep((next.high - next.low) / kShare));
    next.low = step * std::floor(next.low / step);
    next.high = step * std::ceil(next.high / step);
    const bool fits = next.low >= low && next.high <= high;
    if (!fits || next.high - next.low < 0.5 * (high - low))
        *this = next;
}

double AnswerRange::y(double value, const QRectF& cell) const
{
    const double share = (std::clamp(value, low, high) - low) / (high - low);
    const double edge = std::min(4.0, cell.height() / 5);
    return cell.bottom() - edge - share * (cell.height() - 2 * edge);
}

} // namespace apical
