// Two lanes in the window: duplicated, edited apart, compared, saved, and one again.
#include "app/session/edit_history.h"
#include "app/window/main_window.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/live/runner.h"
#include "tests/window/parameter_panel_bench.h"
#include "tests/window/strips_fixture.h"
#include "tests/window/weights_scene.h"
#include "widgets/panel/parameter_panel_lanes.h"
#include "widgets/panel/value_editor_switch.h"
#include "widgets/strips/model.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/task_words.h"
#include "widgets/weights/view_tables.h"

#include <QAction>
#include <QResizeEvent>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <cmath>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

const QString kMode = u"circuit.latent_equilibrium"_s;

/// Headless states of an experiment after so many steps.
std::vector<State> headless(const Experiment& e, std::uint64_t steps)
{
    std::vector<State> states;
    for (int lane = 0; lane < e.laneCount(); ++lane) {
        Simulation simulation(e, lane);
        while (simulation.clock().step < steps && simulation.step()) { }
        states.push_back(simulation.state());
    }
    return states;
}

bool sameNetworks(const std::vector<State>& a, const std::vector<State>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const State& x, const State& y) {
        return x.model == y.model && x.clock == y.clock && x.parameters == y.parameters;
    });
}

std::unique_ptr<MainWindow> opened()
{
    WindowOptions options;
    options.persistent = false;
    options.theme = u"light"_s;
    auto window = std::make_unique<MainWindow>(options);
    window->open(u"self-predicting"_s);
    window->show();
    return window;
}

double etaPi(const Session& session, int lane)
{
    return circuit(session.parameters(lane)).etaPi.front();
}

} // namespace

class TestTwinLanes : public PanelBench {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void cleanup() { panel.reset(); }

    void aCopyGoesOnAndIsRemovedAgain();
    void editsGoToTheLaneChosenAndAreUndoneThere();
    void theSessionIsReplayedAndSavedWithItsLanes();
    void rewindingBeforeTheCopyKeepsTheLanes();
    void thePanelShowsBothValuesAndResetsPerLane();
    void locksDifferToo();
    void lanesAreNamedAndColouredByWhatTheyAre();
    void theDifferenceOfEqualLanesIsZero();
    void weightsStandSideBySide();
};

void TestTwinLanes::aCopyGoesOnAndIsRemovedAgain()
{
    const auto window = opened();
    Session& session = window->session();
    QTRY_VERIFY(session.scene().nowMs > 20 && session.history().size() > 4);
    QSignalSpy noticed(&session, &Session::noticed);
    window->actions()[u"edit.remove_lane"_s]->trigger();
    QVERIFY(noticed.last().first().toString().contains(u"no second lane"_s));
    session.pause();
    QTRY_COMPARE(session.newest().state, RunState::Paused);
    session.tick();
    const double begin = session.history().beginMs();
    const std::size_t past = session.past().frames().size();
    window->actions()[u"edit.duplicate_lane"_s]->trigger();
    QTRY_COMPARE(session.laneCount(), 2);
    QCOMPARE(session.scene().frame.lanes.size(), std::size_t{2});
    QCOMPARE(session.history().beginMs(), begin); // what was seen of A is still there
    QVERIFY(session.history().find(1, "layer1.pyr.soma", 0) >= 0);
    QVERIFY(session.past().frames().size() >= past);
    QCOMPARE(session.past().frames().front().lanes.size(), std::size_t{2});
    QCOMPARE(session.scene().startErrors.size(), std::size_t{2});
    QCOMPARE(session.editLane(), 1);
    QCOMPARE(session.scene().shownLane, 1);
    window->actions()[u"edit.duplicate_lane"_s]->trigger();
    QVERIFY(noticed.last().first().toString().contains(u"two lanes already"_s));
    session.run();
    const double now = session.scene().nowMs;
    QTRY_VERIFY(session.scene().nowMs > now + 20);
    const std::vector<State> states = session.runner()->states();
    QVERIFY(states[0].model == states[1].model);
    window->actions()[u"edit.remove_lane"_s]->trigger();
    QTRY_COMPARE(session.laneCount(), 1);
    QCOMPARE(session.editLane(), -1);
    QCOMPARE(session.scene().shownLane, 0);
    QCOMPARE(session.history().beginMs(), begin);
    QVERIFY(session.replay().lanes.empty());
}

