// The presets and lessons that are compiled into the programs.
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

} // namespace apical
