// The plausibility window: the matrix; below it the chosen cell with its reason, its equations, the
// preset that shows it and its place in the network.
#pragma once

#include "app/help/plausibility.h"

#include <QDialog>

#include <functional>
#include <vector>

class QLabel;
class QPushButton;

namespace apical {

class EquationPanel;
class HelpBrowser;
class PlausibilityTable;

/// Not modal: the run goes on behind it, and a change of the run moves the highlighted columns.
class PlausibilityWindow : public QDialog {
    Q_OBJECT
public:
    explicit PlausibilityWindow(QWidget* parent = nullptr);
    /// What runs in the main window: the parameters of each lane; none if nothing does.
    void setRun(const std::vector<Parameters>& lanes);
    bool exportTo(const QString& path); ///< a picture or the table; errors are shown

    PlausibilityTable& table() { return *m_table; }
    const PlausibilityCell& cell() const; ///< the current one
    /// The lane that learns by this method, -1 if none does.
    int laneOf(int method) const;

Q_SIGNALS:
    void presetChosen(const QString& name); ///< to be opened in the main window
    /// To be pointed at in the main window, in this lane.
    void placeChosen(const apical::PlausibilityTerm& term, int lane);

protected:
    bool event(QEvent*) override;
    void changeEvent(QEvent*) override;

private:
    QWidget* makeDetail();
    void showCell();
    void showButtons();
    void openPreset();
    void showPlace();
    void chooseExport();

    PlausibilityTable* m_table;
    HelpBrowser* m_reason;
    EquationPanel* m_equations;
    QLabel* m_note; ///< why a button is off, or what became of an export
    QPushButton *m_open, *m_place, *m_export;
    std::vector<int> m_lanes; ///< per method, as laneOf()
    QStringList m_presets; ///< those that are part of the program
};

} // namespace apical
