// All parameters of the run, built from the rows of its model: search, groups, rows, switchboard,
// layer sizes.
#pragma once

#include "sim/experiment/parameters.h"
#include "sim/live/frame.h"

#include <QStringList>
#include <QWidget>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

class QLabel;
class QScrollArea;

namespace apical {

class LaneDifferences;
class LaneSelector;
class LockBoard;
class NetworkEditor;
class ParameterGroup;
class ParameterRowWidget;
class ParameterSearch;
class PathwayLock;
class ResetButton;

/// Shows what the run reports and asks for edits; it holds no truth of its own. "Changed" means:
/// differs from the baseline (the preset's values). Dragging and typing are never disturbed by a
/// refresh.
class ParameterPanel : public QWidget {
    Q_OBJECT
public:
    explicit ParameterPanel(QWidget* parent = nullptr);

    void setBaseline(const Parameters& own) { setBaselines({own}); }
    void setBaselines(std::vector<Parameters>); ///< the preset's own values, per lane
    int laneCount() const { return static_cast<int>(m_baselines.size()); }
    void setLane(int lane); ///< which lane's values are shown and edited; -1: all (shown: A's)
    int changedCount() const;
    QString errorText(const QString& key) const; ///< what stands under the row, "" if nothing
    ParameterRowWidget* rowWidget(const QString& key) const; ///< nullptr for locks and unknown keys

    /// Asked where an arrow, wheel or key that leads from one value towards another ends.
    using StepRounder =
        std::function<double(int lane, const QString& key, double from, double asked)>;
    void setStepRounder(StepRounder rounder) { m_stepRounder = std::move(rounder); }

    QStringList collapsedGroups() const; ///< saved with the layout
    void setCollapsedGroups(const QStringList&);

    QSize sizeHint() const override { return {264, 506}; }
    QSize minimumSizeHint() const override { return {264, 160}; }

public Q_SLOTS:
    /// At most 10 Hz; costs next to nothing when nothing changed.
    void setValues(const apical::Parameters& values, int targetLayers)
    {
        setValues(std::vector<Parameters>{values}, targetLayers);
    }
    void setValues(const std::vector<apical::Parameters>& lanes, int targetLayers);
    /// "BP": those of the lanes whose values come next; "" or none: they are called by their
    /// letters.
    void setLaneNames(const std::vector<std::string>& names);
    void setLayers(const std::vector<int>& layers); ///< of the run, input to output
    /// One value now, even while an edit of the same row is on its way: undo, redo, a fix, a
    /// rejected edit.
    void showValue(const QString& key, const apical::ParameterValue& value)
    {
        showValue(-1, key, value);
    }
    void showValue(int lane, const QString& key, const apical::ParameterValue&);
    void setLocked(bool locked, const QString& reason = {});
    void showError(
        const QString& key, const QString& message); ///< inline; also for "network.layers"
    void runWasReset(); ///< at-reset edits are in force now
    void resetAll();
    void focusSearch();
    void reveal(const QString& key); ///< scrolls there and focuses the row

Q_SIGNALS:
    /// `continuous`: a drag goes on and undo merges it; the last edit of a drag is not continuous.
    void edited(const QString& key, const apical::ParameterValue& value, bool continuous, int lane);
    void laneChosen(int lane); ///< to edit; -1: all
    void structuralEdit(const std::vector<int>& layers);
    /// Around the edits of one action ("reset all parameters"), so that one undo takes them back.
    void actionBegins(const QString& text);
    void actionEnds();
    void changedCountChanged(int count);

protected:
    void contextMenuEvent(QContextMenuEvent*) override;
    void keyPressEvent(QKeyEvent*) override;

private:
    void build();
    ParameterGroup* groupOf(const ParameterRow&);
    void buildLanes();
    void showTable(const ParameterTable&);
    void addParameter(const ParameterRow&);
    void submit(const ParameterRow&, const ParameterValue&, bool continuous, bool resetting);
    void resetLock(PathwayLock&);
    void showBaseline();
    void showOthers();
    std::size_t mainLane() const;
    int firstWith(const QString& key) const;
    void applyFilter();
    void countChanged();

    const ParameterTable* m_table = nullptr; ///< whose rows stand here
    QStringList m_collapsed; ///< also groups of other models
    bool m_locked = false;
    QString m_lockReason;
    ParameterSearch* m_search;
    ResetButton* m_resetAll;
    QLabel* m_lockNote;
    QLabel* m_empty;
    QScrollArea* m_scroll;
    QWidget* m_content;
    ParameterGroup* m_networkGroup = nullptr;
    NetworkEditor* m_network = nullptr;
    LockBoard* m_board = nullptr;
    std::vector<ParameterGroup*> m_groups;
    std::vector<ParameterRowWidget*> m_rows;
    std::map<QString, ParameterRowWidget*> m_rowOf;
    std::map<QString, PathwayLock*> m_lockOf;
    LaneSelector* m_selector;
    QWidget* m_laneBox = nullptr;
    ParameterGroup* m_laneGroup = nullptr;
    LaneDifferences* m_differences = nullptr;
    std::vector<Parameters> m_baselines = std::vector<Parameters>(1);
    Frame m_lanes; ///< only their names and parameters: what is set where
    std::vector<std::string> m_laneNames;
    StepRounder m_stepRounder;
    int m_lane = -1;
    std::optional<std::vector<Parameters>> m_shown; ///< last values every row took over
    int m_targetLayers = 0;
    int m_changedCount = 0;
};

} // namespace apical
