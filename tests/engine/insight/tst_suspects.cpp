// Runs that an edit broke: the doctor names it and takes it back.
#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/suspects.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"
#include "tests/circuit_lane.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace apical;

namespace {

Experiment selfPredicting()
{
    Experiment e = newExperiment();
    e.layers = {8, 6, 3};
    circuit(e.parameters).etaIp = {0.1};
    circuit(e.parameters).etaPi = {0.3};
    e.parameters.inputLow = -3;
    e.parameters.inputHigh = 3;
    e.parameters.targetOn = false;
    return e;
}

Edit at(double ms, const char* key, ParameterValue value)
{
    return {static_cast<std::uint64_t>(std::llround(ms / 0.1)), key, std::move(value), -1};
}

/// The errors once per ms until the run leaves all numbers or `untilMs`, and what the doctor says.
struct Patient {
    ErrorSeries past;
    Diagnosis diagnosis;

    Patient(const Experiment& e, double untilMs)
    {
        Simulation run(e);
        const auto start = selfPredictionErrors(run.model());
        while (run.clock().timeMs < untilMs && !run.diverged()) {
            const double next = run.clock().timeMs + 1;
            while (run.clock().timeMs < next - 1e-9 && run.step()) { }
            const SelfPredictionErrors now = selfPredictionErrors(run.model()).front();
            past.timeMs.push_back(run.clock().timeMs);
            past.apical.push_back(now.apical);
            past.interneuron.push_back(now.interneuron);
            past.feedforward.push_back(now.feedforwardWeight);
            past.feedback.push_back(now.feedbackWeight);
        }
        LaneFrame lane = test::frameOfCircuit(run);
        lane.diverged = run.diverged();
        lane.stop = run.stop();
        diagnosis = diagnose(lane, e.layers, past, start);
        nameSuspects(diagnosis, pastEdits(e, 0), past, lane.parameters, e.weights);
    }
    bool broken() const
    {
        return diagnosis.verdict == Verdict::Diverging || diagnosis.verdict == Verdict::Diverged;
    }
};

/// The same experiment with the remedy taken: edits from its step on forgotten, the old value set.
Experiment cured(Experiment e, const Remedy& remedy)
{
    std::erase_if(e.edits, [&](const Edit& edit) { return edit.step >= remedy.step; });
    e.edits.push_back({remedy.step, remedy.key, remedy.value, remedy.lane});
    return e;
}

} // namespace

