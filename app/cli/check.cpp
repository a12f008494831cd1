#include "app/cli/commands.h"

#include "sim/base/error.h"
#include "sim/files/preset.h"
#include "sim/run/experiment_check.h"
#include "sim/run/simulation.h"

#include <cstdio>
#include <filesystem>
#include <vector>

namespace apical {

int checkPreset(const CheckOptions& options)
{
    std::error_code error;
    const bool there = std::filesystem::exists(options.file, error); // a pipe is as good as a file
    if (!there && options.file.find('/') != std::string::npos)
        throw InputError({.problem = "there is no such file", .file = options.file});
    std::vector<InputError> faults;
    const Experiment experiment = checkedPreset(options.file, faults);
    if (!faults.empty()) {
        for (std::size_t i = 0; i + 1 < faults.size(); ++i)
            std::fprintf(stderr, "%s\n", faults[i].what());
        throw InputError(faults.back());
    }
    validate(experiment);
    for (int lane = 0; lane < experiment.laneCount(); ++lane)
        Simulation(experiment, lane); // what only building the network can find
    print(options.file + ": ok\n");
    return kDone;
}

} // namespace apical
