// The Study window: runs beside the live run, shows what arrives, keeps it, opens points.
#include "app/study/form.h"
#include "app/study/window.h"
#include "app/window/main_window.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/files/preset.h"
#include "sim/study/table.h"
#include "widgets/look/style.h"
#include "widgets/study/charts.h"
#include "widgets/study/plot.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>

#include <set>
#include <vector>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

template <typename T> T& part(const QObject& owner, const QString& name)
{
    T* found = owner.findChild<T*>(name);
    if (!found)
        qFatal("there is no %s", qPrintable(name));
    return *found;
}

/// A study of one's own: two modes, two rates, two seeds, 300 ms each.
void fillSmall(StudyWindow& window,
    const QString& vary = u"circuit.latent_equilibrium = true, false\neta.pi = 0.1, 0.3"_s)
{
    window.form().choose(u"none"_s); // findData fails: the first
    auto& study = part<QComboBox>(window, u"study"_s);
    study.setCurrentIndex(study.count() - 1);
    part<QPlainTextEdit>(window, u"vary"_s).setPlainText(vary);
    part<QSpinBox>(window, u"seeds"_s).setValue(2);
    part<QSpinBox>(window, u"length"_s).setValue(1100);
    QSignalSpy edited(&window.form(), &StudyForm::edited);
    QVERIFY(edited.wait());
}

Experiment selfPredicting()
{
    return loadPreset("self-predicting");
}

} // namespace

class StudyWindowTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

private Q_SLOTS:
    void resultsAreThoseOfTheEngine();
    void stoppedStudyGoesOnWhereItWas();
    void whatIsWrongIsSaidAndNothingIsLost();
    void chartsShowMeanAndSpreadInTheColoursOfTheModes();
    void picturesAreDrawnInBothThemes();
    void exportsCarryTheirStudy();
    void anyPointOpensInTheMainWindow();
    void embeddedStudiesFillTheForm();
    void lessonStandsBesideTheResults();
};

