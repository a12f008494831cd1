#include "app/help/plausibility_table.h"

#include "app/help/plausibility_text.h"
#include "widgets/look/style.h"

#include <QAbstractTableModel>
#include <QEvent>
#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

int count(const auto& list)
{
    return static_cast<int>(list.size());
}

} // namespace

class PlausibilityTable::Model : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent) const override
    {
        return parent.isValid() ? 0 : count(plausibility().problems);
    }
    int columnCount(const QModelIndex& parent) const override
    {
        return parent.isValid() ? 0 : count(plausibility().methods);
    }
    QVariant data(const QModelIndex& at, int role) const override
    {
        if (!at.isValid())
            return {};
        const PlausibilityCell& cell = plausibility().cell(at.row(), at.column());
        const QString words = lettersOf(cell) + u": "_s + wordsOf(cell);
        if (role == Qt::DisplayRole)
            return lettersOf(cell);
        if (role == Qt::ToolTipRole)
            return words;
        if (role == Qt::AccessibleTextRole)
            return u"%1, %2: %3"_s.arg(
                headerData(at.row(), Qt::Vertical, Qt::DisplayRole).toString(),
                plausibility().methods[static_cast<std::size_t>(at.column())].title, words);
        if (role == Qt::AccessibleDescriptionRole)
            return cell.reason;
        return {};
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        const auto at = static_cast<std::size_t>(section);
        const Plausibility& table = plausibility();
        if (orientation == Qt::Vertical)
            return role == Qt::DisplayRole
                ? u"%1  %2"_s.arg(section + 1).arg(table.problems[at].title)
                : role == Qt::ToolTipRole ? table.problems[at].question
                                          : QVariant();
        if (role == Qt::DisplayRole)
            return table.methods[at].title + (runs(section) ? u"\n\u25cf runs now"_s : QString());
        if (role == Qt::ToolTipRole)
            return table.methods[at].longTitle
                + (runs(section) ? u"\nThe main window runs it now."_s : QString());
        return {};
    }
    bool runs(int method) const
    {
        return method < count(m_running) && m_running[static_cast<std::size_t>(method)];
    }
    void setRunning(const std::vector<bool>& methods)
    {
        m_running = methods;
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, count(plausibility().methods) - 1);
    }

private:
    std::vector<bool> m_running;
};

/// The cell is in the colours of the theme and the column that runs has a ground of its own.
class PlausibilityTable::Delegate : public QStyledItemDelegate {
public:
    explicit Delegate(PlausibilityTable* table)
        : QStyledItemDelegate(table)
        , m_table(table)
    {
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        const Theme& theme = activeTheme();
        const bool current = index == m_table->currentIndex();
        const QRectF box(option.rect);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        // The current cell has a frame and no ground of its own: words keep their contrast.
        painter->fillRect(
            option.rect, m_table->isRunning(index.column()) ? theme.band : theme.panel);
        paintVerdicts(*painter, box, plausibility().cell(index.row(), index.column()), theme);
        if (current) {
            const bool focus = m_table->hasFocus();
            painter->setPen(QPen(theme.accent, focus ? 2 : 1));
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4);
        }
        painter->restore();
    }

private:
    PlausibilityTable* m_table;
};

PlausibilityTable::PlausibilityTable(QWidget* parent)
    : QTableView(parent)
    , m_model(new Model(this))
{
    setModel(m_model);
    setItemDelegate(new Delegate(this));
    setSelectionMode(SingleSelection);
    setSelectionBehavior(SelectItems);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false); // Tab goes on to the buttons
    setCornerButtonEnabled(false);
    setAccessibleName(tr("Plausibility of learning methods"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (QHeaderView* header : {horizontalHeader(), verticalHeader()}) {
        header->setSectionResizeMode(QHeaderView::Stretch);
        header->setSectionsClickable(false);
        header->setTextElideMode(Qt::ElideNone);
        header->setHighlightSections(true);
    }
    horizontalHeader()->setMinimumSectionSize(72);
    horizontalHeader()->setFixedHeight(38);
    horizontalHeader()->setDefaultAlignment(Qt::AlignCenter);
    verticalHeader()->setMinimumSectionSize(25);
    verticalHeader()->setFixedWidth(152);
    verticalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setMinimumHeight(38 + 25 * m_model->rowCount({}) + 2);
    choose(0, 0);
}

void PlausibilityTable::setRunning(const std::vector<bool>& methods)
{
    m_model->setRunning(methods);
    viewport()->update();
}

bool PlausibilityTable::isRunning(int method) const
{
    return m_model->runs(method);
}

void PlausibilityTable::choose(int problem, int method)
{
    setCurrentIndex(m_model->index(problem, method));
}

void PlausibilityTable::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    viewport()->update();
    if (current.isValid())
        Q_EMIT chosen(current.row(), current.column());
}

void PlausibilityTable::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        viewport()->update();
}

} // namespace apical
