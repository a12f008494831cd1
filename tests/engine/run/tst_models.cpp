// Every row of the model table, in the same way: what a model has to be able to do once it stands
// there. A new row is tested by being one.
#include "sim/base/error.h"
#include "sim/experiment/lanes.h"
#include "sim/files/preset.h"
#include "sim/files/recording.h"
#include "sim/files/session_file.h"
#include "sim/live/timeline.h"
#include "sim/run/model_table.h"
#include "sim/study/pool.h"
#include "tests/engine/runner_waits.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

using namespace apical;

namespace {

Experiment experimentOf(const std::string& model, std::vector<int> layers = {9, 6, 5, 3})
{
    Experiment e = newExperiment(model);
    e.name = "of " + model;
    e.title = e.name;
    e.layers = std::move(layers);
    if (modelNamed(model).oneLayer)
        e.layers.resize(1);
    e.weights.init = modelNamed(model).inits.front();
    e.stimulus.kind = "uniform";
    e.parameters.inputLow = 0; // some send spikes at these rates
    if (e.parameters.table().find("stimulus.presentation_time"))
        e.parameters.presentationTime = e.parameters.table().find("dt") ? 2 : 1;
    return e;
}

void make(Simulation& simulation, int steps)
{
    for (int i = 0; i < steps; ++i)
        QVERIFY2(simulation.step(), stopText(simulation.stop()).c_str());
}

std::vector<std::byte> after(const Experiment& e, int steps, int lane = 0)
{
    Simulation simulation(e, lane);
    make(simulation, steps);
    return simulation.model().save();
}

/// The first parameter that a slider changes while a run goes on.
const ParameterRow& liveRow(const Parameters& p)
{
    for (const ParameterRow& row : p.table()) {
        if (row.kind == ParameterKind::Real && row.live && row.rule == ParameterRule::None
            && row.key != "dt")
            return row;
    }
    throw std::logic_error("no live parameter");
}

} // namespace

class ModelsTest : public QObject {
    Q_OBJECT

    static void everyModel()
    {
        QTest::addColumn<std::string>("model");
        for (const ModelRow& row : modelTable())
            QTest::addRow("%s", std::string(row.name).c_str()) << std::string(row.name);
    }

private Q_SLOTS:
    void itsRowIsComplete_data() { everyModel(); }
    void itsRowIsComplete()
    {
        QFETCH(std::string, model);
        const ModelRow& row = modelNamed(model);
        QCOMPARE(row.parameters().model(), model);
        QVERIFY(!row.help.empty() && !row.inits.empty());
        for (const ParameterRow& p : row.parameters()) {
            QVERIFY2(!p.help.empty() && !p.name.empty() && !p.unit.empty(), p.key.data());
            QVERIFY2(p.name.size() <= 14, p.key.data());
        }
    }

    void itsAnatomyIsThatOfWhatIsMade_data() { everyModel(); }
    void itsAnatomyIsThatOfWhatIsMade()
    {
        QFETCH(std::string, model);
        const Experiment e = experimentOf(model);
        Simulation simulation(e);
        const Anatomy said = modelNamed(model).anatomy(e.layers, e.parameters);
        const Anatomy& made = simulation.model().anatomy();
        QCOMPARE(made.size(), said.size());
        QCOMPARE(made.projections.size(), said.projections.size());
        for (std::size_t i = 0; i < said.quantities.size(); ++i)
            QCOMPARE(made.quantities[i].name, said.quantities[i].name);
        for (std::size_t i = 0; i < said.projections.size(); ++i) {
            QCOMPARE(made.projections[i].name, said.projections[i].name);
            const std::string& key = said.projections[i].rateKey;
            QVERIFY(key.empty() || e.parameters.table().find(key));
        }
        QCOMPARE(made.populations.front().size, 9);
        const Anatomy::Quantity& answer =
            made.quantities[static_cast<std::size_t>(simulation.model().answer())];
        QCOMPARE(made.of(answer).size, e.layers.back());
        QCOMPARE(made.of(answer).layer, std::max(e.targetLayers(), 1));
    }

    void readingChangesNoBit_data() { everyModel(); }
    void readingChangesNoBit()
    {
        QFETCH(std::string, model);
        for (const char* precision : {"double", "float"}) {
            Experiment e = experimentOf(model);
            e.precision = precision;
            Simulation watched(e);
            for (int i = 0; i < 50; ++i) {
                make(watched, 1);
                for (const Probe& probe : watched.model().probes()) {
                    std::vector<double> values(static_cast<std::size_t>(probe.size()));
                    probe.read(values);
                    QVERIFY2(std::all_of(values.begin(), values.end(),
                                 [](double v) { return std::isfinite(v); }),
                        probe.name.c_str());
                }
                measuresOf(watched.model());
            }
            QVERIFY(watched.model().save() == after(e, 50));
        }
    }