void StudyWindowTest::resultsAreThoseOfTheEngine()
{
    StudyWindow window(m_folder.filePath(u"engine"_s), selfPredicting);
    fillSmall(window);
    QVERIFY(window.run() && window.run()->study().size() == 8);
    part<QPushButton>(window, u"start"_s).click();
    QVERIFY(window.run()->running());
    QVERIFY(!part<QPlainTextEdit>(window, u"vary"_s).isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(!window.run()->running(), 60'000);
    QVERIFY(window.run()->complete());
    const auto study = std::make_shared<const Study>(window.form().spec());
    StudyResults alone;
    std::vector<std::size_t> all{0, 1, 2, 3, 4, 5, 6, 7};
    StudyPool pool(
        study, all, {.jobs = 1}, [&](StudyResult result) { alone[result.point] = result; });
    while (!pool.waitFor(std::chrono::seconds(1))) { }
    QCOMPARE(studyCsv(*study, window.run()->results()), studyCsv(*study, alone));
    QCOMPARE(window.plot().finals().series.size(), std::size_t{2});
    QCOMPARE(window.plot().curves().series.size(), std::size_t{4});
    auto* model = window.findChild<QTableView*>()->model();
    QCOMPARE(model->rowCount(), 8);
    QCOMPARE(model->index(7, 4).data().toString(), u"done"_s);
    QVERIFY(!part<QPushButton>(window, u"start"_s).isEnabled());
}

void StudyWindowTest::stoppedStudyGoesOnWhereItWas()
{
    const QString folder = m_folder.filePath(u"stop"_s);
    std::size_t kept = 0;
    {
        StudyWindow window(folder, selfPredicting);
        fillSmall(window);
        part<QSpinBox>(window, u"seeds"_s).setValue(200);
        part<QPushButton>(window, u"start"_s).click();
        QTRY_VERIFY_WITH_TIMEOUT(!window.run()->results().empty(), 60'000);
        part<QPushButton>(window, u"start"_s).click();
        QTRY_VERIFY_WITH_TIMEOUT(!window.run()->running(), 60'000);
        kept = window.run()->results().size();
        QVERIFY(kept > 0 && !window.run()->complete());
        QCOMPARE(part<QPushButton>(window, u"start"_s).text(), u"Resume"_s);
    }
    StudyWindow window(folder, selfPredicting);
    fillSmall(window);
    part<QSpinBox>(window, u"seeds"_s).setValue(200);
    QTRY_COMPARE(window.run()->results().size(), kept);
    QCOMPARE(part<QPushButton>(window, u"start"_s).text(), u"Resume"_s);
    part<QPushButton>(window, u"over"_s).click();
    QVERIFY(window.run()->results().empty());
    QCOMPARE(part<QPushButton>(window, u"start"_s).text(), u"Run"_s);
    // What was only looked at leaves nothing behind: there is the journal that is open now.
    QCOMPARE(QDir(folder).entryList(QDir::Files).size(), qsizetype{1});
}

void StudyWindowTest::whatIsWrongIsSaidAndNothingIsLost()
{
    StudyWindow window({}, selfPredicting);
    fillSmall(window, u"eta.pj = 1, 2"_s);
    QVERIFY(!window.run());
    auto& remark = part<QLabel>(window, u"remark"_s);
    QVERIFY2(remark.text().contains(u"did you mean \"eta.pi\""_s), qPrintable(remark.text()));
    QCOMPARE(remark.property("note").toString(), u"error"_s);
    QVERIFY(!part<QPushButton>(window, u"start"_s).isEnabled());
    QCOMPARE(part<QPlainTextEdit>(window, u"vary"_s).toPlainText(), u"eta.pj = 1, 2"_s);
    fillSmall(window);
    QVERIFY(window.run());
    QCOMPARE(remark.property("note").toString(), u"remark"_s);
}

void StudyWindowTest::chartsShowMeanAndSpreadInTheColoursOfTheModes()
{
    StudySpec spec;
    spec.preset = "self-predicting";
    spec.vary = {parseAxis("circuit.latent_equilibrium=false,true"),
        parseAxis("stimulus.presentation_time=1,5,10,100")};
    spec.seeds = 2;
    spec.length.steps = 10;
    const Study study(spec);
    StudyResults results;
    for (std::size_t point = 0; point < study.size(); ++point) {
        StudyResult& result = results[point];
        result.point = point;
        result.metrics = {{"test_accuracy", point % 2 ? 0.25 : 0.75}};
        result.curve = {{"validation_accuracy"}, {5, 10}, {{0.5}, {1.0}}};
    }
    const Chart finals = finalChart(study, results, {});
    QVERIFY(finals.x.logarithmic && !finals.y.logarithmic);
    QCOMPARE(finals.x.title(), u"presentation time (ms)"_s);
    QCOMPARE(finals.series.size(), std::size_t{2});
    const ChartSeries& slow = finals.series[0];
    QCOMPARE(slow.name, u"Sacramento"_s);
    QCOMPARE(slow.color(Theme::light()), Theme::light().laneA);
    QCOMPARE(finals.series[1].color(Theme::light()), Theme::light().laneB);
    QCOMPARE(slow.x, (std::vector<double>{1, 5, 10, 100}));
    QCOMPARE(slow.y[2], 0.5);
    QCOMPARE(slow.high[2] - slow.low[2], 2 * std::sqrt(0.125));
    const Chart curves = curveChart(study, results, {});
    QCOMPARE(curves.series.size(), std::size_t{6});
    QCOMPARE(curves.series[0].name, u"Sacramento, 1 ms"_s);
    QCOMPARE(curves.series[5].name, u"Latent Equilibrium, 100 ms"_s);
    QCOMPARE(curves.series[5].y, (std::vector<double>{0.5, 0}));
    QVERIFY(curves.title.contains(u"validation error"_s));
    QVERIFY(!finalChart(study, {}, {}).note.isEmpty());
    // Drawn: a mean in its place, whiskers as far as it spreads, every value that was tried named.
    StudyPlot plot;
    plot.resize(900, 320);
    plot.showCharts(curves, finals);
    QImage image(plot.size(), QImage::Format_RGB32);
    image.fill(Theme::light().panel);
    QPainter painter(&image);
    plot.paint(painter, QRectF(plot.rect()));
    painter.end();
    const QPoint whisker = plot.pixelOf(1, 10, 0.65).toPoint();
    bool inked = false;
    for (int k = -1; k <= 1; ++k)
        inked = inked || image.pixelColor(whisker + QPoint(k, 0)) != Theme::light().panel;
    QVERIFY(inked);
    QCOMPARE(finals.x.labelled, (std::vector<double>{1, 5, 10, 100}));
    const QString values = plot.valuesAt(plot.pixelOf(1, 9, 0.5));
    QVERIFY2(values.startsWith(u"presentation time 10.0 ms\nSacramento test error 0.500 ("_s),
        qPrintable(values));
}

void StudyWindowTest::picturesAreDrawnInBothThemes()
{
    StudySpec spec;
    spec.preset = "self-predicting";
    spec.vary = {parseAxis("circuit.latent_equilibrium=false,true"),
        parseAxis("stimulus.presentation_time=1,5,10")};
    spec.length.steps = 10;
    const Study study(spec);
    StudyResults results;
    for (std::size_t point = 0; point < study.size(); ++point)
        results[point] = {.point = point, .metrics = {{"test_accuracy", 0.5}}};
    StudyPlot plot;
    plot.showCharts(curveChart(study, results, {}), finalChart(study, results, {}));
    for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
        applyTheme(*qApp, *theme);
        QImage image(800, 300, QImage::Format_RGB32);
        image.fill(theme->panel);
        QPainter painter(&image);
        plot.paint(painter, QRectF(0, 0, 800, 300));
        painter.end();
        std::set<QRgb> colours;
        for (int y = 0; y < 300; ++y) {
            for (int x = 400; x < 800; ++x)
                colours.insert(image.pixel(x, y));
        }
        QVERIFY(colours.contains(theme->laneA.rgb()) && colours.contains(theme->laneB.rgb()));
    }
    applyTheme(*qApp, Theme::light());
}

void StudyWindowTest::exportsCarryTheirStudy()
{
    StudyWindow window({}, selfPredicting);
    fillSmall(window);
    part<QPushButton>(window, u"start"_s).click();
    QTRY_VERIFY_WITH_TIMEOUT(!window.run()->running(), 60'000);
    for (const char* suffix : {"png", "svg", "pdf", "csv"})
        QVERIFY2(window.exportTo(m_folder.filePath(u"study."_s + QLatin1String(suffix))), suffix);
    QFile file(m_folder.filePath(u"study.csv"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray csv = file.readAll();
    QVERIFY(csv.startsWith("# Study, ") && csv.contains("\npoint,circuit.latent_equilibrium,"));
    QVERIFY(csv.contains("\"seeds\":2"));
    QCOMPARE(csv.count("\n"), csv.count("\n#") + 9 + 1);
    QVERIFY(QImage(m_folder.filePath(u"study.png"_s))
                .text(u"Description"_s)
                .contains(u"\"apical_study\":1"_s));
    QVERIFY(!window.exportTo(u"/nowhere/at/all.png"_s));
    QVERIFY(part<QLabel>(window, u"remark"_s).text().contains(u"/nowhere/at/all.png"_s));
}

void StudyWindowTest::anyPointOpensInTheMainWindow()
{
    MainWindow main(WindowOptions{false, u"light"_s});
    main.open(u"self-predicting"_s);
    main.show();
    QTRY_VERIFY(main.session().scene().nowMs > 1);
    main.actions()[u"tools.study"_s]->trigger();
    StudyWindow& window = main.showStudies();
    fillSmall(window);
    part<QPushButton>(window, u"start"_s).click();
    const double before = main.session().scene().nowMs;
    QTRY_VERIFY(main.session().scene().nowMs > before); // the live run goes on
    auto& table = *window.findChild<QTableView*>();
    table.selectRow(6);
    part<QPushButton>(window, u"open"_s).click();
    QVERIFY(!circuit(main.session().experiment().parameters).latentEquilibrium);
    QCOMPARE(circuit(main.session().experiment().parameters).etaPi, std::vector<double>{0.3});
    QCOMPARE(main.session().experiment().seed, std::uint64_t{1});
    QVERIFY(main.session().title().contains(u"eta.pi = 0.3"_s));
    QTRY_VERIFY(main.session().scene().nowMs > 0);
    QTRY_VERIFY_WITH_TIMEOUT(window.run()->complete(), 60'000);
}

void StudyWindowTest::embeddedStudiesFillTheForm()
{
    StudyWindow window({}, selfPredicting);
    for (const StudySpec& spec : embeddedStudies()) {
        window.form().choose(QString::fromStdString(spec.name));
        const StudySpec read = window.form().spec();
        QVERIFY2(read == loadStudy(spec.name), spec.name.c_str());
    }
}

void StudyWindowTest::lessonStandsBesideTheResults()
{
    StudyWindow window({}, selfPredicting);
    auto& pages = part<QTabWidget>(window, u"pages"_s);
    window.form().choose(u"spiking-noise"_s);
    QCOMPARE(pages.currentIndex(), 1);
    const auto* page = qobject_cast<const QTextBrowser*>(pages.widget(1));
    QVERIFY(page && page->toPlainText().contains(u"What is expected"_s));
    fillSmall(window); // a study of one's own has none
    QCOMPARE(pages.currentIndex(), 0);
    QVERIFY(!pages.isTabEnabled(1));
    QVERIFY(!page->toPlainText().contains(u"What is expected"_s));
}

QTEST_MAIN(StudyWindowTest)
#include "tst_study_window.moc"
