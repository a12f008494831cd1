// Optimizers against golden values, and feed-forward nets that learn.
#include "sim/feedforward/feedforward_net.h"
#include "sim/feedforward/optimizer.h"

#include "tests/engine/feedforward/batches.h"
#include "tests/golden_preset.h"

#include <QTest>

#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

using namespace apical;
using nlohmann::json;
using Net = FeedforwardNet<double>;
using Settings = FeedforwardSettings;
using Rule = Settings::Rule;
using Loss = Settings::Loss;

namespace {
std::atomic<long> allocations{0};
}

// Eigen takes its memory by malloc, which the new operator ends in as well.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define APICAL_COUNTS_MALLOC
extern "C" void* __libc_malloc(std::size_t);
extern "C" void* malloc(std::size_t size)
{
    ++allocations;
    return __libc_malloc(size);
}
#endif

class TestTraining : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void goldenOptimizersAreReproduced()
    {
        const json file = golden::read("pc_optim");
        const auto grads = file.at("grads").get<std::vector<std::vector<double>>>();
        const std::array rows{std::pair{Optimizer::Kind::Sgd, "sgd"},
            std::pair{Optimizer::Kind::Momentum, "momentum"},
            std::pair{Optimizer::Kind::Adam, "adam"}};
        for (const auto& [kind, name] : rows) {
            const json& expected = file.at(name);
            const Optimizer o{.kind = kind,
                .rate = expected.at("lr").get<double>(),
                .momentum = expected.value("mu", 0.9),
                .beta1 = expected.value("beta1", 0.9),
                .beta2 = expected.value("beta2", 0.999),
                .epsilon = expected.value("eps", 1e-8)};
            const auto row = [](const std::vector<double>& v) {
                return Batch<double>(Eigen::Map<const Eigen::RowVectorXd>(v.data(), 3));
            };
            Batch<double> w = row(file.at("p0").get<std::vector<double>>());
            OptimizerState<double> state;
            for (std::size_t t = 0; t < grads.size(); ++t) {
                if (t == 2) // a copy goes on as the original would have
                    state = OptimizerState<double>(state);
                state.descend(o, row(grads[t]), w, 3);
                const double off =
                    distance(w, row(expected.at("p").at(t).get<std::vector<double>>()));
                QVERIFY2(off < 1e-12, name);
            }
        }
    }

    void anOptimizerThatIsChangedForAnotherStartsAnew()
    {
        const Batch<double> g = Batch<double>::Ones(1, 1);
        Batch<double> w = Batch<double>::Zero(1, 1);
        OptimizerState<double> state;
        for (int t = 0; t < 5; ++t)
            state.descend({.kind = Optimizer::Kind::Momentum, .rate = 0.1}, g, w, 1);
        w.setZero();
        state.descend({.kind = Optimizer::Kind::Adam, .rate = 0.1}, g, w, 1);
        QVERIFY(std::abs(w(0, 0) + 0.1) < 1e-8); // Adam's first step is the rate
    }

    void biasesThatAreOffStayAsTheyAre()
    {
        Settings s;
        s.bias = false;
        Net net({6, 5, 3});
        net.start(2, 0.5);
        const Net before = net;
        for (int step = 0; step < 3; ++step)
            train(s, net, noise(6, 4, 9), classes(3, 4));
        for (int l = 1; l <= 2; ++l) {
            QVERIFY(net.layer(l).weights.rightCols(1) == before.layer(l).weights.rightCols(1));
            QVERIFY(net.layer(l).weights != before.layer(l).weights);
            QVERIFY(!net.layer(l).gradient.rightCols(1).isZero()); // but one sees what it would be
        }
    }

    void aCopyGoesOnAsTheOriginal()
    {
        Settings s;
        Net net({6, 5, 3});
        net.start(2, 0);
        const Batch<double> x = noise(6, 4, 9), y = classes(3, 4);
        train(s, net, x, y);
        Net saved = net;
        train(s, net, x, y);
        train(s, saved, x, y);
        for (int l = 1; l <= 2; ++l)
            QVERIFY(net.layer(l).weights == saved.layer(l).weights);
    }

    void aTrainingStepAllocatesNothing()
    {
        for (const auto& [kind, name] : kKinds) {
            for (const Rule rule :
                {Rule::Backprop, Rule::FeedbackAlignment, Rule::DirectFeedbackAlignment}) {
                for (const Loss loss : {Loss::SquaredError, Loss::CrossEntropy}) {
                    const Settings s{.hidden = {.kind = kind}, .loss = loss, .rule = rule};
                    Net net({400, 300, 40, 10}); // large: Eigen packs large products elsewhere
                    const Batch<double> x = noise(400, 64, 3), y = classes(10, 64);
                    train(s, net, x, y);
                    const long before = allocations;
                    train(s, net, x, y);
                    QVERIFY2(allocations == before, name);
                }
            }
        }
    }

    void theCounterOfAllocationsSeesThoseOfEigen()
    {
        const long before = allocations;
        const Batch<double> x = noise(4, 4, 1);
        QVERIFY(x.size() == 16);
#ifdef APICAL_COUNTS_MALLOC
        QVERIFY(allocations > before);
#else
        Q_UNUSED(before);
        QSKIP("a sanitizer's malloc is in place, so nothing is counted");
#endif
    }

    void everyRuleLearnsTheBars_data()
    {
        QTest::addColumn<int>("rule");
        QTest::newRow("backprop") << static_cast<int>(Rule::Backprop);
        QTest::newRow("feedback alignment") << static_cast<int>(Rule::FeedbackAlignment);
        QTest::newRow("direct feedback alignment")
            << static_cast<int>(Rule::DirectFeedbackAlignment);
    }
    void everyRuleLearnsTheBars()
    {
        QFETCH(int, rule);
        // Three rows, three columns, two diagonals of a 3 x 3 picture; one class each kind.
        Batch<double> x = Batch<double>::Zero(9, 8), y = Batch<double>::Zero(3, 8);
        for (int k = 0; k < 3; ++k) {
            for (int i = 0; i < 3; ++i) {
                x(3 * k + i, k) = 1;
                x(3 * i + k, 3 + k) = 1;
            }
            x(4 * k, 6) = 1;
            x(2 + 2 * k, 7) = 1;
            y(0, k) = y(1, 3 + k) = 1;
        }
        y(2, 6) = y(2, 7) = 1;
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            const Settings s{.loss = Loss::CrossEntropy,
                .rule = static_cast<Rule>(rule),
                .optimizer = {.rate = 0.01}};
            Net net({9, 30, 3});
            net.start(seed, 0);
            for (int step = 0; step < 300; ++step)
                train(s, net, x, y);
            net.forward(s, x);
            QVERIFY2(net.loss(s, y) < 0.05, qPrintable(QString::number(net.loss(s, y))));
            for (Eigen::Index k = 0; k < 8; ++k) {
                Eigen::Index answer = 0, right = 0;
                net.layer(2).activation().col(k).maxCoeff(&answer);
                y.col(k).maxCoeff(&right);
                QCOMPARE(answer, right);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestTraining)
#include "tst_training.moc"
