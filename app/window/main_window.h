// The window: it puts the parts together and keeps no state of its own.
#pragma once

#include "app/session/export.h"
#include "app/session/session.h"
#include "app/window/actions.h"
#include "app/window/docks.h"

#include <QMainWindow>

class QToolBar;

namespace apical {

class Autosave;
class EditHistory;
class HelpBrowser;
class HelpWindow;
class KeyRules;
class MessageBar;
class ParameterPanel;
class PlausibilityWindow;
struct PlausibilityTerm;
class StatusLine;
class StudyWindow;
class Timeline;
class ToolBar;

/// How a window is to start.
struct WindowOptions {
    bool persistent = true; ///< remembers layout and recent files, saves a copy now and then
    QString theme; ///< "light", "dark", or "" for what was chosen last
};

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(const WindowOptions&);
    ~MainWindow() override;

    Session& session() { return *m_session; }
    Actions& actions() { return *m_actions; }
    Docks& docks() { return *m_docks; }
    MessageBar& messages() { return *m_messages; }
    StatusLine& statusLine() { return *m_status; }
    Timeline& timeline() { return *m_timeline; }
    const WindowOptions& options() const { return m_options; }

    void open(const QString& nameOrPath); ///< and remembers it as recent; errors appear in the bar
    void offerRestore(); ///< if a session was left behind by a crash
    /// Closes without asking anybody; the session stays for the next start if it is not a person at
    /// the keyboard who ends it.
    void endFromOutside(bool keepSession);
    void keepForNextStart(); ///< as at a log-out, which may still be called off
    void chooseTheme(const QString& choice); ///< "system", "light", "dark"
    /// Whether the desktop asks for dark windows. Ask once before the first theme is put on.
    static bool systemIsDark();
    void resetLayout();
    QByteArray viewText() const; ///< what a saved session keeps of the window, JSON
    bool isCompact() const { return m_compact; }

    // What menus, keys and docks ask for.
    bool edit(const QString& key, const ParameterValue& value); ///< undoable, in the lane edited
    void chooseFile();
    void getMnist(); ///< fetches it, then uses it
    void chooseDataFolder();
    void useDataFolder(const QString& folder); ///< and opens the preset of this moment with it
    void saveSession(bool ask);
    void exportView(const QString& id); ///< asks for a file
    bool exportTo(const QString& id, const QString& path); ///< errors appear in the bar
    void exportWindow();
    void chooseWeightsToSave();
    void chooseWeightsToLoad();
    void setFullScreen(bool);
    void fillLesson();
    void showHelp(
        const QString& anchor); ///< "lesson", "shortcuts", "about", or a heading of the lesson
    StudyWindow& showStudies();
    PlausibilityWindow& showPlausibility();
    void say(const QString& message); ///< a line in the status bar

protected:
    bool event(QEvent*) override;
    bool focusNextPrevChild(bool next) override;
    void resizeEvent(QResizeEvent*) override;
    void showEvent(QShowEvent*) override;
    void closeEvent(QCloseEvent*) override;
    QMenu* createPopupMenu() override { return nullptr; }

private:
    void bindCommands();
    void bindEditing();
    QWidget* makeParameterPanel();
    void editFromPanel(int lane, const QString& key, const ParameterValue& asked, bool continuous);
    void showLanes();
    bool rebuild(const std::vector<int>& layers);
    void showParameters();
    void connectSession();
    void showTitle();
    void showPlace(const PlausibilityTerm&, int lane);
    void settleLayout();
    QString baseName() const;
    Provenance provenance(const QString& what) const;
    void connectView(View&);
    void showTimeline();
    void experimentOpened();
    void applyViewText(const QByteArray&);
    QString layoutKey() const;
    void storeLayout();
    void restoreLayout();
    QToolBar* makeBottom();
    void startAutosave();

    WindowOptions m_options;
    Session* m_session;
    Actions* m_actions;
    MessageBar* m_messages;
    ToolBar* m_toolBar;
    Timeline* m_timeline;
    StatusLine* m_status;
    Docks* m_docks;
    KeyRules* m_keyRules;
    ParameterPanel* m_panel = nullptr;
    HelpBrowser* m_lesson = nullptr;
    HelpWindow* m_help = nullptr; ///< made when first asked for
    StudyWindow* m_studies = nullptr; ///< made when first asked for
    std::unique_ptr<EditHistory> m_history;
    std::unique_ptr<Autosave> m_autosave;
    QString m_layout; ///< layout name the docks stand in now
    QString m_layoutModels; ///< of other models than the first: ".feedforward"
    bool m_compact = false;
    bool m_arranged = false;
    PlausibilityWindow* m_plausibility = nullptr; ///< made when first asked for
};

} // namespace apical
