// A run that is watched, drawn on and taught is the run that nobody watches, bit for bit.
#include "app/window/main_window.h"
#include "sim/files/preset.h"
#include "sim/live/runner.h"
#include "sim/run/simulation.h"

#include <QDockWidget>
#include <QStandardPaths>
#include <QTest>

#include <limits>
#include <vector>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

/// The preset as it is, but with so few samples that an epoch and its test block pass in a moment.
Experiment fewDigits()
{
    return loadPreset("mnist-small", {"stimulus.samples=200", "protocol.test=40"});
}

/// Where a run without a window stands after as many steps.
State headlessAt(const Experiment& e, std::uint64_t step)
{
    Simulation run(e);
    while (run.clock().step < step && run.step()) { }
    return run.state();
}

} // namespace

class SameRunTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"ApicalTest"_s);
        QCoreApplication::setApplicationName(u"tst_same_run"_s);
    }

    void digitsInTheWindowAreThoseWithoutIt()
    {
        MainWindow window({false, u"light"_s});
        window.resize(1280, 800);
        Session& session = window.session();
        QVERIFY(session.openExperiment(fewDigits()));
        window.show();
        session.setPace(std::numeric_limits<double>::infinity());
        session.run();
        // Every view of the task looks on for a while, and the canvas is drawn on.
        for (const char* id :
            {"circuit", "gallery", "microscope", "mistakes", "classes", "weights", "drawing"}) {
            const QString name = QString::fromLatin1(id);
            QVERIFY2(window.docks().find(name)->there, id);
            window.docks().raise(name);
            const std::uint64_t from = session.runner()->stepsDone();
            QTRY_VERIFY_WITH_TIMEOUT(session.runner()->stepsDone() > from + 600, 60'000);
        }
        View* canvas = window.docks().find(u"drawing"_s)->view;
        const QPoint centre(canvas->height() / 2, canvas->height() / 2 - 14);
        QTest::mousePress(canvas, Qt::LeftButton, {}, centre - QPoint(20, 20));
        QTest::mouseMove(canvas, centre + QPoint(20, -20));
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, centre + QPoint(-5, 25));
        QTRY_VERIFY_WITH_TIMEOUT(!canvas->csv().isEmpty(), 60'000); // once weights have come
        const std::uint64_t from = session.runner()->stepsDone();
        QTRY_VERIFY_WITH_TIMEOUT(session.runner()->stepsDone() > from + 1300, 60'000);
        const State seen = session.runner()->states().front();
        QVERIFY(seen.clock.step > 2 * 5 * 240); // two epochs and their tests
        QVERIFY(headlessAt(fewDigits(), seen.clock.step) == seen);

        // What is taught is in the replay, and nowhere else.
        std::vector<double> sample(784 + 10, 0.5);
        QVERIFY(session.teach(sample));
        QTRY_VERIFY_WITH_TIMEOUT(session.editsConfirmed() > 0, 60'000);
        const std::uint64_t edited = session.runner()->stepsDone();
        QTRY_VERIFY_WITH_TIMEOUT(session.runner()->stepsDone() > edited + 20, 60'000);
        const State taught = session.runner()->states().front();
        QVERIFY(headlessAt(session.replay(), taught.clock.step) == taught);
        QVERIFY(!(headlessAt(fewDigits(), taught.clock.step) == taught));
    }
};

QTEST_MAIN(SameRunTest)
#include "tst_same_run.moc"
