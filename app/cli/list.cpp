#include "app/cli/commands.h"

#include "sim/files/preset.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace apical {

int listPresets(const ListOptions& options)
{
    const std::vector<PresetInfo> presets = embeddedPresets();
    if (options.json) {
        auto list = nlohmann::ordered_json::array();
        for (const PresetInfo& preset : presets)
            list.push_back({{"name", preset.name}, {"title", preset.title},
                {"summary", preset.summary}, {"model", preset.model}, {"family", preset.family}});
        print(list.dump(2) + '\n');
        return kDone;
    }
    std::size_t name = 0, title = 0, model = 0;
    for (const PresetInfo& preset : presets) {
        name = std::max(name, preset.name.size() + 2);
        title = std::max(title, preset.title.size() + 2);
        model = std::max(model, preset.model.size() + 2);
    }
    for (const PresetInfo& preset : presets)
        print(padded(preset.name, name) + padded(preset.title, title) + padded(preset.model, model)
            + preset.family + '\n');
    return kDone;
}

} // namespace apical
