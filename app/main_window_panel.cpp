// Editing: parameters, undo and redo, help.
#include "app/main_window.h"

#include "app/edit_history.h"
#include "app/help_browser.h"
#include "app/help_window.h"
#include "sim/kernels.h"
#include "sim/preset.h"
#include "widgets/parameter_panel.h"
#include "widgets/rendering.h"

#include <QAction>
#include <QCoreApplication>
#include <QDockWidget>

namespace apical {
namespace {

ParameterValue valueNow(const Session& session, const QString& key)
{
    const ParameterRow* row = findParameter(key.toStdString());
    return row ? parameterValue(session.parameters(), *row) : ParameterValue(true);
}

} // namespace

QWidget* MainWindow::makeParameterPanel()
{
    m_panel = new ParameterPanel;
    m_history = std::make_unique<EditHistory>(
        [this](const QString& key, const ParameterValue& value) {
            if (m_session->edit(key, value))
                m_panel->showValue(key, value);
        },
        [this](const std::vector<int>& layers) { rebuild(layers); });
    connect(m_panel, &ParameterPanel::edited, this, &MainWindow::editFromPanel);
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
        m_panel->setBaseline(m_session->experiment().laneParameters(0));
        m_panel->setLayers(m_session->experiment().layers);
        showParameters();
        if (m_lesson && m_lesson->isVisible())
            showHelp(QStringLiteral("lesson"));
    });
    connect(m_session, &Session::wasReset, m_panel, &ParameterPanel::runWasReset);
    connect(m_session, &Session::textDue, this, &MainWindow::showParameters);
    connect(m_session, &Session::stateChanged, this,
        [this] { m_panel->setLocked(m_session->locked(), m_session->lockReason()); });
    return m_panel;
}

void MainWindow::showParameters()
{
    m_panel->setValues(m_session->parameters(), m_session->experiment().targetLayers());
}

bool MainWindow::rebuild(const std::vector<int>& layers)
{
    Experiment changed = m_session->replay();
    changed.layers = layers;
    changed.edits.clear();
    changed.parameters = m_session->parameters();
    if (changed.weights.init == WeightSpec::Init::Explicit
        || changed.weights.init == WeightSpec::Init::File)
        changed.weights = {};
    return m_session->openExperiment(changed, true);
}

bool MainWindow::edit(const QString& key, const ParameterValue& value)
{
    const ParameterValue before = valueNow(*m_session, key);
    if (!m_session->edit(key, value))
        return false;
    m_history->push(key, before, value);
    m_panel->showValue(key, value);
    return true;
}

void MainWindow::editFromPanel(const QString& key, const ParameterValue& value, bool continuous)
{
    const ParameterValue before = valueNow(*m_session, key);
    if (m_session->edit(key, value))
        m_history->push(key, before, value, continuous);
    else
        m_panel->showValue(key, before);
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

void MainWindow::showHelp(const QString& anchor)
{
    if (anchor == QLatin1String("lesson")) {
        const QString text = QString::fromStdString(lessonText(m_session->experiment()));
        m_lesson->showMarkdown(text, tr("This experiment has no lesson."));
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
