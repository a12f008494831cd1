// The two little buttons of a parameter row, and its layout in pixels.
#pragma once

#include <QAbstractButton>

namespace apical {

/// Back to the preset's value; in accent colour while there is something to reset.
class ResetButton : public QAbstractButton {
    Q_OBJECT
public:
    explicit ResetButton(QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent*) override;
};

/// Opens the per-layer numbers.
class ExpandButton : public QAbstractButton {
    Q_OBJECT
public:
    explicit ExpandButton(QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent*) override;
};

} // namespace apical
