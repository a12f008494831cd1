#include "widgets/panel/parameter_panel.h"

#include "widgets/look/theme.h"
#include "widgets/panel/parameter_panel_group.h"
#include "widgets/panel/parameter_panel_lanes.h"
#include "widgets/panel/parameter_panel_locks.h"
#include "widgets/panel/parameter_panel_network.h"
#include "widgets/panel/parameter_panel_search.h"
#include "widgets/panel/parameter_row.h"
#include "widgets/panel/parameter_row_parts.h"
#include "widgets/view/parameter_text.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace apical {
namespace {

bool isLock(const ParameterRow& row)
{
    return row.key.substr(0, 5) == "lock.";
}

QString changedText(int count)
{
    return count > 0 ? QStringLiteral("%1 changed").arg(count) : QString();
}

} // namespace

ParameterPanel::ParameterPanel(QWidget* parent)
    : QWidget(parent)
    , m_search(new ParameterSearch(static_cast<int>(parameterTable().size()), this))
    , m_resetAll(new ResetButton(this))
    , m_lockNote(new QLabel(this))
    , m_empty(new QLabel(this))
    , m_scroll(new QScrollArea(this))
    , m_content(new QWidget)
    , m_selector(new LaneSelector(this))
{
    build();
    buildLanes();
    for (const ParameterRow& row : parameterTable())
        addParameter(row);
    static_cast<QVBoxLayout*>(m_content->layout())->addStretch(1);
    setLayers({8, 6, 3});
    setValues(Parameters(), 2);
    countChanged();
}

void ParameterPanel::build()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(8, 8, 6, 8);
    top->setSpacing(4);
    m_search->setFixedHeight(24);
    top->addWidget(m_search, 1);
    m_resetAll->setFixedSize(20, 24);
    m_resetAll->setObjectName(QStringLiteral("parameters.reset"));
    m_resetAll->setAccessibleName(QStringLiteral("reset all parameters to the preset"));
    top->addWidget(m_resetAll);
    layout->addLayout(top);

    layout->addWidget(m_selector);

    m_lockNote->setObjectName(QStringLiteral("parameters.locked"));
    m_lockNote->setProperty("note", QStringLiteral("advice"));
    m_empty->setObjectName(QStringLiteral("parameters.empty"));
    for (QLabel* label : {m_lockNote, m_empty}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setContentsMargins(12, 0, 12, 8);
        label->hide();
        layout->addWidget(label);
    }
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto* rows = new QVBoxLayout(m_content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    m_scroll->setWidget(m_content);
    layout->addWidget(m_scroll, 1);

    m_networkGroup = new ParameterGroup(QStringLiteral("Network (structural)"), m_content);
    m_network = new NetworkEditor(m_networkGroup);
    m_networkGroup->addPart(m_network);
    m_networkGroup->setCollapsed(true);
    rows->addWidget(m_networkGroup);
    m_groups.push_back(m_networkGroup);

    connect(m_network, &NetworkEditor::rebuildRequested, this, &ParameterPanel::structuralEdit);
    connect(m_search, &ParameterSearch::filterChanged, this, &ParameterPanel::applyFilter);
    connect(m_resetAll, &QAbstractButton::clicked, this, &ParameterPanel::resetAll);
}

ParameterGroup* ParameterPanel::groupOf(const ParameterRow& row)
{
    const QString title =
        QString::fromUtf8(row.group.data(), static_cast<qsizetype>(row.group.size()));
    const auto it = std::find_if(m_groups.begin(), m_groups.end(),
        [&](const ParameterGroup* g) { return g->title() == title; });
    if (it != m_groups.end())
        return *it;
    auto* group = new ParameterGroup(title, m_content);
    m_content->layout()->addWidget(group);
    m_groups.push_back(group);
    return group;
}

