#include "app/window/dock_title.h"

#include "widgets/look/icon.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QContextMenuEvent>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QRegularExpression>
#include <QTabBar>
#include <QToolButton>

#include <algorithm>

namespace apical {
namespace {

constexpr double kTelling = 0.6; // of a subtitle: less of it is left out

/// What there is room for: all of it, its first sentences, else its beginning if that tells enough.
QString fitting(const QString& text, const QFontMetrics& font, int room)
{
    static const QRegularExpression sentence(QStringLiteral("[.?!] "));
    if (font.horizontalAdvance(text) <= room)
        return text;
    for (qsizetype end = text.lastIndexOf(sentence); end > 0;
         end = text.lastIndexOf(sentence, end - 1)) {
        QString first = text.first(end + 1);
        if (font.horizontalAdvance(first) <= room)
            return first;
    }
    return room > std::max(30.0, kTelling * font.horizontalAdvance(text))
        ? font.elidedText(text, Qt::ElideRight, room)
        : QString();
}

} // namespace

DockButtons::DockButtons(const std::function<QDockWidget*()>& dock, QWidget* parent)
    : QWidget(parent)
    , m_float(new QToolButton(this))
    , m_close(new QToolButton(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 4, 0);
    row->setSpacing(0);
    for (QToolButton* b : {m_float, m_close}) {
        b->setFixedSize(20, 20);
        b->setIconSize({12, 12});
        b->setFocusPolicy(Qt::TabFocus);
        b->setStyleSheet(QStringLiteral("QToolButton { padding: 0; }"));
        row->addWidget(b);
    }
    m_float->setToolTip(tr("Float, or put back"));
    m_close->setToolTip(tr("Close; the View menu brings it back"));
    m_float->setAccessibleName(tr("Float"));
    m_close->setAccessibleName(tr("Close"));
    connect(m_float, &QToolButton::clicked, this, [dock] {
        if (QDockWidget* d = dock())
            d->setFloating(!d->isFloating());
    });
    connect(m_close, &QToolButton::clicked, this, [dock] {
        if (QDockWidget* d = dock())
            d->close();
    });
    tint();
}

void DockButtons::tint()
{
    m_float->setIcon(lineIcon(QStringLiteral("float"), activeTheme().ink2, 12));
    m_close->setIcon(lineIcon(QStringLiteral("close"), activeTheme().ink2, 12));
}

void DockButtons::changeEvent(QEvent* e)
{
    QWidget::changeEvent(e);
    if (e->type() == QEvent::StyleChange)
        tint();
}

DockTitle::DockTitle(QDockWidget* dock)
    : QWidget(dock)
    , m_dock(dock)
    , m_buttons(new DockButtons([dock] { return dock; }, this))
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    connect(dock, &QWidget::windowTitleChanged, this, QOverload<>::of(&QWidget::update));
}

void DockTitle::setSubtitle(const QString& text)
{
    if (text == m_subtitle)
        return;
    m_subtitle = text;
    setToolTip(text); // all of it, where it has no room
    update();
}

void DockTitle::setTabbed(bool tabbed)
{
    if (tabbed == m_tabbed)
        return;
    m_tabbed = tabbed;
    m_buttons->setVisible(!tabbed);
    updateGeometry();
    // The dock is not resized by this, so its own layout has to be run.
    if (QLayout* layout = m_dock->layout())
        layout->activate();
}

void DockTitle::paintEvent(QPaintEvent*)
{
    if (m_tabbed)
        return;
    const Theme& t = activeTheme();
    QPainter painter(this);
    painter.fillRect(rect(), t.title);
    painter.setPen(t.line);
    painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setFont(uiFont(12, QFont::DemiBold));
    painter.setPen(t.ink);
    const QString title = m_dock->windowTitle();
    painter.drawText(QRect(9, 0, width() - 60, height()), Qt::AlignVCenter, title);
    const int x = 9 + painter.fontMetrics().horizontalAdvance(title) + 8;
    painter.setFont(uiFont(12));
    painter.setPen(t.ink2);
    const int room = width() - x - 54;
    painter.drawText(QRect(x, 0, room, height()), Qt::AlignVCenter,
        fitting(m_subtitle, painter.fontMetrics(), room));
}

void DockTitle::resizeEvent(QResizeEvent*)
{
    m_buttons->setGeometry(width() - 49, 1, 48, 22);
}

void DockTitle::contextMenuEvent(QContextMenuEvent* e)
{
    Q_EMIT menuRequested(e->globalPos());
}

TabButtons::TabButtons(QTabBar* bar, const std::function<QDockWidget*(const QString&)>& find)
    : QObject(bar)
    , m_bar(bar)
    , m_buttons(
          new DockButtons([bar, find] { return find(bar->tabText(bar->currentIndex())); }, bar))
    , m_words(new QLabel(bar))
{
    m_words->setForegroundRole(QPalette::PlaceholderText);
    m_words->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_words->setTextFormat(Qt::PlainText);
    bar->setExpanding(false);
    bar->setElideMode(Qt::ElideNone);
    bar->setUsesScrollButtons(true);
    bar->setFocusPolicy(Qt::TabFocus);
    bar->installEventFilter(this);
    m_buttons->show();
    place();
}

void TabButtons::place()
{
    m_buttons->setGeometry(m_bar->width() - 49, 1, 48, 22);
    m_buttons->raise();
    const int left = m_bar->count() > 0 ? m_bar->tabRect(m_bar->count() - 1).right() + 12 : 0;
    const int room = m_bar->width() - 54 - left;
    const QString shown = fitting(m_subtitle, m_words->fontMetrics(), room);
    m_words->setVisible(!shown.isEmpty());
    m_words->setGeometry(left, 0, std::max(0, room), m_bar->height());
    m_words->setText(shown);
    m_bar->setToolTip(shown != m_subtitle ? m_subtitle : QString()); // all of it
}

void TabButtons::setSubtitle(const QString& text)
{
    if (text == m_subtitle)
        return;
    m_subtitle = text;
    place();
}

QString TabButtons::frontTitle() const
{
    return m_bar->tabText(m_bar->currentIndex());
}

bool TabButtons::eventFilter(QObject* object, QEvent* e)
{
    if (e->type() == QEvent::Resize || e->type() == QEvent::Show
        || e->type() == QEvent::LayoutRequest)
        place();
    return QObject::eventFilter(object, e);
}

} // namespace apical
