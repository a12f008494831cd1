#include "app/help/browser.h"

#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QEvent>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextList>

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

/// Qt's Markdown has no space between paragraphs and headings meant for paper.
void spaceOut(QTextDocument& document)
{
    QTextCursor cursor(&document);
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        cursor.setPosition(block.position());
        QTextBlockFormat format = block.blockFormat();
        const int level = format.headingLevel();
        format.setTopMargin(level > 1 ? 10 : 0);
        format.setBottomMargin(level > 0 ? 4 : block.textList() ? 3 : 8);
        cursor.setBlockFormat(format);
        if (level == 0)
            continue;
        cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        QTextCharFormat font;
        font.setFont(uiFont(level == 1 ? 18 : level == 2 ? 14 : 13, QFont::DemiBold));
        cursor.mergeCharFormat(font);
    }
}

/// "W_pi" and "g_B" with real subscripts, except in code.
void lowerSubscripts(QTextDocument& document)
{
    static const QRegularExpression symbol(
        QStringLiteral("(?<!\\w)[A-Za-z\u03c4\u03b7\u03c1]_[A-Za-z']+"));
    QTextCursor found(&document);
    while (!(found = document.find(symbol, found)).isNull()) {
        if (found.charFormat().fontFixedPitch())
            continue;
        const int begin = found.selectionStart();
        const int end = found.selectionEnd();
        QTextCursor edit(&document);
        edit.setPosition(begin + 2);
        edit.setPosition(end, QTextCursor::KeepAnchor);
        QTextCharFormat lowered;
        lowered.setVerticalAlignment(QTextCharFormat::AlignSubScript);
        edit.mergeCharFormat(lowered);
        edit.setPosition(begin + 1);
        edit.deleteChar(); // the underscore
        found.setPosition(end - 1);
    }
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
    if (m_isMarkdown) {
        setMarkdown(m_text);
        spaceOut(*document());
        lowerSubscripts(*document());
    } else
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