void TestTwinLanes::editsGoToTheLaneChosenAndAreUndoneThere()
{
    const auto window = opened();
    Session& session = window->session();
    QTRY_VERIFY(session.scene().nowMs > 5);
    const double before = etaPi(session, 0);
    QVERIFY(session.duplicateLane());
    QTRY_COMPARE(session.laneCount(), 2);
    const QString key = u"eta.pi"_s;
    QVERIFY(window->edit(key, std::vector<double>{0.7})); // goes to B
    QCOMPARE(etaPi(session, 0), before);
    QCOMPARE(etaPi(session, 1), 0.7);
    session.setEditLane(0);
    QCOMPARE(session.scene().shownLane, 0);
    QVERIFY(window->edit(key, std::vector<double>{0.6}));
    session.setEditLane(-1);
    QVERIFY(window->edit(key, std::vector<double>{0.2})); // both
    QCOMPARE(etaPi(session, 0), 0.2);
    QCOMPARE(etaPi(session, 1), 0.2);
    window->actions()[u"edit.undo"_s]->trigger();
    QCOMPARE(etaPi(session, 0), 0.6);
    QCOMPARE(etaPi(session, 1), 0.7);
    window->actions()[u"edit.undo"_s]->trigger();
    window->actions()[u"edit.undo"_s]->trigger();
    QCOMPARE(etaPi(session, 0), before);
    QCOMPARE(etaPi(session, 1), before);
    window->actions()[u"edit.redo"_s]->trigger();
    QCOMPARE(etaPi(session, 1), 0.7);
    QTRY_COMPARE(circuit(session.newest().lanes[1].parameters).etaPi.front(), 0.7);
    QCOMPARE(circuit(session.newest().lanes[0].parameters).etaPi.front(), before);
    // Lanes share the time step, whichever is chosen.
    session.setEditLane(1);
    QVERIFY(session.edit(u"dt"_s, 0.05));
    QCOMPARE(session.parameters(0).dt, 0.05);
    QTRY_COMPARE(session.newest().lanes[0].parameters.dt, 0.05);
    // Showing a lane edits it, unless both are edited.
    window->actions()[u"view.other_lane"_s]->trigger();
    QCOMPARE(session.scene().shownLane, 0);
    QCOMPARE(session.editLane(), 0);
}

void TestTwinLanes::theSessionIsReplayedAndSavedWithItsLanes()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"twins.apical"_s);
    std::vector<State> saved;
    {
        Session session;
        QVERIFY(session.openPreset(u"self-predicting"_s));
        QTRY_VERIFY(session.scene().nowMs > 5);
        QVERIFY(session.edit(u"eta.ip"_s, std::vector<double>{0.2}));
        QTRY_VERIFY(circuit(session.newest().lanes[0].parameters).etaIp.front() == 0.2);
        QVERIFY(session.duplicateLane());
        QTRY_COMPARE(session.laneCount(), 2);
        QVERIFY(session.edit(1, kMode, false));
        const double now = session.scene().nowMs;
        QTRY_VERIFY(session.scene().nowMs > now + 20);
        session.pause();
        QTRY_COMPARE(session.newest().state, RunState::Paused);
        saved = session.runner()->states();
        QVERIFY(sameNetworks(saved, headless(session.replay(), session.runner()->stepsDone())));
        QVERIFY(session.save(path, {}));
    }
    Session session;
    QVERIFY(session.openSession(path));
    QCOMPARE(session.laneCount(), 2);
    QTRY_COMPARE(session.newest().step(), saved.front().clock.step);
    QVERIFY(sameNetworks(session.runner()->states(), saved));
    QVERIFY(circuit(session.parameters(0)).latentEquilibrium
        && !circuit(session.parameters(1)).latentEquilibrium);
    QVERIFY(session.removeLane());
    QTRY_COMPARE(session.laneCount(), 1);
    QVERIFY(sameNetworks(session.runner()->states(), {saved.front()}));
}

void TestTwinLanes::rewindingBeforeTheCopyKeepsTheLanes()
{
    Session session;
    QVERIFY(session.openPreset(u"self-predicting"_s));
    session.setPace(std::numeric_limits<double>::infinity());
    QTRY_VERIFY(session.scene().nowMs > 100);
    QVERIFY(session.duplicateLane());
    QTRY_COMPARE(session.laneCount(), 2);
    QVERIFY(session.edit(1, kMode, false));
    const double now = session.scene().nowMs;
    QTRY_VERIFY(session.scene().nowMs > now + 20);
    session.runner()->rewindTo(50);
    QTRY_COMPARE(session.newest().step(), std::uint64_t{50});
    session.pause();
    QCOMPARE(session.laneCount(), 2);
    const std::vector<State> states = session.runner()->states();
    QVERIFY(states[0].model == states[1].model);
    QTRY_VERIFY(circuit(session.parameters(1)).latentEquilibrium);
    QVERIFY(sameNetworks(states, headless(session.replay(), 50)));
}

