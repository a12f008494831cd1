// Words that people type.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace apical {

/// The candidate nearest to `word` (edit distance), or "" if none is near enough to be meant.
std::string nearest(std::string_view word, std::span<const std::string_view> candidates);

/// Whether a text is what a pattern says, in which * stands for any characters.
bool matches(std::string_view pattern, std::string_view text);

} // namespace apical