void ParameterPanel::addParameter(const ParameterRow& row)
{
    ParameterGroup* group = groupOf(row);
    if (isLock(row)) {
        if (!m_board) {
            m_board = new LockBoard(group);
            group->addPart(m_board);
        }
        auto* lock = new PathwayLock(row);
        m_board->add(lock);
        m_lockOf[keyText(row)] = lock;
        connect(lock, &PathwayLock::edited, this,
            [this, &row](const QString&, const ParameterValue& value, bool continuous) {
                submit(row, value, continuous, false);
            });
        connect(lock, &PathwayLock::changedFlagChanged, this, &ParameterPanel::countChanged);
        return;
    }
    auto* widget = new ParameterRowWidget(row, group);
    group->addRow(widget);
    m_rows.push_back(widget);
    m_rowOf[keyText(row)] = widget;
    if (row.rule == ParameterRule::WholeSteps || row.key == "dt")
        widget->setStepRounder([this, key = keyText(row)](double from, double asked) {
            return m_stepRounder ? m_stepRounder(m_lane, key, from, asked) : asked;
        });
    connect(widget, &ParameterRowWidget::edited, this,
        [this, widget](const QString&, const ParameterValue& value, bool continuous) {
            submit(widget->row(), value, continuous, widget->isResetting());
        });
    connect(widget, &ParameterRowWidget::changedFlagChanged, this, &ParameterPanel::countChanged);
}

void ParameterPanel::setLayers(const std::vector<int>& layers)
{
    m_network->setLayers(layers);
    m_networkGroup->head().setDetail(layersText(layers));
}

void ParameterPanel::showValue(int lane, const QString& key, const ParameterValue& value)
{
    m_shown.reset();
    if (lane >= 0 && static_cast<std::size_t>(lane) != mainLane())
        return; // the next values say it
    if (const auto row = m_rowOf.find(key); row != m_rowOf.end())
        row->second->showValue(value);
    else if (const auto lock = m_lockOf.find(key); lock != m_lockOf.end())
        lock->second->setFixed(std::get<bool>(value));
}

void ParameterPanel::setLocked(bool locked, const QString& reason)
{
    m_lockNote->setText(QStringLiteral("Locked: ") + reason);
    m_lockNote->setVisible(locked && !reason.isEmpty());
    for (ParameterRowWidget* row : m_rows)
        row->setLocked(locked);
    for (QWidget* part : {static_cast<QWidget*>(m_board), static_cast<QWidget*>(m_network)})
        part->setEnabled(!locked);
    m_differences->setLocked(locked);
    m_resetAll->setProperty("locked", locked);
    countChanged();
}

void ParameterPanel::showError(const QString& key, const QString& message)
{
    m_shown.reset();
    if (const auto row = m_rowOf.find(key); row != m_rowOf.end())
        row->second->showError(message);
    else if (const auto lock = m_lockOf.find(key); lock != m_lockOf.end())
        lock->second->setNote(message);
    else if (key == m_network->objectName()) {
        m_networkGroup->setCollapsed(false);
        m_network->showError(message);
    }
}

QString ParameterPanel::errorText(const QString& key) const
{
    const ParameterRowWidget* row = rowWidget(key);
    return row ? row->note() : QString();
}

ParameterRowWidget* ParameterPanel::rowWidget(const QString& key) const
{
    const auto it = m_rowOf.find(key);
    return it == m_rowOf.end() ? nullptr : it->second;
}

void ParameterPanel::runWasReset()
{
    m_shown.reset();
    for (ParameterRowWidget* row : m_rows)
        row->runWasReset();
}

void ParameterPanel::resetAll()
{
    Q_EMIT actionBegins(QStringLiteral("reset all parameters"));
    for (ParameterRowWidget* row : m_rows)
        row->resetToBaseline();
    for (const auto& [key, lock] : m_lockOf) {
        if (lock->isChanged())
            resetLock(*lock);
    }
    Q_EMIT actionEnds();
}

void ParameterPanel::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void ParameterPanel::reveal(const QString& key)
{
    m_search->clear();
    m_search->setChangedOnly(false);
    QWidget* target = rowWidget(key);
    if (const auto lock = m_lockOf.find(key); lock != m_lockOf.end())
        target = lock->second;
    if (key == m_network->objectName())
        target = m_network;
    if (!target)
        return;
    for (QWidget* w = target; w; w = w->parentWidget()) {
        if (auto* group = qobject_cast<ParameterGroup*>(w))
            group->setCollapsed(false);
    }
    m_content->layout()->activate();
    m_scroll->ensureWidgetVisible(target, 0, 40);
    for (QWidget* child : target->findChildren<QWidget*>()) {
        if (child->focusPolicy() & Qt::TabFocus && child->isEnabled()) {
            child->setFocus(Qt::OtherFocusReason);
            return;
        }
    }
    target->setFocus(Qt::OtherFocusReason);
}

