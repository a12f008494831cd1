#include "widgets/panel/parameter_panel_locks.h"

#include "widgets/look/rich_text.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"
#include "widgets/panel/parameter_icons.h"
#include "widgets/view/parameter_text.h"

#include <QPainter>
#include <QSignalBlocker>

namespace apical {

PathwayLock::PathwayLock(const ParameterRow& row, QWidget* parent)
    : QAbstractButton(parent)
    , m_row(row)
    , m_pathway(QString::fromUtf8(row.name.data(), static_cast<qsizetype>(row.name.size())))
    , m_baseline(std::get<bool>(row.defaultValue))
{
    m_pathway.remove(QLatin1String("lock "));
    setObjectName(keyText(row));
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    connect(this, &QAbstractButton::toggled, this, [this](bool fixed) {
        m_waiting = 10;
        m_note.clear();
        describe();
        Q_EMIT edited(keyText(m_row), fixed, false);
        Q_EMIT changedFlagChanged();
    });
    describe();
}

void PathwayLock::describe()
{
    const QString state = isChecked() ? QStringLiteral("fixed") : QStringLiteral("plastic");
    setAccessibleName(accessibleText(m_row) + QStringLiteral(", ") + state);
    QString note = m_note.isEmpty()
        ? QString()
        : QStringLiteral("<p>") + m_note.toHtmlEscaped() + QStringLiteral("</p>");
    if (!m_other.isEmpty())
        note += QStringLiteral("<p>Lane %1: %2</p>")
                    .arg(m_other.left(1),
                        m_other.endsWith(QLatin1String("off")) ? QStringLiteral("plastic")
                                                               : QStringLiteral("fixed"));
    setToolTip(QStringLiteral("<b>%1 pathway: %2</b>").arg(m_pathway, state) + note
        + toolTipHtml(m_row, m_baseline));
    update();
}

void PathwayLock::setBaseline(bool fixed)
{
    m_baseline = fixed;
    describe();
    Q_EMIT changedFlagChanged();
}

void PathwayLock::setFixed(bool fixed)
{
    if (fixed == isChecked())
        return;
    {
        const QSignalBlocker quiet(this);
        setChecked(fixed);
    }
    describe();
    Q_EMIT changedFlagChanged();
}

bool PathwayLock::refresh(bool fixed)
{
    if (fixed == isChecked()) {
        m_waiting = 0;
        return true;
    }
    if (m_waiting > 0 && --m_waiting > 0)
        return false;
    setFixed(fixed);
    return true;
}

void PathwayLock::setNote(const QString& note)
{
    m_note = note;
    describe();
}

void PathwayLock::setOtherLane(const QString& text, bool changed)
{
    if (text == m_other && changed == m_otherChanged)
        return;
    m_other = text;
    m_otherChanged = changed;
    describe();
    Q_EMIT changedFlagChanged();
}

void PathwayLock::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool fixed = isChecked();
    const QColor color = !isEnabled() ? t.groove : fixed ? t.ink3 : t.accent;
    const QRectF frame = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.setPen(
        hasFocus() ? QPen(t.accent, 2) : QPen(isChanged() || !fixed ? t.accent : t.fieldLine, 1));
    painter.setBrush(isDown()             ? t.groove
            : underMouse() && isEnabled() ? t.hover
            : fixed                       ? t.field
                                          : t.accentSoft);
    painter.drawRoundedRect(frame, 4, 4);
    const QString symbol = symbolHtml(m_row);
    const QFont font = uiFont(12, isChanged() ? QFont::Bold : QFont::Medium, true);
    const double wide = 12 + 2 + richSize(symbol, font).width();
    const double x = (width() - wide) / 2;
    paintLockIcon(painter, QRectF(x, 5, 12, 12), color, !fixed);
    drawRich(painter, {x + 14, 2}, symbol, font, !isEnabled() || fixed ? t.ink3 : t.ink);
    painter.setFont(uiFont(10, isChanged() ? QFont::Bold : QFont::Normal));
    painter.setPen(fixed || !isEnabled() ? t.ink3 : t.accent);
    painter.drawText(QRect(0, 20, width(), 14), Qt::AlignCenter, m_pathway);
    if (!m_other.isEmpty()) { // the other lane's lock, small, in the corner
        painter.setFont(uiFont(10, QFont::Bold));
        painter.setPen(t.accent);
        painter.drawText(
            QRect(4, 2, width() - 8, 14), Qt::AlignLeft | Qt::AlignTop, m_other.left(1));
        paintLockIcon(painter, QRectF(width() - 14, 3, 10, 10), t.accent,
            m_other.endsWith(QLatin1String("off")));
    }
}

LockBoard::LockBoard(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("parameters.locks"));
    setFixedHeight(sizeHint().height());
}

void LockBoard::add(PathwayLock* lock)
{
    lock->setParent(this);
    m_locks.push_back(lock);
}

void LockBoard::resizeEvent(QResizeEvent*)
{
    const int count = static_cast<int>(m_locks.size());
    const int room = width() - 16 + 4;
    for (int i = 0; i < count; ++i) {
        const int left = 8 + room * i / count;
        const int right = 8 + room * (i + 1) / count - 4;
        m_locks[static_cast<std::size_t>(i)]->setGeometry(left, 24, right - left, 38);
    }
}

void LockBoard::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    painter.setFont(uiFont(11));
    painter.setPen(t.ink2);
    painter.drawText(QRect(12, 4, width() - 20, 18), Qt::AlignVCenter,
        QStringLiteral("Pathways: open = plastic, closed = fixed"));
}

} // namespace apical
