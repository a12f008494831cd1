// What a session keeps per lane: parameters, edits on their way, which lane is looked at.
#include "app/session/session.h"

#include "sim/base/error.h"
#include "sim/experiment/durations.h"
#include "sim/experiment/lanes.h"
#include "sim/live/runner.h"
#include "sim/run/model_table.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/parameter_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace apical {
namespace {

constexpr int kConfirmMs = 500; // an edit that no frame confirmed by then was dropped

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

const Parameters& Session::parameters(int lane) const
{
    const int last = laneCount() - 1;
    return m_lanes[static_cast<std::size_t>(std::clamp(lane, 0, last))].now;
}

std::vector<Anatomy> Session::anatomies() const
{
    std::vector<Anatomy> all;
    for (const LaneSettings& lane : m_lanes) {
        if (const ModelRow* model = findModel(lane.now.model())) // nothing is open yet: none
            all.push_back(model->anatomy(m_experiment.layers, lane.now));
    }
    return all;
}

bool Session::countsIterations() const
{
    const std::vector<Anatomy> all = anatomies();
    return !all.empty() && std::all_of(all.begin(), all.end(), [](const Anatomy& a) {
        return a.timeUnit == "iteration";
    });
}

bool Session::hasParameter(const QString& key) const
{
    return findRow(m_experiment, -1, key.toStdString()) != nullptr;
}

std::vector<LaneValue> Session::valuesNow(int lane, const QString& key) const
{
    std::vector<LaneValue> values;
    for (int i = 0; i < laneCount(); ++i) {
        const ParameterRow* row = parameters(i).table().find(key.toStdString());
        if (row && (lane < 0 || lane == i))
            values.push_back({i, parameterValue(parameters(i), *row)});
    }
    if (values.empty())
        return {{lane, ParameterValue(true)}};
    if (lane >= 0)
        return values;
    const bool agree = std::all_of(values.begin(), values.end(),
        [&](const LaneValue& v) { return v.value == values.front().value; });
    if (agree)
        values = {{-1, values.front().value}};
    return values;
}

void Session::takeOwnParameters()
{
    m_lanes.resize(static_cast<std::size_t>(m_experiment.laneCount()));
    for (int lane = 0; lane < laneCount(); ++lane)
        m_lanes[static_cast<std::size_t>(lane)] = {m_experiment.laneParameters(lane), {}};
}

Experiment Session::asSetNow() const
{
    Experiment experiment = replay();
    experiment.edits.clear();
    std::vector<Parameters> lanes;
    for (const LaneSettings& lane : m_lanes)
        lanes.push_back(lane.now);
    return withLaneParameters(std::move(experiment), lanes);
}

bool Session::edit(const QString& key, const ParameterValue& value)
{
    return edit(editLane(), key, value);
}

std::vector<Parameters> Session::lanesOf(int lane, const QString& key) const
{
    std::vector<Parameters> lanes;
    for (int i = 0; i < laneCount(); ++i) {
        const ParameterRow* row = parameters(i).table().find(key.toStdString());
        if (row && (lane < 0 || lane == i || !mayDiffer(*row)))
            lanes.push_back(parameters(i));
    }
    return lanes;
}

ParameterValue Session::roundedToSteps(
    int lane, const QString& key, const ParameterValue& value) const
{
    return apical::roundedToSteps(m_experiment, lanesOf(lane, key), key.toStdString(), value);
}

double Session::steppedInSteps(int lane, const QString& key, double from, double asked) const
{
    return apical::steppedInSteps(m_experiment, lanesOf(lane, key), key.toStdString(), from, asked);
}

bool Session::edit(int lane, const QString& key, const ParameterValue& value)
{
    if (const QString reason = lockReason(); !reason.isEmpty()) {
        Q_EMIT failed(reason);
        return false;
    }
    const std::string name = key.toStdString();
    if (lane >= laneCount())
        lane = -1;
    const ParameterRow* row = findRow(m_experiment, lane, name);
    if (row && !mayDiffer(*row))
        lane = -1;
    const std::vector<LaneSettings> before = m_lanes;
    try {
        for (int i = 0; i < laneCount(); ++i) {
            LaneSettings& settings = m_lanes[static_cast<std::size_t>(i)];
            const Parameters old = settings.now;
            if (!setInLane(m_experiment, i, settings.now, lane, name, value))
                continue;
            checkDurationEdit(m_experiment, old, name, value);
            if (row && !row->live)
                settings.atReset[name] = value;
        }
    } catch (const InputError& error) {
        m_lanes = before;
        Q_EMIT failed(QString::fromStdString(error.what()));
        return false;
    }
    if (row && !row->live)
        Q_EMIT noticed(tr("%1 applies at the next reset.").arg(nameText(*row)));
    m_runner->edit(lane, name, value);
    ++m_editsSent;
    m_sinceEdit.restart();
    m_fresh = true;
    describeParameters();
    Q_EMIT warned({});
    Q_EMIT parametersChanged();
    return true;
}

void Session::syncParameters()
{
    const bool confirmed = m_newest.revision >= m_revisionBase + m_editsSent;
    if (m_newest.lanes.size() != m_lanes.size()
        || (!confirmed && m_sinceEdit.elapsed() < kConfirmMs))
        return;
    bool changed = false;
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        Parameters now = m_newest.lanes[i].parameters;
        for (const auto& [key, value] : m_lanes[i].atReset)
            setInLane(m_experiment, static_cast<int>(i), now, static_cast<int>(i), key, value);
        changed = changed || now != m_lanes[i].now;
        m_lanes[i].now = now;
    }
    if (!changed)
        return;
    describeParameters();
    Q_EMIT parametersChanged();
}

