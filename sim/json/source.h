// A parsed JSON text that knows where everything in it stands, and cursors into it whose errors say
// so. Internal to sim's readers: it shows nlohmann-json, so no public header includes it.
#pragma once

#include "sim/base/error.h"
#include "sim/json/place.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

using Json = nlohmann::ordered_json;

/// Text and tree of one file. Overridden values have no place in the text: their errors name the
/// override instead.
class JsonSource {
public:
    /// @throws InputError for what is not JSON, repeats a key, nests deeper than 64 or overflows a
    /// double
    JsonSource(std::string_view text, std::string fileName);

    const Json& root() const { return m_root; }
    const std::string& fileName() const { return m_fileName; }
    /// Replaces the value at a path, making objects on the way. @param given the text a person
    /// typed, for errors
    void override(const JsonPath&, Json value, const std::string& given);
    void remove(const JsonPath&, std::string_view key);

    /// Throws the error placed at a path: line and column in the file, or the override that put it
    /// there.
    [[noreturn]] void fail(const JsonPath&, JsonPart, InputError::Fields) const;

private:
    void checkEncoding() const;
    Json* find(const JsonPath&);

    struct Override {
        JsonPath path;
        std::string given;
    };
    std::string_view m_text;
    std::string m_fileName;
    Json m_root;
    std::vector<Override> m_overrides;
};

/// A value of a JsonSource and its path. Every reading function throws a placed InputError if the
/// value is not as asked.
class JsonNode {
public:
    explicit JsonNode(const JsonSource& source)
        : JsonNode(source, source.root(), {})
    {
    }

    const Json& json() const { return *m_json; }
    const JsonPath& path() const { return m_path; }
    const JsonSource& source() const { return *m_source; }

    // Objects
    void onlyKeys(std::span<const std::string_view> allowed, std::string_view what = "key") const;
    bool has(std::string_view key) const;
    std::optional<JsonNode> find(std::string_view key) const;
    JsonNode need(std::string_view key) const;
    std::vector<std::string> keys() const;
    // Lists
    std::size_t size() const;
    JsonNode at(std::size_t index) const;
    // Values
    bool flag() const;
    double number(double low = std::numeric_limits<double>::lowest(),
        double high = std::numeric_limits<double>::max()) const;
    std::uint64_t count(std::uint64_t low = 0,
        std::uint64_t high = std::numeric_limits<std::uint64_t>::max()) const;
    std::string text() const;
    std::string word(std::span<const std::string_view> choices) const;
    std::vector<double> numbers() const;

    [[noreturn]] void fail(InputError::Fields, JsonPart = JsonPart::Value) const;
    /// `NAME needs WHAT, not FOUND`
    [[noreturn]] void failKind(const std::string& what) const;
    /// The last key of the path, or "the file".
    std::string name() const;

private:
    JsonNode(const JsonSource& source, const Json& json, JsonPath path)
        : m_source(&source)
        , m_json(&json)
        , m_path(std::move(path))
    {
    }
    void needObject() const;

    const JsonSource* m_source;
    const Json* m_json;
    JsonPath m_path;
};

std::string describe(const Json&); ///< what was found, short enough for a message
std::string wordList(std::span<const std::string_view> words);

} // namespace apical