    void aSavedSessionGoesOnToTheBit_data() { everyModel(); }
    void aSavedSessionGoesOnToTheBit()
    {
        QFETCH(std::string, model);
        const Experiment e = experimentOf(model);
        Simulation simulation(e);
        make(simulation, 33);
        const SavedSession read =
            readSession(writeSession({.experiment = e, .states = {simulation.state()}}), "file");
        QCOMPARE(read.experiment, e);
        Simulation again(read.experiment);
        again.restore(read.states.front());
        QVERIFY(again.state() == simulation.state());
        make(simulation, 40);
        make(again, 40);
        QVERIFY(again.state() == simulation.state());
        State other = simulation.state();
        other.model.pop_back();
        QVERIFY_EXCEPTION_THROWN(again.restore(other), InputError);
    }

    void everyQuantityIsRecordedAndTheExperimentReadsBack_data() { everyModel(); }
    void everyQuantityIsRecordedAndTheExperimentReadsBack()
    {
        QFETCH(std::string, model);
        Experiment e = experimentOf(model);
        for (const Anatomy::Quantity& q :
            modelNamed(model).anatomy(e.layers, e.parameters).quantities)
            e.record.push_back(q.name);
        const QTemporaryDir folder;
        Simulation simulation(e);
        Recording recording(
            simulation, {.directory = folder.path().toStdString(), .probes = e.record});
        std::size_t columns = 2;
        for (const RecordedProbe& probe : selectProbes(simulation, e.record))
            columns += probe.size();
        for (int i = 0; i < 10; ++i) {
            make(simulation, 1);
            recording.afterStep();
        }
        recording.finish();
        std::ifstream traces(folder.filePath("traces.csv").toStdString());
        std::string line;
        int rows = -1;
        for (; std::getline(traces, line); ++rows)
            QCOMPARE(
                static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) + 1, columns);
        QCOMPARE(rows, 10);

