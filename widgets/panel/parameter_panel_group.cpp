#include "widgets/panel/parameter_panel_group.h"

#include "widgets/look/style.h"
#include "widgets/look/theme.h"
#include "widgets/panel/parameter_icons.h"
#include "widgets/panel/parameter_row.h"
#include "widgets/view/parameter_text.h"

#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace apical {

GroupHead::GroupHead(const QString& title, QWidget* parent)
    : QAbstractButton(parent)
{
    setText(title);
    setCheckable(true); // checked = open
    setChecked(true);
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(24);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(title + QStringLiteral(", group"));
}

void GroupHead::setDetail(const QString& detail)
{
    if (detail == m_detail)
        return;
    m_detail = detail;
    setAccessibleDescription(detail);
    update();
}

void GroupHead::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    if (underMouse())
        painter.fillRect(rect(), t.hover);
    painter.setPen(t.line2);
    painter.drawLine(0, 0, width(), 0);
    paintChevron(painter, QRectF(9, 8, 10, 10), t.ink2, isChecked());
    painter.setFont(uiFont(12, QFont::DemiBold));
    painter.setPen(t.ink2);
    painter.drawText(QRect(26, 1, width() - 34, 23), Qt::AlignVCenter, text());
    painter.setFont(uiFont(11));
    painter.setPen(underMouse() ? t.ink2 : t.ink3);
    painter.drawText(
        QRect(26, 1, width() - 26 - 8, 23), Qt::AlignVCenter | Qt::AlignRight, m_detail);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(t.accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(2, 2, -2, -1), 3, 3);
    }
}

ParameterGroup::ParameterGroup(const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_title(title)
    , m_head(new GroupHead(title, this))
    , m_body(new QWidget(this))
    , m_bodyLayout(new QVBoxLayout(m_body))
{
    setObjectName(QStringLiteral("group.") + title);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_head);
    layout->addWidget(m_body);
    m_bodyLayout->setContentsMargins(0, 0, 0, 2);
    m_bodyLayout->setSpacing(0);
    connect(m_head, &QAbstractButton::toggled, this, [this](bool open) { setCollapsed(!open); });
}

void ParameterGroup::addRow(ParameterRowWidget* row)
{
    m_rows.push_back(row);
    m_bodyLayout->addWidget(row);
}

void ParameterGroup::addPart(QWidget* part)
{
    m_part = part;
    m_bodyLayout->insertWidget(0, part);
}

void ParameterGroup::setCollapsed(bool collapsed)
{
    if (collapsed == m_collapsed)
        return;
    m_collapsed = collapsed;
    m_head->setChecked(!collapsed);
    arrange();
    Q_EMIT collapsedChanged();
}

void ParameterGroup::filter(bool on, const std::vector<ParameterRowWidget*>& matching, bool part)
{
    if (on == m_filtered && matching == m_matching && part == m_partMatches)
        return;
    m_filtered = on;
    m_matching = matching;
    m_partMatches = part;
    arrange();
}

void ParameterGroup::arrange()
{
    for (ParameterRowWidget* row : m_rows)
        row->setVisible(!m_filtered
            || std::find(m_matching.begin(), m_matching.end(), row) != m_matching.end());
    if (m_part)
        m_part->setVisible(!m_filtered || m_partMatches);
    const bool something = !m_filtered || !m_matching.empty() || m_partMatches;
    m_body->setVisible(m_filtered ? something : !m_collapsed);
    setVisible(something);
}

} // namespace apical
