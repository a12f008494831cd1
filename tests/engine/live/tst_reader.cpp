// What a lane reads into a frame, as far as somebody asks for it.
#include "sim/circuit/circuit_parameters.h"
#include "sim/live/reader.h"
#include "sim/run/model_table.h"

#include <QTest>

using namespace apical;

namespace {

Experiment digits()
{
    Experiment e = newExperiment();
    e.layers = {784, 5, 10};
    e.precision = "float";
    e.stimulus.kind = "digits";
    e.stimulus.samples = 20;
    e.parameters.presentationTime = 0.5;
    e.parameters.protocolValidation = 10;
    e.weights.rangeUp = 0.05;
    circuit(e.parameters).etaUp = {0.5, 0.05};
    return e;
}

} // namespace

class ReaderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void picturesOfAnswersAreMadeOnlyForWhoAsks()
    {
        Simulation run(digits());
        LaneWatch watch(run);
        LaneReader reader(watch);
        LaneFrame frame;
        const auto epoch = [&] {
            for (int i = 0; i < 5 * (20 + 10); ++i) {
                QVERIFY(run.step());
                watch.afterStep();
            }
        };
        constexpr FrameWish none{.weights = false, .examples = false};
        constexpr FrameWish pictures{.weights = false, .examples = true};
        epoch();
        reader.readFrame(frame, none);
        QVERIFY(frame.task.confusion.examples);
        QVERIFY(!frame.task.examples);
        reader.readFrame(frame, pictures);
        QVERIFY(frame.task.examples);
        const auto first = frame.task.examples;
        QCOMPARE(first->inputs.size(), first->answers.size());
        QCOMPARE(first->inputs.front().size(), std::size_t{784});
        // They stay as long as the block is the newest one.
        reader.readFrame(frame, none);
        QCOMPARE(frame.task.examples, first);
        epoch();
        reader.readFrame(frame, none);
        QVERIFY(!frame.task.examples);
        reader.readFrame(frame, pictures);
        QVERIFY(frame.task.examples && frame.task.examples != first);
        QCOMPARE(frame.task.examples->epoch, first->epoch + 1);
    }
};

QTEST_APPLESS_MAIN(ReaderTest)
#include "tst_reader.moc"
