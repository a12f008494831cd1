#include "widgets/task/answers_view.h"

#include "widgets/look/number_text.h"
#include "widgets/plot/scale.h"
#include "widgets/task/answers_painter.h"
#include "widgets/view/task_words.h"

#include <QElapsedTimer>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kFollowable = 3; // changes of the picture per second that an eye can follow
constexpr qint64 kSampleMs = 1000 / 3 + 1;

/// Patterns per second on the wall.
double patternRate(const Frame& frame)
{
    const double period = frame.lanes.front().parameters.presentationTime;
    return frame.state == RunState::Running && period > 0 ? 1000 * frame.realTimeFactor / period
                                                          : 0;
}

/// Output against target: the pattern of this moment, and the last complete blocks.
class AnswersView : public View {
public:
    explicit AnswersView(QWidget* parent)
        : View(parent)
    {
        setObjectName(u"answers"_s);
        setAccessibleName(u"Answers"_s);
        setMinimumSize(240, 100);
    }
    QSize sizeHint() const override { return {440, 216}; }
    int periodMs() const override { return 50; }

    void refresh(const Scene& scene) override
    {
        const bool other = scene.frame.run != m_run || scene.frame.generation != m_generation;
        m_fast = noTaskText(scene).isEmpty() && patternRate(scene.frame) > kFollowable;
        // Patterns that fly past are shown three times a second: the eye could not follow more.
        // In between the picture stands as it is, unpainted.
        if (m_fast && !other && !scene.urgent && &scene == this->scene() && m_taken.isValid()
            && m_taken.elapsed() < kSampleMs)
            return;
        View::refresh(scene);
        if (scene.frame.run != m_run)
            m_range = {};
        m_run = scene.frame.run;
        m_generation = scene.frame.generation;
        if (!noTaskText(scene).isEmpty()) {
            m_now = {};
            m_blocks.clear();
            return;
        }
        m_taken.start();
        m_now = answerNow(scene.frame);
        m_blocks = answerBlocks(scene.frame);
        m_range.fit(m_now, m_blocks);
    }

    void paint(QPainter& painter, const QRectF& area) override
    {
        if (!scene())
            return;
        const QString none = noTaskText(*scene());
        if (!none.isEmpty())
            return paintNotice(painter, theme(), none, area);
        const AnswersLayout layout(area, &m_now, m_blocks, scene()->frame);
        paintAnswers(painter, *scene(), layout, m_range);
        if (m_blocks.empty() && !layout.groups().empty()) {
            const double left = layout.groups().back().box.right();
            paintNotice(painter, theme(), u"No presentation has ended yet"_s,
                QRectF(left, area.top(), area.right() - left, area.height()));
        }
    }

    QString subtitle() const override
    {
        if (!scene() || !noTaskText(*scene()).isEmpty())
            return {};
        return u"\u25cf output  \u2015 target (1)"_s;
    }

    QString csv() const override
    {
        QString out = u"lane,block,epoch,presentation,sample,output,answer,target\n"_s;
        const qsizetype header = out.size();
        for (const AnswerGroup& group : m_blocks)
            for (const AnswerColumn& column : group.columns)
                for (std::size_t lane = 0; lane < column.answers.size(); ++lane)
                    for (std::size_t i = 0; i < column.answers[lane].size(); ++i)
                        out += QString::number(lane + 1) + u','
                            + (group.kind == AnswerGroup::Kind::Newest ? u"newest"_s
                                                                       : blockText(group.block))
                            + u',' + QString::number(group.epoch) + u','
                            + QString::number(column.number) + u',' + QString::number(column.sample)
                            + u',' + QString::number(i + 1) + u','
                            + exactText(column.answers[lane][i]) + u','
                            + (i < column.target.size() ? exactText(column.target[i]) : QString())
                            + u'\n';
        return out.size() > header ? out : QString();
    }

protected:
    bool event(QEvent* event) override
    {
        if (event->type() != QEvent::ToolTip || !scene() || !noTaskText(*scene()).isEmpty())
            return View::event(event);
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos()), this);
        return true;
    }

private:
    QString tipAt(QPointF at) const
    {
        const AnswersLayout layout(QRectF(rect()), &m_now, m_blocks, scene()->frame);
        for (const auto& group : layout.groups()) {
            const double c = (at.x() - group.box.left()) / group.column;
            if (c < 0 || c >= static_cast<double>(group.shown))
                continue;
            const AnswerColumn& column = group.group->columns[static_cast<std::size_t>(c)];
            QString text =
                blockText(group.group->block) + u", epoch "_s + QString::number(group.group->epoch);
            if (m_fast && group.group->kind == AnswerGroup::Kind::Now)
                text = u"3 of %1 patterns per second are shown\n"_s.arg(
                           patternRate(scene()->frame), 0, 'f', 0)
                    + text;
            if (column.sample >= 0)
                text += u", sample "_s + QString::number(column.sample + 1);
            const TaskFrame& task = scene()->frame.lanes.front().task;
            if (task.classes > 0 && !column.target.empty())
                text += u": "_s + className(task, classOf(column.target));
            const auto numbers = [&text](const QString& name, const std::vector<double>& values) {
                text += u'\n' + name;
                for (std::size_t i = 0; i < values.size() && i < 12; ++i)
                    text += u"  "_s + signedNumber(values[i], 3);
            };
            if (!column.target.empty())
                numbers(u"target"_s, column.target);
            for (std::size_t lane = 0; lane < column.answers.size(); ++lane)
                numbers(u"output "_s + laneMark(scene()->frame, lane), column.answers[lane]);
            return text;
        }
        return {};
    }

    AnswerGroup m_now;
    std::vector<AnswerGroup> m_blocks;
    AnswerRange m_range;
    QElapsedTimer m_taken;
    bool m_fast = false;
    std::uint64_t m_run = 0, m_generation = 0;
};

} // namespace

View* makeAnswersView(QWidget* parent)
{
    return new AnswersView(parent);
}

} // namespace apical
