#include "widgets/look/rich_text.h"

#include <QCache>
#include <QHash>
#include <QPainter>
#include <QStaticText>
#include <QTextOption>

namespace apical {
namespace {

struct Key {
    QString html;
    QFont font; // by value and not by name: naming a font costs as much as drawing a word
    bool operator==(const Key&) const = default;
};

std::size_t qHash(const Key& key, std::size_t seed)
{
    return qHashMulti(seed, key.html, key.font);
}

const QStaticText& laidOut(const QString& html, const QFont& font)
{
    static QCache<Key, QStaticText> cache(600);
    const Key key{html, font};
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
