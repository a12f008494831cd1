#include "app/cli_commands.h"

#include "sim/error.h"
#include "sim/preset.h"
#include "sim/simulation.h"

#include <filesystem>

namespace apical {

int checkPreset(const CheckOptions& options)
{
    std::error_code error;
    const bool file = std::filesystem::is_regular_file(options.file, error);
    if (!file && options.file.find('/') != std::string::npos)
        throw InputError({.problem = "there is no such file", .file = options.file});
    const Experiment experiment = loadPreset(options.file);
    validate(experiment);
    for (int lane = 0; lane < experiment.laneCount(); ++lane)
        Simulation(experiment, lane); // what only building the network can find
    print(options.file + ": ok\n");
    return kDone;
}

} // namespace apical
