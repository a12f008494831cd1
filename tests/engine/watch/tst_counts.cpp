// Counts of events: what a history shows of them adds up to what happened, however seldom it looks.
#include "sim/run/model_table.h"
#include "sim/watch/recorder.h"

#include <QTest>

#include <cmath>
#include <cstring>
#include <limits>

using namespace apical;

namespace {

constexpr int kUnits = 3;
constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// Unit i had an event in every step that i + 2 divides.
class Clicks final : public Model {
public:
    explicit Clicks(const Parameters& p)
        : m_parameters(p)
    {
        const int units = m_anatomy.add({"layer1.unit", 1, "unit", kUnits});
        m_anatomy.add({"layer1.unit.clicks", units, "1", Anatomy::Form::Count,
            /* watched */ true});
        m_anatomy.add({"layer1.unit.phase", units, "1", Anatomy::Form::Level, true});
        m_probes = probesOf(*this);
    }
    /// Events of a unit in steps 1 to n.
    static double events(int unit, std::uint64_t n)
    {
        return static_cast<double>(n / static_cast<std::uint64_t>(unit + 2));
    }

    void step(const Drive&) override { ++m_step; }
    const Anatomy& anatomy() const override { return m_anatomy; }
    void read(int quantity, std::span<double> out) const override
    {
        for (int i = 0; i < kUnits; ++i)
            out[static_cast<std::size_t>(i)] = quantity == 0
                ? events(i, m_step)
                : static_cast<double>(m_step % static_cast<std::uint64_t>(i + 2));
    }
    void readWeights(int, std::span<double>) const override { }
    void setWeights(int, std::span<const double>) override { }
    int answer() const override { return 1; }
    const std::vector<Probe>& probes() const override { return m_probes; }
    const Parameters& parameters() const override { return m_parameters; }
    void setParameters(const Parameters& p) override { m_parameters = p; }
    std::vector<std::byte> save() const override
    {
        std::vector<std::byte> bytes(sizeof m_step);
        std::memcpy(bytes.data(), &m_step, sizeof m_step);
        return bytes;
    }
    void restore(std::span<const std::byte> bytes) override
    {
        std::memcpy(&m_step, bytes.data(), sizeof m_step);
    }
    void resetPotentials() override { }
    bool finite() const override { return true; }

private:
    Anatomy m_anatomy;
    Parameters m_parameters;
    std::vector<Probe> m_probes;
    std::uint64_t m_step = 0;
};

std::vector<Simulation> clicking()
{
    Experiment e = newExperiment();
    e.layers = {2, kUnits, kUnits};
    std::vector<Simulation> lanes;
    lanes.emplace_back(e, 0, std::make_unique<Clicks>(e.parameters));
    return lanes;
}

/// Bins say from which step to which: each must hold exactly the events of those steps.
void checkBins(const History& history, std::uint64_t from = 0)
{
    for (int unit = 0; unit < kUnits; ++unit) {
        const int channel = history.find(0, "layer1.unit.clicks", unit);
        QVERIFY(channel >= 0);
        QVERIFY(history.channels()[static_cast<std::size_t>(channel)].count);
        for (std::size_t i = 0; i < history.size(); ++i) {
            const Bin& bin = history.bin(i);
            if (bin.firstStep < from)
                continue;
            const double events =
                Clicks::events(unit, bin.endStep()) - Clicks::events(unit, bin.firstStep);
            QCOMPARE(static_cast<double>(history.minimum(i, channel)), events);
            QCOMPARE(static_cast<double>(history.maximum(i, channel)), events);
        }
    }
}

double sum(const History& history, int unit)
{
    const int channel = history.find(0, "layer1.unit.clicks", unit);
    double all = 0;
    for (std::size_t i = 0; i < history.size(); ++i)
        all += static_cast<double>(history.maximum(i, channel));
    return all;
}

/// All that happened in so many steps, and nothing else.
void checkSum(const History& history, std::uint64_t steps)
{
    for (int unit = 0; unit < kUnits; ++unit)
        QCOMPARE(sum(history, unit), Clicks::events(unit, steps));
}

} // namespace

class CountsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void binsHoldExactlyTheirEvents_data()
    {
        QTest::addColumn<double>("stepsPerSecond");
        QTest::newRow("a bin per step") << 100.0;
        QTest::newRow("a bin of a few steps") << 2e4;
        QTest::newRow("seldom read") << 1e7;
    }
    void binsHoldExactlyTheirEvents()
    {
        QFETCH(double, stepsPerSecond);
        auto lanes = clicking();
        Recorder recorder(lanes, 0);
        History history(recorder.ring()->channels());
        recorder.setSpeed(stepsPerSecond, kNoLimit);
        constexpr std::uint64_t kSteps = 30011; // no multiple of anything
        for (std::uint64_t i = 0; i < kSteps; ++i) {
            lanes[0].step();
            recorder.afterStep();
            if (i % 500 == 0)
                recorder.ring()->drain(history);
        }
        if (stepsPerSecond > 1e6)
            QVERIFY(recorder.stride() > 1);
        recorder.flush();
        recorder.ring()->drain(history);
        checkBins(history);
        checkSum(history, kSteps);
    }

    void changesOfPaceLoseNone()
    {
        auto lanes = clicking();
        Recorder recorder(lanes, 0);
        History history(recorder.ring()->channels());
        std::uint64_t steps = 0;
        for (const double pace : {50.0, 1e6, 3e3, 1e7, 10.0, 2e5}) {
            recorder.flush();
            recorder.setSpeed(pace, kNoLimit);
            for (int i = 0; i < 1237; ++i, ++steps) {
                lanes[0].step();
                recorder.afterStep();
                recorder.ring()->drain(history);
            }
        }
        recorder.flush();
        recorder.ring()->drain(history);
        checkBins(history);
        checkSum(history, steps);
    }

    void aReaderThatSleepsFindsThemAll()
    {
        auto lanes = clicking();
        Recorder recorder(lanes, 0);
        History history(recorder.ring()->channels());
        recorder.setSpeed(10, kNoLimit); // a bin per step, far more than the ring holds
        constexpr std::uint64_t kSteps = 200'000;
        for (std::uint64_t i = 0; i < kSteps; ++i) {
            lanes[0].step();
            recorder.afterStep();
        }
        const std::size_t held = recorder.ring()->drain(history);
        QVERIFY(held > 0 && held < kSteps);
        lanes[0].step();
        recorder.afterStep();
        recorder.ring()->drain(history);
        checkSum(history, kSteps + 1);
    }

    void goingBackCountsFromThere()
    {
        auto lanes = clicking();
        Recorder recorder(lanes, 0);
        History history(recorder.ring()->channels());
        recorder.setSpeed(1e4, kNoLimit);
        const auto steps = [&](int n) {
            for (int i = 0; i < n; ++i) {
                lanes[0].step();
                recorder.afterStep();
            }
            recorder.flush();
            recorder.ring()->drain(history);
        };
        steps(1000);
        const State then = lanes[0].state();
        steps(777);
        lanes[0].restore(then);
        recorder.forgetLater();
        steps(333);
        checkBins(history);
        checkSum(history, 1333);
    }

    void curvesAreEventsPerMs()
    {
        auto lanes = clicking();
        Recorder recorder(lanes, 0);
        History history(recorder.ring()->channels());
        recorder.setSpeed(1e7, kNoLimit);
        for (int i = 0; i < 12'000; ++i) {
            lanes[0].step();
            recorder.afterStep();
        }
        recorder.flush();
        recorder.ring()->drain(history);
        History::Column whole[1];
        history.columns(history.find(0, "layer1.unit.clicks", 1), 0, history.endMs(), whole);
        const double perMs = 1 / (3 * lanes[0].parameters().dt);
        QVERIFY(std::abs(static_cast<double>(whole[0].high) - perMs) < 1e-3 * perMs);
    }
};

QTEST_APPLESS_MAIN(CountsTest)
#include "tst_counts.moc"
