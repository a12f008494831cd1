// What the doctor says of a run with a task.
#include "sim/files/preset.h"
#include "sim/insight/diagnosis.h"
#include "sim/run/simulation.h"
#include "sim/watch/task_score.h"
#include "tests/circuit_lane.h"

#include <QTest>

#include <cmath>

using namespace apical;

namespace {

/// A task that is watched once per presentation.
class Pupil {
public:
    explicit Pupil(const Experiment& e)
        : m_simulation(e)
        , m_score(m_simulation)
        , m_sizes(e.layers)
        , m_start(selfPredictionErrors(m_simulation.model()))
    {
    }

    void learn(std::uint64_t epochs)
    {
        const std::uint64_t end =
            m_simulation.clock().pattern + m_simulation.schedule().presentations(epochs);
        while (m_simulation.clock().pattern < end && m_simulation.step()) {
            if (!m_score.observe(m_simulation))
                continue;
            const SelfPredictionErrors e = selfPredictionErrors(m_simulation.model()).front();
            m_past.timeMs.push_back(m_simulation.clock().timeMs);
            m_past.apical.push_back(e.apical);
            m_past.interneuron.push_back(e.interneuron);
            m_past.feedforward.push_back(e.feedforwardWeight);
            m_past.feedback.push_back(e.feedbackWeight);
        }
    }

    Diagnosis verdict()
    {
        LaneFrame lane = test::frameOfCircuit(m_simulation);
        lane.nudged = m_simulation.nudged();
        lane.task.hasTask = true;
        lane.task.shown = m_simulation.presentation();
        lane.task.epochs = m_score.epochs();
        return diagnose(lane, m_sizes, m_past, m_start);
    }

private:
    Simulation m_simulation;
    TaskScore m_score;
    std::vector<int> m_sizes;
    std::vector<SelfPredictionErrors> m_start;
    ErrorSeries m_past;
};

Experiment bars(std::vector<std::string> set = {})
{
    set.emplace_back("stimulus.presentation_time=2");
    set.emplace_back("angle.interval=0");
    return loadPreset("bars", set);
}

bool says(const Diagnosis& d, const char* words)
{
    if ((d.title + ' ' + d.text).find(words) != std::string::npos)
        return true;
    for (const Evidence& e : d.evidence) {
        if (e.text.find(words) != std::string::npos)
            return true;
    }
    return false;
}

} // namespace

class TestDiagnosisLearning : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void earlyEpochsAreLearning()
    {
        Pupil pupil(bars());
        pupil.learn(30);
        const Diagnosis d = pupil.verdict();
        QVERIFY2(d.verdict == Verdict::Learning, d.title.c_str());
        QVERIFY2(says(d, "Last 5 validations: ") && says(d, " wrong"), d.text.c_str());
        QVERIFY(says(d, "validation loss"));
    }

    void betweenTrainingBlocksItIsStillLearning()
    {
        Pupil pupil(bars({"protocol.train=4", "protocol.validation=4"}));
        pupil.learn(30);
        for (int i = 0; i < 8; ++i) {
            QVERIFY(pupil.verdict().verdict == Verdict::Learning);
            pupil.learn(1);
        }
    }

    void aTaskWithoutErrorIsLearned()
    {
        Pupil pupil(bars());
        pupil.learn(400);
        const Diagnosis d = pupil.verdict();
        QVERIFY2(d.verdict == Verdict::Learning, d.title.c_str());
        QVERIFY2(says(d, "The task is learned"), d.title.c_str());
        for (const Evidence& e : d.evidence)
            QVERIFY2(e.good, e.text.c_str());
    }

    void slowMembranesStallAndTheLookAheadIsOffered()
    {
        Pupil pupil(bars({"circuit.latent_equilibrium=false"}));
        pupil.learn(600);
        const Diagnosis d = pupil.verdict();
        QVERIFY2(d.verdict == Verdict::Plateau, (d.title + ": " + d.text).c_str());
        QVERIFY2(says(d, "stalled") && says(d, "to settle"), d.text.c_str());
        QVERIFY(d.remedy.kind == Remedy::Kind::SetParameter);
        QCOMPARE(d.remedy.key, std::string("circuit.latent_equilibrium"));
    }
};

QTEST_APPLESS_MAIN(TestDiagnosisLearning)
#include "tst_diagnosis_learning.moc"
