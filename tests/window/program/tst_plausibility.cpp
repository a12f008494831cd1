// The plausibility window: each cell leads to its reason, its equations, its preset and its place
// in the network.
#include "app/help/browser.h"
#include "app/help/plausibility_equations.h"
#include "app/help/plausibility_table.h"
#include "app/help/plausibility_text.h"
#include "app/help/plausibility_window.h"
#include "app/window/main_window.h"
#include "sim/files/preset.h"
#include "tests/window/plausible_methods.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QAction>
#include <QDockWidget>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QSet>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QWindow>

#include <algorithm>
#include <memory>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

std::unique_ptr<MainWindow> opened(const QString& preset, const QString& theme = u"light"_s)
{
    auto window = std::make_unique<MainWindow>(WindowOptions{false, theme});
    window->resize(1280, 800);
    window->open(preset);
    window->show();
    return window;
}

PlausibilityWindow& plausible(MainWindow& window)
{
    window.actions()[u"help.plausibility"_s]->trigger();
    return *window.findChild<PlausibilityWindow*>();
}

QPushButton& button(const QWidget& window, const QString& name)
{
    return *window.findChild<QPushButton*>(name);
}

qsizetype differentPixels(const QImage& a, const QImage& b)
{
    qsizetype count = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x)
            count += a.pixel(x, y) != b.pixel(x, y);
    return count;
}

} // namespace

class PlausibilityTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void cleanup() { applyTheme(*qApp, Theme::light()); }

    void arrowsWalkTheTableEnterOpensEscapeCloses();
    void theColumnOfWhatRunsIsMarked();
    void everyEmbeddedPresetOpensAndHasThePlace();
    void thePathwayIsPointedAtInTheCircuit();
    void thePlaceIsNotCovered();
    void whatCannotBeOpenedSaysWhy();
    void bothThemesPaintVerdictsInTheirColours();
    void exportsHaveEveryCell();
};

