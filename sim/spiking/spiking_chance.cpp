// What chance fixes for a whole run: delays and who is silent.
#include "sim/base/random.h"
#include "sim/spiking/spiking_parameters.h"

#include <cmath>
#include <numeric>

namespace apical {

std::vector<int> delaySpreads(
    int spread, std::size_t synapses, std::uint64_t seed, std::size_t pathway)
{
    std::vector<int> extra(synapses);
    for (std::size_t i = 0; i < synapses && spread > 0; ++i)
        extra[i] = std::min(spread,
            static_cast<int>((spread + 1)
                * uniform(seed, RandomStream::Delays, pathway, static_cast<std::uint32_t>(i))));
    return extra;
}

std::vector<std::uint8_t> dropoutOf(double share, int size, int first, std::uint64_t seed)
{
    const auto n = static_cast<std::size_t>(size);
    std::vector<std::uint8_t> off(n, 0);
    const auto silent = static_cast<std::size_t>(std::floor(share * size + 1e-9));
    std::vector<double> hash(n);
    for (std::size_t i = 0; i < n; ++i)
        hash[i] = uniform(seed, RandomStream::Dropout, 0,
            static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(i));
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
        [&hash](std::size_t a, std::size_t b) { return hash[a] < hash[b]; });
    for (std::size_t i = 0; i < silent; ++i)
        off[order[i]] = 1;
    return off;
}

} // namespace apical
