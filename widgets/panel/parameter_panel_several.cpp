// The parameter panel with several lanes: whose values it shows, where edits and resets go.
#include "widgets/panel/parameter_panel.h"

#include "sim/experiment/lanes.h"
#include "widgets/look/number_text.h"
#include "widgets/panel/parameter_panel_group.h"
#include "widgets/panel/parameter_panel_lanes.h"
#include "widgets/panel/parameter_panel_locks.h"
#include "widgets/panel/parameter_row.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/parameter_text.h"

#include <QVBoxLayout>

#include <algorithm>

namespace apical {

void ParameterPanel::buildLanes()
{
    m_laneBox = new QWidget(m_content); // hides the group, whatever the group itself shows
    auto* box = new QVBoxLayout(m_laneBox);
    box->setContentsMargins(0, 0, 0, 0);
    m_laneGroup = new ParameterGroup(QStringLiteral("Lane difference"), m_laneBox);
    m_differences = new LaneDifferences(m_laneGroup);
    m_laneGroup->addPart(m_differences);
    box->addWidget(m_laneGroup);
    static_cast<QVBoxLayout*>(m_content->layout())->insertWidget(0, m_laneBox);
    m_groups.insert(m_groups.begin(), m_laneGroup);
    m_laneBox->hide();
    m_selector->hide();
    connect(m_selector, &LaneSelector::chosen, this, &ParameterPanel::laneChosen);
    connect(m_differences, &LaneDifferences::revealRequested, this, [this](const QString& key) {
        if (!m_table->find(key.toStdString())) // only lanes of another model have it
            Q_EMIT laneChosen(firstWith(key));
        reveal(key);
    });
    connect(m_differences, &LaneDifferences::equalRequested, this, [this](const QString& key) {
        const Parameters& of =
            m_lanes.lanes.at(static_cast<std::size_t>(firstWith(key))).parameters;
        const ParameterValue first = parameterValue(of, of.table().at(key.toStdString()));
        if (m_table->find(key.toStdString()))
            showValue(key, first);
        Q_EMIT edited(key, first, false, -1);
    });
}

void ParameterPanel::setBaselines(std::vector<Parameters> lanes)
{
    m_baselines = std::move(lanes);
    if (m_lane >= laneCount())
        m_lane = -1;
    showTable(m_baselines[mainLane()].table());
    m_shown.reset();
    showBaseline();
    const bool several = laneCount() > 1;
    m_selector->setVisible(several);
    m_laneBox->setVisible(several);
}

void ParameterPanel::showBaseline()
{
    const Parameters& own = m_baselines[mainLane()];
    for (ParameterRowWidget* row : m_rows)
        row->setBaseline(parameterValue(own, row->row()));
    for (const auto& [key, lock] : m_lockOf)
        lock->setBaseline(std::get<bool>(parameterValue(own, lock->row())));
}

void ParameterPanel::setLaneNames(const std::vector<std::string>& names)
{
    if (names == m_laneNames)
        return;
    m_laneNames = names;
    m_shown.reset();
}

void ParameterPanel::setValues(const std::vector<Parameters>& lanes, int targetLayers)
{
    if (m_shown && targetLayers == m_targetLayers && lanes == *m_shown)
        return;
    showTable(lanes[std::min(mainLane(), lanes.size() - 1)].table());
    m_lanes.lanes.resize(lanes.size());
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        m_lanes.lanes[i].parameters = lanes[i];
        m_lanes.lanes[i].name = i < m_laneNames.size() ? m_laneNames[i] : std::string();
    }
    m_lanes.sizes.resize(static_cast<std::size_t>(targetLayers) + 1);
    const Parameters& shown = lanes[std::min(mainLane(), lanes.size() - 1)];
    bool complete = true;
    for (ParameterRowWidget* row : m_rows) {
        if (targetLayers != m_targetLayers)
            row->setTargetLayers(targetLayers);
        complete &= row->refresh(parameterValue(shown, row->row()));
    }
    for (const auto& [key, lock] : m_lockOf)
        complete &= lock->refresh(std::get<bool>(parameterValue(shown, lock->row())));
    m_targetLayers = targetLayers;
    showOthers();
    if (complete)
        m_shown = lanes;
    else
        m_shown.reset(); // somebody drags, types or waits: offer the values again
}

