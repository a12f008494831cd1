// The session: commands in, frames out, looking back, and the same bits as without a window.
#include "app/session/past.h"
#include "app/session/session.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/files/preset.h"
#include "sim/insight/circuit_frame.h"
#include "sim/live/runner.h"
#include "sim/run/simulation.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace apical;

namespace {

constexpr int kLongMs =
    60000; // for what takes a minute of simulated time, however slow the machine

Frame frameAt(double ms)
{
    Frame frame;
    frame.lanes.resize(1);
    frame.lanes[0].clock.step = static_cast<std::uint64_t>(ms * 10);
    frame.lanes[0].clock.timeMs = ms;
    return frame;
}

} // namespace

class SessionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pastFramesStayBoundedAndSpreadOverTheWholeRun()
    {
        PastFrames past(100);
        for (int i = 0; i <= 20000; ++i)
            past.append(frameAt(i));
        QVERIFY(past.frames().size() <= 100);
        QCOMPARE(past.frames().front().timeMs(), 0.0);
        QCOMPARE(past.frames().back().timeMs(), 20000.0);
        double widest = 0;
        for (std::size_t i = 1; i < past.frames().size(); ++i)
            widest = std::max(widest, past.frames()[i].timeMs() - past.frames()[i - 1].timeMs());
        QVERIFY2(widest < 3000, qPrintable(QString::number(widest)));
        const std::size_t n = past.frames().size();
        QVERIFY(20000 - past.frames()[n - 10].timeMs() < 600);
    }

    void fewLargePastFramesAreSpreadOverTheWholeRunAsWell()
    {
        Frame frame = frameAt(0);
        frame.lanes.front().weights.emplace_back(100, 100);
        frame.state = RunState::Running;
        constexpr std::size_t kFit = 12;
        PastFrames past(512, kFit * frameBytes(frame));
        const int last = 5000;
        for (int i = 0; i <= last; ++i) {
            frame.lanes.front().clock = frameAt(i).lanes.front().clock;
            frame.lanes.front().weights.front().values.back() = i;
            past.append(frame);
        }
        QCOMPARE(past.frames().size(), kFit);
        QVERIFY(past.bytes() <= kFit * frameBytes(frame));
        QCOMPARE(past.frames().front().timeMs(), 0.0);
        QVERIFY(past.frames().back().timeMs() > 0.95 * last);
        for (std::size_t i = 1; i < kFit; ++i) {
            const Frame& kept = past.frames()[i];
            QVERIFY(kept.timeMs() - past.frames()[i - 1].timeMs() < 0.45 * last);
            QCOMPARE(kept.lanes.front().weights.front().values.back(), kept.timeMs());
        }
        // Where a run is stopped, the moment itself is kept.
        frame.lanes.front().clock = frameAt(last + 1).lanes.front().clock;
        frame.state = RunState::Paused;
        past.append(frame);
        QCOMPARE(past.frames().back().timeMs(), last + 1.0);
        QCOMPARE(past.frames().size(), kFit);
    }

    void pastFramesFindTheNearestInstantAndForgetAfterARewind()
    {
        PastFrames past;
        for (int i = 0; i < 50; ++i)
            past.append(frameAt(10.0 * i));
        QCOMPARE(past.nearest(123)->timeMs(), 120.0);
        QCOMPARE(past.nearest(-5)->timeMs(), 0.0);
        QCOMPARE(past.nearest(1e9)->timeMs(), 490.0);
        past.truncate(1000);
        QCOMPARE(past.frames().back().timeMs(), 100.0);
    }

    void pulseNeverAsksForMoreThanHalfACore()
    {
        Pulse pulse;
        QCOMPARE(pulse.intervalMs(), 16);
        for (int i = 0; i < 200; ++i) {
            pulse.beginWork();
            pulse.endWork(true);
            pulse.addPaint(30);
        }
        QVERIFY2(pulse.intervalMs() >= 58, qPrintable(QString::number(pulse.intervalMs())));
    }

    void dataFillAtLeastHalfOfTheTimeAxis()
    {
        Session session;
        QVERIFY(session.openPreset(QStringLiteral("self-predicting")));
        const Scene& scene = session.scene();
        const auto filled = [&scene] {
            return (scene.nowMs - scene.viewBeginMs) / (scene.viewEndMs - scene.viewBeginMs);
        };
        int seen = 0;
        double least = 1, most = 0;
        connect(&session, &Session::refreshed, this, [&] {
            if (scene.nowMs <= 0)
                return;
            ++seen;
            least = std::min(least, filled());
            most = std::max(most, filled());
        });
        session.pause();
        session.step();
        QTRY_VERIFY(seen > 0); // one step has its axis, too
        session.run();
        QTRY_VERIFY(scene.nowMs > 5);
        session.setPace(std::numeric_limits<double>::infinity());
        QTRY_VERIFY_WITH_TIMEOUT(scene.viewBeginMs > 0, kLongMs); // as wide as it gets: it scrolls
        QVERIFY2(least >= 0.5 && most < 0.64, qPrintable(QString::number(least)));
    }

    void theTimeAxisHoldsTheWholeRunWhenAsked()
    {
        Session session;
        QVERIFY(session.openPreset(QStringLiteral("self-predicting")));
        const Scene& scene = session.scene();
        // Asked when a frame is shown: between two of them the history goes on.
        bool holds = true;
        connect(&session, &Session::refreshed, this, [&] {
            holds =
                holds && scene.nowMs >= session.history().endMs() && scene.nowMs < scene.viewEndMs;
        });
        QTRY_VERIFY(scene.nowMs > 5);
        session.setPace(std::numeric_limits<double>::infinity());
        session.setTimeRange(0, 100, true);
        QTRY_VERIFY_WITH_TIMEOUT(scene.viewBeginMs > 0, kLongMs); // scrolls
        QVERIFY(holds);
        session.setTimeRange(0, scene.nowMs, true); // what F and a double click ask for
        QTRY_VERIFY(scene.viewBeginMs == 0 && scene.viewEndMs > scene.nowMs);
        QTRY_VERIFY_WITH_TIMEOUT(scene.nowMs > 61000, kLongMs);
        QVERIFY(holds && scene.viewBeginMs == 0);
    }

    void theSpanOfAPresetIsWhereItsAxisStopsGrowing()
    {
        Experiment experiment = loadPreset("latent-equilibrium");
        QCOMPARE(experiment.spanMs, 200.0);
        Session session;
        QVERIFY(session.openExperiment(experiment));
        const Scene& scene = session.scene();
        session.setPace(std::numeric_limits<double>::infinity());
        QTRY_VERIFY_WITH_TIMEOUT(scene.viewBeginMs > 0, kLongMs);
        QVERIFY(std::abs(scene.viewEndMs - scene.viewBeginMs - 200) < 1e-6);
    }

    void rangesOfWeightsAreChosenAtTheStartAndChangeOnlyWhenAsked()
    {
        Experiment experiment = loadPreset("self-predicting");
        experiment.layers = {784, 500, 10};
        WeightSpec& start = experiment.weights;
        start.rangeUp = start.rangeDown = start.rangeIp = start.rangePi = 0.05;
        circuit(experiment.parameters).etaIp = {2}; // W_ip leaves its range
        Session session;
        QVERIFY(session.openExperiment(experiment));
        session.setPace(std::numeric_limits<double>::infinity());
        const auto range = [&session] { return session.scene().weightRanges.of(Pathway::Ip, 1); };
        const auto largest = [&session] {
            double most = 0;
            for (const double w : session.newest().lanes.at(0).matrix("layer1.W_ip")->values)
                most = std::max(most, std::abs(w));
            return most;
        };
        QCOMPARE(range(), (WeightRange{0.05, 0.005}));
        QTRY_VERIFY(!session.newest().lanes.empty() && largest() > 0.06);
        session.pause();
        QTRY_COMPARE(session.newest().state, RunState::Paused);
        session.tick();
        QCOMPARE(range(), (WeightRange{0.05, 0.005}));
        QVERIFY(session.action(QStringLiteral("refit_ranges")));
        QVERIFY(range().weights > 0.06);
        session.reset();
        QTRY_COMPARE(range(), (WeightRange{0.05, 0.005}));
    }

    void opensRunningAndPauses()
    {
        Session session;
        QVERIFY(session.openPreset(QStringLiteral("self-predicting")));
        QVERIFY(session.running());
        QTRY_VERIFY(session.scene().nowMs > 20);
        session.pause();
        QVERIFY(!session.running());
        QTRY_COMPARE(session.newest().state, RunState::Paused);
        const std::uint64_t step = session.runner()->stepsDone();
        session.step();
        QTRY_COMPARE(session.newest().step(), step + 1);
        QVERIFY(!session.running());
    }

    void badInputKeepsTheRunThatWas()
    {
        Session session;
        QVERIFY(session.openPreset(QStringLiteral("self-predicting")));
        QTRY_VERIFY(session.scene().nowMs > 5);
        QSignalSpy failed(&session, &Session::failed);
        const Runner* before = session.runner();
        QVERIFY(!session.openPreset(QStringLiteral("no-such-preset")));
        QCOMPARE(failed.size(), 1);
        QCOMPARE(session.runner(), before);
        QVERIFY(session.running());
        QVERIFY(!session.edit(QStringLiteral("dt"), ParameterValue(-1.0)));
        QVERIFY2(failed.last().first().toString().contains(QStringLiteral("dt")),
            qPrintable(failed.last().first().toString()));
        QVERIFY(!session.edit(QStringLiteral("eta.pj"), ParameterValue(1.0)));
        const QString time = QStringLiteral("stimulus.presentation_time");
        QVERIFY(!session.edit(time, ParameterValue(0.25)));
        QVERIFY2(failed.last().first().toString().contains(QStringLiteral("0.2 or 0.3 ms")),
            qPrintable(failed.last().first().toString()));
        QVERIFY(session.roundedToSteps(-1, time, 0.26) == ParameterValue(0.3));
        QVERIFY(session.edit(time, ParameterValue(0.3)));
        QVERIFY(!session.action(QStringLiteral("fly")));
    }

    void editsAreShownAtOnceAndConfirmedByAFrame()
    {
        Session session;
        QVERIFY(session.openPreset(QStringLiteral("self-predicting")));
        QTRY_VERIFY(session.scene().nowMs > 1);
        const std::uint64_t confirmed = session.editsConfirmed();
        QVERIFY(session.edit(QStringLiteral("target.on"), ParameterValue(true)));
        QVERIFY(session.parameters().targetOn);
        QTRY_VERIFY(session.editsConfirmed() > confirmed);
        QVERIFY(session.newest().lanes.front().parameters.targetOn);
        QVERIFY(session.parameters().targetOn);
        QCOMPARE(session.replay().edits.size(), std::size_t{1});
    }

    void scrubbingShowsThePastLocksEditsAndComesBack()
    {
        Session session;
        QVERIFY(session.openPreset(QStringLiteral("self-predicting")));
        QTRY_VERIFY(session.past().frames().size() > 12);
        session.pause();
        QTRY_COMPARE(session.newest().state, RunState::Paused);
        session.scrubBy(-3);
        session.tick();
        QVERIFY(!session.scene().live);
        QVERIFY(session.scene().shownMs < session.scene().nowMs);
        QCOMPARE(session.scene().frame.timeMs(), session.scene().shownMs);
        const double shown = session.scene().shownMs;
        QSignalSpy failed(&session, &Session::failed);
        QVERIFY(!session.edit(QStringLiteral("target.on"), ParameterValue(true)));
        QCOMPARE(failed.size(), 1);
        session.scrubBy(1);
        QVERIFY(session.scene().shownMs > shown);
        session.backToLive();
        session.tick();
        QVERIFY(session.scene().live);
        QCOMPARE(session.scene().shownMs, session.scene().nowMs);
    }

    void resetStartsAtZeroAndANewSeedIsAnotherRun()
    {
        Session session;
        QVERIFY(session.openPreset(QStringLiteral("self-predicting")));
        QTRY_VERIFY(session.scene().nowMs > 20);
        session.pause();
        session.reset();
        QTRY_COMPARE(session.newest().step(), std::uint64_t{0});
        QTRY_VERIFY(!session.newest().lanes.empty());
        const double before = (*session.newest().lanes[0].matrix("layer1.W_up")).values.front();
        const std::uint64_t seed = session.seed();
        session.newSeed();
        QVERIFY(session.seed() != seed);
        QTRY_VERIFY(session.newest().seed == session.seed());
        QVERIFY((*session.newest().lanes[0].matrix("layer1.W_up")).values.front() != before);
        QCOMPARE(session.scene().startErrors.size(), std::size_t{1});
    }

    void theWindowAndTheHeadlessRunHaveTheSameBits()
    {
        Session session;
        QVERIFY(session.openPreset(QStringLiteral("self-predicting")));
        session.setPace(std::numeric_limits<double>::infinity());
        QTRY_VERIFY(session.scene().nowMs > 50);
        session.pause();
        QTRY_COMPARE(session.newest().state, RunState::Paused);
        session.run();
        QTRY_VERIFY(session.scene().nowMs > 300);
        session.pause();
        QTRY_COMPARE(session.newest().state, RunState::Paused);
        const std::vector<State> states = session.runner()->states();
        Simulation headless(session.experiment());
        while (headless.clock().step < states.front().clock.step)
            headless.step();
        QVERIFY(headless.state() == states.front());
    }

    void savedSessionsGoOnExactly()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("a.apical"));
        Session first;
        QVERIFY(first.openPreset(QStringLiteral("self-predicting")));
        first.setPace(std::numeric_limits<double>::infinity());
        QTRY_VERIFY(first.scene().nowMs > 30);
        QVERIFY(first.edit(QStringLiteral("eta.pi"), ParameterValue(std::vector<double>{0.2})));
        QTRY_VERIFY(first.editsConfirmed() > 0);
        first.pause();
        QTRY_COMPARE(first.newest().state, RunState::Paused);
        QVERIFY(first.save(path, QByteArray("{\"grid\":true}")));
        Session second;
        QVERIFY(second.open(path));
        QVERIFY(second.runner()->states() == first.runner()->states());
        QCOMPARE(second.savedView(), QByteArray("{\"grid\":true}"));
        QCOMPARE(second.fileName(), path);
        QVERIFY(!first.save(QStringLiteral("/nowhere/at/all.apical"), {}));
    }

    void jumpingToTheFixedPointClosesTheDistance()
    {
        Session session;
        QVERIFY(session.openPreset(QStringLiteral("self-predicting")));
        QTRY_VERIFY(session.scene().nowMs > 5);
        session.pause();
        QVERIFY(session.action(QStringLiteral("self_predicting")));
        session.step();
        QTRY_VERIFY2(circuitErrors(session.newest().lanes[0])[0].fixedPointDistance < 1e-2,
            qPrintable(
                QString::number(circuitErrors(session.newest().lanes[0])[0].fixedPointDistance)));
    }

    void rewindGoesBackAndHalvesTheStep()
    {
        Session session;
        QVERIFY(session.openPreset(QStringLiteral("self-predicting")));
        session.setPace(std::numeric_limits<double>::infinity());
        QTRY_VERIFY(session.scene().nowMs > 1500);
        session.pause();
        QTRY_COMPARE(session.newest().state, RunState::Paused);
        session.setPace(0.01);
        const double before = session.newest().timeMs();
        const double dt = session.parameters().dt;
        QVERIFY(session.action(QStringLiteral("rewind_halve_dt")));
        QTRY_VERIFY(session.newest().timeMs() < before - 500);
        QTRY_COMPARE(session.newest().lanes[0].parameters.dt, dt / 2);
        QVERIFY(session.running());
    }

    void aRunBrokenByARateIsTakenBackToBeforeIt()
    {
        Session session;
        QVERIFY(session.openPreset(QStringLiteral("self-predicting")));
        session.setPace(2);
        QTRY_VERIFY(session.scene().nowMs > 520);
        // A rate that breaks it at any moment: near 30 it depends on the last digits.
        session.runner()->rewindTo(5000);
        QTRY_COMPARE(session.newest().step(), std::uint64_t{5000});
        QVERIFY(session.edit(QStringLiteral("eta.pi"), std::vector<double>{100}));
        session.run();
        QTRY_VERIFY2(
            session.newest().lanes[0].diverged, qPrintable(QString::number(session.scene().nowMs)));
        QTRY_VERIFY(session.scene().diagnosis.remedy.kind == Remedy::Kind::UndoAndRewind);
        QCOMPARE(session.scene().diagnosis.remedy.key, std::string("eta.pi"));
        QVERIFY(session.action(QStringLiteral("undo_suspect")));
        QTRY_VERIFY(!session.newest().lanes[0].diverged);
        QTRY_COMPARE(circuit(session.newest().lanes[0].parameters).etaPi, std::vector<double>{0.3});
        const double then = session.newest().timeMs();
        QTRY_VERIFY(session.newest().timeMs() > then + 3000);
        QVERIFY(!session.newest().lanes[0].diverged);
        QCOMPARE(circuit(session.parameters()).etaPi, std::vector<double>{0.3});
    }
};

QTEST_MAIN(SessionTest)
#include "tst_session.moc"
