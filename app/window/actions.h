// The table of everything that can be done from a menu or a key: menus, tool tips, the shortcut
// sheet and tests are loops over it.
#pragma once

#include <QKeySequence>
#include <QObject>
#include <QString>

#include <functional>
#include <map>
#include <vector>

class QAction;

namespace apical {

/// One row per action.
struct ActionRow {
    QString id; ///< "simulation.run_pause"; stays the same
    QString menu; ///< "File", "Edit", "View", "Simulation", "Tools", "Lessons", "Help"
    QString text; ///< menu text with its mnemonic
    QString help; ///< one sentence: status tip and shortcut sheet
    std::vector<QKeySequence> shortcuts{}; ///< the first is shown
    bool checkable = false;
    bool separatorBefore = false;
    bool endsRun = false; ///< may leave the window (tests trigger it last)
};
const std::vector<ActionRow>& actionTable();
const ActionRow* findAction(const QString& id); ///< nullptr if there is none

/// The live actions of one window, one per row.
class Actions : public QObject {
    Q_OBJECT
public:
    explicit Actions(QObject* parent);
    QAction* operator[](const QString& id) const; ///< asserts that the row exists
    /// Calls `command` whenever the action is triggered; `checked` is meaningless for plain ones.
    void bind(const QString& id, std::function<void(bool checked)> command);
    bool isBound(const QString& id) const { return m_bound.contains(id); }

private:
    std::map<QString, QAction*> m_actions;
    std::map<QString, bool> m_bound;
};

} // namespace apical
