// Words that people type.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace apical {

/// The candidate nearest to `word` (edit distance), or "" if none is near enough to be meant.
std::string nearest(std::string_view word, std::span<const std::string_view> candidates);

} // namespace apical
