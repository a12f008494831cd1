#include "sim/json/writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace apical {
namespace {

constexpr std::size_t kLineWidth = 100;

void appendNumber(std::string& out, double value)
{
    if (!std::isfinite(value)) {
        out += "null"; // JSON has no word for it
        return;
    }
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    out.append(buffer, end);
    if (value == 0 && std::signbit(value))
        out += ".0"; // "-0" would be read as an integer, without its sign
}

std::string keyText(const std::string& key)
{
    return Json(key).dump(-1, ' ', false, Json::error_handler_t::replace) + ": ";
}

/// Everything on one line. @return false once `out` is longer than `limit`
bool appendLine(std::string& out, const Json& json, std::size_t limit)
{
    if (out.size() > limit)
        return false;
    if (!json.is_structured()) {
        if (json.is_number_float())
            appendNumber(out, json.get<double>());
        else
            out += json.dump(-1, ' ', false, Json::error_handler_t::replace);
        return true;
    }
    const bool object = json.is_object();
    out += object ? '{' : '[';
    bool first = true;
    for (auto it = json.begin(); it != json.end(); ++it, first = false) {
        if (!first)
            out += ", ";
        if (object)
            out += keyText(it.key());
        if (!appendLine(out, *it, limit))
            return false;
    }
    out += object ? '}' : ']';
    return true;
}

bool isPlainList(const Json& json)
{
    return json.is_array() && std::none_of(json.begin(), json.end(), [](const Json& entry) {
        return entry.is_structured();
    });
}

void append(std::string& out, const Json& json, std::size_t indent, std::size_t column)
{
    std::string line;
    const std::size_t room = isPlainList(json) || !json.is_structured()
        ? std::string::npos
        : kLineWidth - std::min(column, kLineWidth);
    if (indent > 0 && appendLine(line, json, room) && line.size() <= room) {
        out += line;
        return;
    }
    const bool object = json.is_object();
    const std::string inner(indent + 2, ' ');
    out += object ? "{" : "[";
    const char* separator = "\n";
    for (auto it = json.begin(); it != json.end(); ++it, separator = ",\n") {
        const std::string key = object ? keyText(it.key()) : "";
        out += separator + inner + key;
        append(out, *it, indent + 2, inner.size() + key.size() + 1);
    }
    out += '\n' + std::string(indent, ' ') + (object ? '}' : ']');
}

} // namespace

std::string layOut(const Json& json)
{
    std::string out;
    append(out, json, 0, 0);
    return out + '\n';
}

} // namespace apical
