#include "app/window/message_bar.h"

#include "widgets/look/icon.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include <utility>

namespace apical {

MessageBar::MessageBar(QWidget* parent)
    : QWidget(parent)
    , m_label(new QLabel)
    , m_button(new QPushButton)
    , m_close(new QToolButton)
{
    setFixedHeight(32);
    setAccessibleName(tr("Message"));
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_label->setTextFormat(Qt::PlainText);
    m_button->setFixedHeight(24);
    m_button->setMinimumHeight(24);
    m_close->setFixedSize(24, 24);
    m_close->setStyleSheet(QStringLiteral("QToolButton { padding: 0; }")); // room for its icon
    m_close->setAccessibleName(tr("Close message"));
    m_close->setToolTip(tr("Close (Esc)"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(40, 0, 8, 1);
    row->addWidget(m_label, 1);
    row->addWidget(m_button);
    row->addWidget(m_close);
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);
    connect(m_button, &QPushButton::clicked, this, [this] {
        const auto command = std::exchange(m_command, {});
        dismiss();
        if (command)
            command();
    });
    tint();
    hide();
}

void MessageBar::show(
    Kind kind, const QString& text, const QString& button, std::function<void()> command)
{
    m_kind = kind;
    m_text = text;
    m_command = std::move(command);
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    m_label->setToolTip(text);
    m_label->setAccessibleName(text);
    tint();
    setVisible(true);
    elide();
    update();
}

void MessageBar::dismiss()
{
    m_text.clear();
    m_command = {};
    hide();
}

void MessageBar::dismissWarning()
{
    if (m_kind == Kind::Warning)
        dismiss();
}

void MessageBar::elide()
{
    const QString line = QString(m_text).replace(u'\n', u' ');
    m_label->setText(m_label->fontMetrics().elidedText(line, Qt::ElideMiddle, m_label->width()));
}

void MessageBar::tint()
{
    m_close->setIcon(lineIcon(QStringLiteral("close"), activeTheme().ink2));
}

void MessageBar::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    const QColor edge = m_kind == Kind::Error ? t.bad
        : m_kind == Kind::Warning             ? t.amber
                                              : t.accent;
    QPainter painter(this);
    painter.fillRect(rect(), t.panel);
    painter.fillRect(QRect(0, height() - 1, width(), 1), t.line);
    painter.fillRect(QRect(0, 0, 4, height() - 1), edge);
    lineIcon(m_kind == Kind::Offer ? QStringLiteral("restore") : QStringLiteral("error"), edge)
        .paint(&painter, QRect(14, 8, 16, 16));
}

void MessageBar::resizeEvent(QResizeEvent* e)
{
    QWidget::resizeEvent(e);
    elide();
}

void MessageBar::changeEvent(QEvent* e)
{
    QWidget::changeEvent(e);
    if (e->type() == QEvent::StyleChange)
        tint();
}

} // namespace apical