void TestTwinLanes::thePanelShowsBothValuesAndResetsPerLane()
{
    open();
    std::vector<std::pair<int, ParameterValue>> sent;
    connect(panel.get(), &ParameterPanel::edited, this,
        [&](const QString&, const ParameterValue& value, bool, int lane) {
            sent.emplace_back(lane, value);
        });
    auto* selector = part<LaneSelector>(p(), u"parameters.lanes"_s);
    auto* differences = part<LaneDifferences>(p(), u"parameters.differences"_s);
    QVERIFY(!selector->isVisible() && !differences->isVisible());
    Parameters a = circuitParameterTable().defaults(), b = a;
    a.targetOn = b.targetOn = true;
    circuit(b).latentEquilibrium = false; // set apart by the preset
    p().setBaselines({a, b});
    p().setValues(std::vector<Parameters>{a, b}, 2);
    QVERIFY(selector->isVisible() && differences->isVisible());
    QCOMPARE(differences->rows().size(), std::size_t{1});
    QVERIFY(differences->rows()[0]->accessibleName().endsWith(u"A on, B off"_s));
    QCOMPARE(p().changedCount(), 0);

    circuit(b).etaPi = {0.7};
    p().setValues(std::vector<Parameters>{a, b}, 2);
    QCOMPARE(differences->rows().size(), std::size_t{2});
    QCOMPARE(p().changedCount(), 1); // in B, while both are edited
    part<QAbstractButton>(p(), u"eta.pi.reset"_s)->click();
    QCOMPARE(sent.size(), std::size_t{1});
    QCOMPARE(sent.back().first, -1);
    sent.clear();

    // What the preset set apart goes back to what each lane was.
    Parameters a2 = a, b2 = b;
    circuit(a2).latentEquilibrium = false;
    circuit(b2).latentEquilibrium = true;
    p().setValues(std::vector<Parameters>{a2, b2}, 2);
    part<QAbstractButton>(p(), kMode + u".reset"_s)->click();
    QCOMPARE(sent.size(), std::size_t{2});
    QVERIFY(sent[0] == std::make_pair(0, ParameterValue(true)));
    QVERIFY(sent[1] == std::make_pair(1, ParameterValue(false)));
    sent.clear();

    // A lane chosen: its values, its edits.
    QSignalSpy chosen(panel.get(), &ParameterPanel::laneChosen);
    part<QAbstractButton>(p(), u"parameters.lane2"_s)->click();
    QCOMPARE(chosen.last().first().toInt(), 1);
    p().setLane(1);
    p().setValues(std::vector<Parameters>{a, b}, 2);
    QVERIFY(rowOf("eta.pi").value() == ParameterValue(std::vector<double>{0.7}));
    part<ToggleSwitch>(p(), u"target.on.switch"_s)->click();
    QCOMPARE(sent.back().first, 1);
    part<QAbstractButton>(p(), u"equal.eta.pi"_s)->click();
    QVERIFY(sent.back() == std::make_pair(-1, ParameterValue(circuit(a).etaPi)));

    p().setBaselines({a});
    p().setLane(-1);
    p().setValues(a, 2);
    QVERIFY(!selector->isVisible() && !differences->isVisible());
    QVERIFY(rowOf("eta.pi").value() == ParameterValue(circuit(a).etaPi));
}

void TestTwinLanes::locksDifferToo()
{
    open();
    Parameters a = circuitParameterTable().defaults(), b = a;
    circuit(b).lockPi = !circuit(a).lockPi;
    p().setBaselines({a, a});
    p().setValues(std::vector<Parameters>{a, b}, 2);
    auto* differences = part<LaneDifferences>(p(), u"parameters.differences"_s);
    QCOMPARE(differences->rows().size(), std::size_t{1});
    auto* lock = part<QAbstractButton>(p(), u"lock.pi"_s);
    QVERIFY(lock->toolTip().contains(u"Lane B"_s));
    QCOMPARE(p().changedCount(), 1);
    p().setLane(1);
    QCOMPARE(lock->isChecked(), circuit(b).lockPi);
    lock->click();
    QCOMPARE(edits.back().key, u"lock.pi"_s);
    QVERIFY(edits.back().value == ParameterValue(circuit(a).lockPi));
}

