// The view of the angles to backpropagation: what it asks for when empty, what it shows, its data.
#include "sim/circuit/circuit_parameters.h"
#include "widgets/plot/angle_scale.h"
#include "widgets/strips/range.h"
#include "widgets/task/angles_table.h"
#include "widgets/task/angles_view.h"
#include "widgets/view/lane_words.h"

#include <QImage>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Two layers in one or two lanes, measured in every tenth presentation of 10 ms.
struct AnglesScene {
    Scene scene;
    History history;

    explicit AnglesScene(int lanes = 1)
    {
        std::vector<Channel> channels;
        for (int lane = 0; lane < lanes; ++lane) {
            for (const char* name :
                {"layer1.backprop_angle", "layer1.backprop_norm_ratio", "layer1.apical_delta_angle",
                    "layer2.backprop_angle", "layer2.backprop_norm_ratio"})
                channels.push_back({lane, name, 0});
            LaneFrame frame;
            frame.name = lane == 0 ? "Sacramento" : "LE";
            frame.parameters.angleInterval = 10;
            frame.angles = {{70, 0.04, 71}, {3, 0.02, BackpropAngle::kNone}};
            scene.frame.lanes.push_back(frame);
        }
        history = History(channels);
        for (std::uint64_t k = 0; k < 50; ++k) {
            std::vector<float> values;
            for (int lane = 0; lane < lanes; ++lane) {
                const float angle = 90 - static_cast<float>(k) * 0.4F;
                values.insert(values.end(), {angle, 0.04F, angle, 3, 0.02F});
            }
            history.append({.firstStep = 100 * k,
                               .steps = 100,
                               .samples = 1,
                               .timeMs = 10.0 * static_cast<double>(k + 1),
                               .durationMs = 10},
                values, values);
        }
        scene.history = &history;
        scene.frame.sizes = {9, 30, 3};
        scene.nowMs = scene.shownMs = 500;
        scene.viewEndMs = 800;
    }
};

QImage shown(View& view, const Scene& scene)
{
    view.resize(520, 180);
    view.refresh(scene);
    QImage image(view.size(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    QPainter painter(&image);
    view.paint(painter, view.rect());
    return image;
}

bool hasColor(const QImage& image, const QRect& area, const QColor& color)
{
    for (int y = area.top(); y <= area.bottom(); ++y)
        for (int x = area.left(); x <= area.right(); ++x)
            if (image.pixelColor(x, y) == color)
                return true;
    return false;
}

} // namespace

class TestAngles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEmptyViewSaysWhatToDoAndDoesIt();
    void thePastIsLocked();
    void curvesAndTableCarryEveryLayer();
    void theAxisStaysAHalfTurn();
    void dataHaveAColumnPerAngleAndLane();
    void noChangeIsSaidInWords();
    void manyLanesFitIntoAViewOfUsualHeight();
};

void TestAngles::anEmptyViewSaysWhatToDoAndDoesIt()
{
    AnglesScene fixture;
    LaneFrame& lane = fixture.scene.frame.lanes[0];
    lane.angles.clear();
    lane.parameters.angleInterval = 0;
    const std::unique_ptr<View> view(makeAnglesView(nullptr));
    QSignalSpy edits(view.get(), &View::editRequested);
    auto* button = view->findChild<QPushButton*>(u"remedy"_s);
    shown(*view, fixture.scene);
    QVERIFY(!button->isHidden());
    QCOMPARE(button->text(), u"Measure every 8th presentation"_s);
    button->click();
    QCOMPARE(edits.size(), 1);
    QCOMPARE(edits[0][0].toString(), u"angle.interval"_s);
    // The value is one that the parameter takes.
    Parameters parameters = circuitParameterTable().defaults();
    setParameter(parameters, "angle.interval", edits[0][1].value<ParameterValue>(), 2);
    QCOMPARE(parameters.angleInterval, 8);

    lane.parameters.angleInterval = 8;
    lane.parameters.targetOn = false;
    shown(*view, fixture.scene);
    QCOMPARE(button->text(), u"Switch the target on"_s);
    button->click();
    QCOMPARE(edits[1][0].toString(), u"target.on"_s);
    lane.parameters.targetOn = true;
    shown(*view, fixture.scene);
    QVERIFY(button->isHidden());
}

void TestAngles::thePastIsLocked()
{
    AnglesScene fixture;
    fixture.scene.frame.lanes[0].parameters.angleInterval = 0;
    fixture.scene.live = false;
    const std::unique_ptr<View> view(makeAnglesView(nullptr));
    shown(*view, fixture.scene);
    auto* button = view->findChild<QPushButton*>(u"remedy"_s);
    QVERIFY(!button->isEnabled());
    QVERIFY(button->toolTip().contains(u"past"_s));
}

