// Studies: the same results however many threads make them, and however often they are interrupted.
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/self_prediction.h"
#include "tests/cli_process.h"

#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/study/pool.h"
#include "sim/study/summary.h"
#include "sim/study/table.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace Qt::StringLiterals;
using namespace apical;

namespace {

/// Two axes, two seeds: eight short runs.
StudySpec smallSpec()
{
    StudySpec spec;
    spec.preset = "self-predicting";
    spec.vary = {parseAxis("eta.pi=0.1,0.3"), parseAxis("circuit.latent_equilibrium=true,false")};
    spec.seeds = 2;
    spec.length.timeMs = 1500;
    return spec;
}

StudyResults resultsOf(const std::shared_ptr<const Study>& study, int jobs)
{
    std::vector<std::size_t> points(study->size());
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i] = i;
    StudyResults results;
    StudyPool pool(study, points, {.jobs = jobs},
        [&](StudyResult result) { results.insert_or_assign(result.point, std::move(result)); });
    while (!pool.waitFor(std::chrono::seconds(1))) { }
    return results;
}

InputError::Fields errorOf(const StudySpec& spec)
{
    try {
        const Study study(spec);
    } catch (const InputError& error) {
        return error.fields();
    }
    return {};
}

} // namespace

class StudyTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

private Q_SLOTS:
    void pointsAreEveryCombinationInOneOrder();
    void axesAreReadAsTyped();
    void badAxesAreRefused_data();
    void badAxesAreRefused();
    void badStudiesNameTheRemedy();
    void declarationDeclaresItself();
    void embeddedStudiesCanRun();
    void pointRunsLikeThePresetWithItsValues();
    void threadsChangeNoByte();
    void lanesBecomeAColumn();
    void divergedPointsAreResults();
    void longCurvesAreThinnedEvenly();
    void stoppedPoolLeavesWholeResultsOnly();
    void journalGoesOnAfterATornLine();
    void journalKeepsNumbersThatAreNone();
    void journalOfAnotherStudyIsRefused();
    void journalIsOfOneProcess();
    void summaryGroupsTheSeeds();
};

void StudyTest::pointsAreEveryCombinationInOneOrder()
{
    const Study study(smallSpec());
    QCOMPARE(study.size(), std::size_t{8});
    const std::vector<std::string> first{"0.1", "true"}, last{"0.3", "false"};
    QCOMPARE(study.point(0).values, first);
    QCOMPARE(study.point(7).values, last);
    QCOMPARE(study.point(1).seed, study.point(0).seed + 1);
    QCOMPARE(study.point(2).values[1], std::string("false"));
    const Experiment experiment = study.experiment(study.point(5));
    QCOMPARE(circuit(experiment.parameters).etaPi, std::vector<double>{0.3});
    QVERIFY(circuit(experiment.parameters).latentEquilibrium);
    QCOMPARE(experiment.seed, std::uint64_t{2});
}

void StudyTest::axesAreReadAsTyped()
{
    const StudyAxis lists = parseAxis("network.layers=[8,6,3],[8,5,4,3]");
    QCOMPARE(lists.values.size(), std::size_t{2});
    QCOMPARE(lists.values[1].front(), std::string("[8,5,4,3]"));
    const StudyAxis both = parseAxis("eta.ip,eta.pi=0.1:[0.2,0.3],0.2:0.4");
    const std::vector<std::string> keys{"eta.ip", "eta.pi"}, row{"0.1", "[0.2,0.3]"};
    QCOMPARE(both.keys, keys);
    QCOMPARE(both.values[0], row);
}

void StudyTest::badAxesAreRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "eta.pi", "=1", "eta.pi=", "eta.pi=1,,2", "eta.pi,eta.ip=1",
             "eta.pi,eta.ip=1:2:3", "eta.pi,eta.ip=1:"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void StudyTest::badAxesAreRefused()
{
    QFETCH(QString, text);
    QVERIFY_EXCEPTION_THROWN(parseAxis(text.toStdString()), InputError);
}

void StudyTest::badStudiesNameTheRemedy()
{
    StudySpec spec = smallSpec();
    spec.vary[0] = parseAxis("eta.pj=1,2");
    QCOMPARE(errorOf(spec).nearest, std::string("eta.pi"));
    QVERIFY(errorOf(spec).file.starts_with("--vary eta.pj"));
    spec.vary[0] = parseAxis("dt=0.1,5"); // the second value is out of range
    QVERIFY(errorOf(spec).problem.find("dt = 5") != std::string::npos);
    spec.vary[0] = parseAxis("eta.pi=0.1,0.1");
    QVERIFY(errorOf(spec).problem.find("twice") != std::string::npos);
    spec.vary[0] = parseAxis("seed=1,2");
    QCOMPARE(errorOf(spec).allowed, std::string("--seeds N"));
    spec.vary[0] = spec.vary[1];
    QVERIFY(errorOf(spec).problem.find("varied twice") != std::string::npos);
    spec = smallSpec();
    spec.seeds = 1'000'000;
    QVERIFY(errorOf(spec).problem.find("too many") != std::string::npos);
    spec = smallSpec();
    spec.length = {.epochs = 3};
    QVERIFY(errorOf(spec).problem.find("no epochs") != std::string::npos);
}

