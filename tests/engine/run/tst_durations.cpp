// Durations are whole numbers of time steps: others are refused with the nearest ones, or rounded
// where a slider asks.
#include "sim/base/error.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/experiment/durations.h"
#include "sim/files/preset.h"
#include "sim/files/session_file.h"
#include "sim/live/timeline.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"

#include <QTest>

#include <cmath>

using namespace apical;

namespace {

InputError::Fields refused(const std::vector<std::string>& set)
{
    try {
        static_cast<void>(loadPreset("self-predicting", set));
    } catch (const InputError& error) {
        return error.fields();
    }
    return {};
}

double rounded(const Parameters& p, const char* key, double value, const Experiment& e = {})
{
    return std::get<double>(roundedToSteps(e, std::span(&p, 1), key, value));
}

} // namespace

class DurationsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void quotientsAreWholeUpToRounding()
    {
        for (const double ms : {0.3, 0.7, 2.3, 0.0, 10.0, 1e6}) {
            QVERIFY(isWholeSteps(ms, 0.1));
            QCOMPARE(static_cast<double>(stepsOf(ms, 0.1)), std::round(ms * 10));
        }
        for (const double ms : {0.25, 0.05, 0.3001, 999999.95})
            QVERIFY(!isWholeSteps(ms, 0.1));
    }

    void whatIsNoMultipleIsRefusedWithTheNearestOnes()
    {
        const auto fields = refused({"stimulus.presentation_time=0.25"});
        QCOMPARE(fields.problem,
            std::string("stimulus.presentation_time = 0.25 ms is no whole number of time steps of "
                        "dt = 0.1 ms"));
        QCOMPARE(fields.allowed, std::string("0.2 or 0.3 ms"));
        QCOMPARE(fields.key, std::string("stimulus.presentation_time"));
        QCOMPARE(refused({"stimulus.presentation_time=0.04"}).allowed, std::string("0.1 ms"));
        QCOMPARE(refused({"readout.lag=0.04"}).allowed, std::string("0 or 0.1 ms"));
        QCOMPARE(refused({"plasticity.onset=1.23"}).allowed, std::string("1.2 or 1.3 ms"));
        QCOMPARE(refused({"target.delay=2.37"}).key, std::string("parameters.target.delay"));
        QCOMPARE(refused({"dt=0.3"}).allowed, std::string("9.9 or 10.2 ms"));
        QVERIFY(refused({"edits=[{\"step\": 3, \"key\": \"dt\", \"value\": 0.3}]"}).key
            == "edits[0].value");
        QVERIFY(refused({"lanes=[{\"name\": \"a\", \"parameters\": {\"readout.lag\": 0.25}}]"}).key
            == "lanes[0].parameters.readout.lag");
        for (const char* good : {"stimulus.presentation_time=0.3", "stimulus.presentation_time=0.7",
                 "stimulus.presentation_time=2.3", "dt=0.3"}) {
            const Experiment e = loadPreset("self-predicting",
                {good,
                    good == std::string("dt=0.3") ? "stimulus.presentation_time=0.9" : "seed=2"});
            const Simulation simulation(e);
            QCOMPARE(simulation.stepsInPattern() * e.parameters.dt, e.parameters.presentationTime);
        }
    }

    void heldTimesOfStepsAreWholeToo()
    {
        const auto kind = [](const char* times) {
            return std::vector<std::string>{
                "stimulus={\"kind\": \"steps\", \"inputs\": [[1,1,1,1,1,1,1,1],"
                "[0,0,0,0,0,0,0,0]], \"times\": "
                + std::string(times) + '}'};
        };
        QCOMPARE(refused(kind("[0.3, 0.55]")).key, std::string("stimulus.times[1]"));
        QCOMPARE(refused(kind("[0.3, 0.55]")).allowed, std::string("0.5 or 0.6 ms"));
        QVERIFY(refused(kind("[0.3, 0.7]")).problem.empty());
    }

    void everyPresetKeepsItsDurations()
    {
        for (const PresetInfo& preset : embeddedPresets())
            checkDurations(loadPreset(preset.name));
    }

    void aSessionThatRanRoundedRunsOn()
    {
        SavedSession session{.experiment = loadPreset("self-predicting"), .states = {}, .view = {}};
        session.experiment.parameters.presentationTime = 7.3248;
        const SavedSession back = readSession(writeSession(session), "old.session");
        QCOMPARE(back.experiment.parameters.presentationTime, 7.3248);
        QCOMPARE(Simulation(back.experiment).stepsInPattern(), 73U);
    }

    void aLiveEditIsRefusedBeforeItIsLogged()
    {
        Timeline timeline(loadPreset("self-predicting"));
        for (const auto& [key, value] : std::vector<std::pair<const char*, double>>{
                 {"stimulus.presentation_time", 0.25}, {"dt", 0.3}, {"readout.lag", 0.04}}) {
            QVERIFY_THROWS_EXCEPTION(InputError, timeline.edit(-1, key, value));
        }
        QVERIFY(timeline.experiment().edits.empty());
        timeline.edit(-1, "stimulus.presentation_time", 0.3);
        timeline.edit(-1, "dt", 0.05);
        QCOMPARE(timeline.experiment().edits.size(), std::size_t{2});
    }

    void aDraggedTimeStepIsANumberAPersonWouldType()
    {
        Parameters p = circuitParameterTable().defaults();
        for (const auto& [asked, found] : std::vector<std::pair<double, double>>{
                 {0.189, 0.2}, {0.13, 0.125}, {0.049, 0.05}, {0.9, 1}, {0.0012, 0.00125}})
            QCOMPARE(rounded(p, "dt", asked), found);
        p.presentationTime = 7.3;
        for (double asked = 0.002; asked < 0.5; asked *= 1.03) {
            const double dt = rounded(p, "dt", asked);
            QVERIFY(isWholeSteps(7.3, dt));
            QCOMPARE(QByteArray::number(dt, 'g', 3).toDouble(), dt);
        }
        p.dt = 0.2; // and then the presentation is one as well
        QCOMPARE(rounded(p, "stimulus.presentation_time", 58.7), 58.8);
    }

    void aKeyAlwaysLeadsToAnotherValueThatRuns()
    {
        Parameters p = circuitParameterTable().defaults();
        p.dt = 0.2;
        const auto stepped = [&p](const char* key, double from, double asked) {
            return steppedInSteps(Experiment(), std::span(&p, 1), key, from, asked);
        };
        QCOMPARE(stepped("dt", 0.2, 0.21), 0.25);
        QCOMPARE(stepped("dt", 0.2, 0.19), 0.125);
        QCOMPARE(stepped("dt", 1, 1), 1.0); // the end of the range
        p.dt = 0.25;
        QCOMPARE(stepped("stimulus.presentation_time", 7.5, 7.6), 7.75);
        QCOMPARE(stepped("stimulus.presentation_time", 7.5, 7.4), 7.25);
        QCOMPARE(stepped("stimulus.presentation_time", 0.25, 0.2), 0.25);
        QCOMPARE(stepped("readout.lag", 0.25, 0.2), 0.0);
    }

    void slidersAreRoundedToWhatRuns()
    {
        Parameters p = circuitParameterTable().defaults();
        QCOMPARE(rounded(p, "stimulus.presentation_time", 7.3248), 7.3);
        QCOMPARE(rounded(p, "stimulus.presentation_time", 0.31), 0.3);
        QCOMPARE(rounded(p, "stimulus.presentation_time", 0.01), 0.1);
        QCOMPARE(rounded(p, "readout.lag", 0.04), 0.0);
        QCOMPARE(rounded(p, "eta.per_presentation", 0.33), 0.33);
        p.readoutLag = 5, p.targetDelay = 0.4;
        for (double dt = 0.002; dt < 0.4; dt *= 1.07) {
            const double found = rounded(p, "dt", dt);
            for (const double ms : {p.presentationTime, 5.0, 0.4})
                QVERIFY2(isWholeSteps(ms, found), qPrintable(QString::number(dt)));
            QVERIFY(found > dt / 2.1 && found < dt * 2.1);
        }
        QCOMPARE(rounded(p, "dt", 0.05), 0.05);
        p.presentationTime = 10.0 / 53, p.readoutLag = 0, p.targetDelay = 0;
        p.dt = p.presentationTime / 2; // no round step divides it
        QVERIFY(isWholeSteps(p.presentationTime, rounded(p, "dt", 0.03)));
        Experiment steps = newExperiment();
        steps.stimulus.times = {0.3, 0.7};
        QVERIFY(isWholeSteps(0.7, rounded(circuitParameterTable().defaults(), "dt", 0.06, steps)));
    }
};

QTEST_APPLESS_MAIN(DurationsTest)
#include "tst_durations.moc"
