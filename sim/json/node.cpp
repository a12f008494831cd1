#include "sim/base/words.h"
#include "sim/experiment/parameters.h"
#include "sim/json/source.h"

#include <algorithm>
#include <cmath>

namespace apical {

std::string describe(const Json& json)
{
    constexpr std::size_t longest = 40;
    switch (json.type()) {
    case Json::value_t::object:
        return "an object";
    case Json::value_t::array:
        return json.empty() ? "an empty list" : "a list of " + std::to_string(json.size());
    case Json::value_t::number_float:
        return parameterText(json.get<double>());
    default:
        break;
    }
    std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > longest) {
        auto end = longest;
        while (end > 0
            && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) // not inside a character
            --end;
        text = text.substr(0, end) + "...";
    }
    return text;
}

std::string wordList(std::span<const std::string_view> words)
{
    std::string text;
    for (const auto word : words)
        text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

std::string JsonNode::name() const
{
    if (m_path.parts.empty())
        return "the file";
    return m_path.text();
}

void JsonNode::fail(InputError::Fields fields, JsonPart part) const
{
    m_source->fail(m_path, part, std::move(fields));
}

void JsonNode::failKind(const std::string& what) const
{
    fail({.problem = name() + " needs " + what + ", not " + describe(*m_json), .allowed = what});
}

void JsonNode::needObject() const
{
    if (!m_json->is_object())
        failKind("an object");
}

void JsonNode::onlyKeys(std::span<const std::string_view> allowed, std::string_view what) const
{
    needObject();
    for (const auto& [key, value] : m_json->items()) {
        if (std::find(allowed.begin(), allowed.end(), key) != allowed.end())
            continue;
        find(key)->fail({.problem = "unknown " + std::string(what) + " \"" + key + '"',
                            .allowed = wordList(allowed),
                            .nearest = nearest(key, allowed)},
            JsonPart::Key);
    }
}

bool JsonNode::has(std::string_view key) const
{
    needObject();
    return m_json->contains(key);
}

std::optional<JsonNode> JsonNode::find(std::string_view key) const
{
    needObject();
    const auto it = m_json->find(key);
    if (it == m_json->end())
        return {};
    return JsonNode(*m_source, *it, m_path / key);
}

JsonNode JsonNode::need(std::string_view key) const
{
    auto node = find(key);
    if (!node) {
        const auto path = m_path / key;
        fail({.problem = "\"" + std::string(key) + "\" is missing",
            .key = path.text(),
            .allowed = "an object with \"" + std::string(key) + '"'});
    }
    return *std::move(node);
}

std::vector<std::string> JsonNode::keys() const
{
    needObject();
    std::vector<std::string> result;
    for (const auto& [key, value] : m_json->items())
        result.push_back(key);
    return result;
}

std::size_t JsonNode::size() const
{
    if (!m_json->is_array())
        failKind("a list");
    return m_json->size();
}

JsonNode JsonNode::at(std::size_t index) const
{
    return JsonNode(*m_source, (*m_json)[index], m_path / index);
}

bool JsonNode::flag() const
{
    if (!m_json->is_boolean())
        failKind("true or false");
    return m_json->get<bool>();
}

double JsonNode::number(double low, double high) const
{
    if (!m_json->is_number())
        failKind("a number");
    const auto value = m_json->get<double>();
    if (!(value >= low && value <= high))
        fail({.problem = name() + " = " + parameterText(value) + " is outside its range",
            .allowed = '[' + parameterText(low) + ", " + parameterText(high) + ']'});
    return value;
}

std::uint64_t JsonNode::count(std::uint64_t low, std::uint64_t high) const
{
    // 1e3 is a whole number, too, as far as a double has all of them.
    constexpr double exact = 9007199254740992;
    const double real = m_json->is_number_float() ? m_json->get<double>() : -1;
    const bool whole = real >= 0 && real <= exact && real == std::floor(real);
    const auto value = whole           ? static_cast<std::uint64_t>(real)
        : m_json->is_number_unsigned() ? m_json->get<std::uint64_t>()
                                       : 0;
    if (!(whole || m_json->is_number_unsigned()) || value < low || value > high) {
        const auto allowed =
            "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
        if (!m_json->is_number())
            failKind(allowed);
        fail({.problem = name() + " = " + describe(*m_json) + " is not " + allowed,
            .allowed = allowed});
    }
    return value;
}

std::string JsonNode::text() const
{
    if (!m_json->is_string())
        failKind("a text");
    return m_json->get<std::string>();
}

std::string JsonNode::word(std::span<const std::string_view> choices) const
{
    auto found = text();
    if (std::find(choices.begin(), choices.end(), found) == choices.end())
        fail({.problem = name() + " = " + describe(*m_json) + " is not known",
            .allowed = wordList(choices),
            .nearest = nearest(found, choices)});
    return found;
}

std::vector<double> JsonNode::numbers() const
{
    std::vector<double> result;
    result.reserve(size());
    for (std::size_t i = 0; i < m_json->size(); ++i) {
        const Json& entry = (*m_json)[i];
        if (!entry.is_number())
            at(i).failKind("a number");
        result.push_back(entry.get<double>());
    }
    return result;
}

} // namespace apical
