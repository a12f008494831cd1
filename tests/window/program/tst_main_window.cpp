// The window: every action does its job, nothing gets lost in any size, colour or accident.
#include "app/session/autosave.h"
#include "app/window/main_window.h"
#include "app/window/message_bar.h"
#include "app/window/status_line.h"
#include "sim/files/preset.h"
#include "sim/live/runner.h"
#include "widgets/look/style.h"
#include "widgets/strips/timeline.h"

#include <QAction>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <memory>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

class MainWindowTest : public QObject {
    Q_OBJECT

    std::unique_ptr<MainWindow> opened(
        const WindowOptions& options = {false, u"light"_s}, QSize size = {1280, 800})
    {
        auto window = std::make_unique<MainWindow>(options);
        window->resize(size);
        window->open(u"self-predicting"_s);
        window->show();
        return window;
    }
    static void trigger(MainWindow& window, const QString& id) { window.actions()[id]->trigger(); }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"ApicalTest"_s);
        QCoreApplication::setApplicationName(u"tst_main_window"_s);
        QSettings().clear();
    }
    void cleanupTestCase() { QSettings().clear(); }

    void everyActionIsBoundAndStandsInAMenu()
    {
        const auto window = opened();
        QSet<QString> ids;
        QSet<QKeySequence> keys;
        for (const ActionRow& row : actionTable()) {
            QVERIFY2(!ids.contains(row.id), qPrintable(row.id));
            ids.insert(row.id);
            QVERIFY2(window->actions().isBound(row.id), qPrintable(row.id));
            QVERIFY2(!row.help.isEmpty(), qPrintable(row.id));
            const auto* menu = window->findChild<QMenu*>(u"menu."_s + row.menu);
            QVERIFY2(
                menu && menu->actions().contains(window->actions()[row.id]), qPrintable(row.id));
            for (const QKeySequence& key : row.shortcuts) {
                QVERIFY2(!keys.contains(key), qPrintable(key.toString()));
                keys.insert(key);
            }
        }
    }

    void lessonsAreFoundByFamilyOnALowScreen()
    {
        const auto window = opened();
        auto* menu = window->findChild<QMenu*>(u"menu.Lessons"_s);
        QVERIFY(menu->sizeHint().height() < 400);
        std::size_t lessons = 0;
        for (const QAction* family : menu->actions()) {
            QVERIFY2(family->menu(), qPrintable(family->text()));
            lessons += static_cast<std::size_t>(family->menu()->actions().size());
            QVERIFY(family->menu()->sizeHint().height() < 500);
        }
        QCOMPARE(lessons, embeddedPresets().size());
        menu->actions().back()->menu()->actions().front()->trigger();
        QVERIFY(
            window->session().experiment().family == menu->actions().back()->text().toStdString());
        QVERIFY(window->docks().find(u"lesson"_s)->dock->isVisible());
    }

    void aHintWithoutRoomIsATip()
    {
        const auto window = opened({false, u"light"_s}, {1024, 700});
        window->open(u"mnist"_s);
        const QString hint = QString::fromStdString(window->session().experiment().hint);
        QVERIFY(hint.size() > 60);
        QTRY_VERIFY(std::ranges::any_of(window->findChildren<QTabBar*>(),
            [&](const QTabBar* bar) { return bar->toolTip() == hint; }));
    }

    void runPauseStepAndResetWork()
    {
        const auto window = opened();
        Session& session = window->session();
        QTRY_VERIFY(session.scene().nowMs > 5);
        trigger(*window, u"simulation.run_pause"_s);
        QVERIFY(!session.running());
        QTRY_COMPARE(session.newest().state, RunState::Paused);
        const std::uint64_t step = session.runner()->stepsDone();
        trigger(*window, u"simulation.step"_s);
        QTRY_COMPARE(session.newest().step(), step + 1);
        const std::uint64_t pattern = session.newest().lanes[0].clock.pattern;
        trigger(*window, u"simulation.step_pattern"_s);
        QTRY_COMPARE(session.newest().lanes[0].clock.pattern, pattern + 1);
        trigger(*window, u"simulation.reset"_s);
        QTRY_COMPARE(session.newest().step(), std::uint64_t{0});
        const std::uint64_t seed = session.seed();
        trigger(*window, u"simulation.new_seed"_s);
        QVERIFY(session.seed() != seed);
        trigger(*window, u"simulation.run_pause"_s);
        QVERIFY(session.running());
    }

    void speedKeysChangeThePace()
    {
        const auto window = opened();
        Session& session = window->session();
        trigger(*window, u"simulation.real_time"_s);
        QCOMPARE(session.pace(), 1.0);
        trigger(*window, u"simulation.slower"_s);
        QCOMPARE(session.pace(), 0.5);
        trigger(*window, u"simulation.faster"_s);
        QCOMPARE(session.pace(), 1.0);
        trigger(*window, u"simulation.fastest"_s);
        QVERIFY(std::isinf(session.pace()));
        trigger(*window, u"simulation.slower"_s);
        QVERIFY(std::isfinite(session.pace()));
    }

    void targetIsAnUndoableEdit()
    {
        const auto window = opened();
        Session& session = window->session();
        QTRY_VERIFY(session.scene().nowMs > 1);
        const bool before = session.parameters().targetOn;
        trigger(*window, u"simulation.target"_s);
        QCOMPARE(session.parameters().targetOn, !before);
        trigger(*window, u"edit.undo"_s);
        QCOMPARE(session.parameters().targetOn, before);
        trigger(*window, u"edit.redo"_s);
        QCOMPARE(session.parameters().targetOn, !before);
        trigger(*window, u"edit.reset_parameters"_s);
        QCOMPARE(session.parameters().targetOn, before);
    }

    void scrubbingShowsTheInstantOnTheBadge()
    {
        const auto window = opened();
        Session& session = window->session();
        QTRY_VERIFY(session.past().frames().size() > 10);
        QTRY_COMPARE(window->timeline().badgeText(), u"LIVE"_s);
        trigger(*window, u"simulation.back"_s);
        trigger(*window, u"simulation.back"_s);
        QVERIFY(!session.scene().live);
        QVERIFY2(window->timeline().badgeText().contains(u"back to live"_s),
            qPrintable(window->timeline().badgeText()));
        trigger(*window, u"simulation.live"_s);
        QVERIFY(session.scene().live);
        trigger(*window, u"simulation.run_pause"_s);
        QCOMPARE(window->timeline().badgeText(), u"PAUSED"_s);
    }

    void switchesOfTheViewWork()
    {
        const auto window = opened();
        Session& session = window->session();
        trigger(*window, u"view.grid"_s);
        QVERIFY(!session.scene().gridOn);
        trigger(*window, u"view.crosshair"_s);
        QVERIFY(!session.scene().crosshairOn);
        trigger(*window, u"view.theme_dark"_s);
        QVERIFY(activeTheme().dark);
        QVERIFY(session.scene().theme->dark);
        trigger(*window, u"view.theme_light"_s);
        QVERIFY(!activeTheme().dark);
        QVERIFY(session.scene().selection.population != Selection::Population::None);
        trigger(*window, u"view.escape"_s);
        QVERIFY(session.scene().selection.population == Selection::Population::None);
    }

    void docksCloseAndComeBackAndTheLayoutCanBeReset()
    {
        const auto window = opened();
        for (const DockEntry& entry : window->docks().entries()) {
            entry.dock->show();
            entry.dock->close();
            QVERIFY2(entry.dock->isHidden(), qPrintable(entry.id));
            entry.dock->toggleViewAction()->trigger();
            QVERIFY2(!entry.dock->isHidden(), qPrintable(entry.id));
        }
        window->docks().find(u"doctor"_s)->dock->setFloating(true);
        window->docks().find(u"weights"_s)->dock->close();
        trigger(*window, u"view.reset_layout"_s);
        for (const DockEntry& entry : window->docks().entries())
            QVERIFY2(
                entry.dock->isHidden() != (entry.open && entry.there) && !entry.dock->isFloating(),
                qPrintable(entry.id));
    }

    void theLayoutIsRememberedPerPreset()
    {
        {
            const auto window = opened({true, u"light"_s});
            QTest::qWait(1);
            window->docks().find(u"doctor"_s)->dock->close();
            window->close();
        }
        const auto window = opened({true, u"light"_s});
        QVERIFY(window->docks().find(u"doctor"_s)->dock->isHidden());
        trigger(*window, u"view.reset_layout"_s);
        QVERIFY(!window->docks().find(u"doctor"_s)->dock->isHidden());
    }

    void aNarrowWindowIsCompactAndMissesNothing()
    {
        const auto window = opened({false, u"light"_s}, {1024, 700});
        QTRY_VERIFY(window->isCompact());
        QTest::qWait(1);
        QVERIFY2(window->width() <= 1024 && window->height() <= 700,
            qPrintable(QStringLiteral("%1 x %2").arg(window->width()).arg(window->height())));
        QVERIFY(window->minimumSizeHint().width() <= 1024);
        for (const DockEntry& entry : window->docks().entries())
            QVERIFY2(entry.dock->isHidden() != (entry.open && entry.there), qPrintable(entry.id));
        const QDockWidget* inspector = window->docks().find(u"inspector"_s)->dock;
        QDockWidget* parameters = window->docks().find(u"parameters"_s)->dock;
        QVERIFY(window->tabifiedDockWidgets(parameters).contains(inspector));
        QVERIFY(window->tabifiedDockWidgets(window->docks().find(u"doctor"_s)->dock).isEmpty());
        window->resize(1280, 800);
        QTRY_VERIFY(window->tabifiedDockWidgets(parameters).isEmpty());
    }

    void aBadPresetLeavesTheRunAndSaysWhy()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"bad.json"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            "{\n  \"apical\": 1, \"model\": \"microcircuit\", \"network\": {\"layers\": [2, 2, "
            "2]},\n"
            "  \"stimulus\": {\"kind\": \"uniform\"},\n  \"parameters\": {\"eta.pj\": 1}\n}\n");
        file.close();
        const auto window = opened();
        const Runner* before = window->session().runner();
        window->open(path);
        QVERIFY(window->messages().isVisible());
        QVERIFY2(window->messages().text().contains(u"bad.json:4:"_s),
            qPrintable(window->messages().text()));
        QCOMPARE(window->session().runner(), before);
        trigger(*window, u"view.escape"_s);
        QVERIFY(!window->messages().isVisible());
    }

    void closingMidRunStopsAtOnce()
    {
        auto window = opened();
        trigger(*window, u"simulation.fastest"_s);
        QTRY_VERIFY(window->session().scene().nowMs > 50);
        QElapsedTimer clock;
        clock.start();
        window->close();
        window.reset();
        const qint64 ms = clock.elapsed();
        qInfo("closed within %lld ms", static_cast<long long>(ms));
        QVERIFY(
            ms < 5000); // a run that did not stop would go on for ever; slack for loaded machines
    }

    void singleKeysBelongToTextFieldsWhileTheyHaveTheFocus()
    {
        const auto window = opened();
        window->activateWindow();
        QTRY_VERIFY(window->session().scene().nowMs > 1);
        auto* field = new QLineEdit(window.get());
        field->show();
        field->setFocus();
        const bool target = window->session().parameters().targetOn;
        QTest::keyClicks(field, u"t 0.9"_s);
        QCOMPARE(field->text(), u"t 0.9"_s);
        QCOMPARE(window->session().parameters().targetOn, target);
        QVERIFY(window->session().running());
    }

    void aSessionLeftBehindIsOfferedAndRestored()
    {
        const auto window = opened({true, u"light"_s});
        QVERIFY(Autosave::leftBehind().isEmpty());
        const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
        QVERIFY(QDir().mkpath(folder));
        // No process has this number: the largest one Linux gives is 2^22.
        const QString path = folder + u"/autosave-4194999.apical"_s;
        QVERIFY(window->session().save(path, window->viewText()));
        QCOMPARE(Autosave::leftBehind(), path);
        window->offerRestore();
        QVERIFY(window->messages().isVisible());
        for (QPushButton* button : window->messages().findChildren<QPushButton*>())
            button->click();
        QVERIFY(!QFile::exists(path));
        QVERIFY(window->session().fileName().isEmpty());
    }

    void controlsHaveAccessibleNames()
    {
        const auto window = opened();
        for (QToolButton* button : window->findChildren<QToolButton*>()) {
            if (button->isVisible() && button->focusPolicy() != Qt::NoFocus)
                QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty(),
                    qPrintable(button->toolTip()));
        }
    }

    void statusIsHonest()
    {
        QCOMPARE(stepRateText(940), u"940 steps/s"_s);
        QCOMPARE(stepRateText(24300), u"24.3 k steps/s"_s);
        QCOMPARE(stepRateText(1.613e6), u"1.61 M steps/s"_s);
        const auto window = opened();
        QTRY_VERIFY(!window->statusLine().rates().isEmpty());
        QTRY_VERIFY(window->statusLine().rates().first() != u"t = 0.00 s"_s);
    }
};

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
