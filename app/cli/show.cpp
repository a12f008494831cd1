#include "app/cli/commands.h"

#include "sim/files/preset.h"

namespace apical {

int showPreset(const ShowOptions& options)
{
    std::string text = writePreset(loadPreset(options.preset, options.set));
    if (text.empty() || text.back() != '\n')
        text += '\n';
    print(text);
    return kDone;
}

} // namespace apical
