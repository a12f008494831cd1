// Where in a JSON text a value stands: paths and their lines and columns, found only when there is
// an error to report.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace apical {

/// The way from the root of a JSON text to one of its values: keys of objects and indices of lists.
struct JsonPath {
    using Part = std::variant<std::string, std::size_t>;
    std::vector<Part> parts{};

    JsonPath operator/(std::string_view key) const;
    JsonPath operator/(std::size_t index) const;
    bool startsWith(const JsonPath&) const;
    std::string text() const; ///< "lanes[1].name"; the root is ""
    bool operator==(const JsonPath&) const = default;

    /// "weights.up[0]" or "parameters.eta.pi[1]": behind "parameters." a dot belongs to the key.
    static JsonPath parse(std::string_view text);
};

/// 1-based; columns count bytes.
struct Place {
    int line = 1;
    int column = 1;
};
Place placeOf(std::string_view text, std::size_t offset);

enum class JsonPart { Key, Value };

/// Byte offset of a value, or of the key in front of it. Where the path leads nowhere, its last
/// part that exists. The text must be valid JSON at least up to what is sought.
/// @param occurrence 2 finds a repeated last key
std::size_t locate(
    std::string_view text, const JsonPath&, JsonPart = JsonPart::Value, int occurrence = 1);

} // namespace apical
