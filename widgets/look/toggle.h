// A switch with a track and a knob: on or off, never colour alone.
#pragma once

#include <QAbstractButton>

namespace apical {

class Toggle : public QAbstractButton {
    Q_OBJECT
public:
    explicit Toggle(QWidget* parent = nullptr);
    QSize sizeHint() const override { return {34, 20}; }

protected:
    void paintEvent(QPaintEvent*) override;
    bool hitButton(const QPoint&) const override;
};

} // namespace apical
