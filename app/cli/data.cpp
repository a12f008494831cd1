#include "app/cli/commands.h"

#include "app/cli/interrupt.h"
#include "sim/base/error.h"
#include "sim/files/fetch.h"
#include "sim/files/idx_file.h"

#include <chrono>
#include <cstdio>
#include <string>

namespace apical {
namespace {

int listData()
{
    for (const std::string& folder : dataFolders())
        print((findIdxFiles(folder).complete() ? "there    " : "missing  ") + folder + '\n');
    return kDone;
}

std::string megabytes(std::uint64_t bytes)
{
    return readable(static_cast<double>(bytes) / 1e6) + " MB";
}

} // namespace

int dataCommand(const DataOptions& options)
{
    if (options.what == "list")
        return listData();
    if (options.what != "fetch")
        throw InputError(
            {.problem = "unknown \"data " + options.what + '"', .allowed = "fetch, list"});
    RemoteSet set = mnistRemote();
    if (!options.mirror.empty())
        set.mirrors = {options.mirror.ends_with('/') ? options.mirror : options.mirror + '/'};
    const std::filesystem::path folder =
        options.to.empty() ? fetchedDataFolder() : std::filesystem::path(options.to);
    if (folder.empty())
        throw InputError({.problem = "there is no home folder to fetch into",
            .key = "--to",
            .allowed = "--to DIR"});
    const InterruptGuard guard;
    auto said = std::chrono::steady_clock::now() - std::chrono::seconds(10);
    const bool whole = fetchSet(set, folder, [&](const FetchProgress& p) {
        const auto now = std::chrono::steady_clock::now();
        if (!options.quiet && now - said > std::chrono::seconds(1)) {
            said = now;
            std::fprintf(stderr, "%s of %s  %s from %s\n", megabytes(p.done).c_str(),
                megabytes(p.total).c_str(), p.file.c_str(), p.mirror.c_str());
        }
        return !interrupted();
    });
    if (!whole) {
        print("stopped; what has come is kept, and the same command goes on with it\n");
        return kFailed;
    }
    print(set.name + " is in " + folder.string() + '\n');
    return kDone;
}

} // namespace apical
