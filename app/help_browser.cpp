#include "app/help_browser.h"

#include "widgets/style.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextDocument>

namespace apical {
namespace {

QString slug(const QString& heading)
{
    static const QRegularExpression others(QStringLiteral("[^a-z0-9]+"));
    QString text = heading.toLower();
    text.replace(others, QStringLiteral("-"));
    while (text.endsWith(u'-'))
        text.chop(1);
    return text;
}

} // namespace

HelpBrowser::HelpBrowser(QWidget* parent)
    : QTextBrowser(parent)
{
    setOpenExternalLinks(true);
    setFrameShape(QFrame::NoFrame);
    document()->setDocumentMargin(12);
    setAccessibleName(QStringLiteral("text"));
}

void HelpBrowser::showMarkdown(const QString& text, const QString& whenEmpty)
{
    m_text = text.isEmpty() ? whenEmpty : text;
    m_isMarkdown = true;
    render();
    verticalScrollBar()->setValue(0);
}

void HelpBrowser::showHtml(const QString& html)
{
    m_text = html;
    m_isMarkdown = false;
    render();
    verticalScrollBar()->setValue(0);
}

void HelpBrowser::render()
{
    m_rendering = true;
    const int at = verticalScrollBar()->value();
    const Theme& t = activeTheme();
    document()->setDefaultFont(uiFont(12));
    // Link colours are taken when the text is read, so they must come from the theme of this
    // moment.
    QPalette colors = palette();
    colors.setColor(QPalette::Text, t.ink);
    colors.setColor(QPalette::Link, t.accent);
    setPalette(colors);
    document()->setDefaultStyleSheet(
        QStringLiteral("a { color: %1; } h2, h3 { color: %2; } code { color: %2; }")
            .arg(t.accent.name(), t.ink.name()));
    if (m_isMarkdown)
        setMarkdown(m_text);
    else
        setHtml(m_text);
    verticalScrollBar()->setValue(at);
    m_rendering = false;
}

bool HelpBrowser::scrollTo(const QString& anchor)
{
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
        bool found = block.blockFormat().headingLevel() > 0 && slug(block.text()) == slug(anchor);
        for (auto it = block.begin(); !found && !it.atEnd(); ++it)
            found = it.fragment().charFormat().anchorNames().contains(anchor);
        if (!found)
            continue;
        QTextCursor cursor(block);
        setTextCursor(cursor);
        verticalScrollBar()->setValue(verticalScrollBar()->value() + cursorRect(cursor).top() - 8);
        return true;
    }
    return false;
}

void HelpBrowser::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::StyleChange && !m_rendering && !m_text.isEmpty())
        render();
}

} // namespace apical