QStringList ParameterPanel::collapsedGroups() const
{
    QStringList titles;
    for (const ParameterGroup* group : m_groups) {
        if (group->isCollapsed())
            titles << group->title();
    }
    return titles;
}

void ParameterPanel::setCollapsedGroups(const QStringList& titles)
{
    for (ParameterGroup* group : m_groups)
        group->setCollapsed(titles.contains(group->title()));
}

int ParameterPanel::changedCount() const
{
    return m_changedCount;
}

void ParameterPanel::countChanged()
{
    int total = 0;
    for (ParameterGroup* group : m_groups) {
        if (group == m_networkGroup || group == m_laneGroup)
            continue;
        auto count = std::count_if(group->rows().begin(), group->rows().end(),
            [](const ParameterRowWidget* row) { return row->isChanged(); });
        if (m_board && group->isAncestorOf(m_board))
            count += std::count_if(m_board->locks().begin(), m_board->locks().end(),
                [](const PathwayLock* lock) { return lock->isChanged(); });
        group->head().setDetail(changedText(static_cast<int>(count)));
        total += static_cast<int>(count);
    }
    m_resetAll->setEnabled(total > 0 && !m_resetAll->property("locked").toBool());
    m_resetAll->setToolTip(total > 0 ? QStringLiteral("Reset all parameters to the preset's values")
                                     : QStringLiteral("All parameters are as the preset says"));
    if (total == m_changedCount)
        return;
    m_changedCount = total;
    m_search->setChangedCount(total);
    if (m_search->changedOnly())
        applyFilter();
    Q_EMIT changedCountChanged(total);
}

void ParameterPanel::applyFilter()
{
    const QString query = m_search->text().trimmed();
    const bool on = !query.isEmpty() || m_search->changedOnly();
    bool any = false;
    const auto fits = [&](const ParameterRow& row, bool changed) {
        return (!m_search->changedOnly() || changed) && matches(row, query);
    };
    for (ParameterGroup* group : m_groups) {
        std::vector<ParameterRowWidget*> matching;
        for (ParameterRowWidget* row : group->rows()) {
            if (on && fits(row->row(), row->isChanged()))
                matching.push_back(row);
        }
        bool part = false;
        if (group == m_laneGroup)
            part = on
                && std::any_of(m_differences->rows().begin(), m_differences->rows().end(),
                    [&](const LaneDifference* row) { return fits(row->row(), true); });
        else if (group == m_networkGroup)
            part = on && !m_search->changedOnly()
                && QStringLiteral("network.layers structural layer sizes")
                       .contains(query, Qt::CaseInsensitive);
        else if (m_board && group->isAncestorOf(m_board))
            part = on
                && std::any_of(m_board->locks().begin(), m_board->locks().end(),
                    [&](const PathwayLock* lock) { return fits(lock->row(), lock->isChanged()); });
        any |= part || !matching.empty();
        group->filter(on, matching, part);
    }
    m_empty->setText(query.isEmpty()
            ? QStringLiteral("Nothing differs from the preset.")
            : QStringLiteral("No parameter matches \u201c%1\u201d. Esc shows all.").arg(query));
    m_empty->setVisible(on && !any);
}

void ParameterPanel::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    QAction* reset =
        menu.addAction(QStringLiteral("Reset all parameters"), this, &ParameterPanel::resetAll);
    reset->setEnabled(m_resetAll->isEnabled());
    menu.addSeparator();
    const auto collapseAll = [this](bool collapse) {
        for (ParameterGroup* group : m_groups)
            group->setCollapsed(collapse);
    };
    menu.addAction(QStringLiteral("Open all groups"), this, [=] { collapseAll(false); });
    menu.addAction(QStringLiteral("Close all groups"), this, [=] { collapseAll(true); });
    menu.exec(event->globalPos());
}

void ParameterPanel::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Find))
        focusSearch();
    else
        QWidget::keyPressEvent(event);
}

} // namespace apical
