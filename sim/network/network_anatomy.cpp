#include "sim/network/network_anatomy.h"

#include <cstddef>
#include <iterator>
#include <utility>

namespace apical {
namespace {

int outputLayer(const Anatomy& a)
{
    int layers = 0;
    while (static_cast<std::size_t>(layers) < a.populations.size()
        && a.populations[static_cast<std::size_t>(layers)].layer == layers
        && a.populations[static_cast<std::size_t>(layers)].kind
            == (layers == 0 ? "input" : "units"))
        ++layers;
    return layers - 1;
}

void addProjection(Anatomy& a, int layer, const char* pathway, int from, bool up, bool weight)
{
    a.projections.push_back({layerName(layer) + '.' + pathway, pathway, from, layer, up,
        weight && up ? "learning.rate" : "", weight && up ? "lock.up" : "", weight});
}

} // namespace

Anatomy networkAnatomy(const std::vector<int>& sizes, const NetworkParameters& p)
{
    Anatomy a;
    a.timeUnit = "iteration";
    a.samples = p.batchSize;
    for (int l = 0; l < static_cast<int>(sizes.size()); ++l)
        a.add(Anatomy::Population{l == 0 ? "input" : layerName(l), l, l == 0 ? "input" : "units",
            sizes[static_cast<std::size_t>(l)]});
    if (p.normalizes())
        a.add(Anatomy::Population{kNormKind, static_cast<int>(sizes.size()), kNormKind,
            static_cast<int>(std::size(kNormColumns))});
    addQuantity(a, "input.rate", 0, Anatomy::Form::Rate);
    return a;
}

void addQuantity(
    Anatomy& a, const std::string& name, int population, Anatomy::Form form, bool perSample)
{
    a.add(Anatomy::Quantity{name, population, "1", form, true, false, perSample});
}

void addForward(Anatomy& a, int layer)
{
    addProjection(a, layer, "W_up", layer - 1, true, true);
    addProjection(a, layer, "G_up", layer - 1, true, false);
}

void addFeedback(Anatomy& a, int layer, const char* pathway, int from)
{
    addProjection(a, layer, pathway, from, false, true);
}

void addNormWeights(Anatomy& a, int layer, int norm)
{
    addProjection(a, layer, "W_norm", norm, false, true);
}

void addNormQuantities(Anatomy& a, int layer)
{
    addProjection(a, layer, "W_fused", layer - 1, true, false);
    const std::string name = layerName(layer) + '.';
    addQuantity(a, name + "norm", layer);
    for (const char* each :
        {"norm_mean", "norm_var", "norm_running_mean", "norm_running_var", "G_gain", "G_shift"}) {
        addQuantity(a, name + each, layer, Anatomy::Form::Level, false);
        a.quantities.back().watched = false;
    }
}

void addTargetAndLoss(Anatomy& a)
{
    const int outputs = outputLayer(a);
    addQuantity(a, "target",
        a.add(Anatomy::Population{"target", outputs + 1, "target",
            a.populations[static_cast<std::size_t>(outputs)].size}));
    addQuantity(a, "loss", a.add(Anatomy::Population{"loss", outputs + 1, "loss", 1}),
        Anatomy::Form::Level, false);
    a.quantities.back().label = "loss, mean of the batch";
}

} // namespace apical
