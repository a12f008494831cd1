// The feed-forward net's numbers: against golden files, against finite differences, and against
// what has to hold by construction.
#include "sim/feedforward/activation.h"
#include "sim/feedforward/feedforward_net.h"

#include "tests/engine/feedforward/batches.h"
#include "tests/golden_preset.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace apical;
using nlohmann::json;
using Net = FeedforwardNet<double>;
using Settings = FeedforwardSettings;
using Kind = Activation::Kind;
using Rule = Settings::Rule;
using Loss = Settings::Loss;

namespace {

Kind kind(const std::string& name)
{
    for (const auto& [kind, known] : kKinds) {
        if (name == known)
            return kind;
    }
    throw std::runtime_error("unknown activation " + name);
}

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

/// Net, settings and batch of a golden file.
struct Case {
    explicit Case(const json& n)
        : net(n.at("sizes").get<std::vector<int>>())
        , input(matrix(n.at("X")))
        , target(matrix(n.at("Y")))
    {
        settings.hidden.kind = kind(n.at("act").front().get<std::string>());
        settings.output.kind = kind(n.at("act").back().get<std::string>());
        settings.loss = n.at("loss") == "ce" ? Loss::CrossEntropy : Loss::SquaredError;
        for (int l = 1; l <= net.layers(); ++l) {
            const auto k = static_cast<std::size_t>(l - 1);
            net.layer(l).weights << matrix(n.at("W")[k]), matrix(n.at("b")[k]);
        }
    }
    /// Largest difference of delta and gradients (biases too, where the file has them).
    double run(Rule rule, const json& expected)
    {
        settings.rule = rule;
        net.forward(settings, input);
        net.backward(settings, target);
        double worst = 0;
        for (int l = 1; l <= net.layers(); ++l) {
            const auto k = static_cast<std::size_t>(l - 1);
            const auto& layer = net.layer(l);
            addTo(worst, layer.delta, expected.at("delta").at(k));
            addTo(
                worst, layer.gradient.leftCols(layer.gradient.cols() - 1), expected.at("gW").at(k));
            if (expected.contains("gb"))
                addTo(worst, layer.gradient.rightCols(1), expected.at("gb").at(k));
        }
        return worst;
    }

