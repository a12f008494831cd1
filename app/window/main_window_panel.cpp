// Editing: parameters, undo and redo, help.
#include "app/window/main_window.h"

#include "app/help/browser.h"
#include "app/help/window.h"
#include "app/session/edit_history.h"
#include "sim/files/preset.h"
#include "sim/model/kernels.h"
#include "widgets/look/rendering.h"
#include "widgets/panel/parameter_panel.h"
#include "widgets/view/parameter_text.h"

#include <QAction>
#include <QCoreApplication>
#include <QDockWidget>

#include <algorithm>
#include <string>
#include <vector>

namespace apical {
QWidget* MainWindow::makeParameterPanel()
{
    m_panel = new ParameterPanel;
    m_history = std::make_unique<EditHistory>(
        [this](int lane, const QString& key, const ParameterValue& value) {
            if (m_session->edit(lane, key, value))
                m_panel->showValue(lane, key, value);
        },
        [this](const std::vector<int>& layers) { rebuild(layers); });
    connect(m_panel, &ParameterPanel::edited, this,
        [this](const QString& key, const ParameterValue& value, bool continuous, int lane) {
            editFromPanel(lane, key, value, continuous);
        });
    m_panel->setStepRounder([this](int lane, const QString& key, double from, double asked) {
        return m_session->steppedInSteps(lane, key, from, asked);
    });
    connect(m_panel, &ParameterPanel::structuralEdit, this, [this](const std::vector<int>& layers) {
        const std::vector<int> before = m_session->experiment().layers;
        if (rebuild(layers))
            m_history->pushLayers(before, layers);
    });
    connect(m_panel, &ParameterPanel::actionBegins, this,
        [this](const QString& text) { m_history->beginGroup(text); });
    connect(m_panel, &ParameterPanel::actionEnds, this, [this] { m_history->endGroup(); });
    connect(m_panel, &ParameterPanel::changedCountChanged, this, [this](int count) {
        if (const DockEntry* entry =
                m_docks ? m_docks->find(QStringLiteral("parameters")) : nullptr)
            entry->dock->setWindowTitle(count > 0 ? tr("Parameters \u2022") : tr("Parameters"));
    });
    connect(m_session, &Session::opened, this, [this] {
        m_history->clear();
        m_panel->setLayers(m_session->experiment().layers);
        showLanes();
        if (m_lesson && m_lesson->isVisible())
            showHelp(QStringLiteral("lesson"));
    });
    connect(m_panel, &ParameterPanel::laneChosen, m_session, &Session::setEditLane);
    connect(m_session, &Session::lanesChanged, this, [this] {
        if (m_session->laneCount() < m_panel->laneCount())
            m_history->clear(); // edits of a lane that is gone cannot be taken back
        showLanes();
    });
    connect(m_session, &Session::wasReset, m_panel, &ParameterPanel::runWasReset);
    connect(m_session, &Session::textDue, this, &MainWindow::showParameters);
    connect(m_session, &Session::stateChanged, this,
        [this] { m_panel->setLocked(m_session->locked(), m_session->lockReason()); });
    return m_panel;
}

void MainWindow::showLanes()
{
    std::vector<Parameters> baselines;
    for (int lane = 0; lane < m_session->laneCount(); ++lane)
        baselines.push_back(m_session->experiment().laneParameters(lane));
    m_panel->setBaselines(std::move(baselines));
    m_panel->setLane(m_session->editLane());
    showParameters();
}

void MainWindow::showParameters()
{
    std::vector<Parameters> lanes;
    for (int lane = 0; lane < m_session->laneCount(); ++lane)
        lanes.push_back(m_session->parameters(lane));
    std::vector<std::string> names;
    for (const LaneFrame& lane : m_session->newest().lanes)
        names.push_back(lane.name);
    m_panel->setLaneNames(names);
    m_panel->setValues(lanes, m_session->experiment().targetLayers());
}

bool MainWindow::rebuild(const std::vector<int>& layers)
{
    Experiment changed = m_session->asSetNow();
    changed.layers = layers;
    if (changed.weights.init == WeightSpec::Init::Explicit
        || changed.weights.init == WeightSpec::Init::File)
        changed.weights = {};
    return m_session->openExperiment(changed, true);
}

bool MainWindow::edit(const QString& key, const ParameterValue& value)
{
    const int lane = m_session->editLane();
    std::vector<LaneValue> before = m_session->valuesNow(lane, key);
    if (!m_session->edit(lane, key, value))
        return false;
    m_history->push(key, std::move(before), {lane, value});
    m_panel->showValue(lane, key, value);
    return true;
}

void MainWindow::editFromPanel(
    int lane, const QString& key, const ParameterValue& asked, bool continuous)
{
    std::vector<LaneValue> before = m_session->valuesNow(lane, key);
    const ParameterValue value = m_session->roundedToSteps(lane, key, asked);
    if (m_session->edit(lane, key, value)) {
        if (value != asked) {
            m_panel->showValue(lane, key, value);
            const ParameterRow* row =
                m_session->parameters(std::max(lane, 0)).table().find(key.toStdString());
            if (row && !continuous)
                Q_EMIT m_session->noticed((row->rule == ParameterRule::WholeSteps
                        ? tr("%1 is %2, the nearest whole number of time steps.")
                        : tr("%1 is %2, the nearest that divides every duration."))
                                              .arg(nameText(*row), shortText(*row, value)));
        }
        m_history->push(key, std::move(before), {lane, value}, continuous);
        return;
    }
    for (const LaneValue& old : before)
        m_panel->showValue(old.lane, key, old.value);
}

void MainWindow::bindEditing()
{
    m_actions->bind(QStringLiteral("edit.undo"), [this](bool) { m_history->stack().undo(); });
    m_actions->bind(QStringLiteral("edit.redo"), [this](bool) { m_history->stack().redo(); });
    m_actions->bind(QStringLiteral("edit.reset_parameters"), [this](bool) { m_panel->resetAll(); });
    m_actions->bind(QStringLiteral("edit.find"), [this](bool) {
        m_docks->raise(QStringLiteral("parameters"));
        m_panel->focusSearch();
    });
    const QUndoStack& stack = m_history->stack();
    QAction* undo = (*m_actions)[QStringLiteral("edit.undo")];
    QAction* redo = (*m_actions)[QStringLiteral("edit.redo")];
    undo->setEnabled(false);
    redo->setEnabled(false);
    connect(&stack, &QUndoStack::canUndoChanged, undo, &QAction::setEnabled);
    connect(&stack, &QUndoStack::canRedoChanged, redo, &QAction::setEnabled);
}

void MainWindow::fillLesson()
{
    const QString text = QString::fromStdString(lessonText(m_session->experiment()));
    m_lesson->showMarkdown(text, tr("This experiment has no lesson."));
}

void MainWindow::showHelp(const QString& anchor)
{
    if (anchor == QLatin1String("lesson")) {
        fillLesson();
        m_docks->raise(QStringLiteral("lesson"));
        return;
    }
    if (!m_help) {
        std::vector<ShortcutHelp> keys;
        for (const ActionRow& row : actionTable())
            keys.push_back(
                {QString(row.text).remove(u'&').remove(QChar(0x2026)), row.shortcuts, row.help});
        m_help = new HelpWindow(keys,
            {QCoreApplication::applicationVersion(), QString::fromStdString(simdTarget()),
                rendererName()},
            this);
    }
    m_help->showParameters(m_session->experiment().parameters.table());
    if (anchor == QLatin1String("shortcuts"))
        m_help->showPage(HelpWindow::Page::Shortcuts);
    else if (anchor == QLatin1String("about"))
        m_help->showPage(HelpWindow::Page::About);
    else
        m_help->showAnchor(anchor);
    m_help->show();
    m_help->raise();
}

} // namespace apical
