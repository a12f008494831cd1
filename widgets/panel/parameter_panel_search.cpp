#include "widgets/panel/parameter_panel_search.h"

#include "widgets/look/style.h"
#include "widgets/look/theme.h"
#include "widgets/panel/value_editor_switch.h"

#include <QKeyEvent>
#include <QPainter>

namespace apical {

ParameterSearch::ParameterSearch(QWidget* parent)
    : QLineEdit(parent)
    , m_link(new LinkButton(QString(), this))
{
    setObjectName(QStringLiteral("parameters.search"));
    setAccessibleName(QStringLiteral("search parameters"));
    m_link->setObjectName(QStringLiteral("parameters.changed"));
    m_link->setToolTip(QStringLiteral("Show only what differs from the preset"));
    connect(m_link, &QAbstractButton::clicked, this, [this] { setChangedOnly(!m_changedOnly); });
    connect(this, &QLineEdit::textChanged, this, &ParameterSearch::filterChanged);
    place();
}

void ParameterSearch::setParameterCount(int count)
{
    setPlaceholderText(QStringLiteral("Search %1 parameters").arg(count));
}

void ParameterSearch::setChangedCount(int count)
{
    m_changed = count;
    place();
}

void ParameterSearch::setChangedOnly(bool on)
{
    if (on == m_changedOnly)
        return;
    m_changedOnly = on;
    place();
    Q_EMIT filterChanged();
}

void ParameterSearch::place()
{
    m_link->setText(
        m_changedOnly ? QStringLiteral("show all") : QStringLiteral("%1 changed").arg(m_changed));
    m_link->setVisible(m_changedOnly || m_changed > 0);
    m_link->resize(m_link->sizeHint());
    m_link->move(width() - m_link->width() - 2, (height() - m_link->height()) / 2);
    setTextMargins(15, 0, m_link->isHidden() ? 0 : m_link->width() - 6, 0);
}

bool ParameterSearch::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape
        && (!text().isEmpty() || m_changedOnly)) {
        event->accept();
        return true;
    }
    return QLineEdit::event(event);
}

void ParameterSearch::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && (!text().isEmpty() || m_changedOnly)) {
        clear();
        setChangedOnly(false);
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void ParameterSearch::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(activeTheme().ink2, 1.4, Qt::SolidLine, Qt::RoundCap));
    const QPointF centre(14, height() / 2.0 - 1);
    painter.drawEllipse(centre, 4.2, 4.2);
    painter.drawLine(centre + QPointF(3.2, 3.2), centre + QPointF(6.4, 6.4));
}

void ParameterSearch::resizeEvent(QResizeEvent* event)
{
    QLineEdit::resizeEvent(event);
    place();
}

} // namespace apical
