// The ranges of colours and axes: round, of what a run starts with; those of gradients follow them.
#include "tests/window/weights_scene.h"
#include "widgets/weights/ranges.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <memory>

using namespace apical;
using namespace apical::test;

class TestWeightRanges : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rangesAreRoundNumbersOfWhatARunStartsWith()
    {
        WeightsScene with({8, 6, 5, 3});
        test::matrix(with.scene.frame.lanes[0], "layer1.W_pi")(2, 1) =
            -37; // of few weights every one counts
        const WeightRanges chosen = startingRanges(with.scene.frame);
        QCOMPARE(chosen.of(Pathway::Pi, 1), (WeightRange{50, 5}));
        QCOMPARE(chosen.of(Pathway::Down, 1).weights, 50.0); // they stand beside each other
        QCOMPARE(chosen.of(Pathway::Pi, 2), WeightRange());
        QCOMPARE(chosen.of(Pathway::Up, 3).weights, 1.0);
        QCOMPARE(fittedRanges(with.scene.frame).of(Pathway::Ip, 1).difference, 0.01);
        scaleWeights(with.scene.frame, 0);
        QCOMPARE(startingRanges(with.scene.frame).of(Pathway::Pi, 1), WeightRange());
        test::matrix(with.scene.frame.lanes[0], "layer1.W_pi")(2, 1) = std::nan("");
        QCOMPARE(fittedRanges(with.scene.frame).of(Pathway::Pi, 1), WeightRange());
    }

    void rangesOfGradientsFollowThem()
    {
        WeightsScene with;
        LaneFrame& lane = with.scene.frame.lanes[0];
        Anatomy anatomy = *lane.anatomy;
        Anatomy::Projection gradient =
            anatomy.projections[static_cast<std::size_t>(anatomy.projection("layer1.W_up"))];
        gradient.name = "layer1.G_up";
        gradient.pathway = "G_up";
        gradient.isWeight = false;
        anatomy.projections.push_back(gradient);
        lane.weights.resize(anatomy.projections.size());
        lane.weights.back() = *lane.matrix("layer1.W_up");
        lane.anatomy = std::make_shared<const Anatomy>(anatomy);
        Matrix& g = lane.weights.back();
        std::fill(g.values.begin(), g.values.end(), 0.0);

        const Pathway pathway{"G_up"};
        WeightRanges ranges = startingRanges(with.scene.frame);
        QVERIFY(!ranges.ranges.contains({pathway, 1})); // zeros say nothing
        followRanges(ranges, with.scene.frame);
        QVERIFY(!ranges.ranges.contains({pathway, 1}));
        const WeightRange up = ranges.of(Pathway::Up, 1);
        const auto rangeWith = [&](double value) { // many zeros, and one number that is none
            g(0, 0) = value;
            followRanges(ranges, with.scene.frame);
            return ranges.of(pathway, 1).weights;
        };
        QCOMPARE(rangeWith(0.004), 0.005);
        QCOMPARE(rangeWith(0.009), 0.005); // some play
        QCOMPARE(rangeWith(40), 50.0);
        QCOMPARE(rangeWith(2e-6), 2e-6);
        QCOMPARE(ranges.of(Pathway::Up, 1), up); // weights keep theirs
    }

    void twoLanesShareTheRangeOfTheLarger()
    {
        WeightsScene with;
        Frame second = with.scene.frame;
        scaleWeights(second, 10);
        with.scene.frame.lanes.push_back(second.lanes[0]);
        const WeightRanges chosen = startingRanges(with.scene.frame);
        QCOMPARE(chosen.of(Pathway::Up, 1).weights, 10.0);
        QCOMPARE(fittedRanges(with.scene.frame).of(Pathway::Up, 1).difference, 10.0); // B - A
    }

    void strayWeightsOfALargeNetworkDoNotMakeTheOthersPale()
    {
        WeightsScene with({784, 500, 10});
        scaleWeights(with.scene.frame, 0.05);
        test::matrix(with.scene.frame.lanes[0], "layer1.W_up")(0, 0) = 5;
        QCOMPARE(startingRanges(with.scene.frame).of(Pathway::Up, 1).weights, 0.05);
    }

    void aBiasOfOneDoesNotMakeTheWeightsOfALargeNetworkPale()
    {
        WeightsScene with({784, 100, 10});
        scaleWeights(with.scene.frame, 0.05);
        LaneFrame& lane = with.scene.frame.lanes[0];
        Anatomy anatomy = *lane.anatomy;
        anatomy.projections[static_cast<std::size_t>(anatomy.projection("layer1.W_up"))].hasBias =
            true;
        lane.anatomy = std::make_shared<const Anatomy>(anatomy);
        Matrix& up = test::matrix(lane, "layer1.W_up");
        Matrix biased(up.rows, up.cols + 1);
        for (int r = 0; r < up.rows; ++r) {
            for (int c = 0; c < up.cols; ++c)
                biased(r, c) = up(r, c);
            biased(r, up.cols) = 1;
        }
        up = biased;
        QCOMPARE(startingRanges(with.scene.frame).of(Pathway::Up, 1).weights, 0.05);
    }
};

QTEST_MAIN(TestWeightRanges)
#include "tst_weight_ranges.moc"
