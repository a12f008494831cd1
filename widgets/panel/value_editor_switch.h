// Small controls of the parameter panel: the toggle of a flag, the box of a choice, a link in
// running text.
#pragma once

#include <QAbstractButton>
#include <QComboBox>

namespace apical {

/// An on/off switch, 28 x 16 px; Space and click toggle it.
class ToggleSwitch : public QAbstractButton {
    Q_OBJECT
public:
    explicit ToggleSwitch(QWidget* parent = nullptr);
    QSize sizeHint() const override { return {32, 20}; }

protected:
    void paintEvent(QPaintEvent*) override;
};

/// A combo box that lets the wheel scroll the panel unless it has the focus.
class ChoiceBox : public QComboBox {
    Q_OBJECT
public:
    explicit ChoiceBox(QWidget* parent = nullptr);

protected:
    void wheelEvent(QWheelEvent*) override;
};

/// Text in accent colour that can be clicked and focused.
class LinkButton : public QAbstractButton {
    Q_OBJECT
public:
    explicit LinkButton(const QString& text, QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;
};

} // namespace apical
