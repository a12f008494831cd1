// The latent equilibrium family in the window: lag meter, strips and docks of its layouts.
#include "app/session/session.h"
#include "app/window/docks.h"
#include "app/window/main_window.h"
#include "sim/circuit/circuit_parameters.h"
#include "widgets/doctor/lag_view.h"
#include "widgets/strips/layouts.h"
#include "widgets/strips/range.h"

#include <QApplication>
#include <QDockWidget>
#include <QSettings>
#include <QStandardPaths>
#include <QtTest>

#include <cmath>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Two lanes of a 2-3-3-2 network whose lags are given.
Scene lagScene()
{
    Scene scene;
    scene.frame.sizes = {2, 3, 3, 2};
    for (const char* name : {"Sacramento", "Latent Equilibrium"}) {
        LaneFrame lane;
        lane.parameters = circuitParameterTable().defaults();
        lane.name = name;
        lane.lags.changes = 5;
        lane.lags.presentationMs = 40;
        const bool slow = scene.frame.lanes.empty();
        circuit(lane.parameters).latentEquilibrium = !slow;
        for (int l = 0; l < 4; ++l)
            lane.lags.layers.push_back({slow ? 2.0 + 9 * l : 2.0, slow ? 2.0 + 9 * l : 1.0, 5, 5});
        scene.frame.lanes.push_back(lane);
    }
    return scene;
}

std::unique_ptr<View> shownView(const Scene& scene, QSize size = {292, 500})
{
    std::unique_ptr<View> view(makeLagView(nullptr));
    view->resize(size);
    view->refresh(scene);
    view->grab();
    return view;
}

QDockWidget* dock(MainWindow& window, const QString& id)
{
    return window.findChild<QDockWidget*>(u"dock."_s + id);
}

} // namespace

class LagViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"ApicalTest"_s);
        QCoreApplication::setApplicationName(u"tst_lag_view"_s);
        QSettings().clear();
    }

    void theMeterSaysWhatItMeasured()
    {
        const Scene scene = lagScene();
        const auto view = shownView(scene);
        QCOMPARE(view->accessibleDescription(),
            u"Response lag of the output, A Sacramento: 29.0 ms, B Latent Equilibrium: 2.0 ms"_s);
        const QStringList lines = view->csv().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 9);
        QCOMPARE(lines[4], u"A Sacramento,3,29,5,0,29,5,0"_s);
        QCOMPARE(lines[5], u"B Latent Equilibrium,0,2,5,0,1,5,0"_s);
    }

    void theSelectedLayerIsTheOneInLargeDigits()
    {
        Scene scene = lagScene();
        scene.selection = {Selection::Population::Pyramidal, 1, 2};
        QVERIFY(shownView(scene)->accessibleDescription().startsWith(
            u"Response lag of the hidden 1, A Sacramento: 11.0 ms"_s));
    }

    void whatIsMissedIsLongerThanThePresentation()
    {
        Scene scene = lagScene();
        LayerLag& output = scene.frame.lanes[0].lags.layers[3];
        output = {31, 31, 1, 1, 4, 4}; // only one of five arrived in time
        QVERIFY(shownView(scene)->accessibleDescription().contains(u"A Sacramento: > 40.0 ms"_s));
        output = {kNaN, kNaN, 0, 0, 5, 5};
        QVERIFY(shownView(scene)->accessibleDescription().contains(u"A Sacramento: > 40.0 ms"_s));
    }

    void withoutMeasurementsItSaysWhy()
    {
        Scene scene = lagScene();
        for (LaneFrame& lane : scene.frame.lanes)
            lane.lags.changes = 0;
        auto view = shownView(scene);
        QVERIFY(view->accessibleDescription().startsWith(u"Waits for the pattern to change"_s));
        QCOMPARE(view->csv(), QString());
        scene.frame.lanes[0].lags.blocked = LagReport::Blocked::TooLarge;
        QVERIFY(shownView(scene)->accessibleDescription().contains(u"too large"_s));
        scene.frame.lanes[0].lags.blocked = LagReport::Blocked::Resets;
        QVERIFY(shownView(scene)->accessibleDescription().contains(u"state.reset"_s));
    }

    void everySizeAndBothThemesArePainted()
    {
        Scene scene = lagScene();
        for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
            scene.theme = theme;
            for (const QSize size : {QSize(292, 500), QSize(280, 330), QSize(220, 130)}) {
                const QImage image = shownView(scene, size)->grab().toImage();
                int orange = 0;
                for (int y = 0; y < image.height(); ++y)
                    for (int x = 0; x < image.width(); ++x)
                        orange += image.pixelColor(x, y) == theme->laneA ? 1 : 0;
                QVERIFY(orange > 50);
            }
        }
    }

    void theFamilyBringsItsStrips()
    {
        Scene scene = lagScene();
        History history(std::vector<Channel>{{0, "input.potential", 1}, {1, "input.potential", 1},
            {0, "input.rate", 1}, {1, "input.rate", 1}, {0, "layer1.pyr.soma", 1},
            {1, "layer1.pyr.soma", 1}, {0, "layer1.pyr.apical", 1}, {1, "layer1.pyr.apical", 1}});
        scene.history = &history;
        QVERIFY(layoutStrips(scene).empty());
        scene.layout = u"latent-equilibrium"_s;
        scene.selection = {Selection::Population::Pyramidal, 1, 1};
        auto strips = layoutStrips(scene);
        QCOMPARE(strips.size(), std::size_t{4});
        QCOMPARE(strips[1].title, u"Activation of x2: what it sends"_s);
        QCOMPARE(strips[2].title, u"Somatic response of h1.2"_s);
        for (const Strip& strip : strips) {
            QCOMPARE(strip.curves.size(), std::size_t{2});
            QVERIFY2(strip.emptyText.isEmpty(), qPrintable(strip.emptyText));
        }
        // The output has no apical dendrite, and rates of hidden neurons are not recorded here.
        scene.selection = {Selection::Population::Pyramidal, 3, 0};
        strips = layoutStrips(scene);
        QCOMPARE(strips.size(), std::size_t{3});
        QCOMPARE(strips[1].title, u"Activation of h2.1: what it sends"_s);
        QVERIFY(strips[1].emptyText.contains(u"layer2.pyr.rate"_s));
    }

    void dendriticErrorsFollowTheSelectionKindByKind()
    {
        Scene scene = lagScene();
        scene.layout = u"dendritic-errors"_s;
        auto strips = layoutStrips(scene);
        QCOMPARE(strips.size(), std::size_t{4});
        QVERIFY(strips[0].title.contains(u"o1"_s) && strips[2].title.contains(u"h2.1"_s));
        scene.selection = {Selection::Population::Pyramidal, 1, 2};
        strips = layoutStrips(scene);
        QVERIFY(strips[2].title.contains(u"h1.3"_s) && strips[3].title.contains(u"h1.3"_s));
        scene.selection = {Selection::Population::Interneuron, 1, 1};
        QVERIFY(layoutStrips(scene)[1].title.contains(scene.selection.name(scene.frame.sizes)));
    }

    void aFittedRangeKeepsToWhatIsSeen()
    {
        Strip strip;
        strip.fitted = true;
        StripRange range;
        range.start(strip);
        range.include(4.0, 5.0);
        QVERIFY(range.low() <= 4 && range.low() > 3.5 && range.high() >= 5 && range.high() < 5.5);
        range.include(0, 5); // the start of a run
        QVERIFY(range.low() <= 0);
        range.include(4.2, 5); // has scrolled away
        QVERIFY(range.low() > 3.5);
        range.include(kNaN, kNaN);
        QVERIFY(range.low() > 3.5);
    }

    void thePresetOpensWithStripsInTheMiddleAndTheMeterBesideThem()
    {
        for (const QSize size : {QSize(1280, 800), QSize(1024, 700)}) {
            WindowOptions options;
            options.persistent = false;
            MainWindow window(options);
            window.resize(size);
            QVERIFY(window.session().openPreset(u"latent-equilibrium"_s));
            window.show();
            QVERIFY(QTest::qWaitForWindowExposed(&window));
            QTRY_VERIFY(!dock(window, u"lag"_s)->widget()->visibleRegion().isEmpty());
            QTRY_VERIFY(!dock(window, u"strips"_s)->widget()->visibleRegion().isEmpty());
            QVERIFY(window.tabifiedDockWidgets(dock(window, u"strips"_s))
                        .contains(dock(window, u"circuit"_s)));
            // Another family has its own arrangement.
            QVERIFY(window.session().openPreset(u"self-predicting"_s));
            QTRY_VERIFY(!dock(window, u"circuit"_s)->widget()->visibleRegion().isEmpty());
            QVERIFY(dock(window, u"lag"_s)->isHidden());
            QVERIFY(!window.tabifiedDockWidgets(dock(window, u"strips"_s))
                         .contains(dock(window, u"circuit"_s)));
        }
    }
};

QTEST_MAIN(LagViewTest)
#include "tst_lag_view.moc"
