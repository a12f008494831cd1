// The engine's benchmark cases: several ways to do the same work, measured in turns so that a busy
// machine slows all of them alike.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// Time per piece of work over the repetitions.
struct Timing {
    double minimum = 0, median = 0;
};

struct BenchVariant {
    std::string name; ///< "double", "float", "reference"
    Timing cpu, wall; ///< thread CPU time and wall time, in the case's unit
};

struct BenchRatio {
    std::string name; ///< "reference / double"
    double value = 0; ///< of the CPU minima
};

struct BenchResult {
    std::vector<BenchVariant> variants;
    std::vector<BenchRatio> ratios;
};

/// One way to do the work: a name, and a function that does `count` pieces of it.
struct Contender {
    std::string name;
    std::function<void(std::size_t count)> work;
};

/// Runs the contenders in turns. @param seconds CPU time aimed at per repetition and contender
/// @param scale from seconds to the case's unit
BenchResult measureInTurns(
    std::span<Contender> contenders, double seconds, int repetitions, double scale);

/// Adds "SLOW / FAST" of two variants.
void addRatio(BenchResult&, std::size_t slow, std::size_t fast);

BenchResult measureSpiking(double psi); ///< 9-30-3 against the plain reference
BenchResult measureSpikingDigits(); ///< 784-100-10, most pixels dark: in the long run as at first?
BenchResult measureSpikingSchemes(); ///< 300-200-100-10 at psi 1, by steps, by events, and plainly

struct BenchCase {
    std::string_view name, help, unit;
    BenchResult (*measure)();
};
std::span<const BenchCase> benchTable();

} // namespace apical