    Net net;
    Settings settings;
    Batch<double> input, target;
};

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
        double worst = c.run(Rule::Backprop, bp);
        QVERIFY(bp.contains("gb"));
        addTo(worst, c.net.layer(0).activation(), bp.at("a").at(0));
        for (int l = 1; l <= c.net.layers(); ++l) {
            const auto k = static_cast<std::size_t>(l);
            addTo(worst, c.net.layer(l).z, bp.at("z").at(k - 1));
            addTo(worst, c.net.layer(l).activation(), bp.at("a").at(k));
        }
        worst = std::max(
            worst, std::abs(c.net.loss(c.settings, c.target) - bp.at("loss_mean").get<double>()));
        for (int l = 1; l < c.net.layers(); ++l) {
            const auto k = static_cast<std::size_t>(l - 1);
            c.net.layer(l).down = matrix(file.at("fa").at("F").at(k));
            c.net.layer(l).direct = matrix(file.at("dfa").at("D").at(k));
        }
        worst = std::max(worst, c.run(Rule::FeedbackAlignment, file.at("fa")));
        worst = std::max(worst, c.run(Rule::DirectFeedbackAlignment, file.at("dfa")));
        QVERIFY2(worst < 1e-12, qPrintable(QString::number(worst)));
    }

    void gradientsAgreeWithCentralDifferences_data()
    {
        QTest::addColumn<int>("hidden");
        QTest::addColumn<int>("output");
        QTest::addColumn<bool>("entropy");
        for (const auto& [hidden, name] : kKinds) {
            for (const auto& [output, outputName] : kKinds)
                QTest::addRow("%s, %s, se", name, outputName)
                    << static_cast<int>(hidden) << static_cast<int>(output) << false;
            QTest::addRow("%s, ce", name)
                << static_cast<int>(hidden) << static_cast<int>(Kind::Linear) << true;
        }
    }

    void gradientsAgreeWithCentralDifferences()
    {
        QFETCH(int, hidden);
        QFETCH(int, output);
        QFETCH(bool, entropy);
        Settings s;
        // A wide threshold: the third derivative of a narrow one is more than differences resolve.
        s.hidden = {.kind = static_cast<Kind>(hidden), .lif = {.smoothing = 0.5}};
        s.output = {.kind = static_cast<Kind>(output), .lif = {.smoothing = 0.5}};
        s.loss = entropy ? Loss::CrossEntropy : Loss::SquaredError;
        Net net({6, 5, 4, 3});
        net.start(3, s.hidden.startingBias());
        for (int l = 1; l <= net.layers(); ++l) // no unit on a kink
            net.layer(l).weights.rightCols(1) += 0.1 * noise(net.layer(l).z.rows(), 1, 5);
        const Batch<double> x = noise(6, 7, 6), y = classes(3, 7);
        const auto loss = [&] {
            net.forward(s, x);
            return net.loss(s, y);
        };
        net.forward(s, x);
        net.backward(s, y);
        double worst = 0, largest = 0;
        for (int l = 1; l <= net.layers(); ++l) {
            const Batch<double> g = net.layer(l).gradient;
            largest = std::max(largest, g.cwiseAbs().maxCoeff());
            for (Eigen::Index i = 0; i < g.size(); ++i) {
                double& w = net.layer(l).weights.data()[i];
                const double kept = w, h = 1e-6;
                w = kept + h;
                const double above = loss();
                w = kept - h;
                const double below = loss();
                w = kept;
                worst = std::max(worst, std::abs((above - below) / (2 * h) - g.data()[i]));
            }
        }
        QVERIFY2(worst < 1e-8, qPrintable(QString::number(worst)));
        QVERIFY(largest > 1e-3);
    }

    void feedbackAlignmentWithTransposedWeightsIsBackprop()
    {
        Settings s;
        s.hidden.kind = Kind::Tanh;
        Net bp({6, 5, 4, 3});
        bp.start(4, 0);
        Net fa = bp;
        for (int l = 1; l < fa.layers(); ++l)
            fa.layer(l).down = fa.layer(l + 1).weights.leftCols(fa.layer(l).z.rows()).transpose();
        compareGradients(s, bp, Rule::FeedbackAlignment, fa);
    }

    void directFeedbackAlignmentWithProductsOfTransposedWeightsIsBackpropInALinearNet()
    {
        Settings s;
        s.hidden.kind = Kind::Linear;
        Net bp({6, 5, 4, 3});
        bp.start(4, 0);
        Net dfa = bp;
        dfa.layer(2).direct = dfa.layer(3).weights.leftCols(4).transpose();
        dfa.layer(1).direct = dfa.layer(2).weights.leftCols(5).transpose() * dfa.layer(2).direct;
        compareGradients(s, bp, Rule::DirectFeedbackAlignment, dfa);
    }

    void weightsStartAsHeDrawsThem()
    {
        Net net({300, 200, 100, 10});
        net.start(1, 0.25);
        const auto check = [](const Batch<double>& w, double fan) {
            const double n = static_cast<double>(w.size()), variance = 2 / fan;
            const double mean = w.mean();
            QVERIFY(std::abs(mean) < 4 * std::sqrt(variance / n));
            QVERIFY(std::abs((w.array() - mean).square().mean() - variance)
                < 4 * variance * std::sqrt(2 / n));
        };
        for (int l = 1; l <= net.layers(); ++l) {
            const auto& layer = net.layer(l);
            const Eigen::Index below = layer.weights.cols() - 1;
            check(layer.weights.leftCols(below), static_cast<double>(below));
            const bool hidden = l < net.layers();
            QVERIFY((layer.weights.col(below).array() == (hidden ? 0.25 : 0)).all());
            if (hidden) {
                check(layer.down, static_cast<double>(layer.z.rows()));
                check(layer.direct, static_cast<double>(layer.z.rows()));
            }
        }
        // The last hidden layer's two kinds of feedback have one size, yet are drawn apart.
        QVERIFY(distance(net.layer(2).down, net.layer(2).direct) > 0.1);
    }

    void aStartDependsOnSeedAndLayerAlone()
    {
        Net first({6, 5, 4, 3}), again({6, 5, 4, 3}), other({6, 5, 4, 3}), wider({6, 5, 4, 3, 2});
        first.start(7, 0);
        again.start(99, 0);
        again.start(7, 0);
        other.start(8, 0);
        wider.start(7, 0);
        FeedforwardNet<float> single({6, 5, 4, 3});
        single.start(7, 0);
        for (int l = 1; l <= 3; ++l) {
            QVERIFY(first.layer(l).weights == again.layer(l).weights);
            QVERIFY(first.layer(l).down == again.layer(l).down);
            QVERIFY(first.layer(l).direct == again.layer(l).direct);
            QVERIFY(first.layer(l).weights == wider.layer(l).weights);
            QVERIFY(first.layer(l).weights.cast<float>() == single.layer(l).weights);
            QVERIFY(distance(first.layer(l).weights, other.layer(l).weights) > 0.1);
        }
        QVERIFY(distance(first.layer(1).down, other.layer(1).down) > 0.1);
        QVERIFY(distance(first.layer(1).direct, other.layer(1).direct) > 0.1);
    }

    void hugeInputsLeaveTheSoftmaxFinite()
    {
        Settings s{.hidden = {.kind = Kind::Linear}, .loss = Loss::CrossEntropy};
        Net net({2, 2, 3});
        net.layer(1).weights << 1e6, 0, 0, 0, 1e6, 0;
        net.layer(2).weights << 1e3, 0, 0, 0, 1e3, 0, -1e3, -1e3, 0;
        Batch<double> x(2, 2);
        x << 1e3, -1e3, 0, 1e3;
        const Batch<double> y = classes(3, 2);
        net.forward(s, x);
        net.backward(s, y);
        QVERIFY(std::isfinite(net.loss(s, y)));
        QVERIFY(net.layer(2).delta.allFinite());
        QVERIFY(net.layer(2).delta.colwise().sum().cwiseAbs().maxCoeff() < 1e-12);
        QVERIFY(std::abs(net.layer(2).delta(0, 0)) < 1e-12); // sure, and right
    }

    void singlePrecisionFollowsDoublePrecision()
    {
        const Settings s{.hidden = {.kind = Kind::SoftLif}, .loss = Loss::CrossEntropy};
        Net net({6, 5, 3});
        FeedforwardNet<float> single({6, 5, 3});
        net.start(2, 1);
        single.start(2, 1);
        const Batch<double> x = noise(6, 4, 9), y = classes(3, 4);
        net.forward(s, x);
        net.backward(s, y);
        single.forward(s, x.cast<float>());
        single.backward(s, y.cast<float>());
        QVERIFY(distance(net.layer(1).gradient, single.layer(1).gradient.cast<double>()) < 1e-4);
        QVERIFY(std::abs(net.loss(s, y) - single.loss(s, y.cast<float>())) < 1e-5);
    }

private:
    static void compareGradients(Settings s, Net& bp, Rule rule, Net& other)
    {
        const Batch<double> x = noise(6, 7, 8), y = classes(3, 7);
        bp.forward(s, x);
        bp.backward(s, y);
        s.rule = rule;
        other.forward(s, x);
        other.backward(s, y);
        for (int l = 1; l <= bp.layers(); ++l)
            QVERIFY(distance(bp.layer(l).gradient, other.layer(l).gradient) < 1e-12);
    }
};

QTEST_APPLESS_MAIN(TestFeedforward)
#include "tst_feedforward.moc"
