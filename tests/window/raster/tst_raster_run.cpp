// Two lanes of a thousand neurons at full speed, seen by a raster that is zoomed, moved, scrubbed
// and given the other lane meanwhile: what is drawn is what was sent.
#include "app/session/session.h"
#include "sim/files/preset.h"
#include "tests/window/raster_pictures.h"

#include <QElapsedTimer>
#include <QTest>

#include <limits>

using namespace apical;

namespace {

constexpr double kUsually = 2; ///< s; APICAL_SOAK_SECONDS: longer

Experiment aThousandNeurons()
{
    return readPreset(R"({"apical": 1, "title": "A thousand neurons", "model":
        "spiking-microcircuit", "network": {"layers": [300, 500, 100]},
        "parameters": {"dt": 0.1, "spiking.psi": 0.1, "eta.up": 1e-5},
        "weights": {"init": "self-predicting", "range": 0.05},
        "stimulus": {"kind": "uniform", "low": 0, "high": 1, "presentation_time": 50},
        "lanes": [{"name": "A"}, {"name": "B", "parameters": {"spiking.psi": 0.2}}]})",
        "thousand.json");
}

std::uint64_t ofLane(const SpikeHistory& spikes, int lane, std::span<const std::uint64_t> rows)
{
    std::uint64_t sum = 0;
    for (const SpikeGroup& group : spikes.groups()) {
        for (std::size_t row = group.first; group.lane == lane && row < group.end(); ++row)
            sum += rows[row];
    }
    return sum;
}

/// What somebody does who plays with the window, in the n-th frame.
void play(Session& session, int n)
{
    const double now = session.scene().nowMs;
    switch (n % 8) {
    case 0:
        return session.fitTimeRange();
    case 1:
        return session.setTimeRange(std::max(0.0, now - 50), std::max(50.0, now), true);
    case 2:
        return session.setTimeRange(0.3 * now, 0.3 * now + 5, false);
    case 3:
        return session.scrubTo(0.5 * now);
    case 4:
        return session.showLane(1 - session.scene().shownLane);
    case 5:
        return session.setTimeRange(0.5 * now - 0.4, 0.5 * now + 0.4, false);
    case 6:
        return session.backToLive();
    default:
        return session.setTimeRange(0.1 * now, 0.9 * now, false);
    }
}

} // namespace

class RasterRunTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsDrawnIsWhatWasSent()
    {
        const double asked = qEnvironmentVariable("APICAL_SOAK_SECONDS").toDouble();
        Session session;
        QVERIFY(session.openExperiment(aThousandNeurons()));
        session.setPace(std::numeric_limits<double>::infinity());
        session.run();
        RasterView view(nullptr);
        int frames = 0, looked = 0;
        std::uint64_t drawn = 0;
        connect(&session, &Session::refreshed, &view, [&] {
            picture(view, session.scene());
            if (!view.cells().stripes().empty()) {
                const double begin = view.cells().stripes().front().bin.beginMs(),
                             end = view.cells().stripes().back().bin.timeMs;
                const auto sums = session.spikes().sums(begin + 1e-6, end - 1e-6);
                QCOMPARE(view.cells().drawn(),
                    ofLane(session.spikes(), session.scene().shownLane, sums));
                drawn += view.cells().drawn();
                ++looked;
            }
            play(session, frames++);
        });
        QElapsedTimer time;
        time.start();
        while (
            static_cast<double>(time.elapsed()) < 1000 * std::max(kUsually, asked) || looked < 24)
            QTest::qWait(20);
        view.disconnect();
        session.disconnect(&view);
        session.pause();
        QTRY_VERIFY(session.newest().state == RunState::Paused
            && session.spikes().endStep() == session.newest().step());
        const SpikeHistory& spikes = session.spikes();
        const std::uint64_t sent =
            ofLane(spikes, 0, spikes.totals()) + ofLane(spikes, 1, spikes.totals());
        qInfo() << looked << "frames," << drawn << "spikes drawn," << spikes.endMs()
                << "ms simulated," << sent << "spikes sent";

        // Nothing was lost on the way: the models' own counters.
        session.backToLive();
        session.fitTimeRange();
        for (int lane = 0; lane < 2; ++lane) {
            const LaneFrame& model = session.newest().lanes[static_cast<std::size_t>(lane)];
            double counted = 0;
            for (const SpikeGroup& group : session.spikes().groups()) {
                const auto counter = model.quantity(group.quantity);
                for (std::size_t i = 0; group.lane == lane && i < group.size; ++i) {
                    counted += counter[i];
                    QCOMPARE(static_cast<double>(session.spikes().totals()[group.first + i]),
                        counter[i]);
                }
            }
            session.showLane(lane);
            session.tick();
            picture(view, session.scene());
            QCOMPARE(static_cast<double>(view.cells().drawn()), counted);
            QVERIFY(counted > 1000);
        }
    }
};

QTEST_MAIN(RasterRunTest)
#include "tst_raster_run.moc"
