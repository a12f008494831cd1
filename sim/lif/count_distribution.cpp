#include "sim/lif/count_distribution.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kLeft = 1e-9; // share of counts that are not listed
constexpr std::size_t kMostCounts = 100000;

/// @param logShare(n) logarithm of the share of n @param most n can be
template <class LogShare>
void fillShares(CountDistribution& d, double most, const LogShare& logShare)
{
    double sum = 0;
    for (std::size_t n = 0; static_cast<double>(n) <= most && n < kMostCounts; ++n) {
        d.shares.push_back(std::exp(logShare(static_cast<double>(n))));
        sum += d.shares.back();
        if (static_cast<double>(n) > d.mean && 1 - sum < kLeft)
            return;
    }
}

} // namespace

CountDistribution countDistribution(
    const SpikeFields& p, double tRef, double dt, double input, int steps)
{
    CountDistribution d;
    const double lambda = input > 0 ? input * dt / tRef : 0, trains = p.trains;
    if (p.encoder == encoder_kind::current || !(lambda > 0)) {
        d.shares = {1};
        return d;
    }
    const double draws = steps * trains;
    if (p.encoder == encoder_kind::poisson) {
        d.mean = d.variance = draws * lambda;
        fillShares(d, HUGE_VAL,
            [m = d.mean](double n) { return n * std::log(m) - m - std::lgamma(n + 1); });
        return d;
    }
    if (p.encoder == encoder_kind::bernoulli) {
        const double chance = std::min(1.0, lambda);
        d.mean = draws * chance;
        d.variance = d.mean * (1 - chance);
        fillShares(d, draws, [&](double n) {
            const double ways =
                std::lgamma(draws + 1) - std::lgamma(n + 1) - std::lgamma(draws - n + 1);
            // 0 log 0 = 0: a certain spike is never missing.
            const double missing = draws > n ? (draws - n) * std::log1p(-chance) : 0;
            return ways + n * std::log(chance) + missing;
        });
        return d;
    }
    const double each = steps * lambda, low = std::floor(each + 1e-9);
    const double more = std::max(0.0, each - low);
    d.mean = trains * each;
    d.variance = trains * trains * more * (1 - more);
    const auto at = [&](double n) { return static_cast<std::size_t>(n * trains); };
    d.shares.assign(at(low + (more > 0 ? 1 : 0)) + 1, 0.0);
    d.shares[at(low)] = 1 - more;
    if (more > 0)
        d.shares[at(low + 1)] = more;
    return d;
}

double CountsSeen::several() const
{
    double sum = 0;
    for (std::size_t n = 2; n < shares.size(); ++n)
        sum += shares[n];
    return sum;
}

CountsSeen countsSeen(const std::vector<double>& spikes, int steps)
{
    CountsSeen seen;
    const auto width = static_cast<std::size_t>(std::max(1, steps));
    std::vector<double> counts;
    for (std::size_t k = spikes.size() % width; k < spikes.size(); k += width) {
        double sum = 0;
        for (std::size_t i = k; i < k + width; ++i)
            sum += spikes[i];
        counts.push_back(sum);
    }
    seen.windows = counts.size();
    if (counts.empty())
        return seen;
    const auto all = static_cast<double>(counts.size());
    for (const double n : counts) {
        const auto at = static_cast<std::size_t>(n);
        if (at >= kMostCounts)
            continue;
        if (at >= seen.shares.size())
            seen.shares.resize(at + 1, 0.0);
        seen.shares[at] += 1 / all;
        seen.mean += n / all;
    }
    for (const double n : counts)
        seen.variance += (n - seen.mean) * (n - seen.mean) / std::max(1.0, all - 1);
    return seen;
}

} // namespace apical
