// The speed of a run on a log scale: 0.01 to 100 times real time, and "as fast as possible" at the
// end.
#pragma once

#include <QSlider>

namespace apical {

class SpeedSlider : public QSlider {
    Q_OBJECT
public:
    explicit SpeedSlider(QWidget* parent = nullptr);
    double pace() const; ///< infinity at the very end
    void setPace(double realTimeFactor); ///< emits nothing

Q_SIGNALS:
    void paceChanged(double realTimeFactor); ///< moved by a person
};

/// "0.30×", "12×", "max".
QString paceText(double realTimeFactor);

} // namespace apical
