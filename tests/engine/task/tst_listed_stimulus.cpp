// Listed samples: their order, which is the same for the same seed and costs next to nothing.
#include "sim/base/random.h"
#include "sim/experiment/experiment.h"
#include "sim/run/model_table.h"
#include "sim/task/stimulus.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <numeric>
#include <thread>
#include <utility>
#include <vector>

using namespace apical;

namespace {

Experiment shuffledPatterns(std::size_t count)
{
    Experiment e = newExperiment();
    e.layers = {1, 1};
    e.stimulus.kind = "patterns";
    std::vector<std::vector<double>> inputs;
    for (std::size_t k = 0; k < count; ++k)
        inputs.push_back({static_cast<double>(k)});
    e.stimulus.inputs = std::move(inputs);
    e.stimulus.targets = {};
    e.stimulus.shuffled = true;
    e.seed = 5;
    return e;
}

/// The order by its definition: Fisher-Yates with numbers addressed by the permutation.
std::vector<int> order(const Experiment& e, RandomStream stream, std::uint64_t permutation, int n)
{
    std::vector<int> samples(static_cast<std::size_t>(n));
    std::iota(samples.begin(), samples.end(), 0);
    for (std::size_t i = samples.size(); i-- > 1;) {
        const double u = uniform(e.seed, stream, permutation, static_cast<std::uint32_t>(i));
        std::swap(samples[i], samples[static_cast<std::size_t>(u * static_cast<double>(i + 1))]);
    }
    return samples;
}

Presentation shown(Block block, std::uint64_t ordinal, std::uint64_t index, std::uint64_t size)
{
    return {.block = block, .ordinal = ordinal, .index = index, .size = size};
}

} // namespace

class ListedStimulusTest : public QObject {
    Q_OBJECT
private slots:
    void everyBlockHasItsOwnOrderWhereverItIsAskedFor();
    void blocksLongerThanTheSetGoOnWithAFreshOrder();
    void severalThreadsSeeTheSameOrder();
    void anEpochOfALargeSetIsOrderedInAMoment();
};

void ListedStimulusTest::everyBlockHasItsOwnOrderWhereverItIsAskedFor()
{
    const Experiment e = shuffledPatterns(20);
    const auto stimulus = makeStimulus(e);
    const std::pair<Block, RandomStream> blocks[] = {{Block::Train, RandomStream::PatternOrder},
        {Block::Validation, RandomStream::ValidationOrder}, {Block::Test, RandomStream::TestOrder}};
    // To and fro between epochs and kinds of blocks, as views and tests beside a run do.
    for (const std::uint64_t index : {0u, 19u, 7u}) {
        for (const std::uint64_t ordinal : {0u, 1u, 0u, 2u, 1u, 900u}) {
            for (const auto& [block, stream] : blocks) {
                QCOMPARE(stimulus->sample(shown(block, ordinal, index, 20)),
                    order(e, stream, ordinal, 20)[index]);
            }
        }
    }
}

void ListedStimulusTest::blocksLongerThanTheSetGoOnWithAFreshOrder()
{
    const Experiment e = shuffledPatterns(6);
    const auto stimulus = makeStimulus(e);
    for (std::uint64_t index = 0; index < 15; ++index) {
        QCOMPARE(stimulus->sample(shown(Block::Train, 4, index, 15)),
            order(e, RandomStream::PatternOrder, 4 * 3 + index / 6, 6)[index % 6]);
    }
}

void ListedStimulusTest::severalThreadsSeeTheSameOrder()
{
    const Experiment e = shuffledPatterns(50);
    const auto stimulus = makeStimulus(e);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < 3; ++t) {
        threads.emplace_back([&, t] {
            for (std::uint64_t ordinal = t; ordinal < 30; ++ordinal) {
                const auto expected = order(e, RandomStream::PatternOrder, ordinal, 50);
                for (std::uint64_t index = 0; index < 50; ++index)
                    wrong += stimulus->sample(shown(Block::Train, ordinal, index, 50))
                        != expected[index];
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(wrong.load(), 0);
}

void ListedStimulusTest::anEpochOfALargeSetIsOrderedInAMoment()
{
    constexpr std::uint64_t kSamples = 60000;
    const auto stimulus = makeStimulus(shuffledPatterns(kSamples));
    QElapsedTimer clock;
    clock.start();
    std::vector<bool> seen(kSamples);
    for (std::uint64_t index = 0; index < kSamples; ++index) {
        const int sample = stimulus->sample(shown(Block::Train, 3, index, kSamples));
        seen[static_cast<std::size_t>(sample)] = true;
    }
    QVERIFY(std::find(seen.begin(), seen.end(), false) == seen.end());
    // Minutes, if the order were drawn at every change; sanitizers included this is a second.
    QVERIFY2(clock.elapsed() < 10000, qPrintable(QString::number(clock.elapsed())));
}

QTEST_APPLESS_MAIN(ListedStimulusTest)
#include "tst_listed_stimulus.moc"
