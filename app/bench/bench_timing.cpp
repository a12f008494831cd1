#include "app/bench/bench_cases.h"
#include "sim/base/thread_clock.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace apical {
namespace {

double wallSeconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

struct Sample {
    double cpu = 0, wall = 0;
};

Sample timeOf(const Contender& contender, std::size_t count)
{
    const double cpu = threadSeconds(), wall = wallSeconds();
    contender.work(count);
    return {threadSeconds() - cpu, wallSeconds() - wall};
}

std::size_t countFor(const Contender& contender, double aim)
{
    contender.work(16); // caches and lazy set-up
    for (std::size_t count = 16;; count *= 4) {
        const double cpu = timeOf(contender, count).cpu;
        if (cpu > aim / 8)
            return std::max<std::size_t>(
                1, static_cast<std::size_t>(static_cast<double>(count) * aim / cpu));
    }
}

Timing timing(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return {values.front(), values[values.size() / 2]};
}

} // namespace

void addRatio(BenchResult& result, std::size_t slow, std::size_t fast)
{
    result.ratios.push_back({result.variants[slow].name + " / " + result.variants[fast].name,
        result.variants[slow].cpu.minimum / result.variants[fast].cpu.minimum});
}

BenchResult measureInTurns(
    std::span<Contender> contenders, double aim, int repetitions, double scale)
{
    std::vector<std::size_t> counts;
    for (const Contender& contender : contenders)
        counts.push_back(countFor(contender, aim));
    std::vector<std::vector<double>> cpu(contenders.size()), wall(contenders.size());
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        for (std::size_t i = 0; i < contenders.size(); ++i) {
            const Sample sample = timeOf(contenders[i], counts[i]);
            const double perPiece = scale / static_cast<double>(counts[i]);
            cpu[i].push_back(sample.cpu * perPiece);
            wall[i].push_back(sample.wall * perPiece);
        }
    }
    BenchResult result;
    for (std::size_t i = 0; i < contenders.size(); ++i)
        result.variants.push_back({contenders[i].name, timing(cpu[i]), timing(wall[i])});
    return result;
}

} // namespace apical
