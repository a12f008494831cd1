#include "sim/json/source.h"

#include <algorithm>
#include <cctype>

namespace apical {
namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostKeys =
    256; ///< in one object: keeps reading linear whatever the file holds

/// Builds the tree and stops at the first thing that a preset may not contain.
class TreeBuilder {
public:
    TreeBuilder(std::string_view text, Json& root)
        : m_text(text)
        , m_root(root)
    {
    }

    struct Problem {
        InputError::Fields fields;
        JsonPath path{};
        std::optional<std::size_t> offset{}; ///< of what is not JSON at all
        int occurrence = 1;
    };
    const std::optional<Problem>& problem() const { return m_problem; }

    bool null() { return add(nullptr); }
    bool boolean(bool value) { return add(value); }
    bool number_integer(std::int64_t value) { return add(value); }
    bool number_unsigned(std::uint64_t value) { return add(value); }
    bool number_float(double value, const std::string&) { return add(value); }
    bool string(std::string& value) { return add(std::move(value)); }
    bool binary(nlohmann::json::binary_t&) { return false; }
    bool start_object(std::size_t) { return open(Json::object()); }
    bool start_array(std::size_t) { return open(Json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool key(std::string& key)
    {
        Json& object = *m_open.back();
        const JsonPath path = here() / key;
        if (object.contains(key))
            return stop({.fields = {.problem = "the key \"" + key + "\" stands here twice",
                             .allowed = "each key once"},
                .path = path,
                .occurrence = 2});
        if (object.size() >= kMostKeys)
            return stop({.fields = {.problem = "an object with more than "
                                 + std::to_string(kMostKeys) + " keys",
                             .allowed = "at most " + std::to_string(kMostKeys)},
                .path = path});
        m_key = key;
        return true;
    }

    bool parse_error(
        std::size_t position, const std::string& token, const nlohmann::detail::exception& error)
    {
        const std::string message = error.what();
        if (error.id == 406)
            return stop(
                {.fields = {.problem = "the number " + token.substr(0, 40) + " is too large",
                     .allowed = "finite numbers, at most 1.797e308"},
                    .offset = position - std::min(position, token.size())});
        const std::size_t start = tokenStart(position, token, message);
        InputError::Fields fields = habit(start);
        if (fields.problem.empty())
            fields.problem = message.substr(std::min(message.find(": ") + 2, message.size()));
        return stop({.fields = std::move(fields), .offset = start});
    }

private:
    /// What people write by habit although JSON does not have it, and what to write instead; no
    /// problem if it is something else.
    InputError::Fields habit(std::size_t start) const
    {
        if (start >= m_text.size())
            return {};
        const char c = m_text[start];
        if (c == '/' || c == '#')
            return {.problem = "JSON has no comments",
                .allowed = "the file without this one; words of your own have a place under the "
                           "key \"notes\""};
        const auto before =
            start == 0 ? std::string_view::npos : m_text.find_last_not_of(" \t\r\n", start - 1);
        if (before == std::string_view::npos || before == 0 || m_text[before] != ',')
            return {};
        if (c == ']' || c == '}')
            return {.problem = std::string("a comma stands before this ") + c,
                .allowed = "no comma behind the last entry: take it out"};
        if (before + 1 == start && isDigit(c) && isDigit(m_text[before - 1]))
            return {.problem = "a comma stands inside of a number",
                .allowed = "a decimal point, such as 0.3 for 0,3"};
        return {};
    }

    static bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

    /// Where the last token of the parser begins, or the character it is stuck at; npos behind the
    /// end.
    std::size_t tokenStart(
        std::size_t position, const std::string& token, const std::string& message) const
    {
        if (message.find("unexpected end of input") != std::string::npos
            || position > m_text.size())
            return std::string_view::npos;
        if (position == 0)
            return 0;
        const bool whole = message.find("unexpected") != std::string::npos;
        std::size_t start = position - 1;
        if (whole && m_text[start] == '"')
            return position - std::min(position, token.size());
        while (whole && start > 0 && isWordPart(m_text[start]) && isWordPart(m_text[start - 1]))
            --start;
        return start;
    }

    static bool isWordPart(char c)
    {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '+';
    }

    JsonPath here() const
    {
        JsonPath path;
        for (std::size_t i = 0; i + 1 < m_open.size(); ++i) {
            if (m_open[i]->is_array())
                path.parts.emplace_back(m_open[i]->size() - 1);
            else
                path.parts.emplace_back(std::prev(m_open[i]->end()).key());
        }
        return path;
    }

    Json* put(Json value)
    {
        if (m_open.empty())
            return &(m_root = std::move(value));
        Json& parent = *m_open.back();
        if (parent.is_array())
            return &parent.emplace_back(std::move(value));
        return &(parent[m_key] = std::move(value));
    }

    template <class Value> bool add(Value&& value)
    {
        put(Json(std::forward<Value>(value)));
        return true;
    }

    bool open(Json value)
    {
        if (m_open.size() >= kDeepest) {
            return stop(
                {.fields = {.problem = "nested deeper than " + std::to_string(kDeepest) + " levels",
                     .allowed = "at most " + std::to_string(kDeepest) + " levels"},
                    .path = here()});
        }
        m_open.push_back(put(std::move(value)));
        return true;
    }

    bool close()
    {
        m_open.pop_back();
        return true;
    }

    bool stop(Problem problem)
    {
        m_problem = std::move(problem);
        return false;
    }

    std::string_view m_text;
    Json& m_root;
    std::vector<Json*> m_open; ///< objects and lists around the current value, outermost first
    std::string m_key;
    std::optional<Problem> m_problem;
};

/// Words of other languages for what JSON has no word for.
bool isNonFiniteWord(std::string_view text)
{
    for (const std::string_view word :
        {"NaN", "nan", "Infinity", "inf", "Inf", "-Infinity", "-inf", "-Inf", "+inf"}) {
        if (text.substr(0, word.size()) == word)
            return true;
    }
    return false;
}

/// What the parser says, in our words.
InputError::Fields syntaxError(
    std::string_view text, std::size_t& offset, InputError::Fields fields)
{
    std::size_t word = std::min(offset, text.size());
    while (
        word > 0 && std::string_view(" \t\r\n,:[{").find(text[word - 1]) == std::string_view::npos)
        --word;
    if (isNonFiniteWord(text.substr(word))) {
        offset = word;
        fields.problem = "not a finite number (NaN or infinity)";
        fields.allowed = "finite numbers; \"none\" for a clip that is off";
    } else if (offset >= text.size()) {
        offset = text.size();
        fields.problem = "the text ends too early: " + fields.problem;
    }
    return fields;
}

} // namespace

JsonSource::JsonSource(std::string_view text, std::string fileName)
    : m_text(text)
    , m_fileName(std::move(fileName))
{
    if (m_text.substr(0, 3)
        == "\xEF\xBB\xBF") // a byte order mark is no character of the first line
        m_text.remove_prefix(3);
    checkEncoding();
    TreeBuilder builder(m_text, m_root);
    if (Json::sax_parse(m_text, &builder) && !builder.problem())
        return;
    const auto& problem = builder.problem().value();
    InputError::Fields fields = problem.fields;
    std::size_t offset = 0;
    if (problem.offset) {
        offset = *problem.offset;
        if (fields.allowed.empty())
            fields = syntaxError(m_text, offset, std::move(fields));
    } else {
        fields.key = problem.path.text();
        offset = locate(m_text, problem.path, JsonPart::Key, problem.occurrence);
    }
    const Place place = placeOf(m_text, offset);
    throw InputError(std::move(fields)).at(m_fileName, place.line, place.column);
}

void JsonSource::checkEncoding() const
{
    constexpr const char* readable = "JSON as UTF-8 text";
    const auto start = m_text.substr(0, 2);
    const auto zero = m_text.find('\0'); // the parser would take it for the end
    if (start == "\xFF\xFE" || start == "\xFE\xFF" || zero < 2)
        throw InputError({.problem = "this is UTF-16 text or no text at all", .allowed = readable})
            .at(m_fileName, 1, 1);
    if (zero == std::string_view::npos)
        return;
    const Place place = placeOf(m_text, zero);
    throw InputError({.problem = "a zero byte: this is no text file", .allowed = readable})
        .at(m_fileName, place.line, place.column);
}

Json* JsonSource::find(const JsonPath& path)
{
    Json* json = &m_root;
    for (const auto& part : path.parts) {
        if (const auto* index = std::get_if<std::size_t>(&part)) {
            if (!json->is_array() || *index >= json->size())
                return nullptr;
            json = &(*json)[*index];
        } else {
            if (!json->is_object() && !json->is_null())
                return nullptr;
            json = &(*json)[std::get<std::string>(part)];
        }
    }
    return json;
}

void JsonSource::override(const JsonPath& path, Json value, const std::string& given)
{
    Json* json = find(path);
    if (!json)
        throw InputError(
            {.problem = "the preset has no " + path.text(), .key = path.text(), .file = given});
    *json = std::move(value);
    m_overrides.push_back({path, given});
}

void JsonSource::remove(const JsonPath& path, std::string_view key)
{
    Json* json = find(path);
    if (json && json->is_object())
        json->erase(std::string(key));
}

void JsonSource::fail(const JsonPath& path, JsonPart part, InputError::Fields fields) const
{
    if (fields.key.empty())
        fields.key = path.text();
    const auto given = std::find_if(m_overrides.rbegin(), m_overrides.rend(),
        [&](const Override& entry) { return path.startsWith(entry.path); });
    if (given != m_overrides.rend())
        throw InputError(std::move(fields)).at(given->given, 0, 0);
    const Place place = placeOf(m_text, locate(m_text, path, part));
    throw InputError(std::move(fields)).at(m_fileName, place.line, place.column);
}

} // namespace apical
