#include "sim/model/model.h"

#include <algorithm>

namespace apical {

const Probe* findProbe(const Model& model, std::string_view name)
{
    const auto& probes = model.probes();
    const auto it =
        std::find_if(probes.begin(), probes.end(), [&](const Probe& p) { return p.name == name; });
    return it == probes.end() ? nullptr : &*it;
}

} // namespace apical
