#include "widgets/doctor/remedy_button.h"

#include "widgets/doctor/doctor_view_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QApplication>
#include <QPalette>
#include <QSizeF>
#include <QStyleOptionButton>
#include <QStylePainter>

#include <cmath>

namespace apical {
namespace {

constexpr int kMargin = 10;

QFont words()
{
    return uiFont(12, QFont::DemiBold);
}

} // namespace

QSize RemedyButton::sizeHint() const
{
    const double width = richSize(doctorRich(text()), words()).width();
    return {static_cast<int>(std::ceil(width)) + 2 * kMargin, QPushButton::sizeHint().height()};
}

void RemedyButton::paintEvent(QPaintEvent*)
{
    QStylePainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    option.text.clear(); // the style would write it without subscripts
    painter.drawControl(QStyle::CE_PushButton, option);
    const QString line = doctorLines(text(), words(), width() - 2 * kMargin + 1, 1).value(0);
    const QSizeF size = richSize(doctorRich(line), words());
    drawRich(painter, {(width() - size.width()) / 2, (height() - size.height()) / 2},
        doctorRich(line), words(),
        isEnabled() ? activeTheme().onAccent
                    : QApplication::palette().color(QPalette::Disabled, QPalette::ButtonText));
}

} // namespace apical
