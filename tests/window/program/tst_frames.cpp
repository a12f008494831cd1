// What a frame costs is spread and saved: how often views come, and what is copied for them.
#include "app/window/main_window.h"
#include "sim/files/preset.h"

#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTest>

#include <limits>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

class FramesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"ApicalTest"_s);
        QCoreApplication::setApplicationName(u"tst_frames"_s);
    }

    /// A slow machine makes the waits longer, never shorter: only the least is asked for.
    void viewsComeHalfAsOftenWhereFramesAreDear()
    {
        MainWindow window({false, u"light"_s});
        window.resize(1280, 800);
        QVERIFY(window.session().openExperiment(loadPreset("bars")));
        window.show();
        const DockEntry* inspector = window.docks().find(u"inspector"_s);
        QTRY_VERIFY(inspector->view->isVisible() && window.session().scene().history);
        window.session().setRefreshing(false); // frames come from here
        Scene scene = window.session().scene();
        scene.urgent = scene.textDue = false;
        const int period = inspector->view->periodMs();
        QVERIFY(period > 0);
        const auto leastWait = [&](double frameMs, qint64 enough, int longest) {
            qint64 least = std::numeric_limits<qint64>::max(), last = -1;
            QElapsedTimer clock;
            for (clock.start(); clock.elapsed() < longest && least > enough;) {
                window.docks().refresh(scene, frameMs);
                if (last >= 0 && inspector->refreshedMs != last)
                    least = std::min(least, inspector->refreshedMs - last);
                last = inspector->refreshedMs;
                QTest::qWait(2);
            }
            return least;
        };
        const qint64 cheap = leastWait(4, period * 3 / 2, 10'000), dear = leastWait(40, 0, 1000);
        QVERIFY2(cheap <= period * 3 / 2, qPrintable(QString::number(cheap)));
        QVERIFY2(dear > period * 3 / 2, qPrintable(QString::number(dear)));
    }

    /// But they are there at once for a view that comes to the front, also while nothing runs.
    void weightsThatNobodySeesAreNotCopied()
    {
        MainWindow window({false, u"light"_s});
        window.resize(1280, 800);
        Session& session = window.session();
        QVERIFY(session.openExperiment(
            loadPreset("learning-rules", {"stimulus.samples=128", "protocol.test=0"})));
        window.show();
        session.run();
        QTRY_VERIFY_WITH_TIMEOUT(session.newest().step() > 10, 60'000);
        session.pause();
        QTRY_COMPARE(session.newest().state, RunState::Paused);
        const auto shown = [&] {
            return session.scene().frame.lanes.front().matrix("layer1.W_up");
        };
        QTRY_VERIFY(!shown());
        QVERIFY(session.newest().lanes.front().matrix("layer1.W_up"));
        window.docks().raise(u"weights"_s);
        QTRY_VERIFY(shown());
        QCOMPARE(shown()->values, session.newest().lanes.front().matrix("layer1.W_up")->values);
        window.docks().raise(u"angles"_s);
        QTRY_VERIFY(!shown());
    }
};

QTEST_MAIN(FramesTest)
#include "tst_frames.moc"
