#include "sim/json/place.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace apical {
namespace {

/// Walks over a JSON text that a parser has accepted; behind its end every character is '\0'.
class Walker {
public:
    explicit Walker(std::string_view text)
        : m_text(text)
    {
        skipSpace();
    }

    std::size_t offset() const { return m_offset; }
    char here() const { return m_offset < m_text.size() ? m_text[m_offset] : '\0'; }

    void next()
    {
        ++m_offset;
        skipSpace();
    }

    std::string_view takeString()
    {
        const auto from = m_offset++;
        while (here() != '"' && here() != '\0')
            m_offset += here() == '\\' ? std::size_t{2} : std::size_t{1};
        m_offset = std::min(m_offset + 1, m_text.size());
        const auto token = m_text.substr(from, m_offset - from);
        skipSpace();
        return token;
    }

    void skipValue()
    {
        int depth = 0;
        do {
            switch (here()) {
            case '"':
                takeString();
                break;
            case '{':
            case '[':
                ++depth;
                next();
                break;
            case '}':
            case ']':
                --depth;
                next();
                break;
            case ',':
            case ':':
                next();
                break;
            default:
                skipWord();
            }
        } while (depth > 0 && here() != '\0');
    }

private:
    static bool isIn(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }
    void skipSpace()
    {
        while (m_offset < m_text.size() && isIn(" \t\r\n", m_text[m_offset]))
            ++m_offset;
    }
    void skipWord()
    {
        while (here() != '\0' && !isIn(",:[]{}\" \t\r\n", here()))
            ++m_offset;
        skipSpace();
    }

    std::string_view m_text;
    std::size_t m_offset = 0;
};

/// "pi" or, written with an escape, "\u0070i".
bool isKey(std::string_view token, std::string_view key)
{
    if (token.find('\\') == std::string_view::npos)
        return token.size() == key.size() + 2 && token.substr(1, key.size()) == key;
    const auto decoded = nlohmann::json::parse(token, nullptr, false);
    return decoded.is_string() && decoded.get_ref<const std::string&>() == key;
}

/// Steps to a member's value. @return offset of its key, or npos if there is none
std::size_t enterMember(Walker& walker, std::string_view key, int occurrence)
{
    if (walker.here() != '{')
        return std::string_view::npos;
    for (walker.next(); walker.here() == '"';) {
        const auto offset = walker.offset();
        const bool found = isKey(walker.takeString(), key);
        walker.next(); // the colon
        if (found && --occurrence == 0)
            return offset;
        walker.skipValue();
        if (walker.here() == ',')
            walker.next();
    }
    return std::string_view::npos;
}

bool enterElement(Walker& walker, std::size_t index)
{
    if (walker.here() != '[')
        return false;
    walker.next();
    for (std::size_t i = 0; walker.here() != ']' && walker.here() != '\0'; ++i) {
        if (i == index)
            return true;
        walker.skipValue();
        if (walker.here() == ',')
            walker.next();
    }
    return false;
}

} // namespace

JsonPath JsonPath::operator/(std::string_view key) const
{
    JsonPath longer = *this;
    longer.parts.emplace_back(std::string(key));
    return longer;
}

JsonPath JsonPath::operator/(std::size_t index) const
{
    JsonPath longer = *this;
    longer.parts.emplace_back(index);
    return longer;
}

bool JsonPath::startsWith(const JsonPath& other) const
{
    return parts.size() >= other.parts.size()
        && std::equal(other.parts.begin(), other.parts.end(), parts.begin());
}

std::string JsonPath::text() const
{
    std::string text;
    for (const Part& part : parts) {
        if (const auto* key = std::get_if<std::string>(&part))
            text += (text.empty() ? "" : ".") + *key;
        else
            text += '[' + std::to_string(std::get<std::size_t>(part)) + ']';
    }
    return text;
}

JsonPath JsonPath::parse(std::string_view text)
{
    JsonPath path;
    bool dotsBelong = false;
    while (!text.empty()) {
        if (text.front() == '[') {
            const auto end = std::min(text.find(']'), text.size());
            std::size_t index = 0;
            std::from_chars(text.data() + 1, text.data() + end, index);
            path.parts.emplace_back(index);
            text.remove_prefix(std::min(end + 1, text.size()));
        } else {
            const auto end = std::min(text.find_first_of(dotsBelong ? "[" : ".["), text.size());
            path.parts.emplace_back(std::string(text.substr(0, end)));
            dotsBelong = text.substr(0, end) == "parameters";
            text.remove_prefix(end);
        }
        if (!text.empty() && text.front() == '.')
            text.remove_prefix(1);
    }
    return path;
}

Place placeOf(std::string_view text, std::size_t offset)
{
    const auto before = text.substr(0, offset);
    const auto lineStart = before.rfind('\n');
    return {1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
        1
            + static_cast<int>(lineStart == std::string_view::npos
                    ? before.size()
                    : before.size() - lineStart - 1)};
}

std::size_t locate(std::string_view text, const JsonPath& path, JsonPart part, int occurrence)
{
    Walker walker(text);
    std::size_t found = walker.offset();
    for (std::size_t i = 0; i < path.parts.size(); ++i) {
        const bool last = i + 1 == path.parts.size();
        if (const auto* key = std::get_if<std::string>(&path.parts[i])) {
            const auto keyOffset = enterMember(walker, *key, last ? occurrence : 1);
            if (keyOffset == std::string_view::npos)
                return found;
            found = last && part == JsonPart::Key ? keyOffset : walker.offset();
        } else {
            if (!enterElement(walker, std::get<std::size_t>(path.parts[i])))
                return found;
            found = walker.offset();
        }
    }
    return found;
}

} // namespace apical
