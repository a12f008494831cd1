// Counter-based random numbers: a number is a pure function of where it is used, never of what was
// drawn before.
#pragma once

#include <cstdint>

namespace apical {

/// What a random number is for. Values are part of "same seed, same bits": never renumber.
enum class RandomStream : std::uint32_t {
    WeightsUp = 1,
    WeightsDown = 2,
    WeightsIp = 3,
    WeightsPi = 4,
    Input = 10,
    Target = 11,
    PatternOrder = 12,
    ValidationOrder = 13,
    TestOrder = 14,
    SomaticNoise = 20,
    Spikes = 21,
    Dropout = 22,
    Delays = 23,
    TeacherWeights = 30,
    Digits = 31,
    Perturbation = 40,
};

/// Philox4x32-10 addressed by (seed, stream, step, index): independent of draw order and of
/// threads.
/// @return a double in [0, 1), 53 random bits.
double uniform(std::uint64_t seed, RandomStream stream, std::uint64_t step, std::uint32_t index);

/// Standard normal number (Box-Muller of one Philox block) at the same kind of address.
double normal(std::uint64_t seed, RandomStream stream, std::uint64_t step, std::uint32_t index);

/// A seed for a person who asks for "new": mixes the old one, never returns it.
std::uint64_t nextSeed(std::uint64_t seed);

} // namespace apical
