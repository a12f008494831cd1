// Every model of the table in the window: the views that apply are there and paint, the others are
// not there at all.
#include "app/window/main_window.h"
#include "app/window/message_bar.h"
#include "sim/run/model_table.h"

#include <QAction>
#include <QDockWidget>
#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <set>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

Experiment barsOf(const std::string& model)
{
    Experiment e = newExperiment(model);
    e.name = "bars of " + model;
    e.layers = {9, 6, 5, 3};
    e.weights.init = modelNamed(model).inits.front();
    e.stimulus.kind = "bars";
    e.layout = "learning";
    if (modelNamed(model).oneLayer) {
        e.layers.resize(1);
        e.stimulus.kind = "uniform";
    }
    e.parameters.angleInterval = 1;
    if (e.parameters.table().find("batch.size"))
        setParameter(e.parameters, "batch.size", 1.0, 3);
    if (e.parameters.table().find("dt"))
        e.parameters.presentationTime = 1;
    return e;
}

std::size_t colours(View& view)
{
    QImage image(480, 320, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    QPainter painter(&image);
    view.paint(painter, QRectF(image.rect()));
    std::set<QRgb> found;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found.insert(image.pixel(x, y));
    }
    return found.size();
}

/// Checks that exactly the views that apply to some lane are there, and that they paint.
void checkViews(MainWindow& window)
{
    const std::vector<Anatomy> lanes = window.session().anatomies();
    for (const ViewRow& row : viewTable()) {
        const DockEntry& entry = *window.docks().find(row.id);
        const bool applies = std::any_of(lanes.begin(), lanes.end(), row.applies);
        QVERIFY2(entry.dock->toggleViewAction()->isVisible() == applies, qPrintable(row.id));
        window.docks().raise(row.id);
        QVERIFY2(entry.dock->isVisible() == applies, qPrintable(row.id));
        if (!applies)
            continue;
        entry.view->refresh(window.session().scene());
        QVERIFY2(colours(*entry.view) > 8, qPrintable(row.id));
        // Some are worked out in a thread of their own.
        QTRY_VERIFY2_WITH_TIMEOUT(!entry.view->csv().isEmpty(), qPrintable(row.id), 20000);
    }
}

} // namespace

class ModelViewsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<MainWindow> m_window;

    static void everyModel()
    {
        QTest::addColumn<std::string>("model");
        for (const ModelRow& row : modelTable())
            QTest::addRow("%s", std::string(row.name).c_str()) << std::string(row.name);
    }
    Session& session() { return m_window->session(); }
    void run()
    {
        const std::uint64_t from = session().newest().step();
        session().setPace(std::numeric_limits<double>::infinity());
        session().run();
        QTRY_VERIFY(session().newest().step() > from + 400);
        session().pause();
        QTRY_COMPARE(session().newest().state, RunState::Paused);
        QTest::qWait(50); // frames of the rest
    }
    bool isThere(const QString& id) { return m_window->docks().find(id)->there; }

