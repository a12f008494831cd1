#include "sim/steps/spike_source.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <variant>

namespace apical {
namespace {

constexpr std::string_view kRateScale = "spiking.psi", kTrace = "spiking.tau_delta";

/// Of a pathway: what the receiver calls the error that teaches it.
struct PathwayError {
    std::string_view pathway, quantity;
    bool negative;
};
constexpr PathwayError kErrors[]{{"W_up", ".basal_error", false}, {"W_ip", ".error", false},
    {"W_pi", ".apical", true}, {"W_down", ".distal_error", false}};

std::optional<double> numberOf(const Parameters& p, std::string_view key)
{
    const ParameterRow* row = p.model().empty() ? nullptr : p.table().find(key);
    if (!row)
        return {};
    const ParameterField::Value value = row->field.get(p);
    const double* number = std::get_if<double>(&value);
    return number ? std::optional(*number) : std::nullopt;
}

int findForm(const Anatomy& a, int population, Anatomy::Form form)
{
    const auto found =
        std::find_if(a.quantities.begin(), a.quantities.end(), [&](const Anatomy::Quantity& q) {
            return q.population == population && q.form == form && !q.perSample;
        });
    return found == a.quantities.end() ? -1 : static_cast<int>(found - a.quantities.begin());
}

} // namespace

std::optional<SpikeSource> spikeSource(const Anatomy& a, const Parameters& p, int count)
{
    const int population = a.quantities[static_cast<std::size_t>(count)].population;
    const int rate = findForm(a, population, Anatomy::Form::Rate);
    const std::optional<double> scale = numberOf(p, kRateScale);
    if (rate < 0 || !scale)
        return {};
    return SpikeSource{.rate = rate, .scale = *scale};
}

std::optional<SynapseSource> synapseSource(const Anatomy& a, const Parameters& p, int projection)
{
    const Anatomy::Projection& of = a.projections[static_cast<std::size_t>(projection)];
    const int spikes = findForm(a, of.from, Anatomy::Form::Count);
    const std::optional<double> trace = numberOf(p, kTrace);
    const auto error = std::find_if(std::begin(kErrors), std::end(kErrors),
        [&](const PathwayError& e) { return e.pathway == of.pathway; });
    if (spikes < 0 || !trace || error == std::end(kErrors))
        return {};
    const std::string name = a.to(of).name + std::string(error->quantity);
    if (a.quantity(name) < 0)
        return {};
    return SynapseSource{.spikes = a.quantities[static_cast<std::size_t>(spikes)].name,
        .error = name,
        .negative = error->negative,
        .traceMs = *trace};
}

SynapseIntegrals synapseIntegrals(
    std::span<const double> spikes, std::span<const double> errors, double dt, double tauMs)
{
    SynapseIntegrals out;
    const double decay = std::exp(-dt / tauMs);
    double trace = 0, plain = 0, faded = 0;
    for (std::size_t k = 0; k < std::min(spikes.size(), errors.size()); ++k) {
        // A spike reaches the synapse one step later, an error of the dendrite two.
        trace *= decay;
        const double product = k > 1 ? errors[k - 2] * trace * dt : 0;
        plain += product;
        faded = decay * faded + product;
        trace += k > 0 ? spikes[k - 1] : 0;
        out.trace.push_back(trace);
        out.plain.push_back(plain);
        out.faded.push_back(faded);
    }
    return out;
}

} // namespace apical
