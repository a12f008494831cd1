#include "widgets/task/answers_painter.h"

#include "widgets/plot/dots.h"
#include "widgets/plot/scale.h"
#include "widgets/view/task_words.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kNumbered = 26; ///< a row that has room for the ends of its range
constexpr double kLow = 14; ///< a lower one has a smaller name
constexpr double kTwoLines = 44; ///< a row that has room for a name between two numbers

QColor between(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](int x, int y) { return static_cast<int>(x + (y - x) * share); };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

/// Pixels of a square image, else one row of cells from top to bottom.
void paintPicture(QPainter& painter, const Theme& t, const std::vector<double>& input,
    const QRectF& box, bool image)
{
    if (input.empty() || box.width() < 4)
        return;
    const int count = static_cast<int>(input.size());
    int columns = 1;
    if (const int side = static_cast<int>(std::lround(std::sqrt(count)));
        image && side * side == count)
        columns = side;
    const int rows = (count + columns - 1) / columns;
    const bool isSigned = std::ranges::any_of(input, [](double v) { return v < 0; });
    const double w = columns == 1 ? std::min(box.width(), 8.0) / columns : box.width() / columns;
    const double h = box.height() / rows, left = box.center().x() - w * columns / 2;
    for (int i = 0; i < count; ++i) {
        const double value = input[static_cast<std::size_t>(i)];
        const QColor fill =
            isSigned ? t.signColor(value) : between(t.panel, t.ink2, std::clamp(value, 0.0, 1.0));
        const int row = i / columns, column = i % columns;
        painter.fillRect(QRectF(left + column * w, box.top() + row * h, w, h), fill);
    }
    painter.setPen(t.fieldLine);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(
        QRectF(left, box.top(), w * columns, box.height()).adjusted(-0.5, -0.5, 0.5, 0.5));
}

void paintMark(QPainter& painter, const Theme& t, const QRectF& box, bool right)
{
    painter.setPen(QPen(right ? t.good : t.bad, 1.6));
    if (right) {
        painter.drawPolyline(QPolygonF({box.topLeft() + QPointF(0, 4),
            box.topLeft() + QPointF(3, 7), box.topLeft() + QPointF(8, 1)}));
    } else {
        painter.drawLine(box.topLeft() + QPointF(1, 1), box.bottomRight() - QPointF(1, 1));
        painter.drawLine(box.topRight() + QPointF(-1, 1), box.bottomLeft() + QPointF(1, -1));
    }
}

class Paint {
public:
    Paint(QPainter& painter, const Scene& scene, const AnswersLayout& layout,
        const AnswerRange& range)
        : m_painter(painter)
        , m_scene(scene)
        , m_theme(*scene.theme)
        , m_layout(layout)
        , m_range(range)
        , m_task(scene.frame.lanes.front().task)
        , m_dots(painter)
    {
    }
    void all();

private:
    void rows();
    void asides();
    void title(const AnswersLayout::Group&, double right);
    bool isNumbered(const AnswersLayout::Group&, std::size_t column, std::size_t step) const;
    void column(const AnswersLayout::Group&, std::size_t);
    void cell(const AnswersLayout::Group&, std::size_t column, int output);

    QPainter& m_painter;
    const Scene& m_scene;
    const Theme& m_theme;
    const AnswersLayout& m_layout;
    const AnswerRange& m_range;
    const TaskFrame& m_task;
    Dots m_dots;
};

void Paint::all()
{
    for (const auto& group : m_layout.groups())
        if (group.group->kind == AnswerGroup::Kind::Now)
            m_painter.fillRect(group.box.adjusted(-3, 18, 3, -14), m_theme.band);
    rows();
    for (std::size_t i = 0; i < m_layout.groups().size(); ++i) {
        const auto& group = m_layout.groups()[i];
        title(group,
            i + 1 < m_layout.groups().size() ? m_layout.groups()[i + 1].box.left() - 6
                                             : m_layout.row(0).right() - 4);
        for (std::size_t c = 0; c < group.shown; ++c)
            column(group, c);
    }
}

