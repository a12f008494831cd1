// Angles to backpropagation in files, frames and histories: those that were measured, where they
// were.
#include "sim/files/recording.h"
#include "sim/live/runner.h"
#include "tests/engine/angle_runs.h"
#include "tests/engine/runner_waits.h"

#include <QTemporaryDir>

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace apical;
using namespace apical::test;

class AngleRecordsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void filesHaveTheAnglesWhereOneWasMeasured();
    void theWindowSeesThemInFrameAndHistory();
};

void AngleRecordsTest::filesHaveTheAnglesWhereOneWasMeasured()
{
    QTemporaryDir directory;
    Simulation sim(bars(3));
    Recording recording(sim, {.directory = directory.path().toStdString(), .probes = {}});
    BackpropAngles angles(sim);
    for (int k = 0; k < 7 * 100; ++k) {
        QVERIFY(sim.step());
        recording.afterStep();
        angles.afterStep();
    }
    recording.finish();
    std::ifstream file(directory.filePath("metrics.csv").toStdString());
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        std::vector<std::string> cells;
        std::istringstream text(line);
        for (std::string cell; std::getline(text, cell, ',');)
            cells.push_back(cell);
        rows.push_back(cells);
    }
    QCOMPARE(rows.size(), std::size_t{8});
    std::size_t measured = 0;
    for (const char* name : {"layer1.backprop_angle", "layer1.backprop_norm_ratio",
             "layer1.apical_delta_angle", "layer2.backprop_angle", "layer2.backprop_norm_ratio"}) {
        const auto found = std::find(rows[0].begin(), rows[0].end(), name);
        QVERIFY2(found != rows[0].end(), name);
        const auto column = static_cast<std::size_t>(found - rows[0].begin());
        for (std::size_t k = 0; k < 7; ++k) {
            QCOMPARE(rows[k + 1][column].empty(), k % 3 != 0);
            measured += k % 3 == 0;
        }
        if (std::string(name) == "layer1.backprop_angle")
            QCOMPARE(std::stod(rows[7][column]), angles.latest()->layers[0].weights);
    }
    QCOMPARE(measured, std::size_t{15});
    QVERIFY(
        std::find(rows[0].begin(), rows[0].end(), "layer2.apical_delta_angle") == rows[0].end());
    const auto metrics = finalMetrics(sim, recording.score(), recording.angles());
    const auto final = std::find_if(metrics.begin(), metrics.end(),
        [](const auto& metric) { return metric.first == "layer2.backprop_angle"; });
    QVERIFY(final != metrics.end());
    QCOMPARE(final->second, angles.mean(8)[1].weights);
}

void AngleRecordsTest::theWindowSeesThemInFrameAndHistory()
{
    Experiment e = bars(1);
    e.lanes = {{"LE", {}}, {"Sacramento", {{"circuit.latent_equilibrium", false}}}};
    Runner runner(e);
    runner.stepOnce(500);
    Frame frame;
    QVERIFY(waitForFrame(runner, frame, pausedAt(500)));
    for (int lane = 0; lane < 2; ++lane) {
        Simulation sim(e, lane);
        BackpropAngles angles(sim);
        runPresentations(sim, angles, 5);
        const auto& seen = frame.lanes[static_cast<std::size_t>(lane)].angles;
        QCOMPARE(seen.size(), std::size_t{2});
        for (std::size_t l = 0; l < 2; ++l) {
            for (const BackpropAngleRow& row : kBackpropAngleTable)
                QVERIFY(same(seen[l].*row.value, angles.latest()->layers[l].*row.value));
        }
        History history(runner.channels());
        QVERIFY(history.find(lane, "layer1.backprop_angle") >= 0);
        QVERIFY(history.find(lane, "layer1.apical_delta_angle") >= 0);
        QVERIFY(history.find(lane, "layer2.backprop_norm_ratio") >= 0);
        QCOMPARE(history.find(lane, "layer2.apical_delta_angle"), -1);
    }
    History history(runner.channels());
    runner.drain(history);
    const int channel = history.find(1, "layer2.backprop_angle");
    const float last = history.maximum(history.size() - 1, channel);
    QCOMPARE(last, static_cast<float>(frame.lanes[1].angles[1].weights));
    // What was measured before the moment that a rewind goes to is still known there.
    runner.rewindTo(250);
    QVERIFY(waitForFrame(runner, frame, pausedAt(250)));
    Simulation sim(e, 0);
    BackpropAngles angles(sim);
    runPresentations(sim, angles, 2);
    QVERIFY(!frame.lanes[0].angles.empty());
    QCOMPARE(frame.lanes[0].angles[1].weights, angles.latest()->layers[1].weights);
}

QTEST_APPLESS_MAIN(AngleRecordsTest)
#include "tst_angle_records.moc"
