// Presets as text: reading (every error with file, line, column, key, allowed, nearest), writing,
// the embedded ones.
#pragma once

#include "sim/base/error.h"
#include "sim/experiment/experiment.h"

#include <string>
#include <string_view>
#include <vector>

namespace apical {

struct PresetInfo {
    std::string name, title, summary, model, family;
};
std::vector<PresetInfo> embeddedPresets(); ///< in teaching order (their "order" key)
std::string lessonText(const Experiment&); ///< Markdown, or ""
/// @param lesson path below presets/, or beside the file `of` @return Markdown, or ""
std::string lessonText(const std::string& lesson, const std::string& of);

/// @param overrides "key=value" as given to --set: parameter keys or any path of the preset
/// @throws InputError
Experiment readPreset(std::string_view text, const std::string& fileName,
    const std::vector<std::string>& overrides = {});
/// An embedded name, a path (of a pipe as well), or "-" for standard input. @throws InputError
Experiment loadPreset(
    const std::string& nameOrPath, const std::vector<std::string>& overrides = {});

/// As loadPreset(), but with every fault that can be told without the ones before it, in the order
/// in which they are met; the experiment is good only if there is none. @throws InputError if there
/// is no such preset
Experiment checkedPreset(const std::string& nameOrPath, std::vector<InputError>& faults);

/// The whole experiment with defaults filled in; reads back equal. Numbers round-trip.
std::string writePreset(const Experiment&);

/// Weights in preset form: {"up": [...], "down": [...], ...}, a list of matrices per pathway.
std::string writeWeights(const std::vector<NamedMatrix>&);
/// Those of the experiment's network. @throws InputError
std::vector<NamedMatrix> readWeights(
    std::string_view text, const std::string& fileName, const Experiment&);

} // namespace apical
