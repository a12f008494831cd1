#include "widgets/look/rich_text.h"

#include <QCache>
#include <QPainter>
#include <QStaticText>
#include <QTextOption>

namespace apical {
namespace {

const QStaticText& laidOut(const QString& html, const QFont& font)
{
    static QCache<QString, QStaticText> cache(600);
    const QString key = font.toString() + QChar(u'\n') + html;
    if (QStaticText* found = cache.object(key))
        return *found;
    auto* text = new QStaticText(html);
    text->setTextFormat(html.contains(u'<') || html.contains(u'&') ? Qt::RichText : Qt::PlainText);
    QTextOption option; // rich text would be folded to a pleasant shape: lines are ours to break
    option.setWrapMode(QTextOption::NoWrap);
    text->setTextOption(option);
    text->setPerformanceHint(QStaticText::AggressiveCaching);
    text->prepare(QTransform(), font);
    cache.insert(key, text);
    return *text;
}

} // namespace

void drawRich(QPainter& painter, const QPointF& at, const QString& html, const QFont& font,
    const QColor& color)
{
    painter.save();
    painter.setFont(font);
    painter.setPen(color);
    painter.drawStaticText(at, laidOut(html, font));
    painter.restore();
}

QSizeF richSize(const QString& html, const QFont& font)
{
    return laidOut(html, font).size();
}

} // namespace apical
