// What a model warns of stands above the views, with the lane it is of, and goes once it may be
// true no longer; errors stay.
#include "app/window/main_window.h"
#include "app/window/message_bar.h"

#include <QAction>
#include <QTest>

#include <memory>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

class TestWarnings : public QObject {
    Q_OBJECT

    /// Runs as fast as it can with values that move at this rate; the limit is 0.22.
    static std::unique_ptr<MainWindow> runningAt(double rate)
    {
        auto window = std::make_unique<MainWindow>(WindowOptions{false, u"light"_s});
        window->open(u"linear-equilibrium"_s);
        window->show();
        window->session().edit(0, u"inference.rate"_s, rate);
        window->actions()[u"simulation.fastest"_s]->trigger();
        return window;
    }

private Q_SLOTS:
    void aRunThatStopsSaysWhatLedToIt()
    {
        const auto window = runningAt(2.0);
        Session& session = window->session();
        QTRY_VERIFY_WITH_TIMEOUT(session.newest().state == RunState::Diverged, 20000);
        QTRY_VERIFY(window->messages().isVisible());
        const QString text = window->messages().text();
        QVERIFY2(text.startsWith(u"The run stopped: layer"_s), qPrintable(text));
        for (const auto& part : {u"is not finite; the energy rose at "_s, u"inference.rate = 2,"_s,
                 u"inference.halve_on_rise"_s})
            QVERIFY2(text.contains(part), qPrintable(text));
    }

    void anEnergyThatRisesIsSaidAboveTheViews()
    {
        const auto window = runningAt(0.24);
        Session& session = window->session();
        QTRY_VERIFY_WITH_TIMEOUT(window->messages().isVisible(), 20000);
        const QString text = window->messages().text();
        QVERIFY2(text.startsWith(u"Presentation "_s), qPrintable(text));
        QVERIFY2(
            text.contains(u"the energy rose at "_s) && text.contains(u"inference.halve_on_rise"_s),
            qPrintable(text));
        // The remedy takes it away.
        QVERIFY(session.edit(0, u"inference.halve_on_rise"_s, true));
        QVERIFY(!window->messages().isVisible());
        // What was an error stays when something is edited.
        window->messages().show(MessageBar::Kind::Error, u"no such file"_s);
        QVERIFY(session.edit(0, u"inference.rate"_s, 0.2));
        QVERIFY(window->messages().isVisible());
    }
};

QTEST_MAIN(TestWarnings)
#include "tst_warnings.moc"
