// How the window's program ends when it is not its own menu that ends it, and what is left then.
#include "app/session/autosave.h"
#include "app/window/main_window.h"
#include "app/window/message_bar.h"
#include "sim/files/session_file.h"
#include "sim/run/simulation.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

QString program()
{
    return QStringLiteral(APICAL_BINARY_DIR "/apical");
}

/// The program's surroundings: a home of its own and no screen.
QProcessEnvironment surroundings(const QTemporaryDir& home)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString& name : {u"XDG_DATA_HOME"_s, u"XDG_CONFIG_HOME"_s, u"WAYLAND_DISPLAY"_s})
        environment.remove(name);
    environment.insert(u"HOME"_s, home.path());
    environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    return environment;
}

/// Whether a process has its own handler for a signal.
bool catches(qint64 process, int signal)
{
    QFile file(u"/proc/%1/status"_s.arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return false;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("SigCgt:"))
            return (line.mid(7).trimmed().toULongLong(nullptr, 16) >> (signal - 1) & 1U) != 0;
    }
    return false;
}

} // namespace

class EndingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"ApicalTests"_s);
        QCoreApplication::setApplicationName(u"ending"_s);
        QStandardPaths::setTestModeEnabled(true);
    }

    void withoutADisplayTheProgramSaysSo()
    {
        const QTemporaryDir home;
        QProcess process;
        QProcessEnvironment environment = surroundings(home);
        environment.insert(u"QT_QPA_PLATFORM"_s, u"xcb"_s);
        environment.insert(u"DISPLAY"_s, u":12345"_s);
        process.setProcessEnvironment(environment);
        process.start(program(), QStringList{});
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardError().contains("apical: no window can be opened here"));
    }

    void signalsEndItInGoodOrder_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<bool>("kept"); // what a person ends with Ctrl-C is not wanted back
        QTest::newRow("SIGINT") << SIGINT << false;
        QTest::newRow("SIGTERM") << SIGTERM << true;
        QTest::newRow("SIGHUP") << SIGHUP << true;
    }
    void signalsEndItInGoodOrder()
    {
        QFETCH(int, signal);
        QFETCH(bool, kept);
        const QTemporaryDir home;
        QProcess process;
        process.setProcessEnvironment(surroundings(home));
        process.start(program(), {u"--pace"_s, u"0.5"_s});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(catches(process.processId(), signal), 60'000);
        const auto copy = home.path()
            + u"/.local/share/Apical/Apical/autosave-%1.ended.apical"_s.arg(process.processId());
        ::kill(static_cast<pid_t>(process.processId()), signal);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
        QCOMPARE(QFile::exists(copy), kept);
        QVERIFY(QFile::exists(home.path() + u"/.config/Apical/Apical.conf"_s));
        if (!kept)
            return;
        QVERIFY(!QFile::exists(QString(copy).replace(u".ended"_s, QString())));
        // The copy is the run: a headless one comes to the same bits.
        const SavedSession session = loadSession(copy.toStdString());
        QCOMPARE(session.states.size(), std::size_t{1});
        Simulation headless(session.experiment);
        while (headless.clock().step < session.states[0].clock.step)
            QVERIFY(headless.step());
        QVERIFY(headless.state() == session.states[0]);
    }

    void aCopyOfAnOrderlyEndIsOfferedInOtherWords()
    {
        QVERIFY(Autosave::leftBehind().isEmpty());
        const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
        const QString path = folder + u"/autosave-4194999.ended.apical"_s;
        {
            MainWindow window({true, u"light"_s});
            window.open(u"self-predicting"_s);
            QTRY_VERIFY(window.session().scene().nowMs > 1);
            window.endFromOutside(true);
        }
        const auto own =
            folder + u"/autosave-%1.ended.apical"_s.arg(QCoreApplication::applicationPid());
        QVERIFY(QFile::rename(own, path)); // as if of a process that is gone
        QCOMPARE(Autosave::leftBehind(), path);
        MainWindow window({true, u"light"_s});
        window.open(u"self-predicting"_s);
        window.show();
        window.offerRestore();
        QVERIFY(window.messages().isVisible());
        QVERIFY2(!window.messages().text().contains(u"did not end in good order"_s),
            qPrintable(window.messages().text()));
        for (QPushButton* button : window.messages().findChildren<QPushButton*>())
            button->click();
        QVERIFY(Autosave::leftBehind().isEmpty());
    }

    void aLogOutThatIsCalledOffLeavesNothing()
    {
        {
            MainWindow window({true, u"light"_s});
            window.open(u"self-predicting"_s);
            window.keepForNextStart();
            const auto own = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)
                + u"/autosave-%1.ended.apical"_s.arg(QCoreApplication::applicationPid());
            QVERIFY(QFile::exists(own));
            Autosave later(window.session(), [] { return QByteArray(); });
            later.keepForNextStart();
            later.saveNow(); // the next copy in its turn
            QVERIFY(!QFile::exists(own));
        }
        QVERIFY(Autosave::leftBehind().isEmpty());
    }

    void aDamagedCopyIsSetAsideAndNotOfferedAgain()
    {
        const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
        QVERIFY(QDir().mkpath(folder));
        const QString path = folder + u"/autosave-4194998.apical"_s;
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"apical-session\": 1, \"name\": ");
        file.close();
        MainWindow window({true, u"light"_s});
        window.open(u"self-predicting"_s);
        window.show();
        window.offerRestore();
        for (QPushButton* button : window.messages().findChildren<QPushButton*>())
            button->click();
        QVERIFY2(window.messages().text().contains(path + u".damaged"_s),
            qPrintable(window.messages().text()));
        QVERIFY(window.messages().isVisible());
        QVERIFY(Autosave::leftBehind().isEmpty());
        QVERIFY(QFile::remove(path + u".damaged"_s));
        QVERIFY(window.session().running());
    }

    void anUnwritableFolderIsToldOnce()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"in the way"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const QByteArray before = qgetenv("XDG_DATA_HOME");
        QStandardPaths::setTestModeEnabled(false);
        qputenv("XDG_DATA_HOME", QFile::encodeName(file.fileName()));
        Session session;
        QVERIFY(session.openPreset(u"self-predicting"_s));
        Autosave autosave(session, [] { return QByteArray(); });
        QSignalSpy unable(&autosave, &Autosave::unable);
        QSignalSpy failed(&session, &Session::failed);
        for (int i = 0; i < 2; ++i) {
            autosave.saveNow();
            autosave.finish();
        }
        before.isNull() ? qunsetenv("XDG_DATA_HOME") : qputenv("XDG_DATA_HOME", before);
        QStandardPaths::setTestModeEnabled(true);
        QCOMPARE(unable.size(), 1);
        QVERIFY(unable[0][0].toString().startsWith(file.fileName()));
        QCOMPARE(failed.size(), 0);
    }

    void aCopyIsWrittenBesideTheWindow()
    {
        Session session;
        QVERIFY(session.openPreset(u"self-predicting"_s));
        Autosave autosave(session, [] { return QByteArray("{}"); });
        QSignalSpy unable(&autosave, &Autosave::unable);
        autosave.saveNow();
        autosave.saveNow(); // the first is this one, too
        QTRY_VERIFY(QFile::exists(autosave.path()));
        QCOMPARE(loadSession(autosave.path().toStdString()).states.size(), std::size_t{1});
        // A run that is replaced while its copy is under way is no failure.
        autosave.saveNow();
        QVERIFY(session.openPreset(u"bars"_s));
        autosave.finish();
        QCOMPARE(unable.size(), 0);
        autosave.saveNow();
        autosave.finish();
        QVERIFY(loadSession(autosave.path().toStdString()).experiment.layers.front() == 9);
    }
};

QTEST_MAIN(EndingTest)
#include "tst_ending.moc"
