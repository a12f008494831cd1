// The feed-forward net's numbers: against golden files, against finite differences, and against
// what has to hold by construction. Names P1.. are those of the specification's property tests.
#include "tests/engine/feedforward/batches.h"
#include "tests/golden_preset.h"

#include "sim/base/error.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace apical;
using nlohmann::json;
using std::string;

namespace {

Batch<double> matrix(const json& m)
{
    Batch<double> result(m.at("rows").get<int>(), m.at("cols").get<int>());
    std::size_t k = 0;
    for (Eigen::Index i = 0; i < result.rows(); ++i) {
        for (Eigen::Index j = 0; j < result.cols(); ++j)
            result(i, j) = m.at("data").at(k++).get<double>();
    }
    return result;
}

void addTo(double& worst, const Batch<double>& a, const json& expected)
{
    worst = std::max(worst, distance(a, matrix(expected)));
}

/// Net and batch of a golden file.
struct Case {
    explicit Case(const json& n)
        : input(matrix(n.at("X")))
        , target(matrix(n.at("Y")))
        , net(n.at("sizes").get<std::vector<int>>(), static_cast<int>(input.cols()),
              {{"activation.hidden", n.at("act").front().get<string>()},
                  {"activation.output", n.at("act").back().get<string>()},
                  {"loss.kind", n.at("loss").get<string>()}, {"learning.on", false}})
    {
        for (int l = 1; l <= net.layers(); ++l) {
            const auto k = static_cast<std::size_t>(l - 1);
            const Batch<double> w = matrix(n.at("W")[k]), b = matrix(n.at("b")[k]);
            Batch<double> both(w.rows(), w.cols() + 1);
            both << w, b;
            net.setWeights(l, "W_up", both);
        }
    }
    /// Largest difference of delta and gradients (biases too, where the file has them).
    double run(const char* rule, const json& expected)
    {
        net.set("learning.rule", string(rule));
        net.step(input, target);
        double worst = 0;
        for (int l = 1; l <= net.layers(); ++l) {
            const auto k = static_cast<std::size_t>(l - 1);
            const Batch<double> gradient = net.get(l, "G_up");
            addTo(worst, net.get(l, "delta"), expected.at("delta").at(k));
            addTo(worst, gradient.leftCols(gradient.cols() - 1), expected.at("gW").at(k));
            if (expected.contains("gb"))
                addTo(worst, gradient.rightCols(1), expected.at("gb").at(k));
        }
        return worst;
    }

    Batch<double> input, target;
    Net net;
};

void compareGradients(Net& bp, Net& other)
{
    const Batch<double> x = noise(6, 7, 8), y = classes(3, 7);
    bp.step(x, y);
    other.step(x, y);
    for (int l = 1; l <= bp.layers(); ++l)
        QVERIFY(distance(bp.get(l, "G_up"), other.get(l, "G_up")) < 1e-12);
}

Batch<double> withoutBias(const Batch<double>& w)
{
    return w.leftCols(w.cols() - 1);
}

} // namespace

