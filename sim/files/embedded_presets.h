// The presets, lessons and weights that are compiled into the programs.
#pragma once

#include <span>
#include <string_view>

namespace apical {

struct EmbeddedFile {
    std::string_view
        name; ///< path below presets/, e.g. "self-predicting.json", "lessons/self-predicting.md"
    std::string_view text;
};

std::span<const EmbeddedFile> embeddedFiles();
const EmbeddedFile* findEmbedded(std::string_view name); ///< nullptr if there is none

/// Where embedded presets look for files that they name: kEmbeddedRoot + path below presets/.
inline constexpr std::string_view kEmbeddedRoot = ":/";

} // namespace apical
