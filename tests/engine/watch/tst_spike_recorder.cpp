// Spikes on their way to the window: at any stride, however late they are read, and through rewinds
// and changes of lanes none is lost.
#include "sim/files/preset.h"
#include "sim/watch/recorder.h"
#include "tests/engine/runner_waits.h"
#include "tests/engine/spike_sums.h"

#include <map>
#include <numeric>

using namespace apical;
using namespace apical::test;

namespace {

Experiment spiking(double psi = 100)
{
    Experiment e = readPreset(R"({"apical": 1, "title": "t", "model": "spiking-microcircuit",
  "network": {"layers": [4, 5, 3]}, "weights": {"init": "uniform", "range": 1},
  "parameters": {"dt": 0.1, "eta.pi": 0.01, "spiking.psi": )"
            + std::to_string(psi) + R"(},
  "stimulus": {"kind": "uniform", "low": 0, "high": 1, "presentation_time": 1}})",
        "t.json");
    e.pace = kFast;
    return e;
}

Totals counted(const Simulation& lane, const SpikeHistory& h)
{
    Totals all(h.rows());
    for (const SpikeGroup& group : h.groups()) {
        if (group.lane != lane.lane())
            continue;
        std::vector<double> counts(group.size);
        lane.model().read(lane.model().anatomy().quantity(group.quantity), counts);
        std::copy(counts.begin(), counts.end(), all.begin() + static_cast<int>(group.first));
    }
    return all;
}

/// What the frame says that each lane has counted is what the history says.
void checkCounters(const SpikeHistory& h, const Frame& frame)
{
    QVERIFY(!h.groups().empty());
    QCOMPARE(h.endStep(), frame.step());
    for (const SpikeGroup& group : h.groups()) {
        QVERIFY(group.lane < static_cast<int>(frame.lanes.size()));
        const auto counts =
            frame.lanes[static_cast<std::size_t>(group.lane)].quantity(group.quantity);
        QCOMPARE(counts.size(), group.size);
        for (std::size_t i = 0; i < group.size; ++i)
            QCOMPARE(static_cast<double>(h.totals()[group.first + i]), counts[i]);
    }
    checkSums(h);
}

} // namespace

class SpikeRecorderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theRecorderFindsThemAllAtAnyStride_data()
    {
        QTest::addColumn<double>("psi");
        QTest::addColumn<double>("stepsPerSecond");
        for (const double psi : {1.0, 100.0}) {
            const QByteArray name = "psi " + QByteArray::number(psi);
            QTest::newRow(name + ", a bin per step") << psi << 100.0;
            QTest::newRow(name + ", some steps") << psi << 3e5;
            QTest::newRow(name + ", seldom") << psi << 1e9;
        }
    }
    void theRecorderFindsThemAllAtAnyStride()
    {
        QFETCH(double, psi);
        QFETCH(double, stepsPerSecond);
        std::vector<Simulation> lanes;
        lanes.emplace_back(spiking(psi));
        Recorder recorder(lanes, 0);
        recorder.setSpeed(stepsPerSecond, kFast);
        SpikeHistory h(recorder.spikes().ring()->groups());
        std::map<std::uint64_t, Totals> then{{0, Totals(h.rows())}};
        for (int k = 0; k < 3001; ++k) {
            lanes[0].step();
            recorder.afterStep();
            then[lanes[0].clock().step] = counted(lanes[0], h);
            if (k % 100 == 0)
                recorder.spikes().ring()->drain(h);
        }
        recorder.flush();
        recorder.spikes().ring()->drain(h);
        if (stepsPerSecond < 1000)
            QCOMPARE(h.bins(), std::size_t{3001});
        else
            QVERIFY(h.bins() < 1600);
        h.forEachBin(0, h.endMs(), [&](const Bin& bin, std::span<const SpikeEvent> events) {
            Totals is(h.rows());
            for (const SpikeEvent& event : events)
                is[event.row] = event.count;
            QVERIFY(is == difference(then[bin.endStep()], then[bin.firstStep]));
        });
        QVERIFY(totalsOf(h) == then[3001]);
        QVERIFY(std::accumulate(h.totals().begin(), h.totals().end(), std::uint64_t{0}) > 300);
        checkSums(h);
    }

    void aReaderThatSleepsFindsThemAll()
    {
        std::vector<Simulation> lanes;
        lanes.emplace_back(spiking());
        SpikeRecorder recorder(lanes, 0);
        SpikeRing small(recorder.ring()->groups(), 0, 0, {}, 1);
        const Totals none(small.rows());
        QVERIFY(small.pushStand(0, 0, 0, none));
        // What finds no room is refused whole, and what had room comes out in order.
        std::vector<SpikeEvent> events;
        for (std::uint32_t row = 0; row < small.rows(); ++row)
            events.push_back({row, row + 1});
        std::uint64_t pushed = 0;
        while (small.push(pushed + 1, 0.1 * static_cast<double>(pushed + 1), events))
            ++pushed;
        QVERIFY(pushed >= 4);
        SpikeHistory h(small.groups());
        QCOMPARE(small.drain(h), static_cast<std::size_t>(pushed));
        QCOMPARE(h.totals()[2], 3 * pushed);
        QVERIFY(small.push(pushed + 2, 0.1 * static_cast<double>(pushed + 2), events));
        QCOMPARE(small.drain(h), std::size_t{1});
        checkSums(h);
        // The recorder's own ring: nobody reads for long, then all is there.
        SpikeHistory late(recorder.ring()->groups());
        const std::uint64_t enough = 2 * SpikeRing::kWords / (5 + 2 * late.rows());
        for (std::uint64_t k = 0; k < enough; ++k) {
            lanes[0].step();
            recorder.afterStep();
        }
        recorder.ring()->drain(late);
        QVERIFY(late.endStep() < enough);
        lanes[0].step();
        recorder.afterStep();
        recorder.ring()->drain(late);
        QCOMPARE(late.endStep(), enough + 1);
        QVERIFY(totalsOf(late) == counted(lanes[0], late));
        checkSums(late);
    }

    void readingChangesNoBit()
    {
        std::vector<Simulation> watched;
        watched.emplace_back(spiking());
        Simulation alone(spiking());
        SpikeRecorder recorder(watched, 0);
        for (int k = 0; k < 500; ++k) {
            watched[0].step();
            recorder.afterStep();
            alone.step();
        }
        QVERIFY(watched[0].state() == alone.state());
    }

    void modelsThatCountNothingHaveNone()
    {
        std::vector<Simulation> lanes;
        lanes.emplace_back(selfPredicting());
        Recorder recorder(lanes, 0);
        recorder.setSpeed(1e6, kFast);
        for (int k = 0; k < 100; ++k) {
            lanes[0].step();
            recorder.afterStep();
        }
        recorder.flush();
        SpikeHistory h(recorder.spikes().ring()->groups());
        QCOMPARE(recorder.spikes().ring()->drain(h), std::size_t{0});
        QCOMPARE(h.rows(), std::size_t{0});
        QCOMPARE(h.bytesLimit(), std::size_t{0});
    }

    void theRunnerLosesNoneByLanesRewindsAndEdits()
    {
        Runner runner(spiking());
        Frame frame;
        SpikeHistory h;
        const auto runTo = [&](std::uint64_t step) {
            runner.setPace(kFast);
            runner.run();
            QVERIFY(waitForSteps(runner, step));
            runner.pause();
            // Not the frame of the pause before, which may still lie there.
            QVERIFY(waitForFrame(
                runner, frame, [step](const Frame& f) { return paused(f) && f.step() >= step; }));
            runner.drain(h);
            checkCounters(h, frame);
        };
        runTo(30000);
        runner.stepOnce(7);
        QVERIFY(waitForFrame(runner, frame, pausedAt(frame.step() + 7)));
        runner.drain(h);
        checkCounters(h, frame);
        // Back, once into what is a block by now, and on another way.
        for (const std::uint64_t to : {frame.step() - 3, std::uint64_t{20011}, std::uint64_t{12}}) {
            runner.rewindTo(to);
            QVERIFY(waitForFrame(runner, frame, pausedAt(to)));
            runner.drain(h);
            checkCounters(h, frame);
        }
        QCOMPARE(h.beginStep(), std::uint64_t{0});
        runner.edit(0, "spiking.psi", 30.0);
        runTo(5000);
        // Lanes that come and go before anybody looks.
        runner.duplicateLane();
        runner.edit(1, "spiking.psi", 3.0);
        runner.stepOnce(500);
        runner.removeLane(0);
        runner.stepOnce(11);
        const std::uint64_t end = frame.step() + 511;
        QVERIFY(waitForFrame(runner, frame, pausedAt(end)));
        QCOMPARE(frame.lanes.size(), std::size_t{1});
        runner.drain(h);
        checkCounters(h, frame);
        QCOMPARE(h.beginStep(), std::uint64_t{0});
        runner.reset();
        QVERIFY(waitForFrame(runner, frame, [](const Frame& f) { return f.step() == 0; }));
        runner.drain(h);
        QVERIFY(h.empty());
        runTo(1000);
    }
};

QTEST_GUILESS_MAIN(SpikeRecorderTest)
#include "tst_spike_recorder.moc"
