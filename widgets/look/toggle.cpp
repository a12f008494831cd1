#include "widgets/look/toggle.h"

#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QPainter>

namespace apical {

Toggle::Toggle(QWidget* parent)
    : QAbstractButton(parent)
{
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setFixedSize(34, 20);
    setCursor(Qt::PointingHandCursor);
}

bool Toggle::hitButton(const QPoint& at) const
{
    return rect().contains(at);
}

void Toggle::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(isEnabled() ? 1 : 0.5);
    const QRectF track(3, 3, 28, 14);
    painter.setPen(Qt::NoPen);
    painter.setBrush(isChecked() ? t.accent : (underMouse() ? t.fieldLine : t.groove));
    painter.drawRoundedRect(track, 7, 7);
    const double x = isChecked() ? track.right() - 7 : track.left() + 7;
    painter.setBrush(isChecked() ? t.onAccent : (t.dark ? t.ink : t.panel));
    painter.drawEllipse(QPointF(x, track.center().y()), 5.2, 5.2);
    if (hasFocus()) {
        painter.setPen(QPen(t.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(1, 1, 32, 18), 9, 9);
    }
}

} // namespace apical