void Paint::rows()
{
    if (m_layout.groups().empty())
        return;
    const double right = m_layout.groups().back().box.right();
    const double height = m_layout.row(0).height();
    const QFont nameFont = uiFont(height < kLow ? 10 : 11);
    // Names of neighbours must not touch: of rows that are too low for that some have none.
    const int named =
        static_cast<int>(std::ceil((QFontMetricsF(nameFont).capHeight() + 2) / height));
    for (int output = 0; output < m_layout.rows(); ++output) {
        const QRectF row = m_layout.row(output);
        const QRectF cell(row.left(), row.top(), 10, row.height());
        const double plot = m_layout.groups().front().box.left() - 3;
        m_painter.setPen(m_theme.grid);
        for (const double value : {m_range.low, m_range.high}) {
            const double y = std::floor(m_range.y(value, cell)) + 0.5;
            m_painter.drawLine(QPointF(plot, y), QPointF(right, y));
        }
        if (m_range.low < 0) {
            m_painter.setPen(m_theme.line);
            const double y = std::floor(m_range.y(0, cell)) + 0.5;
            m_painter.drawLine(QPointF(plot, y), QPointF(right, y));
        }
        // The ends of the range stand above and below the name, in low rows beside it.
        const auto text = [](double value) {
            return QString::number(value).replace(u'-', QChar(0x2212));
        };
        const QFontMetricsF numbers(uiFont(10)), names(nameFont);
        const double beside = row.height() < kTwoLines
            ? std::max(numbers.horizontalAdvance(text(m_range.low)),
                  numbers.horizontalAdvance(text(m_range.high)))
                + 4
            : 0;
        QString name = u"o"_s + QString::number(output + 1);
        if (m_task.classes > 0 && !m_task.classNames.empty()) {
            name = className(m_task, output);
            if (names.horizontalAdvance(name) > plot - row.left() - 8 - beside)
                name = shortClassName(m_task, output);
        }
        m_painter.setFont(uiFont(10));
        m_painter.setPen(m_theme.ink3);
        if (row.height() >= kNumbered
            && names.horizontalAdvance(name) + beside <= plot - row.left() - 8)
            for (const double value : {m_range.low, m_range.high})
                m_painter.drawText( // inside its row, so that neighbours never touch
                    QRectF(row.left(), m_range.y(value, cell) - (value == m_range.low ? 10 : 4),
                        plot - row.left() - 4, 14),
                    Qt::AlignRight | Qt::AlignVCenter, text(value));
        if (output % named != 0)
            continue;
        m_painter.setFont(nameFont);
        m_painter.setPen(m_theme.ink2);
        m_painter.drawText(QRectF(row.left() + 8, row.top(), plot - row.left(), row.height()),
            Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, name);
    }
    asides();
    if (m_scene.frame.lanes.size() < 2 || !m_layout.hasMarks())
        return;
    m_painter.setFont(uiFont(10, QFont::DemiBold));
    m_painter.setPen(m_theme.ink2);
    for (std::size_t lane = 0; lane < m_scene.frame.lanes.size(); ++lane) {
        const QRectF mark = m_layout.mark(m_layout.groups().back(), 0, lane);
        m_painter.drawText(QRectF(m_layout.row(0).left() + 8, mark.top() - 2, 64, 12),
            Qt::AlignLeft | Qt::AlignVCenter, laneMark(m_scene.frame, lane));
    }
}

void Paint::title(const AnswersLayout::Group& group, double right)
{
    const bool telling = group.group->kind != AnswerGroup::Kind::Now;
    QStringList texts = groupTitles(*group.group, m_scene.frame);
    if (group.shown < group.group->columns.size()
        || group.group->columns.size() < group.group->size)
        texts.front() += u", %1 of %2 shown"_s.arg(group.shown).arg(group.group->size);
    m_painter.setFont(uiFont(11, telling ? QFont::Medium : QFont::Normal));
    m_painter.setPen(m_theme.ink2);
    const QFontMetricsF metrics(m_painter.font());
    const QRectF box(
        group.box.left() - (telling ? 0 : 4), group.box.top() + 1, right - group.box.left(), 16);
    const auto fits = std::ranges::find_if(
        texts, [&](const QString& text) { return metrics.horizontalAdvance(text) <= box.width(); });
    m_painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter,
        fits != texts.end() ? *fits
                            : metrics.elidedText(texts.back(), Qt::ElideRight, box.width()));
}

void Paint::column(const AnswersLayout::Group& group, std::size_t c)
{
    const AnswerColumn& column = group.group->columns[c];
    const bool now = group.group->kind == AnswerGroup::Kind::Now;
    paintPicture(m_painter, m_theme, column.input, m_layout.picture(group, c), m_task.classes > 0);
    m_painter.setRenderHint(QPainter::Antialiasing);
    for (int output = 0; output < m_layout.rows(); ++output)
        cell(group, c, output);
    for (std::size_t lane = 0; lane < column.scores.size(); ++lane)
        if (!std::isnan(column.scores[lane].correct))
            paintMark(m_painter, m_theme, m_layout.mark(group, c, lane),
                column.scores[lane].correct == 1);
    m_painter.setRenderHint(QPainter::Antialiasing, false);

    // Which sample, as many numbers as have room.
    m_painter.setFont(uiFont(10));
    m_painter.setPen(m_theme.ink3);
    const QRectF foot(group.box.left() + static_cast<double>(c) * group.column - 20,
        group.box.bottom() - 15, group.column + 40, 14);
    std::size_t step = 1;
    const double wide = QFontMetricsF(m_painter.font()).horizontalAdvance(u"000"_s) + 4;
    for (const std::size_t next : {2U, 5U, 10U})
        if (column.sample >= 99 || group.column < 15)
            step = group.column * static_cast<double>(step) < wide ? next : step;
    if (now)
        m_painter.drawText(foot, Qt::AlignCenter,
            group.group->block == Block::Validation ? u"valid."_s : blockText(group.group->block));
    else if (column.sample >= 0 && isNumbered(group, c, step))
        m_painter.drawText(foot, Qt::AlignCenter, QString::number(column.sample + 1));
}