void StudyTest::declarationDeclaresItself()
{
    StudySpec spec = smallSpec();
    spec.set = {"dt=0.05"};
    spec.seed = 7;
    const Study study(spec);
    const Study again(readStudy(study.declaration(), "again.json"));
    QCOMPARE(again.declaration(), study.declaration());
    QVERIFY(again.experiment(again.point(3)) == study.experiment(study.point(3)));
    QVERIFY_EXCEPTION_THROWN(readStudy(R"({"apical_study": 1, "presett": "x"})", "x"), InputError);
}

void StudyTest::embeddedStudiesCanRun()
{
    for (const StudySpec& spec : embeddedStudies()) {
        const Study study(loadStudy(spec.name));
        QVERIFY2(!spec.title.empty() && !spec.summary.empty(), spec.name.c_str());
        for (const char* part :
            {"# ", "**What is expected.**", "**What came out.**", "apical-cli sweep --study "})
            QVERIFY2(
                spec.lesson.find(part) != std::string::npos, (spec.name + ": " + part).c_str());
        QVERIFY2(study.size() > 1, spec.name.c_str());
    }
    QVERIFY_EXCEPTION_THROWN(loadStudy("no-such-study"), InputError);
}

void StudyTest::pointRunsLikeThePresetWithItsValues()
{
    const auto study = std::make_shared<const Study>(smallSpec());
    const StudyResults results = resultsOf(study, 1);
    Simulation simulation(study->experiment(study->point(3)));
    while (simulation.clock().step < results.at(3).steps)
        QVERIFY(simulation.step());
    for (const auto& [name, value] : results.at(3).metrics) {
        if (name == "layer1.apical_error")
            QCOMPARE(value, selfPredictionErrors(simulation.model()).front().apical);
    }
    QCOMPARE(results.at(3).steps, std::uint64_t{15'000});
}

void StudyTest::threadsChangeNoByte()
{
    const auto study = std::make_shared<const Study>(smallSpec());
    const StudyResults one = resultsOf(study, 1), three = resultsOf(study, 3);
    QCOMPARE(one.size(), study->size());
    QCOMPARE(studyCsv(*study, three), studyCsv(*study, one));
    QCOMPARE(curvesCsv(*study, three), curvesCsv(*study, one));
    QVERIFY(studyCsv(*study, one)
                .starts_with("point,eta.pi,circuit.latent_equilibrium,seed,state,steps,"));
}

void StudyTest::lanesBecomeAColumn()
{
    StudySpec spec = smallSpec();
    spec.set = {R"(lanes=[{"name": "a,b"}, {"name": "slow", "parameters": {"eta.pi": 0.01}}])"};
    const auto study = std::make_shared<const Study>(spec);
    QCOMPARE(study->size(), std::size_t{16});
    const std::string csv = studyCsv(*study, resultsOf(study, 2));
    QVERIFY(csv.starts_with("point,eta.pi,circuit.latent_equilibrium,lane,seed,"));
    QVERIFY(csv.find("\n0,0.1,true,\"a,b\",1,done,15000,") != std::string::npos);
    QVERIFY(csv.find("\n2,0.1,true,slow,1,done,15000,") != std::string::npos);
}

void StudyTest::divergedPointsAreResults()
{
    StudySpec spec = smallSpec();
    spec.vary = {parseAxis("eta.pi=0.1,10")};
    const auto study = std::make_shared<const Study>(spec);
    const StudyResults results = resultsOf(study, 2);
    QCOMPARE(results.size(), std::size_t{4});
    QVERIFY(!results.at(0).diverged);
    QVERIFY(results.at(2).diverged && results.at(2).steps < 15'000);
    QVERIFY(studyCsv(*study, results).find("\n2,10,1,diverged,") != std::string::npos);
}

void StudyTest::longCurvesAreThinnedEvenly()
{
    StudySpec spec = smallSpec();
    spec.vary.clear();
    spec.seeds = 1;
    spec.set = {"network.layers=[2,2,2]", "stimulus.presentation_time=0.1"};
    spec.length = {.samples = 100'000}; // 1000 times 100 presentations
    const auto study = std::make_shared<const Study>(spec);
    const LearningCurve curve = resultsOf(study, 1).at(0).curve;
    QVERIFY(curve.epochs.size() > 100 && curve.epochs.size() <= 200);
    for (std::size_t i = 0; i < curve.epochs.size(); ++i)
        QCOMPARE(curve.epochs[i], curve.epochs.front() * (i + 1));
    QVERIFY(1000 - curve.epochs.back() < curve.epochs.front());
    QCOMPARE(curve.names, std::vector<std::string>{"layer1.apical_error"});
}

void StudyTest::stoppedPoolLeavesWholeResultsOnly()
{
    StudySpec spec = smallSpec();
    spec.length.timeMs = 1e9;
    spec.set = {"network.layers=[2,2,2]"};
    const auto study = std::make_shared<const Study>(spec);
    StudyResults results;
    StudyPool pool(study, {0, 1, 2}, {.jobs = 2, .background = true},
        [&](StudyResult result) { results[result.point] = std::move(result); });
    QTRY_VERIFY(pool.progress().steps > 0);
    QVERIFY(pool.progress().running && pool.progress().fraction < 1);
    pool.stop();
    QVERIFY(pool.waitFor(std::chrono::seconds(60)));
    QVERIFY(results.empty() && !pool.failure());
    QVERIFY(!pool.progress().running);
}

void StudyTest::journalGoesOnAfterATornLine()
{
    const auto study = std::make_shared<const Study>(smallSpec());
    const StudyResults results = resultsOf(study, 2);
    const std::filesystem::path file = path("torn.study").toStdString();
    {
        StudyJournal journal(file, *study);
        QVERIFY(journal.begun());
        for (const auto& [point, result] : results)
            journal.append(result);
    }
    const auto whole = std::filesystem::file_size(file);
    for (const std::uintmax_t cut : {std::uintmax_t{1}, std::uintmax_t{100}, whole - 10, whole}) {
        std::filesystem::resize_file(file, whole - cut);
        StudyJournal journal(file, *study);
        QVERIFY(journal.results().size() < results.size());
        for (const auto& [point, result] : results) {
            if (!journal.results().contains(point))
                journal.append(result);
        }
        QVERIFY(journal.results() == results);
        QCOMPARE(std::filesystem::file_size(file), whole);
        QVERIFY(readStudyJournal(file).results == results);
    }
}

void StudyTest::journalKeepsNumbersThatAreNone()
{
    const Study study(smallSpec());
    StudyResult result{.point = 5, .diverged = true, .steps = 12};
    result.metrics = {{"loss", HUGE_VAL}, {"b", -0.0}, {"c", 0.1}, {"d", 5e-324}};
    result.curve = {{"loss"}, {1, 2}, {{-HUGE_VAL}, {1e300}}};
    const std::filesystem::path file = path("none.study").toStdString();
    StudyJournal(file, study).append(result);
    QVERIFY(StudyJournal(file, study).results().at(5) == result);
}

void StudyTest::journalOfAnotherStudyIsRefused()
{
    const std::filesystem::path file = path("other.study").toStdString();
    {
        const StudyJournal journal(file, Study(smallSpec()));
    }
    const QByteArray before = fileBytes(path("other.study"));
    StudySpec spec = smallSpec();
    spec.set = {"dt=0.05"};
    try {
        const StudyJournal journal(file, Study(spec));
        QFAIL("another study's journal was taken");
    } catch (const InputError& error) {
        QVERIFY2(QByteArray(error.what()).contains("parameters.dt = 0.1, not 0.05"), error.what());
    }
    spec = smallSpec();
    spec.seeds = 3;
    QVERIFY_EXCEPTION_THROWN(StudyJournal(file, Study(spec)), InputError);
    QCOMPARE(fileBytes(path("other.study")), before);
    std::ofstream(file) << "my thesis\n";
    QVERIFY_EXCEPTION_THROWN(StudyJournal(file, Study(smallSpec())), InputError);
    QCOMPARE(fileBytes(path("other.study")), QByteArray("my thesis\n"));
}

void StudyTest::journalIsOfOneProcess()
{
    const std::filesystem::path file = path("one.study").toStdString();
    const Study study(smallSpec());
    const StudyJournal first(file, study);
    QVERIFY_EXCEPTION_THROWN(StudyJournal(file, study), InputError);
}

void StudyTest::summaryGroupsTheSeeds()
{
    const Study study(smallSpec());
    StudyResults results;
    results[0] = {.point = 0, .metrics = {{"validation_accuracy", 0.75}, {"loss", 1}}};
    results[1] = {.point = 1, .diverged = true, .metrics = {{"validation_accuracy", 0.25}}};
    results[6] = {.point = 6, .metrics = {{"validation_accuracy", 1}}};
    QCOMPARE(leadingMetric(metricNames(results)), std::string("validation_accuracy"));
    QCOMPARE(shownName("validation_accuracy"), std::string("validation_error"));
    const auto groups = summarize(study, results, "validation_accuracy");
    QCOMPARE(groups.size(), std::size_t{2});
    QCOMPARE(groups[0].mean, 0.5);
    QCOMPARE(groups[0].deviation, std::sqrt(0.125));
    QCOMPARE(groups[0].diverged, std::size_t{1});
    QCOMPARE(groups[1].combination, std::size_t{3});
    QCOMPARE(groups[1].high, 0.0);
}

QTEST_GUILESS_MAIN(StudyTest)
#include "tst_study.moc"
