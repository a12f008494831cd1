// Numbers in rows of text.
#include "sim/base/error.h"
#include "sim/files/array_file.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>
#include <system_error>
#include <vector>

namespace apical {
namespace {

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return text.substr(0, 0);
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool readNumber(std::string_view field, double& value)
{
    if (field.starts_with('+'))
        field.remove_prefix(1);
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    return error == std::errc() && end == field.data() + field.size();
}

std::vector<std::string_view> fieldsOf(std::string_view line, char separator)
{
    std::vector<std::string_view> fields;
    for (;;) {
        const auto end = line.find(separator);
        fields.push_back(trimmed(line.substr(0, end)));
        if (end == std::string_view::npos)
            return fields;
        line.remove_prefix(end + 1);
    }
}

} // namespace

/// Separated by commas, semicolons or tabs (whichever the first line has). Empty lines and lines
/// that begin with # are skipped, and a first line without any number: names of columns.
Matrix readCsv(std::string_view text, const std::string& fileName)
{
    constexpr std::size_t longestWord = 40;
    Matrix matrix;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    char separator = '\0';
    bool named = false;
    for (int line = 1; !text.empty(); ++line) {
        const auto end = text.find('\n');
        const std::string_view whole = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (trimmed(whole).empty() || trimmed(whole).starts_with('#'))
            continue;
        if (separator == '\0') {
            const auto at = whole.find_first_of(",;\t");
            separator = at == std::string_view::npos ? ',' : whole[at];
        }
        const auto fields = fieldsOf(whole, separator);
        double value = 0;
        if (matrix.rows == 0 && !named
            && std::none_of(fields.begin(), fields.end(), [&](std::string_view field) {
                   return field.empty() || readNumber(field, value);
               })) {
            named = true;
            continue;
        }
        if (matrix.rows > 0 && fields.size() != static_cast<std::size_t>(matrix.cols))
            throw InputError({.problem = "the line has " + std::to_string(fields.size())
                    + " numbers; the first one has " + std::to_string(matrix.cols),
                .file = fileName,
                .line = line,
                .column = 1});
        for (const std::string_view field : fields) {
            if (!readNumber(field, value)) {
                throw InputError({.problem = field.empty()
                        ? std::string("a number is missing")
                        : '"' + std::string(field.substr(0, longestWord)) + "\" is not a number",
                    .allowed = "numbers such as 0.5 or -1e-3",
                    .file = fileName,
                    .line = line,
                    .column = static_cast<int>(std::min<std::ptrdiff_t>(
                        field.data() - whole.data() + 1, std::numeric_limits<int>::max()))});
            }
            matrix.values.push_back(value);
        }
        matrix.cols = static_cast<int>(fields.size());
        ++matrix.rows;
    }
    if (matrix.rows == 0)
        throw InputError({.problem = "there is no number in this file", .file = fileName});
    return matrix;
}

} // namespace apical