void TestTwinLanes::lanesAreNamedAndColouredByWhatTheyAre()
{
    Frame frame;
    frame.sizes = {8, 6, 3};
    frame.lanes.resize(2);
    frame.lanes[0].parameters = frame.lanes[1].parameters = circuitParameterTable().defaults();
    const Theme& t = Theme::light();
    QCOMPARE(laneTitle(frame, 1), u"B"_s);
    QCOMPARE(lanePhrase(frame, 1), QString());
    QCOMPARE(laneColor(t, frame, 0), t.laneA);
    QCOMPARE(laneColor(t, frame, 1), t.laneB);
    // A looks ahead, B does not: colours follow the mode, not the letter.
    circuit(frame.lanes[1].parameters).latentEquilibrium = false;
    QCOMPARE(laneTitle(frame, 0), u"A Latent Equilibrium"_s);
    QCOMPARE(laneTitle(frame, 1), u"B Sacramento"_s);
    QCOMPARE(laneColor(t, frame, 0), t.laneB);
    QCOMPARE(laneColor(t, frame, 1), t.laneA);
    QCOMPARE(lanePhrase(frame, 1), u"no look-ahead"_s);
    QCOMPARE(lanesShare(frame), u"same seed, same input"_s);
    frame.lanes[1].parameters.inputLow = -2;
    QCOMPARE(lanePhrase(frame, 1), u"no look-ahead, 1 more"_s);
    QCOMPARE(lanesShare(frame), u"same seed"_s);
    frame.lanes[0].name = "slow";
    QCOMPARE(laneTitle(frame, 0), u"A slow"_s);
    QCOMPARE(laneMark(frame, 0), u"A"_s); // "Sacramento" is too long before other words
    frame.lanes[1].name = "late";
    QCOMPARE(laneMark(frame, 1), u"late"_s);
    // As many words as have room.
    QWidget holder;
    LaneSelector selector(&holder);
    selector.present(frame, -1);
    const auto text = [&selector](int width) {
        selector.resize(width, 30);
        QResizeEvent resized(selector.size(), {});
        QCoreApplication::sendEvent(&selector, &resized);
        return part<QAbstractButton>(selector, u"parameters.lane2"_s)->text();
    };
    QCOMPARE(text(400), u"B late"_s);
    QCOMPARE(text(selector.minimumSizeHint().width()), u"B"_s);
    QCOMPARE(text(selector.minimumSizeHint().width() + 60), u"late"_s);
}

void TestTwinLanes::theDifferenceOfEqualLanesIsZero()
{
    StripsFixture one;
    QCOMPARE(describeStrips(one.scene).size(), std::size_t{3});
    StripsFixture fixture(2);
    std::vector<Strip> strips = describeStrips(fixture.scene);
    QCOMPARE(strips.size(), std::size_t{4});
    const StripCurve& curve = strips.back().curves.front();
    QCOMPARE(curve.channel, fixture.history.find(1, "layer1.pyr.soma", 2));
    QCOMPARE(curve.minus, fixture.history.find(0, "layer1.pyr.soma", 2));
    const double expected = test::quantity(fixture.scene.frame.lanes[1], "layer1.pyr.soma")[2]
        - test::quantity(fixture.scene.frame.lanes[0], "layer1.pyr.soma")[2];
    QVERIFY(expected != 0);
    QCOMPARE(curve.read(fixture.scene.frame), expected);
    fixture.scene.frame.lanes[1].values = fixture.scene.frame.lanes[0].values;
    QCOMPARE(curve.read(fixture.scene.frame), 0.0);
    fixture.scene.selection = {};
    QVERIFY(!describeStrips(fixture.scene).back().emptyText.isEmpty());
}

void TestTwinLanes::weightsStandSideBySide()
{
    test::WeightsScene with;
    Frame& frame = with.scene.frame;
    QVERIFY(weightsSideBySide(frame, {Pathway::Pi, 1, 0}).empty());
    frame.lanes.push_back(test::laneOf(frame.sizes, 100, 0.0));
    const auto pi = weightsSideBySide(frame, {Pathway::Pi, 1, 0});
    QCOMPARE(pi.size(), std::size_t{4});
    QCOMPARE(pi[0].lane, 0);
    QCOMPARE(pi[3].lane, 1);
    QVERIFY(pi[2].values == test::matrix(frame.lanes[1], "layer1.W_pi"));
    for (const double v : pi[3].values.values)
        QVERIFY(std::abs(v) < 1e-12); // B is at its target
    test::matrix(frame.lanes[1], "layer1.W_up")(1, 2) += 0.25;
    const auto up = weightsSideBySide(frame, {Pathway::Up, 1, 0});
    QCOMPARE(up.size(), std::size_t{3});
    QVERIFY(std::abs(up[2].values(1, 2) - 0.25) < 1e-12);
    QVERIFY(std::abs(up[2].values(0, 0)) < 1e-12);
}

QTEST_MAIN(TestTwinLanes)
#include "tst_twin_lanes.moc"
