// What a person types into a number box, as the engine reads it.
#include "sim/base/error.h"
#include "widgets/panel/parameter_row.h"
#include "widgets/view/parameter_text.h"

#include <QRegularExpression>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace apical {
namespace {

/// The text as the engine writes numbers: without the row's own unit, a comma that can only be
/// meant as decimal as a point. @throws InputError for a comma that may be meant either way
std::string plainNumber(const ParameterRow& row, QString text)
{
    const auto unit = QString::fromUtf8(row.unit.data(), static_cast<qsizetype>(row.unit.size()));
    if (unit != QLatin1String("1") && text.endsWith(unit))
        text = text.chopped(unit.size()).trimmed();
    static const QRegularExpression decimal(
        QStringLiteral("^([+-]?)(\\d*),(\\d+)([eE][+-]?\\d+)?$"));
    const QRegularExpressionMatch match = decimal.match(text);
    const QString whole = match.captured(2);
    const bool thousands = match.captured(3).size() == 3 && !whole.isEmpty() && whole.size() <= 3
        && !whole.startsWith(u'0');
    if (match.hasMatch() && !thousands)
        return text.replace(u',', u'.').toStdString();
    static const QRegularExpression grouped(QStringLiteral("^[+-]?[\\d.]+(,\\d+)+([.eE].*)?$"));
    if (grouped.match(text).hasMatch())
        throw InputError({.problem = "\"" + text.toStdString()
                + "\" can be read in two ways: write it without separators, with a point before "
                  "the decimals"});
    return text.toStdString();
}

} // namespace

std::optional<double> readNumber(const ParameterRow& row, const QString& text, QString& problem)
{
    try {
        const ParameterValue value = parseParameter(row, plainNumber(row, text));
        const auto* list = std::get_if<std::vector<double>>(&value);
        if (list && list->size() != 1)
            throw InputError({.problem = "one number is needed here", .allowed = allowedText(row)});
        static_cast<void>(checkedValue(row, value, 1));
        return list ? list->front() : std::get<double>(value);
    } catch (const InputError& error) {
        const QString found = QString::fromStdString(error.fields().problem);
        problem =
            QStringLiteral("%1. Allowed: %2").arg(found, QString::fromStdString(allowedText(row)));
        return std::nullopt;
    }
}

} // namespace apical
