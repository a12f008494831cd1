// In what lanes of different models differ: also in parameters that the first of them lacks.
#include "app/window/main_window.h"
#include "sim/feedforward/feedforward.h"
#include "sim/live/runner.h"
#include "sim/predictive/predictive.h"
#include "tests/window/parameter_panel_bench.h"
#include "widgets/panel/parameter_panel_lanes.h"
#include "widgets/view/parameter_text.h"

#include <QSignalSpy>
#include <QStandardPaths>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

class LaneDifferencesTest : public PanelBench {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void cleanup() { panel.reset(); }

    void whatTheFirstLaneLacksIsListedAndReached()
    {
        open();
        const Parameters bp = feedforwardParameterTable().defaults();
        Parameters il = predictiveParameterTable().defaults(), zil = il;
        zil.family<PredictiveParameters>().schedule = inference_schedule::zil;
        p().setBaselines({bp, il, zil});
        p().setValues(std::vector<Parameters>{bp, il, zil}, 3);
        auto* differences = part<LaneDifferences>(p(), u"parameters.differences"_s);
        QCOMPARE(differences->rows().size(), std::size_t{1});
        const LaneDifference& row = *differences->rows().front();
        QCOMPARE(keyText(row.row()), u"inference.schedule"_s);
        QVERIFY2(row.accessibleName().endsWith(u", B il, C zil"_s), // A has none
            qPrintable(row.accessibleName()));
        QVERIFY(!p().rowWidget(u"inference.schedule"_s));
        QSignalSpy chosen(panel.get(), &ParameterPanel::laneChosen);
        connect(panel.get(), &ParameterPanel::laneChosen, &p(), &ParameterPanel::setLane);
        differences->rows().front()->click();
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.first().first().toInt(), 1);
        QVERIFY(p().rowWidget(u"inference.schedule"_s));
        part<QAbstractButton>(p(), u"equal.inference.schedule"_s)->click();
        QCOMPARE(edits.back().key, u"inference.schedule"_s);
        QVERIFY(edits.back().value == ParameterValue(u"il"_s.toStdString()));
    }

    void lanesOfAPresetAreMadeEqual()
    {
        WindowOptions options;
        options.persistent = false;
        MainWindow window(options);
        window.open(u"unification"_s);
        window.show();
        auto* differences = part<LaneDifferences>(window, u"parameters.differences"_s);
        QTRY_VERIFY(!differences->rows().empty());
        auto* equal = part<QAbstractButton>(window, u"equal.inference.schedule"_s);
        equal->click();
        const auto schedule = [&](int lane) {
            return window.session().parameters(lane).family<PredictiveParameters>().schedule;
        };
        QTRY_COMPARE(schedule(2), int(inference_schedule::zil));
        QCOMPARE(schedule(1), int(inference_schedule::zil));
        QTRY_VERIFY(!window.findChild<QAbstractButton*>(u"equal.inference.schedule"_s));
    }
};

QTEST_MAIN(LaneDifferencesTest)
#include "tst_lane_differences.moc"
