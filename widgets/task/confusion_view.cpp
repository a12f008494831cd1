#include "widgets/task/confusion_view.h"

#include "widgets/look/style.h"
#include "widgets/view/task_words.h"

#include <QElapsedTimer>
#include <QFontMetricsF>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kTitle = 19, kColumnNames = 15, kSide = 14, kPad = 8;
constexpr double kSmallLine = 9; // px from one name of a row to the next, at least
constexpr int kSmallFont = 9; // px, in rows that are no higher than that
constexpr double kNumbers = 15; // px of a row from which counts are written into it

/// One lane's matrix as it is shown.
struct Table {
    QStringList titles; ///< the same in fewer and fewer words
    Confusion confusion;
    double right = 0, all = 0;
};

Table tableOf(const Frame& frame, std::size_t lane)
{
    Table table;
    table.confusion = frame.lanes[lane].task.confusion;
    const Matrix& counts = table.confusion.counts;
    for (int r = 0; r < counts.rows; ++r)
        for (int c = 0; c < counts.cols; ++c) {
            table.all += counts(r, c);
            table.right += r == c ? counts(r, c) : 0;
        }
    const QString mark = laneMark(frame, lane);
    const QString name = mark.isEmpty() ? QString() : mark + u"  "_s;
    if (table.all > 0) {
        const QString share = u"%1 %"_s.arg(100 * table.right / table.all, 0, 'f', 1);
        const QString block = blockText(table.confusion.block);
        table.titles << u"%1, epoch %2: %3, %4"_s.arg(block)
                            .arg(table.confusion.epoch)
                            .arg(rightText(table.right, table.all), share)
                     << u"%1: %2"_s.arg(block, share) << share;
    } else {
        table.titles << u"no block is complete yet"_s << u"none yet"_s;
    }
    for (QString& title : table.titles)
        title.prepend(name);
    return table;
}

/// Which class was answered for which: rows are asked, columns answered.
class ConfusionView : public View {
public:
    explicit ConfusionView(QWidget* parent)
        : View(parent)
    {
        setObjectName(u"confusion"_s);
        setAccessibleName(u"Confusion"_s);
        setMinimumSize(200, 100);
    }
    QSize sizeHint() const override { return {360, 144}; }
    int periodMs() const override { return 334; } // more often than the eye follows is flicker

    void refresh(const Scene& scene) override
    {
        if (isShown(scene))
            return;
        View::refresh(scene);
        m_tables.clear();
        if (!emptyText().isEmpty())
            return;
        for (std::size_t lane = 0; lane < scene.frame.lanes.size(); ++lane)
            m_tables.push_back(tableOf(scene.frame, lane));
    }

    void paint(QPainter& painter, const QRectF& area) override
    {
        if (!scene())
            return;
        if (const QString empty = emptyText(); !empty.isEmpty())
            return paintNotice(painter, theme(), empty, area);
        for (std::size_t i = 0; i < m_tables.size(); ++i)
            paintTable(painter, m_tables[i], share(area, i));
    }

    QString csv() const override
    {
        QString out;
        for (std::size_t lane = 0; lane < m_tables.size(); ++lane) {
            const Confusion& c = m_tables[lane].confusion;
            const TaskFrame& task = scene()->frame.lanes.front().task;
            for (int r = 0; r < c.counts.rows; ++r)
                for (int k = 0; k < c.counts.cols; ++k)
                    out += QString::number(lane + 1) + u',' + blockText(c.block) + u','
                        + QString::number(c.epoch) + u',' + className(task, r) + u','
                        + className(task, k) + u',' + QString::number(c.counts(r, k), 'f', 0)
                        + u'\n';
        }
        return out.isEmpty() ? out : u"lane,block,epoch,class,answered,count\n"_s + out;
    }

protected:
    bool event(QEvent*) override;
    void mousePressEvent(QMouseEvent*) override;

private:
    /// The same blocks as painted last: a new one comes only now and then.
    bool isShown(const Scene& next) const
    {
        if (next.urgent || &next != scene() || m_tables.empty()
            || m_tables.size() != next.frame.lanes.size())
            return false;
        for (std::size_t lane = 0; lane < m_tables.size(); ++lane) {
            const Confusion &was = m_tables[lane].confusion,
                            &is = next.frame.lanes[lane].task.confusion;
            if (was.block != is.block || was.epoch != is.epoch
                || was.counts.values != is.counts.values)
                return false;
        }
        return true;
    }
    QString emptyText() const
    {
        if (QString none = noTaskText(*scene()); !none.isEmpty())
            return none;
        const TaskFrame& task = scene()->frame.lanes.front().task;
        if (task.classes == 0)
            return u"Regression: targets are numbers, not classes, so nothing can be confused. \u201cAnswers\u201d and \u201cLoss and accuracy\u201d show how near they are."_s;
        return {};
    }
    QRectF share(const QRectF& area, std::size_t lane) const
    {
        const double width = area.width() / static_cast<double>(m_tables.size());
        return {area.left() + static_cast<double>(lane) * width, area.top(), width, area.height()};
    }
    double rowNames() const;
    QRectF matrix(const QRectF& room) const;
    /// The cell there, and the table it is in.
    ClassPair cellAt(const QPointF&, std::size_t& table) const;
    void paintTable(QPainter&, const Table&, const QRectF& room) const;
    void paintCells(QPainter&, const Table&, const QRectF& box) const;
    void paintKey(QPainter&, const QRectF& box, const QRectF& room) const;

