// The doctor's button: plain words in, symbols with subscripts on screen.
#pragma once

#include <QPushButton>

namespace apical {

/// Words that do not fit end in an ellipsis.
class RemedyButton : public QPushButton {
public:
    using QPushButton::QPushButton;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;
};

} // namespace apical
