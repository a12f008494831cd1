// A slider over real numbers, linear or logarithmic, with a tick at the default.
#pragma once

#include <QSlider>

namespace apical {

class ValueSlider : public QSlider {
    Q_OBJECT
public:
    /// @param floor value of the left end of a logarithmic slider, e.g. 0 = off; equal to low if
    /// there is none
    ValueSlider(double low, double high, bool logarithmic, double floor, QWidget* parent = nullptr);

    void showValue(double value); ///< emits nothing; values outside the span stand at its end
    void setTick(double value) { m_tick = value; }
    double valueAt(int position) const; ///< rounded to what the position can tell
    int positionOf(double value) const;
    double stepped(double value, int steps) const; ///< for the number box beside it

    QSize sizeHint() const override { return {88, 16}; }
    QSize minimumSizeHint() const override { return {40, 16}; }

Q_SIGNALS:
    /// A person moved it. `continuous`: the handle is still held; the last signal of a drag is not
    /// continuous.
    void edited(double value, bool continuous);
    void nudged(double value); ///< by a key, the wheel or an assistive tool

protected:
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void mouseReleaseEvent(QMouseEvent*) override;
    void wheelEvent(QWheelEvent*) override;
    void enterEvent(QEnterEvent*) override;
    void leaveEvent(QEvent*) override;

private:
    double xOf(int position) const;
    void dragTo(double x);

    double m_low, m_high, m_floor, m_tick;
    bool m_logarithmic;
    bool m_moved = false;
};

} // namespace apical
