#include "sim/lif/impulse_response.h"

#include "sim/lif/alpha_filter.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kMatters = 45; // time constants after which nothing is left of it in a double
constexpr long kMostSteps = 2000000;

} // namespace

ImpulseResponse impulseResponse(double dt, double tau, int order, double keptMs)
{
    ImpulseResponse out;
    const AlphaSetting setting(dt, tau, order);
    AlphaFilter<double> filter;
    filter.resize(1);
    const auto stepsOf = [dt](double ms) { return std::lround(std::ceil(ms / dt)); };
    const long kept = std::max(1L, stepsOf(keptMs));
    const long steps = std::min(kMostSteps, std::max(kept, stepsOf(kMatters * tau)));
    for (long k = 0; k < steps; ++k) {
        const double input = k == 0 ? 1 / dt : 0, t = static_cast<double>(k + 1) * dt;
        filter.step(setting, &input);
        const double made = filter.output(setting)[0];
        double closed = 0;
        if (tau > 0)
            closed = (order == 2 ? t / tau : 1) * std::exp(-t / tau) / tau;
        out.area += made * dt;
        out.sampledArea += closed * dt;
        if (k >= kept)
            continue;
        out.time.push_back(t);
        out.made.push_back(made);
        out.closed.push_back(closed);
    }
    return out;
}

} // namespace apical
