// One number of a parameter to play with: symbol, slider, box. It says what a person chose and
// leaves open whether that reaches a run.
#pragma once

#include "sim/experiment/parameters.h"

#include <QWidget>

namespace apical {

class NumberBox;
class ValueSlider;

class DraggedNumber : public QWidget {
    Q_OBJECT
public:
    /// @param row gives range, scale and meaning; it outlives this
    DraggedNumber(const ParameterRow& row, const QString& label, const QString& name,
        QWidget* parent = nullptr);

    void showValue(double value); ///< not while somebody drags or types here
    /// Marks a number that the run does not have.
    void setChanged(bool);

Q_SIGNALS:
    void chosen(double value);

private:
    void choose(double value);

    const ParameterRow& m_row;
    ValueSlider* m_slider;
    NumberBox* m_box;
};

} // namespace apical
