#include "app/window/actions.h"

#include <QAction>

namespace apical {

const std::vector<ActionRow>& actionTable()
{
    using namespace Qt::Literals::StringLiterals;
    using Keys = std::vector<QKeySequence>;
    static const std::vector<ActionRow> table{
        {u"file.open"_s, u"File"_s, u"&Open…"_s, u"Open a preset or a saved session from a file."_s,
            Keys{QKeySequence::Open}},
        {u"file.save"_s, u"File"_s, u"&Save session"_s,
            u"Save parameters, weights, state, edits and layout, to continue exactly here."_s,
            Keys{QKeySequence::Save}, false, true},
        {u"file.save_as"_s, u"File"_s, u"Save session &as…"_s,
            u"Save the session under another name."_s, Keys{QKeySequence(u"Ctrl+Shift+S"_s)}},
        {u"file.export"_s, u"File"_s, u"&Export view…"_s,
            u"Save the view in focus as PNG, SVG or PDF, or its numbers as CSV."_s,
            Keys{QKeySequence(u"Ctrl+E"_s)}, false, true},
        {u"file.export_window"_s, u"File"_s, u"Export &window…"_s,
            u"Save a picture of the whole window."_s, Keys{QKeySequence(u"Ctrl+Shift+E"_s)}},
        {u"file.export_weights"_s, u"File"_s, u"Export we&ights…"_s,
            u"Save all weight matrices as they are now, in preset form."_s, {}, false, true},
        {u"file.import_weights"_s, u"File"_s, u"I&mport weights…"_s,
            u"Start this experiment again from t = 0 with the weights of a file."_s, {}},
        {u"file.quit"_s, u"File"_s, u"&Quit"_s, u"Stop the run and close the window."_s,
            Keys{QKeySequence(u"Ctrl+Q"_s)}, false, true, true},

        {u"edit.undo"_s, u"Edit"_s, u"&Undo"_s, u"Take the last parameter edit back."_s,
            Keys{QKeySequence(u"Ctrl+Z"_s)}},
        {u"edit.redo"_s, u"Edit"_s, u"&Redo"_s, u"Do the edit that was taken back again."_s,
            Keys{QKeySequence(u"Ctrl+Shift+Z"_s), QKeySequence(u"Ctrl+Y"_s)}},
        {u"edit.reset_parameters"_s, u"Edit"_s, u"Reset &all parameters"_s,
            u"Set every parameter back to the preset's value."_s, {}, false, true},
        {u"edit.duplicate_lane"_s, u"Edit"_s, u"&Duplicate as lane B"_s,
            u"Let a copy of the network run beside it, from the same state and with the same input; edits can then go to one of the two."_s,
            Keys{QKeySequence(u"Ctrl+D"_s)}, false, true},
        {u"edit.remove_lane"_s, u"Edit"_s, u"Re&move lane B"_s,
            u"Go on with lane A alone; the edits of lane B go with it."_s,
            Keys{QKeySequence(u"Ctrl+Shift+D"_s)}},
        {u"edit.find"_s, u"Edit"_s, u"&Find a parameter"_s,
            u"Put the cursor into the parameter search."_s, Keys{QKeySequence(u"Ctrl+F"_s)}},

        {u"view.fit"_s, u"View"_s, u"&Fit time axis"_s, u"Show the whole run in the time strips."_s,
            Keys{QKeySequence(u"F"_s)}, false, true},
        {u"view.refit"_s, u"View"_s, u"R&efit weight ranges"_s,
            u"Fit colours and axes of all weights to what they are now; they never change by themselves."_s,
            Keys{QKeySequence(u"Shift+F"_s)}},
        {u"view.grid"_s, u"View"_s, u"&Grid"_s, u"Show or hide the grid lines of the plots."_s,
            Keys{QKeySequence(u"G"_s)}, true},
        {u"view.crosshair"_s, u"View"_s, u"&Crosshair"_s, u"Show or hide the shared crosshair."_s,
            Keys{QKeySequence(u"C"_s)}, true},
        {u"view.other_lane"_s, u"View"_s, u"Show the other &lane"_s,
            u"Circuit, inspector, doctor and lists show the other of two lanes."_s,
            Keys{QKeySequence(u"L"_s)}},
        {u"view.theme_system"_s, u"View"_s, u"Theme: as the s&ystem"_s,
            u"Light or dark as the desktop asks for."_s, {}, true, true},
        {u"view.theme_light"_s, u"View"_s, u"Theme: &light"_s, u"Dark ink on light paper."_s, {},
            true},
        {u"view.theme_dark"_s, u"View"_s, u"Theme: &dark"_s, u"Light ink on dark paper."_s, {},
            true},
        {u"view.reset_layout"_s, u"View"_s, u"&Reset layout"_s,
            u"Put every dock back to where this preset wants it."_s, {}, false, true},
        {u"view.full_screen"_s, u"View"_s, u"F&ull screen"_s,
            u"Use the whole screen, or stop doing so."_s, Keys{QKeySequence(u"F11"_s)}, true},
        {u"view.escape"_s, u"View"_s, u"&Back to normal"_s,
            u"Close the message, go back to live, leave full screen, or let go of the selection."_s,
            Keys{QKeySequence(u"Esc"_s)}},

        {u"simulation.run_pause"_s, u"Simulation"_s, u"&Run or pause"_s,
            u"Run, or hold after this step."_s, Keys{QKeySequence(u"Space"_s)}},
        {u"simulation.step"_s, u"Simulation"_s, u"&Step"_s, u"Compute one time step, then pause."_s,
            Keys{QKeySequence(u"."_s)}},
        {u"simulation.step_pattern"_s, u"Simulation"_s, u"Step to next &pattern"_s,
            u"Compute up to the next pattern change, then pause."_s,
            Keys{QKeySequence(u"Ctrl+."_s)}},
        {u"simulation.reset"_s, u"Simulation"_s, u"R&eset"_s,
            u"Start again from t = 0 with the same seed and the same weights."_s,
            Keys{QKeySequence(u"Home"_s)}, false, true},
        {u"simulation.new_seed"_s, u"Simulation"_s, u"&New seed"_s,
            u"Start again with other random weights and inputs."_s,
            Keys{QKeySequence(u"Ctrl+R"_s)}},
        {u"simulation.slower"_s, u"Simulation"_s, u"S&lower"_s, u"Halve the speed."_s,
            Keys{QKeySequence(u"["_s)}, false, true},
        {u"simulation.faster"_s, u"Simulation"_s, u"&Faster"_s, u"Double the speed."_s,
            Keys{QKeySequence(u"]"_s)}},
        {u"simulation.real_time"_s, u"Simulation"_s, u"Re&al time"_s,
            u"One simulated second per second on the wall."_s, Keys{QKeySequence(u"0"_s)}},
        {u"simulation.fastest"_s, u"Simulation"_s, u"As fast as p&ossible"_s,
            u"Let the machine decide."_s, Keys{QKeySequence(u"9"_s)}},
        {u"simulation.target"_s, u"Simulation"_s, u"&Target"_s,
            u"Switch the target of the outputs on or off."_s, Keys{QKeySequence(u"T"_s)}, true,
            true},
        {u"simulation.back"_s, u"Simulation"_s, u"Look &back"_s,
            u"Scrub one instant into the past."_s, Keys{QKeySequence(u"Left"_s)}, false, true},
        {u"simulation.forward"_s, u"Simulation"_s, u"Look for&ward"_s,
            u"Scrub one instant towards now."_s, Keys{QKeySequence(u"Right"_s)}},
        {u"simulation.live"_s, u"Simulation"_s, u"Back to l&ive"_s,
            u"Show the newest instant again."_s, Keys{QKeySequence(u"End"_s)}},

        {u"tools.self_predicting"_s, u"Tools"_s, u"&Jump to the self-predicting state"_s,
            u"Set the lateral weights to their analytic fixed point."_s, {}},
        {u"tools.rewind_halve_dt"_s, u"Tools"_s, u"Rewind 1 s and &halve dt"_s,
            u"Go back one simulated second and continue with half the time step."_s, {}},
        {u"tools.study"_s, u"Tools"_s, u"&Study…"_s,
            u"Run a preset for many values and seeds in the background, and see what comes out."_s,
            {}, false, true},
        {u"tools.get_mnist"_s, u"Tools"_s, u"&Get MNIST…"_s,
            u"Fetch the data set of handwritten digits, 12 MB, and use it from now on."_s, {}},
        {u"tools.data_folder"_s, u"Tools"_s, u"Use a &data set…"_s,
            u"Choose a folder with a data set in MNIST's format for presets with pictures."_s, {},
            false, true},
        {u"tools.copy_preset"_s, u"Tools"_s, u"&Copy experiment as JSON"_s,
            u"Put the whole experiment with its edits on the clipboard; it reruns headlessly to the last bit."_s,
            {}},

        {u"help.lesson"_s, u"Help"_s, u"&Lesson of this preset"_s,
            u"What to watch here, and why it happens."_s, Keys{QKeySequence(u"F1"_s)}},
        {u"help.plausibility"_s, u"Help"_s, u"&Plausibility…"_s,
            u"Which ways to learn a brain could use: problems against methods, with reasons, equations and presets."_s,
            {}},
        {u"help.shortcuts"_s, u"Help"_s, u"&Keyboard shortcuts"_s, u"All keys on one sheet."_s,
            Keys{QKeySequence(u"?"_s)}},
        {u"help.about"_s, u"Help"_s, u"&About Apical"_s, u"Version, licences and notices."_s, {},
            false, true},
    };
    return table;
}

const ActionRow* findAction(const QString& id)
{
    for (const ActionRow& row : actionTable()) {
        if (row.id == id)
            return &row;
    }
    return nullptr;
}

Actions::Actions(QObject* parent)
    : QObject(parent)
{
    for (const ActionRow& row : actionTable()) {
        auto* action = new QAction(row.text, this);
        action->setObjectName(row.id);
        action->setShortcuts(QList<QKeySequence>(row.shortcuts.begin(), row.shortcuts.end()));
        action->setCheckable(row.checkable);
        action->setStatusTip(row.help);
        action->setToolTip(row.help);
        m_actions[row.id] = action;
    }
}

QAction* Actions::operator[](const QString& id) const
{
    const auto found = m_actions.find(id);
    Q_ASSERT(found != m_actions.end());
    return found->second;
}

void Actions::bind(const QString& id, std::function<void(bool)> command)
{
    connect((*this)[id], &QAction::triggered, this, std::move(command));
    m_bound[id] = true;
}

} // namespace apical
