#include "widgets/doctor/doctor_view_text.h"

#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"

#include <QRegularExpression>
#include <QSizeF>
#include <QStringList>

#include <algorithm>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

bool fits(const QString& plain, const QFont& font, double width)
{
    return richSize(doctorRich(plain), font).width() <= width;
}

QString cut(QString plain, const QFont& font, double width)
{
    if (fits(plain, font, width))
        return plain;
    while (!plain.isEmpty() && !fits(plain + QChar(0x2026), font, width))
        plain.chop(1);
    return plain.trimmed() + QChar(0x2026);
}

} // namespace

QString doctorRich(const QString& plain)
{
    static const QRegularExpression power(u"([0-9])e(-?[0-9]+)"_s);
    static const QRegularExpression weight(u"\\bW_(ip|pi|up|down)\\b"_s);
    static const QRegularExpression potential(u"\\bv_([ABD])\\b"_s);
    static const QRegularExpression rate(u"\\beta (ip|pi|up|down)\\b"_s);
    static const QRegularExpression negative(u"(^|[ =])-([0-9W])"_s);
    QString html = plain.toHtmlEscaped();
    for (auto match = power.match(html); match.hasMatch(); match = power.match(html))
        html.replace(match.capturedStart(), match.capturedLength(),
            match.captured(1) + u"\u00b710"_s + superscript(match.captured(2).toInt()));
    html.replace(negative, u"\\1\u2212\\2"_s);
    html.replace(weight, u"<i>W</i><sub>\\1</sub>"_s);
    html.replace(potential, u"<i>v</i><sub>\\1</sub>"_s);
    html.replace(rate, u"\u03b7<sub>\\1</sub>"_s);
    html.replace(QRegularExpression(u"\\brho\\b"_s), u"\u03c1"_s);
    html.replace(QRegularExpression(u"\\bsigma\\b"_s), u"\u03c3"_s);
    return html;
}

QStringList doctorLines(const QString& plain, const QFont& font, double width, int lines)
{
    QStringList written = plain.split(u'\n', Qt::SkipEmptyParts);
    const auto oneFits = [&](const QString& line) { return fits(line, font, width); };
    if (written.size() <= lines && std::all_of(written.begin(), written.end(), oneFits))
        return written;
    QStringList out{QString()};
    static const QRegularExpression unit(u"([0-9]) (s|ms|min|h|%)(?![a-z])"_s);
    QString joined = QString(plain).replace(u'\n', u' ');
    joined.replace(unit, u"\\1\u00a0\\2"_s); // a number keeps its unit
    const QStringList words = joined.split(u' ', Qt::SkipEmptyParts);
    for (const QString& word : words) {
        const QString longer = out.last().isEmpty() ? word : out.last() + u' ' + word;
        if (out.last().isEmpty() || out.size() == lines || fits(longer, font, width))
            out.last() = longer;
        else
            out.append(word);
    }
    out.last() = cut(out.last(), font, width);
    return out;
}

} // namespace apical