bool Session::duplicateLane()
{
    const QString reason = lockReason();
    if (!reason.isEmpty()) {
        Q_EMIT failed(reason);
        return false;
    }
    if (laneCount() > 1) {
        Q_EMIT noticed(tr("There are two lanes already. Remove lane B to duplicate A again."));
        return false;
    }
    m_runner->duplicateLane();
    ++m_editsSent;
    m_sinceEdit.restart();
    return true;
}

bool Session::removeLane()
{
    const QString reason = lockReason();
    if (!reason.isEmpty()) {
        Q_EMIT failed(reason);
        return false;
    }
    if (laneCount() != 2) {
        Q_EMIT noticed(tr("There is no second lane. Ctrl+D duplicates the one there is."));
        return false;
    }
    m_runner->removeLane(1);
    ++m_editsSent;
    m_sinceEdit.restart();
    return true;
}

/// The run has a lane more or less than before; what was seen of the others stays.
void Session::adoptLanes()
{
    m_generation = m_newest.generation;
    const auto wanted = m_newest.lanes.size();
    const bool added = wanted > m_lanes.size();
    while (wanted > m_lanes.size()) {
        m_experiment = withTwin(m_experiment);
        m_lanes.push_back(m_lanes.front());
    }
    while (wanted < m_lanes.size() && m_lanes.size() > 1) {
        m_experiment = withoutLane(m_experiment, laneCount() - 1);
        m_lanes.pop_back();
    }
    if (m_scene.startErrors.empty())
        m_scene.startErrors.emplace_back();
    m_scene.startErrors.resize(wanted, m_scene.startErrors.front());
    m_past.setLanes(wanted, m_generation);
    std::erase_if(m_scene.events, [this](const Event& e) { return e.lane >= laneCount(); });
    backToLive();
    m_editLane = added ? laneCount() - 1 : -1;
    m_scene.shownLane = std::max(0, m_editLane);
    m_fresh = true;
    describeParameters();
    Q_EMIT lanesChanged();
    Q_EMIT noticed(added ? tr("Lane B goes on as a copy of A. Edits now go to B.")
                         : tr("Lane B was removed."));
}

void Session::keepLanesInRange()
{
    m_editLane = m_editLane < laneCount() ? m_editLane : -1;
    m_scene.shownLane = std::min(m_scene.shownLane, laneCount() - 1);
    Q_EMIT lanesChanged();
}

void Session::showLane(int lane)
{
    if (lane < 0 || lane >= laneCount() || lane == m_scene.shownLane)
        return;
    m_scene.shownLane = lane;
    if (m_editLane >= 0)
        m_editLane = lane;
    m_fresh = true;
    diagnoseNow();
    Q_EMIT lanesChanged();
    Q_EMIT parametersChanged();
}

void Session::setEditLane(int lane)
{
    if (lane < -1 || lane >= laneCount() || lane == m_editLane)
        return;
    m_editLane = lane;
    if (lane >= 0 && lane != m_scene.shownLane)
        showLane(lane);
    else
        Q_EMIT lanesChanged();
}

void Session::describeParameters()
{
    QStringList layers, parts;
    for (const int n : m_experiment.layers)
        layers += QString::number(n);
    parts += QStringLiteral("apical ") + QCoreApplication::applicationVersion();
    parts += QStringLiteral("preset ") + QString::fromStdString(m_experiment.name);
    parts += QStringLiteral("seed ") + QString::number(m_seed);
    parts += QStringLiteral("layers ") + layers.join(u'-');
    const auto text = [](const ParameterRow& row, const Parameters& from) {
        return fromView(row.key) + QStringLiteral(" = ")
            + QString::fromStdString(parameterText(parameterValue(from, row)));
    };
    const Parameters& first = m_lanes.front().now;
    for (const ParameterRow& row : first.table())
        parts += text(row, first);
    for (std::size_t i = 1; i < m_lanes.size(); ++i) {
        for (const ParameterRow* row :
            differingRows(first, m_lanes[i].now, m_experiment.targetLayers()))
            parts += QStringLiteral("lane ") + laneLetter(i) + u' ' + text(*row, m_lanes[i].now);
    }
    m_scene.parametersText = parts.join(QStringLiteral("; "));
}

} // namespace apical
