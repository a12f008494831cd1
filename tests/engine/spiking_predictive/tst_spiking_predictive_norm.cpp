// Batch normalisation in spiking predictive coding: with running statistics it is the net of W',
// b'; it comes back with the state, and a presentation has one kind of it.
#include "tests/engine/spiking_predictive/normalised_net.h"

#include <QTest>

#include <cmath>
#include <string>

using namespace apical;
using test::entry;
using test::given;
using test::layer;
using test::make;
using test::normalised;
using test::OfBatch;
using test::own;
using test::readProbe;
using test::Running;
using test::Statistics;
using List = std::vector<double>;

namespace {

constexpr double kTolerance = 1e-12;

double scaleOf(const Matrix& norm, int unit, double epsilon)
{
    return norm(unit, 0) / std::sqrt(norm(unit, 3) + epsilon);
}

/// The net of W', b'.
Experiment fusedNet()
{
    Experiment e = normalised(Running);
    for (int l = 1; l <= 2; ++l) {
        const Matrix& norm = given(e, layer(l, "W_norm"));
        Matrix& w = given(e, layer(l, "W_up"));
        for (int i = 0; i < w.rows; ++i) {
            const double s = scaleOf(norm, i, own(e).normEpsilon);
            for (int j = 0; j < w.cols; ++j)
                w(i, j) *= s;
            w(i, w.cols - 1) += norm(i, 1) - s * norm(i, 2);
        }
    }
    std::erase_if(e.weights.given, [](const NamedMatrix& w) { return w.name.ends_with("W_norm"); });
    own(e).norm = 0;
    return e;
}

bool near(const List& a, const List& b, double tolerance = kTolerance)
{
    return !a.empty() && a.size() == b.size() && golden::worst(a, b) < tolerance;
}

} // namespace

class SpikingPredictiveNormTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void runningStatisticsAreTheNetThatTheyAmountTo_data()
    {
        QTest::addColumn<int>("feedback");
        QTest::addColumn<bool>("strict");
        QTest::newRow("transposed") << 0 << false;
        QTest::newRow("fixed") << 1 << false;
        QTest::newRow("strict") << 0 << true;
    }

    void runningStatisticsAreTheNetThatTheyAmountTo()
    {
        QFETCH(int, feedback);
        QFETCH(bool, strict);
        Experiment e = normalised(Running), plain = fusedNet();
        for (Experiment* each : {&e, &plain}) {
            own(*each).feedback = feedback;
            own(*each).strict = strict;
            own(*each).dither = true;
        }
        if (feedback > 0) { // what comes down from layer 2 goes through its s
            Matrix down(5, 4), above(4, 3, 0.4);
            for (int i = 0; i < 20; ++i)
                down(i / 4, i % 4) = std::sin(5 * i + 1);
            for (Experiment* each : {&e, &plain}) {
                const bool fused = each == &plain;
                Matrix k = down;
                for (int i = 0; fused && i < 20; ++i)
                    k(i / 4, i % 4) *=
                        scaleOf(given(e, "layer2.W_norm"), i % 4, own(e).normEpsilon);
                each->weights.given.push_back({"layer1.W_down", k});
                each->weights.given.push_back({"layer2.W_down", above});
            }
        }
        Simulation run(e), same(plain);
        make(run, 40);
        make(same, 40);
        for (int l = 1; l <= 3; ++l)
            QVERIFY(
                near(readProbe(run, layer(l, "latched")), readProbe(same, layer(l, "latched"))));
        make(run, 60);
        make(same, 60);
        for (int l = 1; l <= 3; ++l)
            for (const char* what : {"prediction", "error_trace", "error_mean", "error_spikes"})
                QVERIFY2(
                    near(readProbe(run, layer(l, what)), readProbe(same, layer(l, what))), what);
        for (int l = 1; l <= 2; ++l) {
            QVERIFY(readProbe(run, layer(l, "spikes")) == readProbe(same, layer(l, "spikes")));
            // dW = s dW', db = s db'
            const List g = readProbe(run, layer(l, "G_up")), to = readProbe(same, layer(l, "G_up"));
            const Matrix& norm = given(e, layer(l, "W_norm"));
            const std::size_t cols = g.size() / static_cast<std::size_t>(norm.rows);
            for (std::size_t i = 0; i < g.size(); ++i) {
                const double s = scaleOf(norm, static_cast<int>(i / cols), own(e).normEpsilon);
                QVERIFY(std::abs(g[i] - s * to[i]) < kTolerance);
            }
        }
    }

    /// The loss of the net of W', b' goes down by the gradients of W', b': gain and shift change by
    /// the chain rule, here with W', b' moved a little each way.
    void gainAndShiftLearnByTheChainRule()
    {
        Experiment e = normalised(Running);
        setParameter(e.parameters, "learning.optimizer", std::string("sgd"), 3);
        setParameter(e.parameters, "learning.rate", 0.01, 3);
        Simulation run(e), same(fusedNet());
        make(run, 100);
        make(same, 100);
        for (int l = 1; l <= 2; ++l) {
            const List norm = readProbe(run, layer(l, "W_norm"));
            const List to = readProbe(same, layer(l, "G_up"));
            const Matrix &before = given(e, layer(l, "W_norm")), &w = given(e, layer(l, "W_up"));
            for (int i = 0; i < before.rows; ++i) {
                const auto of = [&](int j) { return to[entry(w, i, j)]; };
                // d/dG of W' = G W / d and of b' = G (b - m) / d + S, d = sqrt(v + e)
                const double d = std::sqrt(before(i, 3) + own(e).normEpsilon);
                double gain = (w(i, w.cols - 1) - before(i, 2)) / d * of(w.cols - 1);
                for (int j = 0; j + 1 < w.cols; ++j)
                    gain += w(i, j) / d * of(j);
                const auto at = entry(before, i, 0);
                QVERIFY(std::abs(before(i, 0) - 0.01 * gain - norm[at]) < kTolerance);
                QVERIFY(std::abs(before(i, 1) - 0.01 * of(w.cols - 1) - norm[at + 1]) < kTolerance);
                QCOMPARE(norm[at + 2], before(i, 2)); // running ones stand still
                QCOMPARE(norm[at + 3], before(i, 3));
            }
        }
    }

    void withoutLearningLayersMayBeFused()
    {
        Experiment e = normalised(OfBatch);
        own(e).learningOn = false;
        Simulation apart(e);
        own(e).normFused = true;
        Simulation fused(e);
        make(apart, 40);
        make(fused, 40);
        for (int l = 1; l <= 3; ++l)
            QVERIFY(
                near(readProbe(apart, layer(l, "latched")), readProbe(fused, layer(l, "latched"))));
        QVERIFY(readProbe(apart, "layer2.latched") != readProbe(fused, "layer2.latched"));
        QVERIFY(readProbe(apart, "layer1.W_norm") == readProbe(fused, "layer1.W_norm"));
    }

    void stateOfANormalisedNetComesBack()
    {
        for (const Statistics statistics : {OfBatch, Running}) {
            for (const int at : {17, 30, 73, 100}) {
                Experiment e = normalised(statistics);
                own(e).dither = true;
                own(e).feedback = feedback_kind::kolen_pollack;
                setParameter(e.parameters, "learning.rate", 0.01, 3);
                Simulation run(e);
                make(run, at);
                const State state = run.state();
                make(run, 150);
                const State end = run.state();
                Simulation again(e);
                again.restore(state);
                make(again, 150);
                QVERIFY(again.state() == end);
            }
        }
    }

    /// A parameter that changes in the midst of a presentation acts from the next one on.
    void aPresentationHasOneKindOfStatistics()
    {
        Experiment e = normalised(OfBatch);
        Simulation run(e), other(e);
        make(run, 100);
        make(other, 30);
        other.apply(Edit{.key = "norm.statistics", .value = std::string("running")});
        make(other, 70);
        for (const char* what : {"layer2.latched", "layer1.W_norm", "layer1.G_up"})
            QVERIFY(readProbe(run, what) == readProbe(other, what));
        make(run, 40);
        make(other, 40);
        QVERIFY(readProbe(run, "layer1.latched") != readProbe(other, "layer1.latched"));
    }
};

QTEST_GUILESS_MAIN(SpikingPredictiveNormTest)
#include "tst_spiking_predictive_norm.moc"
