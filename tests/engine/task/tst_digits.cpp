// Generated digits, and strokes as pictures.
#include "sim/circuit/circuit_weights.h"
#include "sim/files/preset.h"
#include "sim/run/shown_samples.h"
#include "sim/run/simulation.h"
#include "sim/task/digits.h"
#include "sim/task/stimulus.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace apical;

namespace {

const char* const kPreset =
    R"({"apical": 1, "model": "microcircuit", "network": {"layers": [784, 8, 10]},
    "stimulus": {"kind": "digits", "samples": 200, "validation_samples": 20, "test_samples": 30}})";

struct Extent {
    int left = kDigitSide, top = kDigitSide, right = -1, bottom = -1;
    double massX = 0, massY = 0, mass = 0;
};

Extent extentOf(const std::vector<std::uint8_t>& pixels)
{
    Extent e;
    for (int y = 0; y < kDigitSide; ++y) {
        for (int x = 0; x < kDigitSide; ++x) {
            const int v =
                pixels[static_cast<std::size_t>(y) * kDigitSide + static_cast<std::size_t>(x)];
            e.mass += v;
            e.massX += v * (x + 0.5);
            e.massY += v * (y + 0.5);
            if (v < 128)
                continue;
            e.left = std::min(e.left, x);
            e.right = std::max(e.right, x);
            e.top = std::min(e.top, y);
            e.bottom = std::max(e.bottom, y);
        }
    }
    return e;
}

} // namespace

class DigitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void strokesFillTheirBoxAndAreCentred()
    {
        for (const double unit : {1.0, 300.0}) { // whatever the canvas
            const Stroke corner{{0, 0}, {0, 2 * unit}, {unit, 2 * unit}};
            const auto pixels = picture(std::span(&corner, 1), {2, 1});
            const Extent e = extentOf(pixels);
            QVERIFY(std::abs(e.bottom - e.top + 1 - kDigitBox) <= 1);
            QVERIFY(std::abs(e.massX / e.mass - kDigitSide / 2.0) <= 0.51);
            QVERIFY(std::abs(e.massY / e.mass - kDigitSide / 2.0) <= 0.51);
            QVERIFY(
                std::any_of(pixels.begin(), pixels.end(), [](int v) { return v > 0 && v < 255; }));
        }
        QCOMPARE(extentOf(picture({})).mass, 0.0);
        const Stroke dot{{3, 4}};
        const Extent e = extentOf(picture(std::span(&dot, 1)));
        QVERIFY(e.mass > 0 && e.right - e.left <= 4);
    }

    void aSmoothCurveKeepsItsPoints()
    {
        const Stroke stroke{{0, 0}, {10, 5}, {20, -5}, {30, 0}};
        const Stroke curve = smoothed(stroke);
        for (const StrokePoint& p : stroke)
            QVERIFY(std::any_of(curve.begin(), curve.end(),
                [&p](const StrokePoint& q) { return std::hypot(p.x - q.x, p.y - q.y) < 1e-12; }));
        QCOMPARE(smoothed(Stroke{{1, 2}}).size(), std::size_t{1});
    }

    void theNthDigitIsAlwaysTheSame()
    {
        const Digit first = generatedDigit(1, 17);
        generatedDigit(1, 3);
        const Digit again = generatedDigit(1, 17);
        QCOMPARE(again.label, first.label);
        QCOMPARE(again.pixels, first.pixels);
        QVERIFY(generatedDigit(2, 17).pixels != first.pixels);
    }

    void digitsAreOfAllClassesAndNoTwoAlike()
    {
        std::array<int, kDigitClasses> counts{};
        std::set<std::string> different;
        for (std::uint64_t n = 0; n < 2000; ++n) {
            const Digit digit = generatedDigit(5, n);
            ++counts[static_cast<std::size_t>(digit.label)];
            different.emplace(digit.pixels.begin(), digit.pixels.end());
            const Extent e = extentOf(digit.pixels);
            QVERIFY(e.mass / 255 > 15 && e.mass / 255 < 250); // neither blank nor a blot
        }
        QCOMPARE(different.size(), std::size_t{2000});
        for (const int count : counts)
            QVERIFY(count > 130 && count < 270);
    }

    void setsShareNoDigit()
    {
        const Experiment e = readPreset(kPreset, "p.json");
        const auto stimulus = makeStimulus(e);
        std::set<std::vector<double>> seen;
        std::set<int> numbers;
        std::size_t asked = 0;
        for (const Block block : {Block::Train, Block::Validation, Block::Test}) {
            const auto size = static_cast<std::uint64_t>(stimulus->samples(block));
            for (std::uint64_t i = 0; i < size; ++i, ++asked) {
                const Presentation shown{.block = block, .index = i, .size = size};
                std::vector<double> input(784), target(10);
                QVERIFY(stimulus->pattern(shown, e.parameters, input, target));
                QCOMPARE(std::count(target.begin(), target.end(), e.parameters.targetHigh), 1);
                seen.insert(input);
                numbers.insert(stimulus->sample(shown));
            }
        }
        QCOMPARE(asked, std::size_t{250});
        QCOMPARE(seen.size(), asked);
        QCOMPARE(numbers.size(), asked);
        QCOMPARE(*numbers.rbegin(), 249);
    }

    void trainingOrderIsFreshEveryEpoch()
    {
        const auto stimulus = makeStimulus(readPreset(kPreset, "p.json"));
        const auto epoch = [&](std::uint64_t ordinal) {
            std::vector<int> order;
            for (std::uint64_t i = 0; i < 200; ++i)
                order.push_back(stimulus->sample({.epoch = ordinal,
                    .block = Block::Train,
                    .ordinal = ordinal,
                    .index = i,
                    .size = 200}));
            return order;
        };
        std::vector<int> first = epoch(0), second = epoch(1);
        QVERIFY(first != second);
        QCOMPARE(epoch(0), first);
        std::sort(first.begin(), first.end());
        std::sort(second.begin(), second.end());
        std::vector<int> all(200);
        std::iota(all.begin(), all.end(), 0);
        QCOMPARE(first, all);
        QCOMPARE(second, all);
    }

    void testBlocksMayShowTheSameSamples()
    {
        // One sample at a time, and batches: two epochs, four samples tested in each.
        const std::vector<std::string> one{"network.layers=[784,3,10]", "stimulus.samples=3",
            "stimulus.test_samples=9", "protocol.test=4"};
        const std::vector<std::string> batch{"network.layers=[784,3,10]", "stimulus.samples=6",
            "stimulus.test_samples=9", "batch.size=2", "protocol.test=2"};
        for (const auto& [preset, small] :
            {std::pair{"mnist-small", one}, std::pair{"backprop-mnist", batch}}) {
            std::vector<LayerWeights> learned;
            std::vector<std::vector<int>> trained;
            for (const char* same : {"true", "false"}) {
                std::vector<std::string> set = small;
                set.push_back(std::string("protocol.test_same=") + same);
                Simulation run(loadPreset(preset, set));
                const int together = run.model().anatomy().samples;
                std::array<std::vector<int>, 2> tested;
                trained.emplace_back();
                for (std::uint64_t k = 0; k < run.schedule().presentations(2); ++k) {
                    const Presentation shown = run.schedule().at(k);
                    std::vector<int>& seen =
                        shown.block == Block::Test ? tested.at(shown.epoch) : trained.back();
                    for (int column = 0; column < together; ++column)
                        seen.push_back(sampleOf(run.stimulus(), shown, together, column));
                }
                QCOMPARE(tested[0].size(), std::size_t{4});
                QCOMPARE(tested[0] == tested[1], std::string(same) == "true");
                const int first = run.stimulus().samples(Block::Train);
                QCOMPARE(tested[0], (std::vector<int>{first, first + 1, first + 2, first + 3}));
                while (run.clock().pattern < run.schedule().presentations(2))
                    QVERIFY(run.step());
                learned.push_back(layerWeights(run.model(), 1));
            }
            QCOMPARE(trained[0], trained[1]);
            if (preset == std::string("backprop-mnist")) // nothing lasts from one to the next
                QVERIFY(learned[0] == learned[1]);
        }
    }

    void writtenAndReadAgainItIsTheSame()
    {
        const Experiment e = loadPreset("mnist-small", {"stimulus.seed=9", "stimulus.samples=77"});
        QCOMPARE(e.stimulus.digitSeed, std::uint64_t{9});
        const Experiment again = readPreset(writePreset(e), "again.json");
        QCOMPARE(again.stimulus.samples, 77);
        QVERIFY(again.stimulus == e.stimulus);
        QVERIFY(again.weights == e.weights);
    }

    void ratesDecayWithEveryEpoch()
    {
        // Two epochs: the first is untouched by the decay, the second is not.
        const auto weightsAfter = [](int presentations, double decay) {
            Experiment e = readPreset(kPreset, "p.json");
            e.stimulus.samples = 3;
            e.stimulus.validationSamples = e.stimulus.testSamples = 0;
            e.parameters.presentationTime = 0.5;
            setParameter(e.parameters, "eta.up", std::vector<double>{0.1}, 2);
            setParameter(e.parameters, "eta.decay", decay, 2);
            Simulation sim(e);
            for (int i = 0; i < 5 * presentations; ++i)
                sim.step();
            return weightsOf(sim.model()).front().matrix.values;
        };
        QVERIFY(weightsAfter(3, 1) == weightsAfter(3, 0.5));
        QVERIFY(weightsAfter(4, 1) != weightsAfter(4, 0.5));
        QVERIFY(weightsAfter(3, 0) == weightsAfter(6, 0));
    }
};

QTEST_APPLESS_MAIN(DigitsTest)
#include "tst_digits.moc"
