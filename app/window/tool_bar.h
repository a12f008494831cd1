// Preset, reset, run, step, speed, target and seed: the row below the menus.
#pragma once

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QToolButton;

namespace apical {

class Actions;
class Session;
class SpeedSlider;
class Toggle;

/// 40 px high. Follows the session; without text beside Reset and Step when compact.
class ToolBar : public QWidget {
    Q_OBJECT
public:
    ToolBar(Session&, Actions&, QWidget* parent = nullptr);
    void setCompact(bool);

Q_SIGNALS:
    void presetChosen(const QString& name);

protected:
    void paintEvent(QPaintEvent*) override;
    void changeEvent(QEvent*) override;

private:
    QToolButton* button(const QString& action, const QString& icon, const QString& text);
    void fillPresets();
    void widenList();
    void fitPreset();
    void showExperiment();
    void showState();
    void showParameters();
    void tint();

    Session& m_session;
    Actions& m_actions;
    QComboBox* m_preset;
    QToolButton *m_reset, *m_run, *m_step, *m_new;
    SpeedSlider* m_speed;
    QLabel *m_pace, *m_targetState;
    Toggle* m_target;
    QDoubleSpinBox* m_seed;
    bool m_compact = false;
};

} // namespace apical
