// One parameter as a row of the panel: changed bar, symbol, name over a slider, number, unit,
// reset.
#pragma once

#include "sim/experiment/parameters.h"

#include <QWidget>

#include <functional>
#include <optional>

class QAbstractButton;
class QCheckBox;
class QLabel;

namespace apical {

class ChoiceBox;
class NumberBox;
class ParameterLayers;
class ToggleSwitch;
class ValueSlider;

/// What a row says about the lane whose value it does not show.
struct OtherLane {
    QString text{}; ///< "B 0.3" where it differs, else ""
    bool changed = false; ///< the row's reset has something to do there
    bool operator==(const OtherLane&) const = default;
};

class ParameterRowWidget : public QWidget {
    Q_OBJECT
public:
    static constexpr int kHeight = 32;
    static constexpr int kNameX = 48, kValueX = 144, kBoxWidth = 60; ///< at the narrowest width
    static constexpr int kLimit = 16; ///< size of a tick box before the number

    explicit ParameterRowWidget(const ParameterRow&, QWidget* parent = nullptr);

    const ParameterRow& row() const { return m_row; }
    const ParameterValue& value() const { return m_value; }
    bool isChanged() const { return m_changed; }
    bool isExpanded() const;

    void setBaseline(const ParameterValue&);
    void setTargetLayers(int);
    /// What the run reports. Ignored while somebody drags or types here, or while an own edit is
    /// still on its way.
    /// @return false if the row shows something else and wants to be told again
    bool refresh(const ParameterValue&);
    void showValue(
        const ParameterValue&); ///< now, whatever is going on: undo, a fix, a rejected edit
    void setOtherLane(const OtherLane&);
    bool isResetting() const
    {
        return m_resetting;
    } ///< while the edit of a reset is on its way out
    void resetToBaseline(); ///< as the reset icon does; nothing happens if unchanged
    void setExpanded(bool);
    void setLocked(bool);
    /// Where a step from one value towards another ends; without: there.
    using StepRounder = std::function<double(double from, double asked)>;
    void setStepRounder(StepRounder rounder) { m_stepRounder = std::move(rounder); }
    void runWasReset(); ///< at-reset edits are in force now

    void showError(const QString& message);
    void clearNote();
    QString note() const; ///< error or remark under the row, "" if none

    /// Pixels the row starts to the right of the usual places when the panel is wider than 256.
    static int stretchOf(int width);

    QSize sizeHint() const override;
    int heightFor(int width) const;

Q_SIGNALS:
    void edited(const QString& key, const apical::ParameterValue& value, bool continuous);
    void changedFlagChanged();

protected:
    void paintEvent(QPaintEvent*) override;
    void resizeEvent(QResizeEvent*) override;

private:
    void buildNumber();
    void buildFlag();
    void buildChoice();
    void buildReset();
    void place();
    void updateEditors();
    void submit(ParameterValue, bool continuous);
    void submitNumber(double, bool continuous);
    void setNote(const QString& text, bool error);
    void updateChanged();
    bool isBusy() const;
    double stepped(double asked) const; ///< from the number shown
    double number() const; ///< the one number shown by slider and box
    /// Where a unit stands behind the number there is no room for a tick box.
    bool limitBeforeValue() const { return m_limit && m_row.unit != "1"; }

    const ParameterRow& m_row;
    ParameterValue m_value, m_baseline;
    StepRounder m_stepRounder;
    int m_targetLayers = 1;
    OtherLane m_other;
    bool m_changed = false, m_noteIsError = false, m_resetting = false;
    int m_waiting = 0; ///< refreshes an own edit may still take to come back
    double m_lastLimit = 0; ///< what "limit on" returns to

    NumberBox* m_box = nullptr;
    ValueSlider* m_slider = nullptr;
    ToggleSwitch* m_switch = nullptr;
    ChoiceBox* m_choice = nullptr;
    QCheckBox* m_limit = nullptr;
    QAbstractButton* m_expander = nullptr;
    QAbstractButton* m_reset = nullptr;
    ParameterLayers* m_layers = nullptr;
    QLabel* m_note = nullptr;
};

/// Reads one number of a row (an entry of a list), with the table's own range check.
std::optional<double> readNumber(const ParameterRow&, const QString& text, QString& problem);

} // namespace apical
