#include "sim/model/model.h"

#include "sim/base/error.h"
#include "sim/base/words.h"

#include <algorithm>
#include <cmath>

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
                probes.push_back({q.name, q.unit, a.of(q).size, a.cols(q),
                    [&model, i](std::span<double> out) { model.read(i, out); }});
        }
        for (int i = 0; i < static_cast<int>(a.projections.size()); ++i) {
            const Anatomy::Projection& p = a.projections[static_cast<std::size_t>(i)];
            if (a.to(p).layer == layer)
                probes.push_back({p.name, "1", a.rows(p), a.cols(p),
                    [&model, i](std::span<double> out) { model.readWeights(i, out); }, true});
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

double Model::loss(std::span<const double> answer, std::span<const double> target) const
{
    double sum = 0;
    for (std::size_t i = 0; i < answer.size(); ++i) {
        const double difference = answer[i] - target[i];
        sum += difference * difference;
    }
    return sum / static_cast<double>(answer.size());
}

std::vector<NamedMatrix> weightsOf(const Model& model)
{
    const Anatomy& a = model.anatomy();
    std::vector<NamedMatrix> all;
    for (int i = 0; i < static_cast<int>(a.projections.size()); ++i) {
        const Anatomy::Projection& p = a.projections[static_cast<std::size_t>(i)];
        if (!p.isWeight)
            continue;
        all.push_back({p.name, Matrix(a.rows(p), a.cols(p))});
        model.readWeights(i, all.back().matrix.values);
    }
    return all;
}

void setWeightsOf(Model& model, const std::vector<NamedMatrix>& weights)
{
    const Anatomy& a = model.anatomy();
    for (const NamedMatrix& given : weights) {
        const int i = a.projection(given.name);
        if (i < 0)
            continue;
        const Anatomy::Projection& p = a.projections[static_cast<std::size_t>(i)];
        if (p.isWeight && a.rows(p) == given.matrix.rows && a.cols(p) == given.matrix.cols)
            model.setWeights(i, given.matrix.values);
    }
}

std::vector<double> measuresOf(const Model& model)
{
    std::vector<double> values(model.anatomy().measures.size());
    model.measure(values);
    return values;
}

void actOn(Model& model, std::string_view action)
{
    const std::vector<Anatomy::Action>& all = model.anatomy().actions;
    if (model.anatomy().hasAction(action)) {
        model.act(action);
        return;
    }
    std::vector<std::string_view> keys;
    std::string allowed;
    for (const Anatomy::Action& known : all) {
        keys.push_back(known.key);
        allowed += (allowed.empty() ? "action." : ", action.") + known.key;
    }
    const std::string near = nearest(action, keys);
    throw InputError({.problem = "this model has no action \"" + std::string(action) + '"',
        .key = "action." + std::string(action),
        .allowed = allowed.empty() ? "parameters; this model has no actions" : allowed,
        .nearest = near.empty() ? near : "action." + near});
}

std::string firstNonFinite(const Model& model)
{
    std::vector<double> values;
    for (const Probe& probe : model.probes()) {
        values.resize(static_cast<std::size_t>(probe.size()));
        probe.read(values);
        for (int i = 0; i < probe.size(); ++i) {
            if (std::isfinite(values[static_cast<std::size_t>(i)]))
                continue;
            const std::string column =
                probe.cols > 1 ? '[' + std::to_string(i % probe.cols) + ']' : "";
            return probe.name + '[' + std::to_string(i / probe.cols) + ']' + column;
        }
    }
    return {};
}

std::string largestQuantity(const Model& model)
{
    std::string where;
    double most = -1;
    std::vector<double> values;
    for (const Probe& probe : model.probes()) {
        if (probe.isWeights)
            continue;
        values.resize(static_cast<std::size_t>(probe.size()));
        probe.read(values);
        const auto at = std::max_element(values.begin(), values.end(),
            [](double a, double b) { return std::abs(a) < std::abs(b); });
        if (at == values.end() || std::abs(*at) <= most)
            continue;
        most = std::abs(*at);
        where =
            probe.name + '[' + std::to_string(std::distance(values.begin(), at) / probe.cols) + ']';
    }
    return where;
}

} // namespace apical