void PlausibilityTest::arrowsWalkTheTableEnterOpensEscapeCloses()
{
    const auto window = opened(u"self-predicting"_s);
    PlausibilityWindow& help = plausible(*window);
    QVERIFY(!help.isModal());
    QVERIFY(QTest::qWaitForWindowActive(&help));
    QVERIFY(help.table().hasFocus());
    const auto press = [&help](Qt::Key key) { QTest::keyClick(help.windowHandle(), key); };
    press(Qt::Key_Down);
    press(Qt::Key_Down);
    press(Qt::Key_Right);
    QCOMPARE(help.table().problem(), 2);
    QCOMPARE(help.table().method(), 1);
    QVERIFY(help.findChild<HelpBrowser*>()->toPlainText().contains(help.cell().reason));
    QVERIFY(window->session().scene().live); // the arrows were not the timeline's
    press(Qt::Key_Left);
    QSignalSpy chosen(&help, &PlausibilityWindow::presetChosen);
    press(Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(window->session().experiment().name, std::string("backprop"));
    QSet<QWidget*> reached; // by the Tab key
    for (int i = 0; i < 12; ++i) {
        press(Qt::Key_Tab);
        reached.insert(help.focusWidget());
    }
    for (const QString& name : {u"open"_s, u"place"_s, u"export"_s})
        QVERIFY2(reached.contains(&button(help, name)), qPrintable(name));
    press(Qt::Key_Escape);
    QTRY_VERIFY(!help.isVisible());
}

void PlausibilityTest::theColumnOfWhatRunsIsMarked()
{
    const auto window = opened(u"backprop"_s);
    PlausibilityWindow& help = plausible(*window);
    const auto marked = [&help] {
        QStringList ids;
        for (int m = 0; m < static_cast<int>(methods().size()); ++m) {
            if (help.table().isRunning(m))
                ids << methods()[static_cast<std::size_t>(m)].id;
        }
        return ids.join(u' ');
    };
    QCOMPARE(marked(), u"backprop"_s);
    window->edit(u"learning.rule"_s, std::string("direct-feedback-alignment"));
    QTRY_COMPARE(marked(), u"feedback-alignment"_s);
    window->open(u"feedback-alignment"_s); // one lane of each
    QCOMPARE(marked(), u"backprop feedback-alignment"_s);
    QCOMPARE(help.laneOf(1), 1);
    window->open(u"bars-beside-backprop"_s);
    QCOMPARE(marked(), u"backprop microcircuit"_s);
    window->open(u"bars-spiking"_s);
    QCOMPARE(marked(), u"microcircuit"_s);
}

void PlausibilityTest::everyEmbeddedPresetOpensAndHasThePlace()
{
    const auto window = opened(u"self-predicting"_s);
    PlausibilityWindow& help = plausible(*window);
    const QStringList embedded = embeddedNames();
    int shown = 0;
    for (int m = 0; m < static_cast<int>(methods().size()); ++m) {
        for (int p = 0; p < static_cast<int>(plausibility().problems.size()); ++p) {
            help.table().choose(p, m);
            const PlausibilityCell& cell = help.cell();
            QCOMPARE(button(help, u"open"_s).isEnabled(), embedded.contains(cell.preset));
            if (!embedded.contains(cell.preset))
                continue;
            if (QString::fromStdString(window->session().experiment().name) != cell.preset)
                button(help, u"open"_s).click();
            QCOMPARE(QString::fromStdString(window->session().experiment().name), cell.preset);
            QVERIFY2(help.laneOf(m) >= 0, qPrintable(cell.preset));
            if (cell.marks.empty())
                continue;
            QTRY_VERIFY(!window->session().newest().lanes.empty());
            window->session().tick();
            window->session().select({});
            QVERIFY(button(help, u"place"_s).isEnabled());
            button(help, u"place"_s).click();
            const auto& terms = methods()[static_cast<std::size_t>(m)].terms;
            const PlausibilityTerm& term = terms[static_cast<std::size_t>(cell.marks.front())];
            const QString where = cell.preset + u' ' + term.id;
            QVERIFY2(window->session().scene().selection != Selection(), qPrintable(where));
            QCOMPARE(window->session().scene().shownLane, help.laneOf(m));
            QVERIFY2(std::ranges::any_of(term.views,
                         [&](const QString& id) {
                             const DockEntry* entry = window->docks().find(id);
                             return entry->there && entry->dock->isVisible();
                         }),
                qPrintable(where));
            const Anatomy anatomy =
                window->session().anatomies()[static_cast<std::size_t>(help.laneOf(m))];
            QVERIFY2(term.pathway.isEmpty()
                    || std::ranges::any_of(anatomy.projections,
                        [&term](const Anatomy::Projection& projection) {
                            return projection.pathway == term.pathway.toStdString();
                        }),
                qPrintable(where));
            ++shown;
        }
    }
    QVERIFY(shown >= 25);
}

void PlausibilityTest::thePathwayIsPointedAtInTheCircuit()
{
    const auto window = opened(u"full-plasticity"_s);
    Session& session = window->session();
    const DockEntry& circuit = *window->docks().find(u"circuit"_s);
    const DockEntry& weights = *window->docks().find(u"weights"_s);
    window->docks().raise(u"circuit"_s);
    const auto hasWeights = [&] { // frames bring them only while somebody looks
        weights.view->refresh(session.scene());
        return weights.view->csv().size() > 100;
    };
    QTRY_VERIFY(session.scene().nowMs > 1 && hasWeights());
    session.pause();
    QTRY_COMPARE(session.newest().state, RunState::Paused);
    QTRY_VERIFY(hasWeights());
    PlausibilityWindow& help = plausible(*window);
    help.table().choose(0, indexOf(u"microcircuit"_s));
    const auto picture = [&] {
        window->session().tick();
        circuit.view->refresh(window->session().scene());
        QImage image(circuit.view->size(), QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        circuit.view->paint(painter, QRectF(circuit.view->rect()));
        return image;
    };
    window->session().select({Selection::Population::Pyramidal, 1, 0}); // as the term does
    const QImage before = picture();
    button(help, u"place"_s).click();
    QCOMPARE(
        window->session().scene().selection, (Selection{Selection::Population::Pyramidal, 1, 0}));
    QVERIFY(differentPixels(before, picture()) > 200);
    weights.view->refresh(session.scene());
    QVERIFY2(weights.view->csv().contains(u"W_down"_s), qPrintable(weights.view->csv().left(80)));
    window->session().select({Selection::Population::Pyramidal, 2, 0}); // ends it, for good
    picture();
    window->session().select({Selection::Population::Pyramidal, 1, 0});
    QCOMPARE(differentPixels(before, picture()), 0);
}

void PlausibilityTest::thePlaceIsNotCovered()
{
    const auto window = opened(u"full-plasticity"_s);
    PlausibilityWindow& help = plausible(*window);
    QVERIFY(QTest::qWaitForWindowActive(&help));
    QVERIFY(help.screen()->availableGeometry().contains(help.geometry()));
    QVERIFY(help.minimumHeight() < 600); // a screen is 700 px high, and has bars of its own
    QVERIFY(!help.windowHandle()->transientParent()); // such a window would stay in front
    help.table().choose(0, indexOf(u"microcircuit"_s));
    QTRY_VERIFY(button(help, u"place"_s).isEnabled());
    button(help, u"place"_s).click();
    QVERIFY(QTest::qWaitForWindowActive(window.get()));
    QVERIFY(help.isVisible());
    plausible(*window);
    QVERIFY(QTest::qWaitForWindowActive(&help));
}

void PlausibilityTest::whatCannotBeOpenedSaysWhy()
{
    const auto window = opened(u"self-predicting"_s);
    PlausibilityWindow& help = plausible(*window);
    QLabel* note = help.findChild<QLabel*>(u"note"_s);
    const QStringList embedded = embeddedNames();
    for (int m = 0; m < static_cast<int>(methods().size()); ++m) {
        help.table().choose(4, m);
        const bool there = embedded.contains(help.cell().preset);
        QPushButton& open = button(help, u"open"_s);
        QVERIFY(open.text().contains(help.cell().preset));
        QCOMPARE(open.isEnabled(), there);
        if (!there)
            QVERIFY2(note->text().contains(help.cell().preset), qPrintable(note->text()));
        QPushButton& place = button(help, u"place"_s);
        QCOMPARE(place.isEnabled(), help.laneOf(m) >= 0 && !help.cell().marks.empty());
        QCOMPARE(note->text().isEmpty(), open.isEnabled() && place.isEnabled());
        QVERIFY(!place.toolTip().isEmpty());
    }
}

void PlausibilityTest::bothThemesPaintVerdictsInTheirColours()
{
    const auto window = opened(u"self-predicting"_s);
    PlausibilityWindow& help = plausible(*window);
    help.resize(1024, 700);
    const auto paints = [](QWidget& widget, const QColor& color) {
        const QImage image = widget.grab().toImage();
        int found = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                found += image.pixelColor(x, y) == color;
        return found;
    };
    auto& equations = *help.findChild<EquationPanel*>();
    for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
        window->chooseTheme(theme->dark ? u"dark"_s : u"light"_s);
        QCoreApplication::processEvents();
        QVERIFY(paints(help.table(), theme->panel) > 10000);
        for (const QColor& color : {theme->good, theme->amber, theme->bad, theme->ink3})
            QVERIFY2(paints(help.table(), color) > 10, qPrintable(color.name()));
        QVERIFY(paints(help.table(), theme->band) > 500); // the column that runs
        help.table().choose(0, 0);
        QVERIFY(paints(equations, theme->bad) > 20);
        help.table().choose(8, 2);
        QCOMPARE(paints(equations, theme->bad), 0);
        QVERIFY(paints(equations, theme->good) > 20);
        help.table().choose(0, 2);
        QVERIFY(paints(equations, theme->amber) > 20);
    }
}

void PlausibilityTest::exportsHaveEveryCell()
{
    const QTemporaryDir folder;
    PlausibilityWindow window;
    const QString csv = folder.filePath(u"table.csv"_s);
    QVERIFY(window.exportTo(csv));
    QFile file(csv);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QStringList rows = QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
    rows.removeIf([](const QString& row) { return row.startsWith(u'#'); });
    QCOMPARE(rows.size(), 71);
    QVERIFY(rows.front().startsWith(u"problem,method,verdict"_s));
    QVERIFY2(rows[1].startsWith(u"weight-transport,backprop,N,\"not solved\",reference,"_s),
        qPrintable(rows[1]));
    QVERIFY(rows.filter(u"timing,feedback-alignment,N/P,\"not solved (FA), partly (DFA)\""_s).size()
        == 1);
    const QString png = folder.filePath(u"table.png"_s);
    QVERIFY(window.exportTo(png));
    const QImage image(png);
    QVERIFY(image.width() > 1000 && !image.text(u"Title"_s).isEmpty());
    QVERIFY(!window.exportTo(folder.filePath(u"table.txt"_s)));
    QVERIFY(window.findChild<QLabel*>(u"note"_s)->text().contains(u"table.txt"_s));
}

QTEST_MAIN(PlausibilityTest)

#include "tst_plausibility.moc"