    std::vector<Table> m_tables;
};

/// Width that the names of the rows need.
double ConfusionView::rowNames() const
{
    const TaskFrame& task = scene()->frame.lanes.front().task;
    const QFontMetricsF metrics(uiFont(11));
    double widest = 0;
    for (int i = 0; i < task.classes; ++i)
        widest = std::max(widest, metrics.horizontalAdvance(className(task, i)));
    return std::min(widest, 90.0);
}

QRectF ConfusionView::matrix(const QRectF& room) const
{
    const double left = kSide + rowNames() + 14;
    const double height = room.height() - kTitle - kColumnNames - kPad;
    const double classes = scene()->frame.lanes.front().task.classes;
    // Cells may be wider than high: names of the columns have more room then.
    const double row = std::max(2.0, std::floor(std::min(height / classes, 44.0)));
    const double column =
        std::max(2.0, std::floor(std::min((room.width() - left - kPad) / classes, 1.9 * row)));
    return {std::round(room.left() + left), room.top() + kTitle + kColumnNames, column * classes,
        row * classes};
}

void ConfusionView::paintTable(QPainter& painter, const Table& table, const QRectF& room) const
{
    const Theme& t = theme();
    const TaskFrame& task = scene()->frame.lanes.front().task;
    const QRectF box = matrix(room);
    const double row = box.height() / task.classes, column = box.width() / task.classes;
    painter.setFont(uiFont(11, QFont::Medium));
    painter.setPen(t.ink2);
    const QRectF head(room.left() + kPad, room.top() + 2, room.width() - 2 * kPad, 16);
    const QFontMetricsF bold(painter.font());
    const auto fits = std::ranges::find_if(table.titles,
        [&](const QString& title) { return bold.horizontalAdvance(title) <= head.width(); });
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter,
        fits != table.titles.end()
            ? *fits
            : bold.elidedText(table.titles.back(), Qt::ElideRight, head.width()));
    painter.setFont(uiFont(11));
    const QFontMetricsF metrics(painter.font());
    // Names closer than a small line would touch: every second of them then, or fewer.
    const int apart = std::max(1, static_cast<int>(std::ceil(kSmallLine / row)));
    for (int i = 0; i < task.classes; ++i) {
        painter.setFont(uiFont(row >= 12 ? 11 : kSmallFont));
        if (i % apart == 0)
            painter.drawText(QRectF(room.left() + kSide, box.top() + (i + 0.5) * row - 8,
                                 box.left() - room.left() - kSide - 6, 16),
                Qt::AlignRight | Qt::AlignVCenter, className(task, i));
        painter.setFont(uiFont(11));
        const QString name = metrics.horizontalAdvance(className(task, i)) < column - 2
            ? className(task, i)
            : shortClassName(task, i);
        if (metrics.horizontalAdvance(name) < column)
            painter.drawText(QRectF(box.left() + i * column, box.top() - kColumnNames, column, 14),
                Qt::AlignCenter, name);
    }
    painter.setPen(t.ink3);
    if (room.right() - box.right() > 62)
        painter.drawText(QRectF(box.right() + 8, box.top() - kColumnNames, 60, 14),
            Qt::AlignLeft | Qt::AlignVCenter, u"\u2190 answer"_s);
    painter.save();
    painter.translate(room.left() + 8, box.center().y());
    painter.rotate(-90);
    painter.drawText(QRectF(-60, -8, 120, 16), Qt::AlignCenter, u"asked"_s);
    painter.restore();
    paintCells(painter, table, box);
    paintKey(painter, box, room);
}