/// The first lane whose model has a parameter.
int ParameterPanel::firstWith(const QString& key) const
{
    const auto found = std::ranges::find_if(m_lanes.lanes, [&](const LaneFrame& lane) {
        return lane.parameters.table().find(key.toStdString()) != nullptr;
    });
    return static_cast<int>(found - m_lanes.lanes.begin());
}

std::size_t ParameterPanel::mainLane() const
{
    return m_lane < 0 ? 0 : static_cast<std::size_t>(m_lane);
}

void ParameterPanel::setLane(int lane)
{
    lane = lane < laneCount() ? std::max(lane, -1) : -1;
    const bool other = lane != m_lane;
    m_lane = lane;
    if (!other || m_lanes.lanes.empty())
        return showOthers();
    m_shown.reset();
    const std::size_t main = std::min(mainLane(), m_lanes.lanes.size() - 1);
    const Parameters now = m_lanes.lanes[main].parameters;
    if (&now.table() != m_table) { // the lane has a model of its own
        std::vector<Parameters> all;
        for (const LaneFrame& one : m_lanes.lanes)
            all.push_back(one.parameters);
        showTable(now.table());
        showBaseline();
        return setValues(all, static_cast<int>(m_lanes.sizes.size()) - 1);
    }
    showBaseline();
    for (ParameterRowWidget* row : m_rows)
        row->showValue(parameterValue(now, row->row()));
    for (const auto& [key, lock] : m_lockOf)
        lock->setFixed(std::get<bool>(parameterValue(now, lock->row())));
    showOthers();
}

/// What rows say about the other lane, and the list of differences.
void ParameterPanel::showOthers()
{
    const auto& lanes = m_lanes.lanes;
    const std::size_t count = std::min(lanes.size(), m_baselines.size());
    const std::size_t main = mainLane();
    const auto others = [&](const ParameterRow& row) {
        OtherLane text;
        for (std::size_t i = 0; i < count && count > 1; ++i) {
            if (i == main)
                continue;
            const auto there = valueLike(lanes[i].parameters, row);
            if (!there)
                continue;
            if (!sameValue(*there, parameterValue(lanes[main].parameters, row)))
                text.text = laneLetter(i) + u' ' + valueText(row, *there).section(u' ', 0, 0);
            text.changed =
                text.changed || (m_lane < 0 && !sameValue(*there, *valueLike(m_baselines[i], row)));
        }
        return text;
    };
    for (ParameterRowWidget* row : m_rows)
        row->setOtherLane(others(row->row()));
    for (const auto& [key, lock] : m_lockOf) {
        const OtherLane other = others(lock->row());
        lock->setOtherLane(other.text.isEmpty() ? QString() : other.text, other.changed);
    }
    if (count < 2)
        return;
    m_selector->present(m_lanes, m_lane);
    m_differences->present(m_lanes);
    const auto differ = m_differences->rows().size();
    m_laneGroup->head().setDetail(differ == 0 ? QStringLiteral("none differs")
            : differ == 1                     ? QStringLiteral("1 differs")
                                              : QStringLiteral("%1 differ").arg(differ));
}

void ParameterPanel::submit(
    const ParameterRow& row, const ParameterValue& value, bool continuous, bool resetting)
{
    const QString key = keyText(row);
    const ParameterValue own = parameterValue(m_baselines[mainLane()], row);
    const bool alike = std::all_of(m_baselines.begin(), m_baselines.end(), [&](const auto& lane) {
        const auto there = valueLike(lane, row);
        return !there || sameValue(*there, own);
    });
    if (!resetting || m_lane >= 0 || alike) {
        Q_EMIT edited(key, value, continuous, m_lane);
        return;
    }
    // Lanes that the preset sets apart go back to what each of them was.
    for (int lane = 0; lane < laneCount(); ++lane) {
        if (const auto there = valueLike(m_baselines[static_cast<std::size_t>(lane)], row))
            Q_EMIT edited(key, *there, false, lane);
    }
}

void ParameterPanel::resetLock(PathwayLock& lock)
{
    const ParameterValue own = parameterValue(m_baselines[mainLane()], lock.row());
    lock.setFixed(std::get<bool>(own));
    submit(lock.row(), own, false, true);
}

} // namespace apical
