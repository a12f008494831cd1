#include "widgets/panel/parameter_row_parts.h"

#include "widgets/look/rich_text.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"
#include "widgets/panel/parameter_icons.h"
#include "widgets/panel/parameter_row.h"
#include "widgets/panel/parameter_row_layers.h"
#include "widgets/panel/value_editor.h"
#include "widgets/panel/value_editor_slider.h"
#include "widgets/panel/value_editor_switch.h"
#include "widgets/view/parameter_text.h"

#include <QCheckBox>
#include <QLabel>
#include <QPainter>

#include <algorithm>

namespace apical {
namespace {

constexpr int kChoiceX = 127; // words need more room than numbers
constexpr int kNarrow = 256; // content width of a 264 px dock beside its scroll bar

void paintFocus(const QWidget& widget, QPainter& painter)
{
    if (!widget.hasFocus())
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(activeTheme().accent, 2));
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), 3, 3);
}

} // namespace

ResetButton::ResetButton(QWidget* parent)
    : QAbstractButton(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    resize(18, 20);
}

void ResetButton::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    if (isEnabled() && (underMouse() || isDown()))
        painter.fillRect(rect(), isDown() ? t.groove : t.hover);
    paintResetIcon(painter, QRectF(width() / 2.0 - 7, height() / 2.0 - 7, 14, 14),
        isEnabled() ? t.accent : t.groove);
    paintFocus(*this, painter);
}

ExpandButton::ExpandButton(QWidget* parent)
    : QAbstractButton(parent)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    resize(14, 16);
}

void ExpandButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (underMouse())
        painter.fillRect(rect(), activeTheme().hover);
    paintChevron(painter, QRectF(width() / 2.0 - 5, height() / 2.0 - 5, 10, 10), activeTheme().ink2,
        isChecked());
    paintFocus(*this, painter);
}

int ParameterRowWidget::stretchOf(int width)
{
    return std::max(0, width - kNarrow);
}

int ParameterRowWidget::heightFor(int width) const
{
    int height = kHeight;
    if (isExpanded())
        height += m_layers->wantedHeight();
    if (m_note && !m_note->isHidden())
        height += m_note->heightForWidth(width - 24) + 4;
    return height;
}

QSize ParameterRowWidget::sizeHint() const
{
    return {kNarrow, heightFor(std::max(width(), kNarrow))};
}

void ParameterRowWidget::place()
{
    const int extra = stretchOf(width());
    const int valueX = kValueX + extra;
    if (m_slider)
        m_slider->setGeometry(kNameX, 15, kValueX - kNameX - 8 + extra, 16);
    if (m_box)
        m_box->setGeometry(valueX, 5, kBoxWidth, 22);
    if (m_expander)
        m_expander->move(valueX - 8 - m_expander->width(), 1);
    if (limitBeforeValue())
        m_limit->setGeometry(valueX - 8 - kLimit, 0, kLimit, kLimit);
    else if (m_limit)
        m_limit->setGeometry(valueX + kBoxWidth + 6, 6, 20, 20);
    if (m_switch)
        m_switch->move(valueX - 2, 6);
    if (m_choice)
        m_choice->setGeometry(kChoiceX + extra, 5, 108, 22);
    if (m_reset)
        m_reset->move(valueX + 92, 6);
    int y = kHeight;
    if (isExpanded()) {
        m_layers->setGeometry(0, y, width(), m_layers->wantedHeight());
        y += m_layers->wantedHeight();
    }
    if (m_note && !m_note->isHidden())
        m_note->setGeometry(12, y, width() - 24, m_note->heightForWidth(width() - 24));
    setFixedHeight(heightFor(width()));
}

void ParameterRowWidget::resizeEvent(QResizeEvent*)
{
    place();
}

void ParameterRowWidget::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    if (m_changed) {
        painter.fillRect(rect(), t.accentSoft);
        painter.fillRect(QRect(0, 0, 3, height()), t.accent);
    }
    const bool locked = property("locked").toBool();
    const QString symbol = symbolHtml(m_row);
    QFont symbolFont = uiFont(13, QFont::Medium, true);
    if (richSize(symbol, symbolFont).width() > kNameX - 12 - 2)
        symbolFont = uiFont(11, QFont::Medium, true);
    const QSizeF size = richSize(symbol, symbolFont);
    drawRich(
        painter, {12, (kHeight - size.height()) / 2}, symbol, symbolFont, locked ? t.ink3 : t.ink);

    const QFont nameFont = uiFont(12, m_changed ? QFont::DemiBold : QFont::Normal);
    painter.setFont(nameFont);
    painter.setPen(locked ? t.ink3 : t.ink);
    const QString name =
        QString::fromUtf8(m_row.name.data(), static_cast<qsizetype>(m_row.name.size()));
    const bool twoLines = m_slider || !m_row.live || !m_other.text.isEmpty();
    const QRect line(kNameX, twoLines ? 2 : 0, width(), twoLines ? 15 : kHeight);
    painter.drawText(line, Qt::AlignVCenter, name);
    const int valueX = kValueX + stretchOf(width());
    painter.setPen(t.ink2);
    QString note = m_row.live ? QString() : QStringLiteral("at reset");
    if (!m_other.text.isEmpty()) { // what another lane has says more than when it applies
        note = m_other.text;
        painter.setPen(t.accent);
    }
    if (!note.isEmpty() && m_slider) {
        const int right = valueX - 8 - kNameX - (limitBeforeValue() ? kLimit + 2 : 0);
        const int room = right - painter.fontMetrics().horizontalAdvance(name) - 6;
        painter.setFont(uiFont(10));
        painter.drawText(QRect(kNameX, 2, right, 15), Qt::AlignVCenter | Qt::AlignRight,
            m_row.live ? painter.fontMetrics().elidedText(note, Qt::ElideRight, room) : note);
    } else if (!note.isEmpty()) {
        painter.setFont(uiFont(10));
        const QRect room(kNameX, 16, valueX - 8 - kNameX, 14);
        painter.drawText(room, Qt::AlignVCenter,
            painter.fontMetrics().elidedText(note, Qt::ElideRight, room.width()));
    }
    painter.setPen(t.ink2);
    painter.setFont(uiFont(11));
    if (m_switch)
        painter.drawText(QRect(valueX + 34, 0, 40, kHeight), Qt::AlignVCenter,
            m_switch->isChecked() ? QStringLiteral("on") : QStringLiteral("off"));
    else if (m_box)
        painter.drawText(
            QRect(valueX + kBoxWidth + 5, 0, 32, kHeight), Qt::AlignVCenter, unitText(m_row));
}

} // namespace apical
