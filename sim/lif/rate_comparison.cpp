#include "sim/lif/rate_comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {
namespace {

constexpr double kPerSecond = 1000; // of a rate per ms

} // namespace

double hardRateSlope(const SoftLif& lif, double current)
{
    if (!(current > lif.threshold))
        return 0;
    const double r = hardRate(lif, current);
    return r * r * lif.tauRc * lif.threshold / (current * (current - lif.threshold));
}

double softRateAtThreshold(SoftLif lif, double smoothing)
{
    lif.smoothing = smoothing;
    return lif.rate(lif.threshold).value;
}

std::vector<double> curveCurrents(const SoftLif& lif, double low, double high, int steps)
{
    constexpr int kPerSide = 40;
    constexpr double kCloser = 0.75;
    std::vector<double> currents{lif.threshold};
    for (int i = 0; i <= steps; ++i)
        currents.push_back(low + (high - low) * i / steps);
    double away = (high - low) / steps;
    for (int i = 0; i < kPerSide; ++i, away *= kCloser) {
        currents.push_back(lif.threshold - away);
        currents.push_back(lif.threshold + away);
    }
    std::erase_if(currents, [&](double j) { return j < low || j > high; });
    std::ranges::sort(currents);
    currents.erase(std::unique(currents.begin(), currents.end()), currents.end());
    return currents;
}

double RateComparison::oneSpike() const
{
    return ms > 0 ? kPerSecond / ms : std::numeric_limits<double>::infinity();
}

const RatePoint* RateComparison::worst() const
{
    const RatePoint* found = nullptr;
    for (const RatePoint& each : points) {
        if (!(each.theory > 0) || std::abs(each.rate - each.theory) <= oneSpike())
            continue;
        if (!found || std::abs(each.deviation()) > std::abs(found->deviation()))
            found = &each;
    }
    return found;
}

const RatePoint* RateComparison::fastestBelow() const
{
    const RatePoint* found = nullptr;
    for (const RatePoint& each : points)
        if (each.current <= threshold && each.rate > oneSpike()
            && (!found || each.rate > found->rate))
            found = &each;
    return found;
}

RateComparison compareRates(const LifParameters& p, std::span<const double> drive,
    std::span<const double> counts, double ms)
{
    RateComparison all;
    all.ms = ms;
    all.threshold = p.threshold;
    if (!(ms > 0))
        return all;
    const SoftLif lif = softLifOf(p);
    for (std::size_t i = 0; i < std::min(drive.size(), counts.size()); ++i)
        all.points.push_back(
            {drive[i], kPerSecond * counts[i] / ms, kPerSecond * hardRate(lif, drive[i])});
    std::ranges::stable_sort(all.points, {}, &RatePoint::current);
    return all;
}

} // namespace apical
