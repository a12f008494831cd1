// The inspector and the loudest list: what they say, that it adds up, and what clicks and keys do.
#include "tests/window/circuit_scene.h"
#include "widgets/circuit/inspector_content.h"
#include "widgets/circuit/inspector_view.h"
#include "widgets/doctor/loudest_view.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

using Population = Selection::Population;

void look(View& view, const QString& name)
{
    const QString folder = qEnvironmentVariable("APICAL_GRABS");
    if (!folder.isEmpty())
        view.grab().save(folder + u'/' + name + u".png"_s);
}

const std::vector<int> kSizes{8, 6, 3};
const QList<Selection> kOneOfEach{{Population::Pyramidal, 1, 2}, {Population::Pyramidal, 2, 1},
    {Population::Interneuron, 1, 0}, {Population::Input, 0, 3}};

} // namespace

class TestInspector : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void termsAddUpForEveryKindOfNeuron()
    {
        for (const bool nudged : {false, true}) {
            const LaneFrame lane = made_up::lane(kSizes, nudged);
            for (const Selection& unit : kOneOfEach) {
                const InspectorContent content = inspect(unit, lane, kSizes);
                QVERIFY(!content.empty());
                if (unit.population == Population::Input) {
                    QVERIFY(content.terms.empty());
                    continue;
                }
                double sum = 0;
                for (const InspectorTerm& term : content.terms)
                    sum += term.value;
                QVERIFY2(std::abs(sum - content.measured) < 1e-12, qPrintable(content.title));
                QVERIFY(content.sumIsTrue());
            }
        }
    }

    void aWrongSumIsNotCalledTrue()
    {
        LaneFrame lane = made_up::lane(kSizes);
        test::quantity(lane, "layer1.pyr.soma")[2] += 0.01;
        QVERIFY(!inspect({Population::Pyramidal, 1, 2}, lane, kSizes).sumIsTrue());
    }

    void theResidualIsWhatTheOpposedPartsLeave()
    {
        const InspectorContent content =
            inspect({Population::Pyramidal, 1, 2}, made_up::lane(kSizes), kSizes);
        QCOMPARE(content.why.bars.size(), std::size_t(3));
        const auto& bars = content.why.bars;
        QVERIFY(std::abs(bars[0].value + bars[1].value - bars[2].value) < 1e-14);
        QCOMPARE(content.synapses.bars.size(), std::size_t(6)); // three outputs, three interneurons
        QVERIFY(std::ranges::is_sorted(content.synapses.bars, std::ranges::greater{},
            [](const InspectorBar& b) { return std::abs(b.value); }));
    }

    void withNothingSelectedTheLoudestIsShownAndSaid()
    {
        Scene scene;
        scene.frame.sizes = kSizes;
        scene.frame.lanes = {made_up::lane(kSizes)};
        const std::vector<LoudApical> first = loudest(scene.frame.lanes[0], 1);
        const Selection unit{Population::Pyramidal, first.at(0).layer, first.at(0).index};
        const std::unique_ptr<View> view(makeInspectorView(nullptr));
        view->refresh(scene);
        QVERIFY(view->csv() == inspectorCsv(inspect(unit, scene.frame.lanes[0], kSizes)));
        QVERIFY2(view->accessibleDescription().contains(u"loudest"_s),
            qPrintable(view->accessibleDescription()));
        scene.selection = {Population::Pyramidal, 2, 1};
        view->refresh(scene);
        QVERIFY(!view->accessibleDescription().contains(u"loudest"_s));
    }

    void nothingSelectedIsEmpty()
    {
        const LaneFrame lane = made_up::lane(kSizes);
        QVERIFY(inspect({}, lane, kSizes).empty());
        QVERIFY(inspect({Population::Pyramidal, 1, 6}, lane, kSizes).empty());
        QVERIFY(inspect({Population::Interneuron, 2, 0}, lane, kSizes).empty());
    }

    void niceRangeHoldsItsValue()
    {
        QCOMPARE(niceRange(0.176), 0.2);
        QCOMPARE(niceRange(0.2), 0.2);
        QCOMPARE(niceRange(0), 0.01);
        QCOMPARE(niceRange(7.1), 10.0);
        QCOMPARE(niceRange(std::numeric_limits<double>::quiet_NaN()), 1.0);
    }

    void digitsWaitForTextDue()
    {
        std::unique_ptr<View> view(makeInspectorView(nullptr));
        view->resize(292, 490);
        Scene scene = made_up::scene(kSizes);
        scene.selection = {Population::Pyramidal, 1, 2};
        view->refresh(scene);
        const QImage before = view->grab().toImage();
        scene.textDue = false;
        test::quantity(scene.frame.lanes[0], "layer1.pyr.soma")[2] = 0.9;
        view->refresh(scene);
        const QImage bars = view->grab().toImage();
        QVERIFY(bars != before);
        const QRect digits(232, 60, 58, 22);
        QCOMPARE(bars.copy(digits), before.copy(digits));
        scene.textDue = true;
        view->refresh(scene);
        const QImage renewed = view->grab().toImage();
        QVERIFY(renewed.copy(digits) != before.copy(digits));
        // Digits that fell due while the view waited for its turn change at the next refresh.
        view->postpone(scene);
        scene.textDue = false;
        test::quantity(scene.frame.lanes[0], "layer1.pyr.soma")[2] = -0.7;
        view->refresh(scene);
        QVERIFY(view->grab().toImage().copy(digits) != renewed.copy(digits));
    }

    void linksWork()
    {
        std::unique_ptr<View> view(makeInspectorView(nullptr));
        view->resize(292, 600);
        Scene scene = made_up::scene(kSizes);
        scene.selection = {Population::Pyramidal, 1, 2};
        view->refresh(scene);
        QStringList anchors;
        QList<Selection> got;
        connect(view.get(), &View::helpRequested, this, [&](const QString& a) { anchors << a; });
        connect(view.get(), &View::selected, this, [&](const Selection& s) { got << s; });
        for (int y = 5; y < view->height(); y += 8)
            QTest::mouseClick(view.get(), Qt::LeftButton, {}, QPoint(30, y));
        QVERIFY(anchors.contains(u"inspector-equation"_s));
        QVERIFY(got.contains(Selection({Population::Interneuron, 1, 0})));
        QVERIFY(got.contains(Selection({Population::Pyramidal, 2, 2})));
    }

    void csvListsTermsAndSynapses()
    {
        std::unique_ptr<View> view(makeInspectorView(nullptr));
        QVERIFY(view->csv().isEmpty());
        Scene scene = made_up::scene(kSizes);
        scene.selection = {Population::Pyramidal, 1, 2};
        view->refresh(scene);
        const QString csv = view->csv();
        QVERIFY(csv.startsWith(u"section,name,value,unit,weight\n"_s));
        QCOMPARE(csv.count(u"\nsynapse,"_s), 6);
        QCOMPARE(csv.count(u"\ndu/dt,"_s), 5);
        QVERIFY(csv.contains(u"synapse,o1->h3,"_s));
    }

    void loudestIsRankedAndSelects()
    {
        std::unique_ptr<View> view(makeLoudestView(nullptr));
        view->resize(480, 120);
        Scene scene = made_up::scene(kSizes);
        std::ranges::copy(std::vector<double>{0.1, -0.9, 0.2, 0.3, -0.4, 0.05},
            test::quantity(scene.frame.lanes[0], "layer1.pyr.apical").begin());
        view->refresh(scene);
        const QStringList lines = view->csv().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 7);
        QVERIFY(lines[1].startsWith(u"1,h2,-0.9,"_s));
        QVERIFY(lines[6].startsWith(u"6,h6,"_s));
        QList<Selection> got;
        connect(view.get(), &View::selected, this, [&](const Selection& s) { got << s; });
        QTest::mouseClick(view.get(), Qt::LeftButton, {}, QPoint(30, 26));
        QCOMPARE(got, QList<Selection>{Selection({Population::Pyramidal, 1, 1})});
        scene.selection = got.first();
        QTest::keyClick(view.get(), Qt::Key_Down);
        QCOMPARE(got.last(), Selection({Population::Pyramidal, 1, 4}));
    }

    void emptyScenesAreBorne()
    {
        for (const auto make : {makeInspectorView, makeLoudestView}) {
            std::unique_ptr<View> view(make(nullptr));
            view->resize(292, 300);
            view->grab();
            Scene scene;
            view->refresh(scene);
            view->grab();
            QTest::mouseClick(view.get(), Qt::LeftButton);
            QTest::keyClick(view.get(), Qt::Key_Down);
            QVERIFY(view->csv().isEmpty());
        }
    }

    void pictures()
    {
        const auto picture = [](const Selection& unit, const std::vector<int>& sizes, bool dark,
                                 QSize size, const QString& name) {
            std::unique_ptr<View> view(makeInspectorView(nullptr));
            Scene scene = made_up::scene(sizes, dark);
            scene.theme = dark ? &Theme::darkTheme() : &Theme::light();
            scene.selection = unit;
            view->resize(size);
            view->refresh(scene);
            look(*view, u"inspector_"_s + name);
        };
        picture(kOneOfEach[0], kSizes, false, {292, 494}, u"hidden_light"_s);
        picture(kOneOfEach[0], kSizes, true, {292, 494}, u"hidden_dark"_s);
        picture(kOneOfEach[0], kSizes, false, {280, 398}, u"hidden_compact"_s);
        picture(kOneOfEach[1], kSizes, false, {292, 494}, u"output_free"_s);
        picture(kOneOfEach[1], kSizes, true, {292, 494}, u"output_nudged"_s);
        picture(kOneOfEach[2], kSizes, false, {292, 494}, u"interneuron"_s);
        picture(kOneOfEach[3], kSizes, false, {292, 494}, u"input"_s);
        picture({Population::Pyramidal, 1, 2}, {8, 16, 15, 3}, false, {292, 494}, u"deep"_s);
        picture({}, kSizes, false, {292, 300}, u"empty"_s);
        for (const bool dark : {false, true})
            for (const QSize size : {QSize(480, 142), QSize(400, 128), QSize(292, 220)}) {
                std::unique_ptr<View> view(makeLoudestView(nullptr));
                Scene scene = made_up::scene({8, 12, 3});
                scene.theme = dark ? &Theme::darkTheme() : &Theme::light();
                scene.selection = {Population::Pyramidal, 1, 3};
                view->resize(size);
                view->refresh(scene);
                look(
                    *view, u"loudest_%1_%2"_s.arg(size.width()).arg(dark ? u"dark"_s : u"light"_s));
            }
    }
};

QTEST_MAIN(TestInspector)
#include "tst_inspector.moc"