void ConfusionView::paintCells(QPainter& painter, const Table& table, const QRectF& box) const
{
    const Theme& t = theme();
    const int classes = scene()->frame.lanes.front().task.classes;
    const double row = box.height() / classes, column = box.width() / classes;
    const Matrix& counts = table.confusion.counts;
    painter.setFont(uiFont(row >= 22 ? 12 : 10, QFont::DemiBold));
    const QFontMetricsF metrics(painter.font());
    for (int r = 0; r < classes; ++r) {
        double asked = 0;
        for (int c = 0; c < counts.cols; ++c)
            asked += r < counts.rows ? counts(r, c) : 0;
        for (int c = 0; c < classes; ++c) {
            const QRectF cell(box.left() + c * column, box.top() + r * row, column, row);
            const double count = r < counts.rows && c < counts.cols ? counts(r, c) : 0;
            const QColor fill = t.shareColor(count > 0 ? count / asked : 0);
            painter.fillRect(cell, fill);
            const QString number = QString::number(count, 'f', 0);
            painter.setPen(inkOn(fill));
            if (count > 0 && row >= kNumbers - 3 && metrics.horizontalAdvance(number) < column - 2)
                painter.drawText(cell, Qt::AlignCenter, number);
        }
    }
    painter.setPen(t.line);
    painter.setBrush(Qt::NoBrush);
    for (int i = 0; i <= classes; ++i) {
        const double x = std::floor(box.left() + i * column) + 0.5;
        const double y = std::floor(box.top() + i * row) + 0.5;
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y));
    }
    // The diagonal: what is right, framed, a rim of paper apart from its fill.
    for (int i = 0; i < classes && row >= 6; ++i) {
        const QRectF cell = QRectF(box.left() + i * column, box.top() + i * row, column, row)
                                .adjusted(1.5, 1.5, -0.5, -0.5);
        if (row >= kNumbers) {
            painter.setPen(QPen(t.panel, 1));
            painter.drawRect(cell.adjusted(1.5, 1.5, -1.5, -1.5));
        }
        painter.setPen(QPen(t.good, 2));
        painter.drawRect(cell);
    }
    if (const ClassPair chosen = scene()->pair; chosen.chosen() && row >= 6) {
        painter.setPen(QPen(t.ink, 2));
        painter.drawRect(QRectF(
            box.left() + chosen.answered * column, box.top() + chosen.asked * row, column, row)
                             .adjusted(1.5, 1.5, -0.5, -0.5));
    }
}

/// What the shades mean and what the frames are, where there is room beside the matrix.
void ConfusionView::paintKey(QPainter& painter, const QRectF& box, const QRectF& room) const
{
    const Theme& t = theme();
    const double x = std::round(box.right() + 14);
    if (room.right() - x < 100 || box.height() < 60)
        return;
    painter.setFont(uiFont(11));
    const double y = std::round(box.top());
    constexpr int kSteps = 5;
    for (int i = 0; i < kSteps; ++i)
        painter.fillRect(
            QRectF(x + 14 * i, y + 4, 14, 10), t.shareColor(static_cast<double>(i) / (kSteps - 1)));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(t.line);
    painter.drawRect(QRectF(x - 0.5, y + 3.5, 14 * kSteps + 1, 11));
    painter.setPen(t.ink2);
    painter.drawText(
        QRectF(x, y + 16, 100, 15), Qt::AlignLeft | Qt::AlignVCenter, u"0 \u2026 100 %"_s);
    painter.drawText(QRectF(x, y + 30, 100, 15), Qt::AlignLeft | Qt::AlignVCenter, u"of the row"_s);
    painter.drawText(QRectF(x + 20, y + 47, 80, 15), Qt::AlignLeft | Qt::AlignVCenter, u"right"_s);
    painter.setPen(QPen(t.good, 2));
    painter.drawRect(QRectF(x + 1, y + 50, 12, 10));
}

ClassPair ConfusionView::cellAt(const QPointF& at, std::size_t& table) const
{
    for (std::size_t i = 0; i < m_tables.size(); ++i) {
        const QRectF box = matrix(share(QRectF(rect()), i));
        const Matrix& counts = m_tables[i].confusion.counts;
        if (!box.contains(at) || counts.empty()
            || counts.rows != scene()->frame.lanes.front().task.classes)
            continue;
        const auto cell = [&](double along, double size) {
            return std::clamp(static_cast<int>(along / size * counts.rows), 0, counts.rows - 1);
        };
        table = i;
        return {cell(at.y() - box.top(), box.height()), cell(at.x() - box.left(), box.width())};
    }
    return {};
}

void ConfusionView::mousePressEvent(QMouseEvent* event)
{
    std::size_t table = 0;
    if (event->button() != Qt::LeftButton || !scene() || !emptyText().isEmpty())
        return;
    const ClassPair cell = cellAt(event->position(), table);
    if (!cell.chosen())
        return;
    const auto lane = static_cast<int>(table);
    const bool again = cell == scene()->pair && lane == scene()->shownLane;
    if (lane != scene()->shownLane)
        Q_EMIT laneChosen(lane);
    Q_EMIT pairChosen(again ? ClassPair{} : cell);
}

bool ConfusionView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !scene() || !emptyText().isEmpty())
        return View::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const TaskFrame& task = scene()->frame.lanes.front().task;
    QString text;
    std::size_t table = 0;
    if (const ClassPair cell = cellAt(QPointF(help->pos()), table); cell.chosen()) {
        const Matrix& counts = m_tables[table].confusion.counts;
        double asked = 0;
        for (int k = 0; k < counts.cols; ++k)
            asked += counts(cell.asked, k);
        const double count = counts(cell.asked, cell.answered);
        text = u"%1 answered as %2: %3 of %4"_s
                   .arg(className(task, cell.asked), className(task, cell.answered))
                   .arg(count, 0, 'f', 0)
                   .arg(asked, 0, 'f', 0);
        if (asked > 0)
            text += u" (%1 %)"_s.arg(100 * count / asked, 0, 'f', 0);
    }
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace

View* makeConfusionView(QWidget* parent)
{
    return new ConfusionView(parent);
}

} // namespace apical
