// The menus: loops over the tables of actions, docks and presets.
#pragma once

#include <QString>

class QMenuBar;

namespace apical {

class MainWindow;

void buildMenus(MainWindow&, QMenuBar&);

/// Files opened last, newest first.
void rememberRecent(const QString& path);
QStringList recentFiles();

} // namespace apical
