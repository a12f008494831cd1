// Habits of the hands: keys pressed without looking, numbers typed as at home, small screens.
#include "app/window/main_window.h"
#include "app/window/status_line.h"
#include "app/window/tool_bar.h"
#include "sim/live/runner.h"
#include "widgets/panel/value_editor_slider.h"

#include <QApplication>
#include <QDialog>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

#include <memory>
#include <utility>
#include <vector>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

class HabitsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<MainWindow> opened(
        QSize size = {1280, 800}, const QString& preset = u"self-predicting"_s)
    {
        auto window = std::make_unique<MainWindow>(WindowOptions{false, u"light"_s});
        window->resize(size);
        window->open(preset);
        window->show();
        return window;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"ApicalTest"_s);
        QCoreApplication::setApplicationName(u"tst_habits"_s);
    }

    void aDraggedDurationSaysWhereItLandedInWordsOfThePanelUntilAnotherPresetComes()
    {
        const auto window = opened();
        Session& session = window->session();
        const auto drag = [&](const QString& key, double value) {
            auto* slider = window->findChild<ValueSlider*>(key + u".slider"_s);
            QVERIFY(slider);
            Q_EMIT slider->edited(value, true);
            Q_EMIT slider->edited(value, false);
        };
        const auto* status = window->findChild<StatusLine*>();
        drag(u"dt"_s, 0.189);
        QCOMPARE(session.parameters().dt, 0.2);
        QCOMPARE(
            status->message(), u"time step is 0.2 ms, the nearest that divides every duration."_s);
        drag(u"stimulus.presentation_time"_s, 58.7);
        QCOMPARE(session.parameters().presentationTime, 58.8);
        QCOMPARE(status->message(),
            u"presentation is 58.8 ms, the nearest whole number of time steps."_s);
        auto* box = window->findChild<QAbstractSpinBox*>(u"dt.box"_s);
        QTest::keyClick(box, Qt::Key_Up); // no arrow is dead
        QCOMPARE(session.parameters().dt, 0.21);
        QTest::keyClick(box, Qt::Key_Down);
        auto* slider = window->findChild<ValueSlider*>(u"dt.slider"_s);
        const double before = session.parameters().dt;
        QTest::keyClick(slider, Qt::Key_Left);
        QVERIFY(session.parameters().dt < before);
        drag(u"dt"_s, 0.189);
        window->open(u"wide-hidden"_s);
        QCOMPARE(status->message(), QString());
    }

    void spaceRunsAndPausesAndNeverResets()
    {
        const auto window = opened();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
        Session& session = window->session();
        const auto spaceToggles = [&] {
            QTRY_VERIFY(session.newest().step() > 5);
            const std::uint64_t before = session.newest().step();
            const bool ran = session.running();
            QTest::keyClick(window->windowHandle(), Qt::Key_Space);
            QCOMPARE(session.running(), !ran);
            QVERIFY(session.newest().step() >= before);
        };
        spaceToggles();
        spaceToggles();
        // A dock that goes with the focus in it, and one that is closed and opened again.
        QDockWidget* dock = window->docks().find(u"parameters"_s)->dock;
        for (int i = 0; i < 2; ++i) {
            auto* search = window->findChild<QLineEdit*>(u"parameters.search"_s);
            search->setFocus();
            dock->hide();
            QTest::qWait(20);
            spaceToggles();
            dock->show();
            QTest::qWait(20);
            spaceToggles();
        }
        // A dialog that comes and goes, also when what had the focus is gone by then.
        for (const bool gone : {false, true}) {
            QDialog dialog(window.get());
            dialog.show();
            QVERIFY(QTest::qWaitForWindowActive(&dialog));
            if (gone)
                dock->hide();
            dialog.close();
            window->activateWindow();
            QVERIFY(QTest::qWaitForWindowActive(window.get()));
            spaceToggles();
        }
        // Who walks there with Tab has it.
        QTest::keyClick(window->windowHandle(), Qt::Key_Tab);
        QVERIFY(qobject_cast<QWidget*>(QApplication::focusWidget()) != window.get());
    }

    void aCommittedNumberIsUndoneAtOnceAndPlainKeysWorkAgain()
    {
        const auto window = opened();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
        Session& session = window->session();
        auto* box = window->findChild<QAbstractSpinBox*>(u"stimulus.presentation_time.box"_s);
        auto* line = box->findChild<QLineEdit*>();
        const double before = session.parameters().presentationTime;
        const auto key = [&](Qt::Key k, Qt::KeyboardModifiers modifiers = {}) {
            QTest::keyClick(window->windowHandle(), k, modifiers);
        };
        const auto typeFive = [&] {
            box->setFocus();
            box->selectAll();
            QTest::keyClick(window->windowHandle(), '5');
            key(Qt::Key_Return);
            QCOMPARE(session.parameters().presentationTime, 5.0);
        };
        for (const bool inTheBox : {false, true}) {
            typeFive();
            if (inTheBox)
                box->setFocus();
            key(Qt::Key_Z, Qt::ControlModifier);
            QCOMPARE(session.parameters().presentationTime, before);
            QCOMPARE(line->text().toDouble(), before);
            key(Qt::Key_Y, Qt::ControlModifier);
            QCOMPARE(session.parameters().presentationTime, 5.0);
            QCOMPARE(line->text().toDouble(), 5.0);
            key(Qt::Key_Z, Qt::ControlModifier);
            QCOMPARE(session.parameters().presentationTime, before);
        }
        typeFive();
        const bool ran = session.running();
        key(Qt::Key_Space);
        QCOMPARE(session.running(), !ran);
    }

    void aSeedWithACommaIsNotReadAsAnotherNumber()
    {
        const auto window = opened();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
        auto* seed = window->findChild<QDoubleSpinBox*>();
        const std::uint64_t before = window->session().seed();
        seed->setFocus();
        seed->selectAll();
        QTest::keyClicks(seed, u"2,5"_s);
        QTest::keyClick(seed, Qt::Key_Return);
        QCOMPARE(window->session().seed(), before);
        QCOMPARE(seed->value(), static_cast<double>(before));
        QVERIFY(!seed->hasFocus());
    }

    void itFitsSmallScreensAndNothingOverlaps_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("1366x768") << QSize(1358, 728);
        QTest::newRow("1024x768") << QSize(1016, 728);
        QTest::newRow("900x600") << QSize(900, 600);
    }
    void itFitsSmallScreensAndNothingOverlaps()
    {
        QFETCH(QSize, size);
        for (const QString& preset : {u"self-predicting"_s, u"bars"_s}) {
            const auto window = opened(size, preset);
            QTest::qWait(100);
            QCOMPARE(window->size(), size);
            std::vector<std::pair<QString, QRect>> places;
            for (const DockEntry& entry : window->docks().entries()) {
                if (entry.dock->isVisible() && !entry.dock->visibleRegion().isEmpty())
                    places.emplace_back(entry.id, entry.dock->geometry());
            }
            for (QWidget* part : window->findChild<ToolBar*>()->findChildren<QWidget*>(
                     QString(), Qt::FindDirectChildrenOnly)) {
                if (part->isVisible())
                    places.emplace_back(QString::fromLatin1(part->metaObject()->className()) + u' '
                            + part->accessibleName(),
                        QRect(part->mapTo(window.get(), QPoint()), part->size()));
            }
            for (std::size_t i = 0; i < places.size(); ++i) {
                const auto& [name, place] = places[i];
                QVERIFY2(window->rect().contains(place), qPrintable(name));
                for (std::size_t k = 0; k < i; ++k)
                    QVERIFY2(!places[k].second.intersects(place),
                        qPrintable(places[k].first + u" and "_s + name));
            }
        }
    }
};

QTEST_MAIN(HabitsTest)
#include "tst_habits.moc"
