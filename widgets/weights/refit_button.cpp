#include "widgets/weights/refit_button.h"

#include "widgets/look/icon.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QEvent>

namespace apical {

using namespace Qt::Literals::StringLiterals;

RefitButton::RefitButton(QWidget* parent)
    : QToolButton(parent)
{
    setObjectName(u"refit"_s);
    setFixedSize(kSize, kSize);
    setIconSize({14, 14});
    setFocusPolicy(Qt::TabFocus);
    setStyleSheet(u"QToolButton { padding: 0; }"_s);
    setAccessibleName(u"Refit range"_s);
    setToolTip(u"Refit range (Shift+F): colours and axes of all weights fit what they are now.\n"
               "By themselves they never change while a run goes on."_s);
    tint();
}

void RefitButton::tint()
{
    setIcon(lineIcon(u"refit"_s, activeTheme().ink2, 14));
}

void RefitButton::changeEvent(QEvent* event)
{
    QToolButton::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        tint();
}

} // namespace apical
