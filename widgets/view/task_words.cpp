#include "widgets/view/task_words.h"

#include "widgets/view/lane_words.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace apical {

QString className(const TaskFrame& task, int index)
{
    const auto i = static_cast<std::size_t>(index);
    if (index >= 0 && i < task.classNames.size())
        return QString::fromStdString(task.classNames[i]);
    return u"class "_s + QString::number(index + 1);
}

QString shortClassName(const TaskFrame& task, int index)
{
    const auto i = static_cast<std::size_t>(index);
    if (index < 0 || i >= task.classNames.size())
        return QString::number(index + 1);
    const QString name = QString::fromStdString(task.classNames[i]);
    return name.size() <= 7 ? name : name.left(5) + u'.';
}

QString blockText(Block block)
{
    return QString::fromLatin1(blockName(block));
}

QString laneMark(const Frame& frame, std::size_t lane)
{
    if (frame.lanes.size() < 2)
        return {};
    constexpr qsizetype longest = 8; // letters that stand in front of something else
    for (std::size_t i = 0; i < frame.lanes.size(); ++i)
        if (const QString name = laneName(frame, i); name.isEmpty() || name.size() > longest)
            return laneLetter(lane);
    return laneName(frame, lane);
}

QColor laneMarkColor(const Scene& scene, std::size_t lane)
{
    return laneColor(*scene.theme, scene.frame, lane);
}

QString rightText(double right, double of)
{
    return u"%1 of %2 right"_s.arg(right, 0, 'f', 0).arg(of, 0, 'f', 0);
}

QString noTaskText(const Scene& scene)
{
    const auto& lanes = scene.frame.lanes;
    if (lanes.empty())
        return u"Nothing runs yet"_s;
    if (std::ranges::none_of(lanes, [](const LaneFrame& lane) { return lane.task.hasTask; }))
        return u"No task: this stimulus has no targets, so there is nothing to score. The presets under \u201cLearning\u201d have some."_s;
    return {};
}

void paintNotice(QPainter& painter, const Theme& theme, const QString& text, const QRectF& area)
{
    painter.setFont(uiFont(12));
    painter.setPen(theme.ink2);
    painter.drawText(area.adjusted(16, 4, -16, -4), Qt::AlignCenter | Qt::TextWordWrap, text);
}

} // namespace apical
