// The subcommands of the headless program, one file each (cli_NAME.cpp). Each returns the exit code
// or throws.
#pragma once

#include "sim/run/run_goal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

enum ExitCode : int { kDone = 0, kFailed = 1, kBadInput = 2, kDiverged = 3 };

struct ListOptions {
    bool json = false;
};
int listPresets(const ListOptions&);

struct ShowOptions {
    std::string preset;
    std::vector<std::string> set; ///< KEY=VALUE
};
int showPreset(const ShowOptions&);

struct ParamsOptions {
    std::string model; ///< empty: all
    bool json = false, markdown = false;
};
int listParameters(const ParamsOptions&);

struct CheckOptions {
    std::string file;
};
int checkPreset(const CheckOptions&);

struct RunOptions {
    std::string preset;
    std::vector<std::string> set; ///< KEY=VALUE
    std::optional<std::uint64_t> seed;
    RunLength length;
    std::optional<std::string> record; ///< comma-separated probes, or "all"
    std::optional<std::uint64_t> every;
    std::optional<std::uint64_t> checkpoint; ///< every so many epochs
    std::optional<std::uint64_t> patience; ///< epochs without a better score before it stops
    std::string out;
    bool json = false, quiet = false, progress = false;
    int threads = 1;
    std::string commandLine; ///< as given, for summary.json
};
int runPreset(const RunOptions&);

struct DataOptions {
    std::string what; ///< "fetch" or "list"
    std::string to, mirror;
    bool quiet = false;
};
int dataCommand(const DataOptions&);

struct SweepOptions {
    std::string preset, study; ///< one of them, or merge
    std::vector<std::string> vary; ///< KEY=A,B,C
    std::vector<std::string> set; ///< KEY=VALUE
    std::optional<std::uint64_t> seed, tasks;
    std::optional<std::string> seeds; ///< how many, or which: "3,17,42"
    RunLength length;
    std::optional<int> jobs;
    std::string out, shard, slurm, merge;
    bool json = false, quiet = false, progress = false;
};
int sweepPreset(const SweepOptions&);

struct BenchOptions {
    std::vector<std::string> names; ///< empty: all
    bool json = false;
};
int runBenchmarks(const BenchOptions&);

/// Writes to standard output; what the operating system refused is found by the caller at the end.
void print(std::string_view text);

/// Pads with spaces to a width counted in characters (UTF-8), at least one space.
std::string padded(std::string_view text, std::size_t width);

/// A number for people: `digits` significant digits, exponents where they help.
std::string readable(double value, int digits = 3);

/// "820 ms", "12.4 s"
std::string durationText(double ms);

/// "1.2 M steps/s"
std::string rateText(double stepsPerSecond);

} // namespace apical
