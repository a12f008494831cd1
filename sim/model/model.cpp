#include "sim/model/model.h"

#include <algorithm>

namespace apical {

std::vector<Probe> probesOf(const Model& model)
{
    const Anatomy& a = model.anatomy();
    int layers = 0;
    for (const Anatomy::Population& p : a.populations)
        layers = std::max(layers, p.layer + 1);
    std::vector<Probe> probes;
    for (int layer = 0; layer < layers; ++layer) {
        for (int i = 0; i < static_cast<int>(a.quantities.size()); ++i) {
            const Anatomy::Quantity& q = a.quantities[static_cast<std::size_t>(i)];
            if (a.of(q).layer == layer)
                probes.push_back({q.name, q.unit, a.of(q).size, 1,
                    [&model, i](std::span<double> out) { model.read(i, out); }});
        }
        for (int i = 0; i < static_cast<int>(a.projections.size()); ++i) {
            const Anatomy::Projection& p = a.projections[static_cast<std::size_t>(i)];
            if (a.to(p).layer == layer)
                probes.push_back({p.name, "1", a.rows(p), a.cols(p),
                    [&model, i](std::span<double> out) { model.readWeights(i, out); }});
        }
    }
    return probes;
}

const Probe* findProbe(const Model& model, std::string_view name)
{
    const auto& probes = model.probes();
    const auto it =
        std::find_if(probes.begin(), probes.end(), [&](const Probe& p) { return p.name == name; });
    return it == probes.end() ? nullptr : &*it;
}

} // namespace apical