/// What low rows have no room for: their range above the names, and below how many are hidden.
void Paint::asides()
{
    const QRectF first = m_layout.row(0);
    const QRectF names(
        first.left() + 8, 0, m_layout.groups().front().box.left() - first.left() - 14, 14);
    m_painter.setFont(uiFont(10));
    m_painter.setPen(m_theme.ink3);
    if (first.height() < kNumbered) {
        QString range =
            QString::number(m_range.low) + u" \u2026 "_s + QString::number(m_range.high);
        range.replace(u'-', QChar(0x2212));
        const QFontMetricsF metrics(m_painter.font());
        if (metrics.horizontalAdvance(range) > names.width()) // of very large ones
            range.remove(u' ');
        m_painter.drawText(names.translated(0, first.top() - 15),
            Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, range);
    }
    const int outputs = m_scene.frame.sizes.empty() ? 0 : m_scene.frame.sizes.back();
    if (const int hidden = outputs - m_layout.rows(); hidden > 0)
        m_painter.drawText(names.translated(0, m_layout.groups().front().box.bottom() - 15),
            Qt::AlignLeft | Qt::AlignVCenter, u"and %1 more"_s.arg(hidden));
}

bool Paint::isNumbered(const AnswersLayout::Group& group, std::size_t c, std::size_t step) const
{
    const auto& columns = group.group->columns;
    const int first = columns.front().sample, last = columns[group.shown - 1].sample;
    if (last - first + 1 == static_cast<int>(group.shown)) // one after the other: round numbers
        return (static_cast<std::size_t>(columns[c].sample) + 1) % step == 0;
    // Some of a large set: as many columns apart as the longest number is wide.
    int largest = 0;
    for (std::size_t i = 0; i < group.shown; ++i)
        largest = std::max(largest, columns[i].sample + 1);
    const double wide =
        QFontMetricsF(m_painter.font()).horizontalAdvance(QString::number(largest)) + 8;
    const auto apart = static_cast<std::size_t>(std::ceil(wide / group.column));
    return c % apart == apart / 2;
}

void Paint::cell(const AnswersLayout::Group& group, std::size_t c, int output)
{
    const AnswerColumn& column = group.group->columns[c];
    const QRectF cell = m_layout.cell(group, c, output);
    const auto at = static_cast<std::size_t>(output);
    const auto lanes = static_cast<double>(column.answers.size());
    const double half = std::min(cell.width() / 2 - 1, std::max(9.0, 3 * lanes));
    const bool asked = at < column.target.size();
    const double target = asked ? m_range.y(column.target[at], cell) : 0;
    for (std::size_t lane = 0; lane < column.answers.size(); ++lane) {
        const std::vector<double>& answer = column.answers[lane];
        if (at >= answer.size() || !std::isfinite(answer[at]))
            continue;
        const double shift = half * ((2 * static_cast<double>(lane) + 1) / lanes - 1);
        const QPointF point(cell.center().x() + shift, m_range.y(answer[at], cell));
        if (asked) {
            m_painter.setPen(QPen(m_theme.ink3, 1));
            m_painter.drawLine(QPointF(point.x(), target), point);
        }
        const QColor color = lanes > 1 ? laneMarkColor(m_scene, lane) : m_theme.soma;
        // Filled: this output is the greatest, so it is the class that was answered.
        const bool full = m_task.classes == 0 || classOf(answer) == output;
        const double radius =
            std::min({cell.width() / std::max(5.0, 2.5 * lanes), cell.height() / 3.5, 3.5});
        m_dots.draw(point, color, full ? color : m_theme.panel, radius);
    }
    if (asked) {
        m_painter.setPen(QPen(m_theme.target, 2, Qt::SolidLine, Qt::FlatCap));
        m_painter.drawLine(
            QPointF(cell.center().x() - half, target), QPointF(cell.center().x() + half, target));
    }
}

} // namespace

void paintAnswers(
    QPainter& painter, const Scene& scene, const AnswersLayout& layout, const AnswerRange& range)
{
    Paint(painter, scene, layout, range).all();
}

} // namespace apical
