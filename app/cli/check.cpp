#include "app/cli/commands.h"

#include "sim/base/error.h"
#include "sim/files/preset.h"
#include "sim/run/experiment_check.h"
#include "sim/run/simulation.h"

#include <filesystem>

namespace apical {

int checkPreset(const CheckOptions& options)
{
    std::error_code error;
    const bool there = std::filesystem::exists(options.file, error); // a pipe is as good as a file
    if (!there && options.file.find('/') != std::string::npos)
        throw InputError({.problem = "there is no such file", .file = options.file});
    const Experiment experiment = loadPreset(options.file);
    validate(experiment);
    for (int lane = 0; lane < experiment.laneCount(); ++lane)
        Simulation(experiment, lane); // what only building the network can find
    print(options.file + ": ok\n");
    return kDone;
}

} // namespace apical