void TestAngles::curvesAndTableCarryEveryLayer()
{
    for (const int lanes : {1, 2}) {
        AnglesScene fixture(lanes);
        const std::unique_ptr<View> view(makeAnglesView(nullptr));
        const QImage image = shown(*view, fixture.scene);
        const QRect plot(60, 0, 200, 180), table(276, 20, 244, 160);
        const Theme& t = *fixture.scene.theme;
        const std::vector<QColor> colors = lanes == 1
            ? std::vector<QColor>{t.basal, t.soma, t.apical}
            : std::vector<QColor>{t.laneColor(0), t.laneColor(1)};
        for (const QColor& color : colors) {
            QVERIFY2(hasColor(image, table, color), qPrintable(color.name()));
            if (lanes == 1 && color != t.basal) // the apical curve lies over the hidden one
                QVERIFY2(hasColor(image, plot, color), qPrintable(color.name()));
        }
    }
}

void TestAngles::theAxisStaysAHalfTurn()
{
    Strip strip;
    strip.format = StripFormat::Degrees;
    StripRange range;
    range.start(strip);
    range.include(3, 5);
    QCOMPARE(range.low(), 0.0);
    QCOMPARE(range.high(), 180.0);
    range.zoom(0.5, 0);
    QCOMPARE(range.high(), 90.0);
    range.autoscale();
    QCOMPARE(range.high(), 180.0);
    const auto scale = range.scale(100, 0);
    QStringList labels;
    for (const Tick& tick : scale->ticks(18))
        labels << tick.label;
    QCOMPARE(labels, (QStringList{u"0°"_s, u"45°"_s, u"90°"_s, u"135°"_s, u"180°"_s}));
    QCOMPARE(AngleScale(0, 180, 40, 0).ticks(18).size(), std::size_t{3});
}

void TestAngles::dataHaveAColumnPerAngleAndLane()
{
    AnglesScene fixture(2);
    const std::unique_ptr<View> view(makeAnglesView(nullptr));
    shown(*view, fixture.scene);
    const QString csv = view->csv();
    for (const char* name : {"lane1.layer1.backprop_angle", "lane2.layer1.apical_delta_angle",
             "lane2.layer2.backprop_norm_ratio"})
        QVERIFY2(csv.contains(QLatin1String(name)), name);
    QVERIFY(!csv.contains(u"layer2.apical_delta_angle"_s));
    QVERIFY(csv.count(u'\n') > 40);
}

void TestAngles::noChangeIsSaidInWords()
{
    // A NaN reaches the table as words: the picture differs from that of a number, and nothing is
    // drawn in the colour of numbers at the ratio's place.
    AnglesScene fixture;
    const std::unique_ptr<View> view(makeAnglesView(nullptr));
    const QImage with = shown(*view, fixture.scene);
    fixture.scene.frame.lanes[0].angles[1] = {};
    const QImage without = shown(*view, fixture.scene);
    const QRect cell(400, 40, 46, 18); // the ratio of the output layer
    QVERIFY(with.copy(cell) != without.copy(cell));
    QVERIFY(!hasColor(without, cell, fixture.scene.theme->ink));
    QVERIFY(hasColor(with, cell, fixture.scene.theme->ink));
}

/// Five lanes of three layers: a column per layer, a row per lane, and every lane is there.
void TestAngles::manyLanesFitIntoAViewOfUsualHeight()
{
    AnglesScene fixture(5);
    Scene& scene = fixture.scene;
    scene.frame.sizes = {784, 256, 256, 10};
    for (LaneFrame& lane : scene.frame.lanes) {
        lane.anatomy = std::make_shared<const Anatomy>(); // carries no error in apical dendrites
        lane.angles.resize(3, {12, 0.5, BackpropAngle::kNone});
    }
    const std::unique_ptr<View> view(makeAnglesView(nullptr));
    const QImage image = shown(*view, scene);
    const QRect table(506 - static_cast<int>(anglesTableWidth(scene.frame)), 4, 200, 140);
    for (std::size_t lane = 0; lane < scene.frame.lanes.size(); ++lane)
        QVERIFY2(hasColor(image, table, laneColor(*scene.theme, scene.frame, lane)),
            qPrintable(laneLetter(lane)));
    // The last lane's last ratio is in the picture: another one changes it, at the right edge.
    scene.frame.lanes[4].angles[2].normRatio = 0.25;
    const QImage other = shown(*view, scene);
    const QRect cell(520 - 60, 100, 60, 40);
    QVERIFY(image.copy(cell) != other.copy(cell));
    // Hidden layers of one lane are told apart.
    QVERIFY(angleLook(scene, 0, 1).dash.on != angleLook(scene, 0, 2).dash.on);
}

QTEST_MAIN(TestAngles)
#include "tst_angles.moc"
