// Nets side by side: lanes that need one, three and 21 steps end each presentation together,
// whatever is edited.
#include "sim/files/preset.h"
#include "sim/live/timeline.h"
#include "tests/engine/runner_waits.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace apical;

namespace {

Experiment threeRules()
{
    return readPreset(R"({"apical": 1, "title": "rules", "summary": "rules", "model": "feedforward",
        "network": {"layers": [9, 8, 6, 3]},
        "parameters": {"batch.size": 4, "loss.kind": "ce", "protocol.validation": 1},
        "stimulus": {"kind": "bars", "variant": "haider"},
        "lanes": [{"name": "BP"},
            {"name": "Z-IL", "model": "predictive-coding",
                "parameters": {"inference.schedule": "zil", "inference.rate": 1}},
            {"name": "IL", "model": "predictive-coding", "parameters": {"inference.steps": 20}}]})",
        "rules.json");
}

void stepTo(Timeline& timeline, std::uint64_t step)
{
    while (timeline.clock().step < step && timeline.step()) { }
}

std::uint64_t stepsOfPattern(Timeline& timeline)
{
    return timeline.lanes().front().stepsInPattern();
}

} // namespace

class TestLanesOfNets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theyEndEachPresentationTogether()
    {
        Timeline timeline(threeRules());
        // Two batches of training, then one that is only answered.
        const std::vector<std::uint64_t> lengths{21, 21, 1, 21, 21, 1};
        for (std::size_t pattern = 0; pattern < lengths.size(); ++pattern) {
            QCOMPARE(stepsOfPattern(timeline), lengths[pattern]);
            for (std::uint64_t s = 0; s < lengths[pattern]; ++s) {
                for (const Simulation& lane : timeline.lanes())
                    QCOMPARE(lane.clock().pattern, pattern);
                QVERIFY(timeline.step());
            }
        }
        QVERIFY(test::headless(threeRules(), timeline.clock().step) == timeline.states());
    }

    void aLaneThatIsDoneHoldsItsState()
    {
        Timeline timeline(threeRules());
        stepTo(timeline, 3);
        const auto bp = timeline.lanes()[0].model().save(),
                   zil = timeline.lanes()[1].model().save();
        stepTo(timeline, 20);
        QVERIFY(timeline.lanes()[0].model().save() == bp);
        QVERIFY(timeline.lanes()[1].model().save() == zil);
    }

    void backpropAndZilLearnTheSame()
    {
        Timeline timeline(threeRules());
        stepTo(timeline, 430);
        const auto up = [&](std::size_t lane) {
            return weightsOf(timeline.lanes()[lane].model()).front().matrix.values;
        };
        const std::vector<double> bp = up(0), zil = up(1), il = up(2);
        double apart = 0, different = 0;
        for (std::size_t i = 0; i < bp.size(); ++i) {
            apart = std::max(apart, std::abs(bp[i] - zil[i]));
            different = std::max(different, std::abs(bp[i] - il[i]));
        }
        QVERIFY(apart < 1e-9);
        QVERIFY(different > 1e-3);
    }

    void anEditOfOneLaneChangesTheLengthForAll()
    {
        Timeline timeline(threeRules());
        stepTo(timeline, 43); // one epoch
        QVERIFY(timeline.edit(2, "inference.steps", 5.0));
        QCOMPARE(stepsOfPattern(timeline), std::uint64_t{6});
        stepTo(timeline, 43 + 6);
        for (const Simulation& lane : timeline.lanes())
            QCOMPARE(lane.clock().pattern, std::uint64_t{4});
        // In the middle of a presentation the step that comes is the last.
        stepTo(timeline, 43 + 6 + 4);
        QVERIFY(timeline.edit(2, "inference.steps", 2.0));
        stepTo(timeline, 43 + 6 + 5);
        for (const Simulation& lane : timeline.lanes())
            QCOMPARE(lane.clock().pattern, std::uint64_t{5});
        stepTo(timeline, 80);
        const std::vector<State> states = timeline.states();
        QVERIFY(test::headless(timeline.experiment(), 80) == states);

        // Back to before the edits, and forth again.
        timeline.beginRewind(30);
        stepTo(timeline, 30);
        timeline.finishRewind();
        QCOMPARE(stepsOfPattern(timeline), std::uint64_t{21});
        stepTo(timeline, 43);
        QVERIFY(timeline.edit(2, "inference.steps", 5.0));
        stepTo(timeline, 53);
        QVERIFY(timeline.edit(2, "inference.steps", 2.0));
        stepTo(timeline, 80);
        QVERIFY(timeline.states() == states);
    }

    void aSampleThatIsTaughtInBetweenLeavesInferenceToTheOneThatIsShown()
    {
        Experiment e = threeRules();
        e.lanes.erase(e.lanes.begin(), e.lanes.begin() + 2);
        Simulation run(e, 0);
        for (int s = 0; s < 7; ++s)
            run.step();
        const std::vector<double> shown = run.patternInput();
        run.apply({.step = 7,
            .key = std::string(kTeachAction),
            .value = std::vector<double>{1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1}});
        run.step();
        std::vector<double> input(shown.size());
        run.model().read(run.model().anatomy().quantity("input.rate"), input);
        QVERIFY(input == shown);
    }
};

QTEST_APPLESS_MAIN(TestLanesOfNets)
#include "tst_lanes_of_nets.moc"
