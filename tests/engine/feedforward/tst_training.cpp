// Feed-forward nets that learn: optimizers against golden values, and what a step may cost.
#include "tests/engine/feedforward/batches.h"
#include "tests/golden_preset.h"

#include <QTest>

#include <atomic>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

using namespace apical;
using nlohmann::json;
using std::string;

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
    /// The gradient of a linear net of one input that is 1 is the answer minus the target: the
    /// target is chosen to make it the file's.
    void goldenOptimizersAreReproduced()
    {
        const json file = golden::read("pc_optim");
        const auto grads = file.at("grads").get<std::vector<std::vector<double>>>();
        for (const char* name : {"sgd", "momentum", "adam"}) {
            const json& expected = file.at(name);
            Net net({1, 3}, 1,
                {{"learning.optimizer", string(name)},
                    {"learning.rate", expected.at("lr").get<double>()},
                    {"learning.momentum", expected.value("mu", 0.9)},
                    {"learning.beta1", expected.value("beta1", 0.9)},
                    {"learning.beta2", expected.value("beta2", 0.999)},
                    {"learning.epsilon", expected.value("eps", 1e-8)}, {"bias.on", false}});
            const auto column = [](const std::vector<double>& v) {
                return Batch<double>(Eigen::Map<const Eigen::VectorXd>(v.data(), 3));
            };
            Batch<double> w = Batch<double>::Zero(3, 2);
            w.col(0) = column(file.at("p0").get<std::vector<double>>());
            net.setWeights(1, "W_up", w);
            for (std::size_t t = 0; t < grads.size(); ++t) {
                if (t == 2) // what was saved goes on as the original would have
                    net.model->restore(net.model->save());
                net.step(
                    Batch<double>::Ones(1, 1), net.get(1, "W_up").leftCols(1) - column(grads[t]));
                const double off = distance(net.get(1, "W_up").leftCols(1),
                    column(expected.at("p").at(t).get<std::vector<double>>()));
                QVERIFY2(off < 1e-12, name);
            }
        }
    }

    void anOptimizerThatIsChangedForAnotherStartsAnew()
    {
        Net net({1, 1}, 1,
            {{"learning.optimizer", string("momentum")}, {"learning.rate", 0.1},
                {"bias.on", false}});
        const Batch<double> one = Batch<double>::Ones(1, 1);
        for (int t = 0; t < 5; ++t)
            net.step(one, net.get(1, "W_up").leftCols(1) - one);
        net.setWeights(1, "W_up", Batch<double>::Zero(1, 2));
        net.set("learning.optimizer", string("adam"));
        net.step(one, -one);
        QVERIFY(std::abs(net.get(1, "W_up")(0, 0) + 0.1) < 1e-8); // Adam's first step is the rate
    }

    void whatIsOffOrLockedStaysAsItIs()
    {
        for (const char* key : {"bias.on", "learning.on", "lock.up"}) {
            Net net({6, 5, 3}, 4, {{key, string(key) == "lock.up"}}, 2);
            const Batch<double> before[]{net.get(1, "W_up"), net.get(2, "W_up")};
            for (int step = 0; step < 3; ++step)
                net.step(noise(6, 4, 9), classes(3, 4));
            for (int l = 1; l <= 2; ++l) {
                const Batch<double>& start = before[l - 1];
                const Batch<double> now = net.get(l, "W_up");
                QVERIFY(now.rightCols(1) == start.rightCols(1));
                QCOMPARE(now == start, string(key) != "bias.on");
                // But one sees what it would be.
                QVERIFY(!net.get(l, "G_up").rightCols(1).isZero());
            }
        }
    }

    void whatIsNoExampleTeachesNothing()
    {
        Net net({6, 5, 3}, 4);
        const Batch<double> before = net.get(1, "W_up"), x = noise(6, 4, 9);
        net.step(x, classes(3, 4), false);
        QVERIFY(net.get(1, "W_up") == before);
        QVERIFY(net.get(2, "z") != Batch<double>::Zero(3, 4)); // but is answered
    }

    void aSavedStateGoesOnAsTheOriginal()
    {
        Net net({6, 5, 3}, 4), other({6, 5, 3}, 4, {}, 9);
        const Batch<double> x = noise(6, 4, 9), y = classes(3, 4);
        net.step(x, y);
        other.model->restore(net.model->save());
        QVERIFY(other.model->save() == net.model->save());
        net.step(x, y);
        other.step(x, y);
        QVERIFY(other.model->save() == net.model->save());
        for (int l = 1; l <= 2; ++l)
            QVERIFY(net.get(l, "W_up") == other.get(l, "W_up"));
        QVERIFY_EXCEPTION_THROWN(
            Net({6, 5, 2}, 4).model->restore(net.model->save()), std::exception);
    }

    void aTrainingStepAllocatesNothing()
    {
        const Batch<double> x = noise(400, 64, 3), y = classes(10, 64);
        for (const char* activation : kActivations) {
            for (const char* rule : kRules) {
                for (const char* loss : {"se", "ce"}) {
                    Net net({400, 300, 40, 10}, 64, // large: Eigen packs large products elsewhere
                        {{"activation.hidden", string(activation)}, {"learning.rule", string(rule)},
                            {"loss.kind", string(loss)}});
                    net.step(x, y);
                    const long before = allocations;
                    net.again();
                    QVERIFY2(allocations == before, activation);
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
        QTest::addColumn<QString>("rule");
        for (const char* rule : kRules)
            QTest::newRow(rule) << QString(rule);
    }
    void everyRuleLearnsTheBars()
    {
        QFETCH(QString, rule);
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
            Net net({9, 30, 3}, 8,
                {{"loss.kind", string("ce")}, {"learning.rule", rule.toStdString()},
                    {"learning.rate", 0.01}},
                seed);
            for (int step = 0; step < 300; ++step)
                net.step(x, y);
            net.again();
            QVERIFY2(net.loss() < 0.05, qPrintable(QString::number(net.loss())));
            for (Eigen::Index k = 0; k < 8; ++k) {
                Eigen::Index answer = 0, right = 0;
                net.get(2, "activation").col(k).maxCoeff(&answer);
                y.col(k).maxCoeff(&right);
                QCOMPARE(answer, right);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestTraining)
#include "tst_training.moc"
