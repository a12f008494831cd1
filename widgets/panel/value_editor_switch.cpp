#include "widgets/panel/value_editor_switch.h"

#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QPainter>
#include <QWheelEvent>

namespace apical {

ToggleSwitch::ToggleSwitch(QWidget* parent)
    : QAbstractButton(parent)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    resize(sizeHint());
}

void ToggleSwitch::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF track(2, (height() - 15) / 2.0, 28, 15);
    if (hasFocus()) {
        painter.setPen(QPen(t.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(track.adjusted(-1, -1, 1, 1), 8.5, 8.5);
    }
    const bool on = isChecked();
    painter.setPen(Qt::NoPen);
    painter.setBrush(!isEnabled() ? t.line2
            : on                  ? t.accent
            : underMouse()        ? t.fieldLine
                                  : t.groove);
    painter.drawRoundedRect(track, 7.5, 7.5);
    painter.setPen(QPen(on || !isEnabled() ? QColor(Qt::transparent) : t.ink3, 1));
    painter.setBrush(isEnabled() ? (on ? t.onAccent : t.field) : t.groove);
    const double x = on ? track.right() - 7.5 : track.left() + 7.5;
    painter.drawEllipse(QPointF(x, track.center().y()), 5.5, 5.5);
}

ChoiceBox::ChoiceBox(QWidget* parent)
    : QComboBox(parent)
{
    setFocusPolicy(Qt::StrongFocus);
}

void ChoiceBox::wheelEvent(QWheelEvent* event)
{
    if (hasFocus())
        QComboBox::wheelEvent(event);
    else
        event->ignore();
}

LinkButton::LinkButton(const QString& text, QWidget* parent)
    : QAbstractButton(parent)
{
    setText(text);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize LinkButton::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 8, fontMetrics().height() + 4};
}

void LinkButton::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (hasFocus()) {
        painter.setPen(QPen(t.accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
    }
    QFont font = this->font();
    font.setUnderline(underMouse());
    painter.setFont(font);
    painter.setPen(isEnabled() ? t.accent : t.ink3);
    painter.drawText(rect(), Qt::AlignCenter, text());
}

} // namespace apical
