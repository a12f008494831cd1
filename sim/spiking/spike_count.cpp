#include "sim/spiking/spike_count.h"

#include "sim/base/random.h"
#include "sim/spiking/spiking_kernels.h"

#include <Random123/philox.h>

namespace apical {

double spikeUniform(std::uint64_t seed, std::uint64_t step, int neuron)
{
    const r123::Philox4x32::ctr_type counter = {{static_cast<std::uint32_t>(step),
        static_cast<std::uint32_t>(step >> 32), static_cast<std::uint32_t>(neuron / kQuad),
        static_cast<std::uint32_t>(RandomStream::Spikes)}};
    const r123::Philox4x32::key_type key = {
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
    const auto block = r123::Philox4x32()(counter, key);
    return (static_cast<double>(block[static_cast<std::size_t>(neuron % kQuad)]) + 0.5) * 0x1p-32;
}

} // namespace apical
