// The one button that changes the ranges of weights: pictures never do by themselves.
#pragma once

#include <QToolButton>

namespace apical {

class RefitButton : public QToolButton {
public:
    explicit RefitButton(QWidget* parent);
    static constexpr int kSize = 20; ///< px, square

protected:
    void changeEvent(QEvent*) override;

private:
    void tint();
};

} // namespace apical
