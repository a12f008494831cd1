// How many spikes a neuron sends in a step, written plainly; the kernel draws the same.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace apical {

/// A Poisson number of the given mean, by inversion: the least n whose cumulative probability is
/// above a uniform number. A large mean is a sum of smaller ones, each with a number of its own.
/// @param mean not negative; from 1e6 on, and NaN, a network has left all bounds: infinity
/// @param draw draw(i): the i-th number in [0, 1) for this neuron and step
template <class Draw> double poissonCount(double mean, Draw&& draw)
{
    if (!(mean < 1e6))
        return std::numeric_limits<double>::infinity();
    constexpr double kLargest = 256; // below it no probability that matters is lost
    double n = 0;
    for (unsigned part = 0; mean > 0; ++part) {
        const double now = mean < kLargest ? mean : kLargest;
        mean -= now;
        const double u = draw(part);
        double p = std::exp(-now), below = p;
        for (int k = 1; u >= below && p > 0; ++k) {
            p *= now / k;
            below += p;
            ++n;
        }
    }
    return n;
}

/// Address of a number for a mean that is too large for one block of four neurons: apart from the
/// addresses of these blocks.
inline std::uint32_t largeDrawIndex(int neuron, unsigned part)
{
    return 0x80000000U + static_cast<std::uint32_t>(neuron) + (part << 18U);
}

/// The 32 random bits of a neuron in a step as a number in (0, 1). @param neuron its place: those
/// of a population count from a multiple of kGroup on
double spikeUniform(std::uint64_t seed, std::uint64_t step, int neuron);

} // namespace apical