class TestSuspects : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theEditThatBrokeARunIsNamedFirstAndItsUndoingCures_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<double>("value");
        QTest::newRow("a rate") << "eta.pi" << 30.0;
        QTest::newRow("dt") << "dt" << 1.0;
        QTest::newRow("noise") << "circuit.noise" << 100.0;
        QTest::newRow("the range of inputs") << "stimulus.high" << 100.0;
    }

    void theEditThatBrokeARunIsNamedFirstAndItsUndoingCures()
    {
        QFETCH(QString, key);
        QFETCH(double, value);
        const std::string name = key.toStdString();
        Experiment e = selfPredicting();
        ParameterValue set = value;
        if (name.starts_with("eta."))
            set = std::vector<double>{value};
        if (name == "dt")
            circuit(e.parameters).etaPi = {1}; // sound at 0.1 ms only
        e.edits = {at(1000, "eta.ip", std::vector<double>{0.12}), at(3000, name.c_str(), set)};
        const Patient broken(e, 15000);
        QVERIFY2(broken.broken(), broken.diagnosis.title.c_str());
        const Remedy& remedy = broken.diagnosis.remedy;
        QVERIFY2(remedy.kind == Remedy::Kind::UndoAndRewind, broken.diagnosis.text.c_str());
        QCOMPARE(remedy.key, name);
        QCOMPARE(remedy.step, std::uint64_t(30000));
        QVERIFY2(broken.diagnosis.text.find("3.000 s") != std::string::npos,
            broken.diagnosis.text.c_str());
        QVERIFY(std::count(broken.diagnosis.text.begin(), broken.diagnosis.text.end(), '\n') <= 1);
        const Patient after(cured(e, remedy), 15000);
        QVERIFY2(!after.broken(), after.diagnosis.title.c_str());
    }

    void anEditAfterTheFirstSignOfGrowthIsNoSuspect()
    {
        ErrorSeries past;
        for (int i = 1; i <= 2000; ++i) {
            const double grown = i < 1000 ? 1e-3 : 1e-3 * std::exp((i - 1000) / 100.0);
            past.timeMs.push_back(i);
            past.apical.push_back(grown), past.interneuron.push_back(grown);
            past.feedforward.push_back(1e-3), past.feedback.push_back(grown);
        }
        Diagnosis d;
        d.verdict = Verdict::Diverging;
        const Parameters p = circuitParameterTable().defaults();
        const std::vector<PastEdit> edits{
            {9900, 990, "eta.pi", 0.3, 3.0, -1}, {15000, 1500, "eta.ip", 0.1, 30.0, -1}};
        const double began = growthBeganMs(past, 2000);
        QVERIFY2(began > 1000 && began < 1100, qPrintable(QString::number(began)));
        nameSuspects(d, edits, past, p, {});
        QCOMPARE(d.remedy.key, std::string("eta.pi"));
        QCOMPARE(d.evidence.size(), std::size_t(1));
        QCOMPARE(d.evidence[0].text, std::string("eta pi from 0.3 to 3 at 0.990 s"));
    }

    void aRunThatBreaksBetweenTwoSamplesStillNamesItsEdit()
    {
        ErrorSeries past;
        for (int i = 0; i < 200; ++i) { // converged: the errors wander, and the last one is high
            past.timeMs.push_back(10 * i);
            past.feedforward.push_back(i % 7 == 0 ? 1e-6 : 3e-6);
            past.feedback.push_back(i < 190 && i % 5 == 0 ? 1e-6 : 4e-6);
        }
        QCOMPARE(growthBeganMs(past, 2000), past.timeMs.back());
        Diagnosis d;
        d.verdict = Verdict::Diverged;
        nameSuspects(d, {{19950, 1995, "eta.pi", 0.3, 30.0, -1}}, past,
            circuitParameterTable().defaults(), {});
        QCOMPARE(d.remedy.key, std::string("eta.pi"));
    }

    void aRunBrokenByItsStartWeightsIsNotSentBackByASecond()
    {
        Experiment e = selfPredicting();
        e.weights.rangeUp = e.weights.rangeDown = e.weights.rangeIp = e.weights.rangePi = 200;
        const Patient broken(e, 5000);
        QVERIFY2(broken.broken(), broken.diagnosis.title.c_str());
        QVERIFY(broken.diagnosis.remedy.kind == Remedy::Kind::None);
        QCOMPARE(broken.diagnosis.evidence.front().text, std::string("weights start within +-200"));
    }

    void aDragIsOneEditWithTheValueBeforeIt()
    {
        Experiment e = selfPredicting();
        e.edits = {at(1000, "circuit.noise", 0.1), at(1100, "circuit.noise", 0.2),
            at(1300, "circuit.noise", 0.5), at(4000, "circuit.noise", 0.5),
            at(5000, "circuit.noise", 0.0)};
        const auto edits = pastEdits(e, 0);
        QCOMPARE(edits.size(), std::size_t(2));
        QCOMPARE(std::get<double>(edits[0].old), 0.0);
        QCOMPARE(std::get<double>(edits[0].value), 0.5);
        QCOMPARE(edits[0].step, std::uint64_t(10000));
        QCOMPARE(std::get<double>(edits[1].old), 0.5);
    }

    void timesFollowTheStepThatWasInForce()
    {
        Experiment e = selfPredicting();
        e.edits = {at(1000, "dt", 0.05), at(2000, "circuit.noise", 0.1)};
        const auto edits = pastEdits(e, 0);
        QCOMPARE(edits.size(), std::size_t(2));
        QVERIFY(std::abs(edits[1].timeMs - 1500) < 1e-6);
    }

    void otherVerdictsAreLeftAlone()
    {
        Diagnosis d;
        d.verdict = Verdict::Plateau;
        nameSuspects(
            d, {{100, 10, "eta.pi", 0.3, 3.0, -1}}, {}, circuitParameterTable().defaults(), {});
        QVERIFY(d.remedy.kind == Remedy::Kind::None && d.evidence.empty());
    }
};

QTEST_APPLESS_MAIN(TestSuspects)
#include "tst_suspects.moc"