        Experiment read = readPreset(writePreset(e), "of " + model + ".json");
        read.name = e.name;
        QCOMPARE(writePreset(read), writePreset(e));
        QVERIFY(after(read, 20) == after(e, 20));
    }

    void aFrameHoldsAllThatItIsMadeOf_data() { everyModel(); }
    void aFrameHoldsAllThatItIsMadeOf()
    {
        QFETCH(std::string, model);
        Runner runner(experimentOf(model));
        runner.setPace(test::kFast);
        runner.stepOnce(40);
        Frame frame;
        QVERIFY(test::waitForFrame(runner, frame, test::pausedAt(40)));
        const LaneFrame& lane = frame.lanes.front();
        QVERIFY(lane.anatomy);
        QCOMPARE(lane.values.size(), lane.anatomy->size());
        QCOMPARE(lane.weights.size(), lane.anatomy->projections.size());
        for (std::size_t i = 0; i < lane.weights.size(); ++i) {
            QCOMPARE(lane.weights[i].rows, lane.anatomy->rows(lane.anatomy->projections[i]));
            QCOMPARE(lane.weights[i].cols, lane.anatomy->cols(lane.anatomy->projections[i]));
        }
        QCOMPARE(lane.measures.size(), lane.anatomy->measures.size());
        History history;
        runner.drain(history);
        for (const Anatomy::Quantity& q : lane.anatomy->quantities) {
            const std::vector<Channel> channels = runner.channels();
            const bool there = std::any_of(channels.begin(), channels.end(),
                [&q](const Channel& channel) { return channel.probe == q.name; });
            QVERIFY2(!q.watched || there, q.name.c_str());
        }
    }

    void aStudyVariesItsParameters_data() { everyModel(); }
    void aStudyVariesItsParameters()
    {
        QFETCH(std::string, model);
        const Experiment e = experimentOf(model);
        const ParameterRow& row = liveRow(e.parameters);
        StudySpec spec;
        spec.preset = e.name;
        spec.presetText = writePreset(e);
        spec.vary = {parseAxis(std::string(row.key) + '=' + parameterText(row.low) + ','
            + parameterText(std::get<double>(row.defaultValue)))};
        spec.seeds = 2;
        spec.length.samples = 5;
        const auto study = std::make_shared<const Study>(spec);
        QCOMPARE(study->size(), std::size_t{4});
        std::vector<StudyResult> results;
        StudyPool pool(study, {0, 1, 2, 3}, {.jobs = 2},
            [&results](StudyResult result) { results.push_back(std::move(result)); });
        while (!pool.waitFor(std::chrono::seconds(1))) { }
        QVERIFY(!pool.failure());
        QCOMPARE(results.size(), std::size_t{4});
    }

    void anEarlierMomentComesBackToTheBit_data() { everyModel(); }
    void anEarlierMomentComesBackToTheBit()
    {
        QFETCH(std::string, model);
        const Experiment e = experimentOf(model);
        const ParameterRow& row = liveRow(e.parameters);
        Timeline timeline(e);
        const auto stepTo = [&timeline](std::uint64_t step) {
            while (timeline.clock().step < step && timeline.step()) {
                if (timeline.clock().step % 64 == 0)
                    timeline.saveKeyframe();
            }
        };
        stepTo(50);
        timeline.edit(-1, std::string(row.key), row.low);
        stepTo(100);
        const std::vector<State> early = timeline.states();
        stepTo(300);
        const std::vector<State> late = timeline.states();
        timeline.beginRewind(100);
        stepTo(100);
        timeline.finishRewind();
        QVERIFY(timeline.states() == early);
        stepTo(300);
        QVERIFY(timeline.states() == late);
        QVERIFY(test::headless(timeline.experiment(), 300) == late);
    }

    void lanesOfAllModelsEndEachPresentationTogether_data() { everyModel(); }
    void lanesOfAllModelsEndEachPresentationTogether()
    {
        QFETCH(std::string, model);
        Experiment one = experimentOf(model);
        if (one.weights.init == WeightSpec::Init::He)
            one.weights.bias = 0.0; // biases would be lost beside a model that has none
        Timeline twins(withTwin(one));
        while (twins.clock().step < 100)
            QVERIFY(twins.step());
        QVERIFY(twins.lanes()[0].model().save() == twins.lanes()[1].model().save());

        for (const ModelRow& row : modelTable()) {
            if (row.oneLayer != modelNamed(model).oneLayer)
                continue; // they have no sizes in common
            Experiment e = one;
            for (LaneSpec lane :
                {LaneSpec{.name = "own"}, LaneSpec{.name = "other", .model = &row.parameters()}}) {
                const ParameterTable& table = lane.model ? *lane.model : one.parameters.table();
                if (table.find("dt")) // what lanes share
                    lane.parameters.emplace_back("dt", 0.5);
                if (table.find("batch.size"))
                    lane.parameters.emplace_back("batch.size", 1.0);
                if (lane.model == &one.parameters.table())
                    lane.model = nullptr;
                e.lanes.push_back(lane);
            }
            Timeline timeline(e);
            const std::uint32_t length = timeline.lanes()[0].stepsInPattern();
            for (std::uint64_t step = 1; step <= 3 * length; ++step) {
                QVERIFY(timeline.step());
                for (const Simulation& lane : timeline.lanes()) {
                    QCOMPARE(lane.clock().pattern, step / length);
                    QVERIFY(std::equal(lane.patternInput().begin(), lane.patternInput().end(),
                        timeline.lanes()[0].patternInput().begin()));
                }
            }
            QVERIFY(test::headless(e, 3 * length) == timeline.states());
            // Both started with the same way up.
            Simulation first(e, 0), second(e, 1);
            const auto up = [](Simulation& s) {
                const std::vector<NamedMatrix> weights = weightsOf(s.model());
                return weights.empty() ? 0.0 : weights.front().matrix.values[1];
            };
            QCOMPARE(up(first), up(second));
            Experiment read = readPreset(writePreset(e), "two.json");
            read.name = e.name;
            QCOMPARE(writePreset(read), writePreset(e));
            QVERIFY(read == e);
            const SavedSession session =
                readSession(writeSession({.experiment = e, .states = timeline.states()}), "two");
            QVERIFY(session.states == timeline.states());
        }
    }

    void anEditThatTheModelRefusesChangesNothing()
    {
        Experiment e = experimentOf("feedforward");
        setParameter(e.parameters, "activation.output", std::string("sigmoid"), 3);
        Simulation simulation(e);
        make(simulation, 3);
        QVERIFY_EXCEPTION_THROWN(
            simulation.apply({.key = "loss.kind", .value = std::string("ce")}), InputError);
        QCOMPARE(simulation.parameters(), simulation.model().parameters());
        make(simulation, 3);
        QVERIFY(simulation.model().save() == after(e, 6));
    }

    void aLargeNetRuns_data() { everyModel(); }
    void aLargeNetRuns()
    {
        QFETCH(std::string, model);
        for (const char* precision : {"double", "float"}) {
            Experiment e = experimentOf(model, {784, 500, 10});
            e.precision = precision;
            Simulation simulation(e);
            make(simulation, 3);
            const State state = simulation.state();
            make(simulation, 2);
            const std::vector<std::byte> end = simulation.model().save();
            simulation.restore(state);
            make(simulation, 2);
            QVERIFY(simulation.model().save() == end);
        }
    }
};

QTEST_APPLESS_MAIN(ModelsTest)
#include "tst_models.moc"