class TestFeedforward : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void goldenNetsAreReproduced_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name :
            {"pc_net_tanh_se_pre", "pc_net_relu_ce_pre", "pc_net_sigmoid_se_post"})
            QTest::newRow(name) << QString(name);
    }

    void goldenNetsAreReproduced()
    {
        QFETCH(QString, name);
        const json file = golden::read(name.toStdString());
        Case c(file.at("net"));
        const auto& bp = file.at("bp");
        double worst = c.run("backprop", bp);
        QVERIFY(bp.contains("gb"));
        addTo(worst, c.net.get("input.rate"), bp.at("a").at(0));
        for (int l = 1; l <= c.net.layers(); ++l) {
            const auto k = static_cast<std::size_t>(l);
            addTo(worst, c.net.get(l, "z"), bp.at("z").at(k - 1));
            addTo(worst, c.net.get(l, "activation"), bp.at("a").at(k));
        }
        worst = std::max(worst, std::abs(c.net.loss() - bp.at("loss_mean").get<double>()));
        for (int l = 1; l < c.net.layers(); ++l) {
            const auto k = static_cast<std::size_t>(l - 1);
            c.net.setWeights(l, "W_down", matrix(file.at("fa").at("F").at(k)));
            c.net.setWeights(l, "W_direct", matrix(file.at("dfa").at("D").at(k)));
        }
        worst = std::max(worst, c.run("feedback-alignment", file.at("fa")));
        worst = std::max(worst, c.run("direct-feedback-alignment", file.at("dfa")));
        QVERIFY2(worst < 1e-12, qPrintable(QString::number(worst)));
    }

    void gradientsAgreeWithCentralDifferences_data() // P1
    {
        QTest::addColumn<QString>("hidden");
        QTest::addColumn<QString>("output");
        QTest::addColumn<QString>("loss");
        for (const char* hidden : kActivations) {
            for (const char* output : {"linear", "sigmoid", "tanh"})
                QTest::addRow("%s, %s, se", hidden, output) << hidden << output << "se";
            QTest::addRow("%s, linear, ce", hidden) << hidden << "linear"
                                                    << "ce";
        }
    }

    void gradientsAgreeWithCentralDifferences()
    {
        QFETCH(QString, hidden);
        QFETCH(QString, output);
        QFETCH(QString, loss);
        Net net({4, 5, 4, 3}, 3,
            {{"activation.hidden", hidden.toStdString()},
                {"activation.output", output.toStdString()}, {"loss.kind", loss.toStdString()},
                {"softlif.smoothing", 0.1}, {"learning.on", false}});
        net.step(noise(4, 3, 7), classes(3, 3));
        double worst = 0;
        for (int l = 1; l <= net.layers(); ++l) {
            const Batch<double> gradient = net.get(l, "G_up"), start = net.get(l, "W_up");
            for (Eigen::Index i = 0; i < start.size(); ++i) {
                double side[2];
                const double h = 1e-6;
                for (const int k : {0, 1}) {
                    Batch<double> w = start;
                    w(i) += k == 0 ? h : -h;
                    net.setWeights(l, "W_up", w);
                    net.again();
                    side[k] = net.loss();
                }
                worst = std::max(worst, std::abs((side[0] - side[1]) / (2 * h) - gradient(i)));
            }
            net.setWeights(l, "W_up", start);
            net.again();
        }
        QVERIFY2(worst < 1e-8, qPrintable(QString::number(worst)));
    }

    void feedbackAlignmentWithTransposedWeightsIsBackprop() // P24
    {
        const Net::Settings tanh{{"activation.hidden", string("tanh")}};
        Net bp({6, 5, 4, 3}, 7, tanh, 4), fa({6, 5, 4, 3}, 7, tanh, 4);
        for (int l = 1; l < fa.layers(); ++l)
            fa.setWeights(l, "W_down", withoutBias(fa.get(l + 1, "W_up")).transpose());
        fa.set("learning.rule", string("feedback-alignment"));
        compareGradients(bp, fa);
    }

    // P24
    void directFeedbackAlignmentWithProductsOfTransposedWeightsIsBackpropInALinearNet()
    {
        const Net::Settings linear{{"activation.hidden", string("linear")}};
        Net bp({6, 5, 4, 3}, 7, linear, 4), dfa({6, 5, 4, 3}, 7, linear, 4);
        const Batch<double> second = withoutBias(dfa.get(3, "W_up")).transpose();
        dfa.setWeights(2, "W_direct", second);
        dfa.setWeights(1, "W_direct", withoutBias(dfa.get(2, "W_up")).transpose() * second);
        dfa.set("learning.rule", string("direct-feedback-alignment"));
        compareGradients(bp, dfa);
    }

    void unitsInAnotherOrderHaveTheirGradientsInThatOrder_data() // P25
    {
        QTest::addColumn<QString>("rule");
        for (const char* rule : kRules)
            QTest::newRow(rule) << QString(rule);
    }
    void unitsInAnotherOrderHaveTheirGradientsInThatOrder()
    {
        QFETCH(QString, rule);
        const Net::Settings s{{"activation.hidden", string("tanh")},
            {"learning.rule", rule.toStdString()}, {"learning.on", false}};
        Net net({6, 5, 4, 3}, 7, s, 4), other({6, 5, 4, 3}, 7, s, 4);
        Eigen::PermutationMatrix<Eigen::Dynamic> p(5);
        p.indices() << 3, 0, 4, 1, 2;
        other.setWeights(1, "W_up", p * net.get(1, "W_up"));
        other.setWeights(2, "W_up", fromMoved(net.get(2, "W_up"), p));
        for (const char* feedback : {"W_down", "W_direct"})
            other.setWeights(1, feedback, p * net.get(1, feedback));
        const Batch<double> x = noise(6, 7, 8), y = classes(3, 7);
        net.step(x, y);
        other.step(x, y);
        QVERIFY(distance(p * net.get(1, "G_up"), other.get(1, "G_up")) < 1e-12);
        QVERIFY(distance(fromMoved(net.get(2, "G_up"), p), other.get(2, "G_up")) < 1e-12);
        QVERIFY(distance(net.get(3, "G_up"), other.get(3, "G_up")) < 1e-12);
        QVERIFY(distance(net.get(1, "G_up"), other.get(1, "G_up")) > 1e-3);
    }

    void aBatchHasTheMeanOfTheGradientsOfItsSamples_data() // P25
    {
        unitsInAnotherOrderHaveTheirGradientsInThatOrder_data();
    }
    void aBatchHasTheMeanOfTheGradientsOfItsSamples()
    {
        QFETCH(QString, rule);
        const Net::Settings s{{"activation.hidden", string("tanh")},
            {"learning.rule", rule.toStdString()}, {"learning.on", false}};
        Net all({6, 5, 4, 3}, 7, s, 4), one({6, 5, 4, 3}, 1, s, 4);
        const Batch<double> x = noise(6, 7, 8), y = classes(3, 7);
        all.step(x, y);
        std::vector<Batch<double>> mean;
        for (int l = 1; l <= 3; ++l)
            mean.emplace_back(0 * all.get(l, "G_up"));
        for (Eigen::Index k = 0; k < 7; ++k) {
            one.step(x.col(k), y.col(k));
            for (int l = 1; l <= 3; ++l)
                mean[static_cast<std::size_t>(l - 1)] += one.get(l, "G_up") / 7;
        }
        for (int l = 1; l <= 3; ++l)
            QVERIFY(distance(all.get(l, "G_up"), mean[static_cast<std::size_t>(l - 1)]) < 1e-12);
    }

    void theExactGradientIsThatOfBackpropWhateverTheRule()
    {
        Net net({6, 5, 4, 3}, 7, {{"learning.on", false}});
        const RowMajor x = noise(6, 7, 8), y = classes(3, 7);
        net.step(x, y);
        std::vector<Matrix> up;
        std::vector<Batch<double>> expected;
        for (int l = 1; l <= 3; ++l) {
            const Batch<double> w = net.get(l, "W_up");
            Matrix& m = up.emplace_back(static_cast<int>(w.rows()), static_cast<int>(w.cols()));
            Eigen::Map<RowMajor>(m.values.data(), w.rows(), w.cols()) = w;
            expected.push_back(net.get(l, "G_up"));
        }
        net.set("learning.rule", string("feedback-alignment"));
        const auto exact = net.model->exactGradient();
        exact->compute(net.model->parameters(), up, {x.data(), static_cast<std::size_t>(x.size())},
            {y.data(), static_cast<std::size_t>(y.size())});
        for (int l = 1; l <= 3; ++l) {
            const Matrix& g = exact->gradient(l);
            QVERIFY(distance(Eigen::Map<const RowMajor>(g.values.data(), g.rows, g.cols),
                        expected[static_cast<std::size_t>(l - 1)])
                == 0);
        }
    }

    void weightsStartAsHeDrawsThem()
    {
        const Net net({300, 200, 100, 10}, 1, {{"activation.hidden", string("softlif")}});
        const auto check = [](const Batch<double>& w, double fan) {
            const double n = static_cast<double>(w.size()), variance = 2 / fan;
            const double mean = w.mean();
            QVERIFY(std::abs(mean) < 4 * std::sqrt(variance / n));
            QVERIFY(std::abs((w.array() - mean).square().mean() - variance)
                < 4 * variance * std::sqrt(2 / n));
        };
        for (int l = 1; l <= net.layers(); ++l) {
            const Batch<double> w = net.get(l, "W_up");
            check(withoutBias(w), static_cast<double>(w.cols() - 1));
            const bool hidden = l < net.layers();
            QVERIFY((w.rightCols(1).array() == (hidden ? 1 : 0)).all());
            if (hidden) {
                check(net.get(l, "W_down"), static_cast<double>(w.rows()));
                check(net.get(l, "W_direct"), static_cast<double>(w.rows()));
            }
        }
        // The last hidden layer's two kinds of feedback have one size, yet are drawn apart.
        QVERIFY(distance(net.get(2, "W_down"), net.get(2, "W_direct")) > 0.1);
    }

    void aStartDependsOnSeedAndLayerAlone()
    {
        const Net first({6, 5, 4, 3}, 1, {}, 7), other({6, 5, 4, 3}, 1, {}, 8);
        const Net wider({6, 5, 4, 3, 2}, 1, {}, 7), single({6, 5, 4, 3}, 1, {}, 7, "float");
        for (int l = 1; l <= 3; ++l) {
            const Batch<double> w = first.get(l, "W_up");
            QVERIFY(w == wider.get(l, "W_up"));
            QVERIFY(w.cast<float>().cast<double>() == single.get(l, "W_up"));
            QVERIFY(distance(w, other.get(l, "W_up")) > 0.1);
        }
        QVERIFY(distance(first.get(1, "W_down"), other.get(1, "W_down")) > 0.1);
        QVERIFY(distance(first.get(1, "W_direct"), other.get(1, "W_direct")) > 0.1);
    }

    void theAnswerIsWhatTheOutputsSend()
    {
        const Net net({6, 5, 4, 3}, 2);
        const Anatomy& a = net.model->anatomy();
        QCOMPARE(a.quantities[static_cast<std::size_t>(net.model->answer())].name,
            string("layer3.activation"));
    }

    void hugeInputsLeaveTheSoftmaxFinite()
    {
        Net net(
            {2, 2, 3}, 2, {{"activation.hidden", string("linear")}, {"loss.kind", string("ce")}});
        Batch<double> first(2, 3), second(3, 3), x(2, 2);
        first << 1e6, 0, 0, 0, 1e6, 0;
        second << 1e3, 0, 0, 0, 1e3, 0, -1e3, -1e3, 0;
        x << 1e3, -1e3, 0, 1e3;
        net.setWeights(1, "W_up", first);
        net.setWeights(2, "W_up", second);
        net.step(x, classes(3, 2));
        const Batch<double> delta = net.get(2, "delta");
        QVERIFY(std::isfinite(net.loss()));
        QVERIFY(delta.allFinite());
        QVERIFY(delta.colwise().sum().cwiseAbs().maxCoeff() < 1e-12);
        QVERIFY(std::abs(delta(0, 0)) < 1e-12); // sure, and right
    }

    void singlePrecisionFollowsDoublePrecision()
    {
        const Net::Settings s{
            {"activation.hidden", string("softlif")}, {"loss.kind", string("ce")}};
        Net net({6, 5, 3}, 4, s, 2), single({6, 5, 3}, 4, s, 2, "float");
        const Batch<double> x = noise(6, 4, 9), y = classes(3, 4);
        net.step(x, y);
        single.step(x, y);
        QVERIFY(distance(net.get(1, "G_up"), single.get(1, "G_up")) < 1e-4);
        QVERIFY(std::abs(net.loss() - single.loss()) < 1e-5);
    }

    void crossEntropyIsRefusedBehindASquashedOutput()
    {
        Net net({2, 2, 3}, 2, {{"activation.output", string("sigmoid")}});
        QVERIFY_EXCEPTION_THROWN(net.set("loss.kind", string("ce")), InputError);
        QCOMPARE(feedforward(net.experiment.parameters).loss, 0);
    }
};

QTEST_APPLESS_MAIN(TestFeedforward)
#include "tst_feedforward.moc"