private Q_SLOTS:
    void init()
    {
        m_window = std::make_unique<MainWindow>(WindowOptions{false, u"light"_s});
        m_window->resize(1280, 800);
        m_window->show();
    }
    void cleanup() { m_window.reset(); }

    void viewsThatApplyPaintAndNoOthersAreThere_data() { everyModel(); }
    void viewsThatApplyPaintAndNoOthersAreThere()
    {
        QFETCH(std::string, model);
        QVERIFY(session().openExperiment(barsOf(model)));
        run();
        checkViews(*m_window);
    }

    void twinLanesComeAndGo_data() { everyModel(); }
    void twinLanesComeAndGo()
    {
        QFETCH(std::string, model);
        QVERIFY(session().openExperiment(barsOf(model)));
        run();
        QVERIFY(session().duplicateLane());
        QTRY_COMPARE(session().laneCount(), 2);
        run();
        checkViews(*m_window);
        QVERIFY(session().removeLane());
        QTRY_COMPARE(session().laneCount(), 1);
        run();
        checkViews(*m_window);
    }

    void lanesOfTwoModelsHaveTheViewsOfBoth()
    {
        Experiment e = barsOf("microcircuit");
        e.lanes = {{.name = "circuit"},
            {.name = "net",
                .parameters = {{"batch.size", 1.0}},
                .model = &modelNamed("feedforward").parameters()}};
        QVERIFY(session().openExperiment(e));
        run();
        QVERIFY(isThere(u"doctor"_s));
        checkViews(*m_window);
        for (const int lane : {1, 0}) {
            session().showLane(lane);
            QTest::qWait(30);
            checkViews(*m_window);
        }
        // An edit of what only one has reaches that one.
        QVERIFY(session().edit(-1, u"learning.rate"_s, 0.5));
        QVERIFY(session().edit(1, u"learning.rate"_s, 0.25));
        QVERIFY(session().edit(-1, u"eta.pi"_s, std::vector<double>{0.5}));
        QVERIFY(!session().edit(0, u"learning.rate"_s, 0.5));
        run();
        QVERIFY(session().edit(-1, u"dt"_s, 0.05));
        run();
        QCOMPARE(session().parameters(1).dt, 0.05);
        const QTemporaryDir folder;
        QVERIFY(session().save(folder.filePath(u"two.apical"_s), {}));
        const std::uint64_t step = session().newest().step();
        QVERIFY(session().openExperiment(barsOf("feedforward")));
        QVERIFY(!isThere(u"doctor"_s));
        QVERIFY(session().open(folder.filePath(u"two.apical"_s)));
        QTRY_COMPARE(session().newest().step(), step);
        QCOMPARE(session().parameters(1).model(), std::string_view("feedforward"));
        run();
        checkViews(*m_window);
    }

    void framesWithoutWeightsArePainted_data() { everyModel(); }
    void framesWithoutWeightsArePainted()
    {
        QFETCH(std::string, model);
        QVERIFY(session().openExperiment(barsOf(model)));
        run();
        session().select({Selection::Population::Pyramidal, 1, 2});
        QTest::qWait(30);
        Scene scene = session().scene();
        for (Matrix& weights : scene.frame.lanes.front().weights)
            weights = {};
        for (const bool live : {true, false}) {
            scene.live = live;
            for (const DockEntry& entry : m_window->docks().entries()) {
                if (!entry.view || !entry.there)
                    continue;
                entry.view->refresh(scene);
                QVERIFY2(colours(*entry.view) > 2, qPrintable(entry.id));
                entry.view->refresh(session().scene()); // the one that stays
            }
        }
    }

    void weightsOfALargeNetworkComeWithTheViewsThatShowThem()
    {
        Experiment e = barsOf("feedforward");
        e.layers = {9, 1100, 1000, 3};
        QVERIFY(session().openExperiment(e));
        session().run();
        const auto hasWeights = [this] {
            const Frame& frame = session().newest();
            return !frame.lanes.empty() && frame.lanes.front().matrix("layer1.W_up");
        };
        m_window->docks().raise(u"weights"_s);
        QTRY_VERIFY(hasWeights());
        m_window->docks().find(u"weights"_s)->dock->close();
        QTRY_VERIFY(!hasWeights());
        const WeightRanges& ranges = session().scene().weightRanges;
        const WeightRange start = ranges.of(Pathway::Up, 2);
        const std::uint64_t choice = ranges.choice;
        session().reset();
        QTRY_VERIFY(ranges.choice > choice);
        QCOMPARE(ranges.of(Pathway::Up, 2), start);
        m_window->docks().raise(u"weights"_s);
        QTRY_VERIFY(hasWeights());
    }

    void docksComeBackWithTheModelThatHasThem()
    {
        m_window->open(u"bars"_s);
        const auto visible = [this] {
            QStringList ids;
            for (const DockEntry& entry : m_window->docks().entries()) {
                if (!entry.dock->isHidden())
                    ids << entry.id;
            }
            return ids;
        };
        const QStringList before = visible();
        QVERIFY(before.contains(u"circuit"_s) && before.contains(u"doctor"_s));
        m_window->open(u"backprop"_s);
        const QStringList net = visible();
        QVERIFY(!net.contains(u"circuit"_s) && !net.contains(u"doctor"_s));
        QVERIFY(net.contains(u"weights"_s) && net.contains(u"strips"_s));
        QVERIFY(!m_window->actions()[u"tools.self_predicting"_s]->isEnabled());
        QVERIFY(!m_window->actions()[u"simulation.target"_s]->isEnabled());
        m_window->open(u"bars"_s);
        QCOMPARE(visible(), before);
        QVERIFY(m_window->actions()[u"tools.self_predicting"_s]->isEnabled());
        QVERIFY(m_window->actions()[u"simulation.target"_s]->isEnabled());
    }

    void timeIsCalledWhatItIs()
    {
        m_window->open(u"backprop"_s);
        run();
        QVERIFY(session().countsIterations());
        QVERIFY(!session().hasParameter(u"dt"_s));
        m_window->open(u"bars-beside-backprop"_s);
        QVERIFY(!session().countsIterations());
    }
};

QTEST_MAIN(ModelViewsTest)
#include "tst_model_views.moc"
