#include "sim/steps/spike_counts.h"

#include <numeric>

namespace apical {

SpikeCounts::SpikeCounts(
    const Model& model, const std::function<bool(std::string_view quantity)>& wanted)
{
    const Anatomy& a = model.anatomy();
    for (std::size_t i = 0; i < a.quantities.size(); ++i) {
        const Anatomy::Quantity& q = a.quantities[i];
        if (q.form != Anatomy::Form::Count || q.perSample || (wanted && !wanted(q.name)))
            continue;
        const Anatomy::Population& of = a.of(q);
        Population p;
        p.quantity = static_cast<int>(i);
        p.layer = of.layer;
        p.fullName = of.name;
        p.name = of.name.substr(of.name.find('.') + 1); // npos + 1 is 0
        p.now.resize(static_cast<std::size_t>(of.size));
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
