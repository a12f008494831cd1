#include "widgets/view/parameter_text.h"

#include "sim/experiment/none_word.h"

#include <QHash>
#include <QTextDocumentFragment>

#include <algorithm>
#include <cmath>
#include <variant>
#include <vector>

namespace apical {
namespace {

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

const QString& searchText(const ParameterRow& row)
{
    static QHash<const ParameterRow*, QString> cache;
    QString& text = cache[&row];
    if (text.isEmpty())
        text = QStringList{keyText(row), fromView(row.name), symbolPlain(row), fromView(row.group),
            fromView(row.help)}
                   .join(u'\n')
                   .toCaseFolded();
    return text;
}

} // namespace

QString keyText(const ParameterRow& row)
{
    return fromView(row.key);
}

QString unitText(const ParameterRow& row)
{
    if (row.unit == "1/ms")
        return QStringLiteral("ms\u207b\u00b9");
    return row.unit == "1" ? QString() : fromView(row.unit);
}

QString symbolHtml(const ParameterRow& row)
{
    QString html = fromView(row.symbol);
    html.replace(QLatin1String("<sub>"), QLatin1String("<sub style=\"font-style:normal\">"));
    return html;
}

QString symbolPlain(const ParameterRow& row)
{
    return QTextDocumentFragment::fromHtml(fromView(row.symbol)).toPlainText();
}

QString noneText(const ParameterRow& row)
{
    return fromView(noneWord(row));
}

QString valueText(const ParameterRow& row, const ParameterValue& value)
{
    QString text = QString::fromStdString(parameterText(row, value));
    if (row.kind == ParameterKind::Flag)
        text = std::get<bool>(value) ? QStringLiteral("on") : QStringLiteral("off");
    const QString unit = unitText(row);
    return unit.isEmpty() || text == noneText(row) ? text : text + u' ' + unit;
}

QString nameText(const ParameterRow& row)
{
    return fromView(row.name);
}

QString shortText(const ParameterRow& row, const ParameterValue& value)
{
    const auto rounded = [](double number) {
        return std::isfinite(number) ? QString::number(number, 'g', 4).toDouble() : number;
    };
    if (const auto* number = std::get_if<double>(&value))
        return valueText(row, rounded(*number));
    if (const auto* list = std::get_if<std::vector<double>>(&value)) {
        std::vector<double> few;
        for (const double number : *list)
            few.push_back(rounded(number));
        return valueText(row, few);
    }
    return valueText(row, value);
}

QString toolTipHtml(const ParameterRow& row, const ParameterValue& baseline)
{
    QString html =
        QStringLiteral(
            "<p style=\"white-space:pre-wrap\"><b>%1</b> &nbsp; <i>%2</i><br>%3</p><table>")
            .arg(fromView(row.name), symbolHtml(row), fromView(row.help).toHtmlEscaped());
    const auto line = [&html](const QString& label, const QString& text) {
        html += QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>")
                    .arg(label, text.toHtmlEscaped());
    };
    QString allowed = QString::fromStdString(allowedText(row));
    if (row.kind == ParameterKind::Flag)
        allowed = QStringLiteral("on, off");
    line(QStringLiteral("Allowed"), allowed);
    line(QStringLiteral("Default"), valueText(row, row.defaultValue));
    if (!sameValue(baseline, row.defaultValue))
        line(QStringLiteral("Preset"), valueText(row, baseline));
    line(QStringLiteral("Applies"),
        row.live ? QStringLiteral("at the next step") : QStringLiteral("at the next reset"));
    line(QStringLiteral("Key"), keyText(row));
    line(QStringLiteral("Source"), fromView(row.source));
    return html + QStringLiteral("</table>");
}

QString accessibleText(const ParameterRow& row)
{
    QString text = keyText(row) + QStringLiteral(", ") + fromView(row.name);
    if (row.unit != "1")
        text += QStringLiteral(", ") + fromView(row.unit);
    return row.live ? text : text + QStringLiteral(", at reset");
}

QString layerLabel(int targetLayer, int targetLayers)
{
    return targetLayer + 1 == targetLayers ? QStringLiteral("output")
                                           : QStringLiteral("hidden %1").arg(targetLayer + 1);
}

bool matches(const ParameterRow& row, const QString& query)
{
    const QString& text = searchText(row);
    const auto words = QStringView(query).split(u' ', Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(),
        [&text](QStringView word) { return text.contains(word.toString().toCaseFolded()); });
}

bool sameValue(const ParameterValue& a, const ParameterValue& b)
{
    using List = std::vector<double>;
    const auto* x = std::get_if<List>(&a);
    const auto* y = std::get_if<List>(&b);
    if (!x || !y)
        return a == b;
    if (x->empty() || y->empty())
        return x->empty() == y->empty();
    if (x->size() > 1 && y->size() > 1)
        return *x == *y;
    for (std::size_t i = 0; i < std::max(x->size(), y->size()); ++i) {
        if (layerValue(*x, static_cast<int>(i)) != layerValue(*y, static_cast<int>(i)))
            return false;
    }
    return true;
}

} // namespace apical
