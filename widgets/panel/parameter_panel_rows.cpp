// The rows of the parameter panel: those of the model that runs.
#include "widgets/panel/parameter_panel.h"

#include "widgets/panel/parameter_panel_group.h"
#include "widgets/panel/parameter_panel_locks.h"
#include "widgets/panel/parameter_panel_search.h"
#include "widgets/panel/parameter_row.h"
#include "widgets/view/parameter_text.h"

#include <QVBoxLayout>

#include <algorithm>

namespace apical {
namespace {

bool isLock(const ParameterRow& row)
{
    return row.key.substr(0, 5) == "lock.";
}

} // namespace

/// Rows of another model take the place of those that were here.
void ParameterPanel::showTable(const ParameterTable& table)
{
    if (m_table == &table)
        return;
    m_table = &table;
    for (const ParameterGroup* group : m_groups) {
        m_collapsed.removeAll(group->title());
        if (group->isCollapsed())
            m_collapsed << group->title();
    }
    if (&m_baselines[mainLane()].table() != &table)
        std::fill(m_baselines.begin(), m_baselines.end(), table.defaults());
    m_shown.reset();
    m_targetLayers = 0;
    m_rows.clear();
    m_rowOf.clear();
    m_lockOf.clear();
    m_board = nullptr;
    m_lanes.lanes.clear();
    std::erase_if(m_groups, [this](ParameterGroup* group) {
        if (group == m_networkGroup || group == m_laneGroup)
            return false;
        delete group;
        return true;
    });
    for (const ParameterRow& row : table)
        addParameter(row);
    m_search->setParameterCount(static_cast<int>(table.size()));
    setLocked(m_locked, m_lockReason);
    applyFilter();
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
    auto* column = static_cast<QVBoxLayout*>(m_content->layout());
    column->insertWidget(column->count() - 1, group); // above the stretch
    group->setCollapsed(m_collapsed.contains(title));
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

} // namespace apical
