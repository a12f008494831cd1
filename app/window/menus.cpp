#include "app/window/menus.h"

#include "app/window/main_window.h"
#include "sim/files/preset.h"

#include <QAction>
#include <QActionGroup>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QSettings>

#include <map>
#include <string>

namespace apical {
namespace {

constexpr qsizetype kRecentFiles = 8;

const QString kRecentKey = QStringLiteral("recent");

/// A submenu per family, in teaching order: all presets under each other are taller than a screen.
template <class Act> void addByFamily(QMenu& menu, const Act& act)
{
    std::map<std::string, QMenu*> families;
    for (const PresetInfo& preset : embeddedPresets()) {
        QMenu*& family = families[preset.family];
        if (!family)
            family = menu.addMenu(QString::fromStdString(preset.family));
        const QString name = QString::fromStdString(preset.name);
        QAction* action = family->addAction(QString::fromStdString(preset.title));
        action->setStatusTip(QString::fromStdString(preset.summary));
        QObject::connect(action, &QAction::triggered, &menu, [act, name] { act(name); });
    }
}

void addPresets(MainWindow& window, QMenu& menu)
{
    addByFamily(menu, [&window](const QString& name) { window.open(name); });
}

void fillRecent(MainWindow& window, QMenu& menu)
{
    menu.clear();
    for (const QString& path : recentFiles())
        menu.addAction(QFileInfo(path).fileName(), &window, [&window, path] { window.open(path); })
            ->setToolTip(path);
    if (menu.isEmpty())
        menu.addAction(MainWindow::tr("Nothing opened yet"))->setEnabled(false);
}

void addDocks(MainWindow& window, QMenu& menu)
{
    for (const DockEntry& entry : window.docks().entries())
        menu.addAction(entry.dock->toggleViewAction());
}

void addLessons(MainWindow& window, QMenu& menu)
{
    addByFamily(menu, [&window](const QString& name) {
        window.open(name);
        window.actions()[QStringLiteral("help.lesson")]->trigger();
    });
}

} // namespace

void buildMenus(MainWindow& window, QMenuBar& bar)
{
    const std::vector<QString> order{QStringLiteral("File"), QStringLiteral("Edit"),
        QStringLiteral("View"), QStringLiteral("Simulation"), QStringLiteral("Tools"),
        QStringLiteral("Lessons"), QStringLiteral("Help")};
    for (const QString& name : order) {
        QMenu* menu = bar.addMenu(u'&' + name);
        menu->setObjectName(QStringLiteral("menu.") + name);
        if (name == QLatin1String("View"))
            addDocks(window, *menu);
        if (name == QLatin1String("Lessons"))
            addLessons(window, *menu);
        for (const ActionRow& row : actionTable()) {
            if (row.menu != name)
                continue;
            if (row.separatorBefore)
                menu->addSeparator();
            menu->addAction(window.actions()[row.id]);
            if (row.id == QLatin1String("file.open")) {
                addPresets(window, *menu->addMenu(MainWindow::tr("Open &preset")));
                QMenu* recent = menu->addMenu(MainWindow::tr("Open &recent"));
                QObject::connect(recent, &QMenu::aboutToShow, &window,
                    [&window, recent] { fillRecent(window, *recent); });
            }
        }
    }
    auto* themes = new QActionGroup(&window);
    for (const char* id : {"view.theme_system", "view.theme_light", "view.theme_dark"})
        themes->addAction(window.actions()[QLatin1String(id)]);
    // Shortcuts work in full screen and while a dock floats, too.
    for (const ActionRow& row : actionTable()) {
        QAction* action = window.actions()[row.id];
        action->setShortcutContext(Qt::ApplicationShortcut);
        window.addAction(action);
    }
    auto* corner = new QLabel;
    corner->setObjectName(QStringLiteral("corner"));
    corner->setContentsMargins(0, 0, 12, 0);
    corner->setAlignment(Qt::AlignVCenter | Qt::AlignRight);
    corner->setFixedHeight(bar.height());
    corner->setForegroundRole(QPalette::PlaceholderText);
    bar.setCornerWidget(corner);
}

void rememberRecent(const QString& path)
{
    QStringList files = recentFiles();
    files.removeAll(path);
    files.prepend(path);
    QSettings().setValue(kRecentKey, files.mid(0, kRecentFiles));
}

QStringList recentFiles()
{
    return QSettings().value(kRecentKey).toStringList();
}

} // namespace apical
