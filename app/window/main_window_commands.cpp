// What each row of the action table does in this window.
#include "app/window/main_window.h"

#include "app/session/autosave.h"
#include "app/window/message_bar.h"
#include "widgets/look/speed_slider.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>

#include "sim/files/preset.h"

#include <algorithm>
#include <limits>

namespace apical {
namespace {

using Command = void (*)(MainWindow&, bool);

struct CommandRow {
    const char* id;
    Command command;
};

/// From "as fast as possible" the next slower is the fastest paced speed.
double scaled(double pace, double factor)
{
    constexpr double kFastestPaced = 100;
    if (factor < 1)
        return std::isinf(pace) ? kFastestPaced : pace * factor;
    return pace * factor > kFastestPaced ? std::numeric_limits<double>::infinity() : pace * factor;
}

void escape(MainWindow& w)
{
    if (w.messages().isVisible())
        w.messages().dismiss();
    else if (!w.session().scene().live)
        w.session().backToLive();
    else if (w.isFullScreen())
        w.setFullScreen(false);
    else
        w.session().select({});
}

const CommandRow kCommands[]{
    {"file.open", [](MainWindow& w, bool) { w.chooseFile(); }},
    {"file.save", [](MainWindow& w, bool) { w.saveSession(false); }},
    {"file.save_as", [](MainWindow& w, bool) { w.saveSession(true); }},
    {"file.export",
        [](MainWindow& w, bool) {
            if (const DockEntry* entry = w.docks().focused())
                w.exportView(entry->id);
        }},
    {"file.export_window", [](MainWindow& w, bool) { w.exportWindow(); }},
    {"file.export_weights", [](MainWindow& w, bool) { w.chooseWeightsToSave(); }},
    {"file.import_weights", [](MainWindow& w, bool) { w.chooseWeightsToLoad(); }},
    {"file.quit", [](MainWindow& w, bool) { w.close(); }},
    {"edit.duplicate_lane", [](MainWindow& w, bool) { w.session().duplicateLane(); }},
    {"edit.remove_lane", [](MainWindow& w, bool) { w.session().removeLane(); }},
    {"view.other_lane",
        [](MainWindow& w, bool) { w.session().showLane(1 - w.session().scene().shownLane); }},
    {"view.fit", [](MainWindow& w, bool) { w.session().fitTimeRange(); }},
    {"view.refit", [](MainWindow& w, bool) { w.session().refitRanges(); }},
    {"view.grid", [](MainWindow& w, bool on) { w.session().setGridOn(on); }},
    {"view.crosshair", [](MainWindow& w, bool on) { w.session().setCrosshairOn(on); }},
    {"view.theme_system", [](MainWindow& w, bool) { w.chooseTheme(QStringLiteral("system")); }},
    {"view.theme_light", [](MainWindow& w, bool) { w.chooseTheme(QStringLiteral("light")); }},
    {"view.theme_dark", [](MainWindow& w, bool) { w.chooseTheme(QStringLiteral("dark")); }},
    {"view.reset_layout", [](MainWindow& w, bool) { w.resetLayout(); }},
    {"view.full_screen", [](MainWindow& w, bool) { w.setFullScreen(!w.isFullScreen()); }},
    {"view.escape", [](MainWindow& w, bool) { escape(w); }},
    {"simulation.run_pause", [](MainWindow& w, bool) { w.session().toggle(); }},
    {"simulation.step", [](MainWindow& w, bool) { w.session().step(); }},
    {"simulation.step_pattern", [](MainWindow& w, bool) { w.session().stepToNextPattern(); }},
    {"simulation.reset", [](MainWindow& w, bool) { w.session().reset(); }},
    {"simulation.new_seed", [](MainWindow& w, bool) { w.session().newSeed(); }},
    {"simulation.slower",
        [](MainWindow& w, bool) { w.session().setPace(scaled(w.session().pace(), 0.5)); }},
    {"simulation.faster",
        [](MainWindow& w, bool) { w.session().setPace(scaled(w.session().pace(), 2)); }},
    {"simulation.real_time", [](MainWindow& w, bool) { w.session().setPace(1); }},
    {"simulation.fastest",
        [](MainWindow& w, bool) { w.session().setPace(std::numeric_limits<double>::infinity()); }},
    {"simulation.target",
        [](MainWindow& w, bool) {
            w.edit(QStringLiteral("target.on"), !w.session().parameters().targetOn);
        }},
    {"simulation.back", [](MainWindow& w, bool) { w.session().scrubBy(-1); }},
    {"simulation.forward", [](MainWindow& w, bool) { w.session().scrubBy(1); }},
    {"simulation.live", [](MainWindow& w, bool) { w.session().backToLive(); }},
    {"tools.self_predicting",
        [](MainWindow& w, bool) { w.session().action(QStringLiteral("self_predicting")); }},
    {"tools.rewind_halve_dt",
        [](MainWindow& w, bool) { w.session().action(QStringLiteral("rewind_halve_dt")); }},
    {"tools.study", [](MainWindow& w, bool) { w.showStudies(); }},
    {"tools.get_mnist", [](MainWindow& w, bool) { w.getMnist(); }},
    {"tools.data_folder", [](MainWindow& w, bool) { w.chooseDataFolder(); }},
    {"tools.copy_preset",
        [](MainWindow& w, bool) {
            QGuiApplication::clipboard()->setText(
                QString::fromStdString(writePreset(w.session().replay())));
            w.say(MainWindow::tr("The experiment is on the clipboard."));
        }},
    {"help.lesson", [](MainWindow& w, bool) { w.showHelp(QStringLiteral("lesson")); }},
    {"help.plausibility", [](MainWindow& w, bool) { w.showPlausibility(); }},
    {"help.shortcuts", [](MainWindow& w, bool) { w.showHelp(QStringLiteral("shortcuts")); }},
    {"help.about", [](MainWindow& w, bool) { w.showHelp(QStringLiteral("about")); }},
};

} // namespace

void MainWindow::bindCommands()
{
    for (const CommandRow& row : kCommands)
        m_actions->bind(QLatin1String(row.id),
            [this, command = row.command](bool checked) { command(*this, checked); });
    bindEditing();
    connect(m_session, &Session::opened, this, [this] {
        const std::vector<Anatomy> lanes = m_session->anatomies();
        (*m_actions)[QStringLiteral("tools.self_predicting")]->setEnabled(std::any_of(lanes.begin(),
            lanes.end(), [](const Anatomy& a) { return a.hasAction("self_predicting"); }));
        (*m_actions)[QStringLiteral("tools.rewind_halve_dt")]->setEnabled(
            m_session->hasParameter(QStringLiteral("dt")));
    });
    (*m_actions)[QStringLiteral("view.grid")]->setChecked(true);
    (*m_actions)[QStringLiteral("view.crosshair")]->setChecked(true);
}

void MainWindow::setFullScreen(bool on)
{
    on ? showFullScreen() : showNormal();
    (*m_actions)[QStringLiteral("view.full_screen")]->setChecked(on);
}

} // namespace apical
