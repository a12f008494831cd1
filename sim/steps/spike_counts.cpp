#include "sim/steps/spike_counts.h"

#include <algorithm>
#include <numeric>

namespace apical {

SpikeCounts::SpikeCounts(
    const Model& model, Of whose, const std::function<bool(std::string_view quantity)>& wanted)
{
    const Anatomy& a = model.anatomy();
    // Layers of a network are populations themselves, so a part of one keeps the layer's name.
    const auto isPopulation = [&a](const std::string& name) {
        return std::ranges::any_of(
            a.populations, [&](const Anatomy::Population& p) { return p.name == name; });
    };
    for (std::size_t i = 0; i < a.quantities.size(); ++i) {
        const Anatomy::Quantity& q = a.quantities[i];
        if (q.form != Anatomy::Form::Count || (q.perSample && whose != Of::samples)
            || (wanted && !wanted(q.name)))
            continue;
        const Anatomy::Population& of = a.of(q);
        Population p;
        p.quantity = static_cast<int>(i);
        p.layer = of.layer;
        p.fullName = of.name;
        const std::size_t dot = of.name.find('.');
        p.name = dot == std::string::npos || isPopulation(of.name.substr(0, dot))
            ? of.name
            : of.name.substr(dot + 1);
        p.now.resize(static_cast<std::size_t>(of.size) * static_cast<std::size_t>(a.cols(q)));
        m_populations.push_back(std::move(p));
    }
    look(model);
    look(model);
}

void SpikeCounts::look(const Model& model)
{
    for (Population& p : m_populations) {
        p.before = p.now;
        model.read(p.quantity, p.now);
    }
}

double SpikeCounts::total(const Population& p)
{
    return std::accumulate(p.now.begin(), p.now.end(), 0.0);
}

} // namespace apical
