// Spiking predictive coding: its golden file, what its errors and its feedback are worth, its
// phases. P22 and P23 of the specification.
#include "sim/base/error.h"
#include "sim/spiking_predictive/spiking_predictive.h"
#include "sim/watch/evaluation.h"
#include "tests/engine/lif/lif_run.h"
#include "tests/engine/spiking_predictive/golden_net.h"

#include <QTest>

#include <cmath>
#include <map>

using namespace apical;
using test::goldenNet;
using test::layer;
using test::make;
using test::own;
using test::readProbe;
using List = std::vector<double>;

namespace {

constexpr double kTolerance = 1e-12;

/// W_up of a layer times a column or its transpose, without the bias.
List transposedTimes(const Matrix& w, const List& e, int samples)
{
    const int below = w.cols - 1;
    List out(static_cast<std::size_t>(below * samples), 0.0);
    for (int i = 0; i < below; ++i)
        for (int k = 0; k < samples; ++k)
            for (int j = 0; j < w.rows; ++j)
                out[static_cast<std::size_t>(i * samples + k)] +=
                    w(j, i) * e[static_cast<std::size_t>(j * samples + k)];
    return out;
}

} // namespace

class SpikingPredictiveTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itReplaysTheGoldenNet()
    {
        const auto golden = golden::read("pc_spc_small");
        Experiment e = goldenNet(golden);
        Simulation run(e);
        const auto check = [&](const nlohmann::json& row,
                               std::initializer_list<std::string> probes) {
            std::size_t at = 0;
            for (const std::string& probe : probes) {
                const double off =
                    golden::worst(golden::batch(row[at++]).values, readProbe(run, probe));
                QVERIFY2(off < kTolerance, qPrintable(QString::fromStdString(probe)));
            }
        };
        double errors = 0, values = 0;
        std::map<std::string, List> before;
        const auto countSpikes = [&](const char* what, int layers) {
            double sum = 0;
            for (int l = 1; l <= layers; ++l) {
                List& then = before[layer(l, what)];
                const List now = readProbe(run, layer(l, what));
                then.resize(now.size());
                for (std::size_t i = 0; i < now.size(); ++i)
                    sum += std::abs(now[i] - then[i]);
                then = now;
            }
            return sum;
        };
        for (const auto& row : golden.at("phaseA")) {
            make(run, 1);
            check(row,
                {"layer1.prediction", "layer2.prediction", "layer3.prediction", "layer1.trace",
                    "layer2.trace"});
            values += countSpikes("spikes", 2);
        }
        QCOMPARE(readProbe(run, "spc.phase")[0], 0.0);
        for (const auto& row : golden.at("phaseB")) {
            make(run, 1);
            check(row,
                {"layer1.value", "layer2.value", "layer1.error_trace", "layer2.error_trace",
                    "layer3.error_trace"});
            errors += countSpikes("error_spikes", 3);
            values += countSpikes("spikes", 2);
        }
        QCOMPARE(readProbe(run, "spc.phase")[0], 1.0);
        QCOMPARE(errors, golden.at("n_err_spikes").get<double>());
        QCOMPARE(values, golden.at("n_value_spikes").get<double>());
        QCOMPARE(measuresOf(run.model())[0], errors / 4);
        for (int l = 1; l <= 3; ++l) {
            const auto k = static_cast<std::size_t>(l - 1);
            const auto same = [&](const char* key, std::size_t i, const char* probe) {
                const double off = golden::worst(
                    golden::batch(golden.at(key)[i]).values, readProbe(run, layer(l, probe)));
                QVERIFY2(off < kTolerance, probe);
            };
            same("mu_latched", k, "latched");
            same("e_mean", k, "error_mean");
            if (l < 3)
                same("y_mean", k + 1, "trace_mean");
            const Matrix gradient = golden::withBias(
                golden::batch(golden.at("gW")[k]), golden::batch(golden.at("gb")[k]));
            QVERIFY(golden::worst(gradient.values, readProbe(run, layer(l, "G_up"))) < kTolerance);
        }
    }

    /// P22: the mean of the error traces is delta, up to a part of a spike.
    void errorsAreExactUpToAQuantumOverTheTime()
    {
        const auto golden = golden::read("pc_spc_small");
        for (const double q : {4.0, 2.0}) {
            for (const double time : {200.0, 500.0, 1000.0}) {
                Experiment e = goldenNet(golden);
                own(e).phaseA = 200;
                own(e).phaseB = time;
                own(e).window = 80;
                own(e).quantum = q;
                Simulation run(e);
                make(run, static_cast<int>(200 + time));
                const SoftLif lif = softLifOf(own(e));
                List delta = readProbe(run, "target"); // minus delta, layer by layer from the top
                const List mu = readProbe(run, "layer3.latched");
                for (std::size_t k = 0; k < 4; ++k) {
                    double sum = 0;
                    for (std::size_t i = k; i < mu.size(); i += 4)
                        sum += std::exp(mu[i]);
                    for (std::size_t i = k; i < mu.size(); i += 4)
                        delta[i] -= std::exp(mu[i]) / sum;
                }
                double most = 0;
                for (int l = 3; l >= 1; --l) {
                    if (l < 3) {
                        delta = transposedTimes(
                            e.weights.given[static_cast<std::size_t>(l)].matrix, delta, 4);
                        const List j = readProbe(run, layer(l, "latched"));
                        for (std::size_t i = 0; i < j.size(); ++i)
                            delta[i] *= lif.gain() * lif.rate(j[i]).slope;
                    }
                    const List mean = readProbe(run, layer(l, "error_mean"));
                    for (std::size_t i = 0; i < mean.size(); ++i)
                        most = std::max(most, std::abs(mean[i] - delta[i]));
                }
                QVERIFY2(most <= 1.2 * q / (time - 80),
                    qPrintable(QString::number(most * (time - 80) / q)));
            }
        }
    }

    /// P23: whatever the gradients, K - W^T shrinks by 1 - d with each update.
    void kolenPollackFeedbackComesToTheTransposedWeights()
    {
        for (const char* optimizer : {"sgd", "adam"}) {
            Experiment e = goldenNet(golden::read("pc_spc_small"));
            own(e).feedback = feedback_kind::kolen_pollack;
            own(e).feedbackDecay = 0.03;
            setParameter(e.parameters, "learning.optimizer", std::string(optimizer), 3);
            setParameter(e.parameters, "learning.rate", 0.01, 3);
            Simulation run(e);
            const auto distance = [&run](int l) {
                const List k = readProbe(run, layer(l, "W_down")),
                           w = readProbe(run, layer(l + 1, "W_up"));
                const std::size_t rows = l == 1 ? 5 : 4, above = l == 1 ? 4 : 3;
                double sum = 0;
                for (std::size_t i = 0; i < rows; ++i)
                    for (std::size_t j = 0; j < above; ++j)
                        sum += std::pow(k[i * above + j] - w[j * (rows + 1) + i], 2);
                return std::sqrt(sum);
            };
            double first = distance(1), second = distance(2);
            const double start = measuresOf(run.model())[2];
            for (int update = 0; update < 20; ++update) {
                make(run, 100);
                QVERIFY(std::abs(distance(1) / first - 0.97) < 1e-12);
                QVERIFY(std::abs(distance(2) / second - 0.97) < 1e-12);
                first = distance(1);
                second = distance(2);
            }
            if (std::string_view(optimizer) == "sgd")
                continue; // its steps are too small to turn the weights in so few updates
            QVERIFY2(measuresOf(run.model())[2] > start,
                qPrintable(QStringLiteral("%1: %2 after %3")
                               .arg(QString::fromLatin1(optimizer))
                               .arg(measuresOf(run.model())[2])
                               .arg(start)));
        }
    }

    void feedbackOfThreeKinds()
    {
        std::map<int, List> gradients;
        for (const int kind : {0, 1, 2}) {
            Experiment e = goldenNet(golden::read("pc_spc_small"));
            own(e).feedback = kind;
            Simulation run(e);
            make(run, 100);
            gradients[kind] = readProbe(run, "layer1.G_up");
            QVERIFY(kind > 0 || measuresOf(run.model())[2] == 1);
            if (kind == feedback_kind::transpose)
                continue;
            // Feedback that is given as the transposed weights is the transposed weights.
            for (int l = 1; l <= 2; ++l) {
                const Matrix& up = e.weights.given[static_cast<std::size_t>(l)].matrix;
                Matrix down(up.cols - 1, up.rows);
                for (int i = 0; i < down.rows; ++i)
                    for (int j = 0; j < down.cols; ++j)
                        down(i, j) = up(j, i);
                e.weights.given.push_back({layer(l, "W_down"), down});
            }
            Simulation same(e);
            make(same, 100);
            QVERIFY(golden::worst(gradients[0], readProbe(same, "layer1.G_up")) < kTolerance);
        }
        QVERIFY(golden::worst(gradients[0], gradients[1]) > 1e-3);
    }

    /// Without dither small errors are lost; with it the count is right in the mean.
    void ditherLetsSmallErrorsThrough()
    {
        const auto spikes = [](bool dither) {
            Experiment e = goldenNet(golden::read("pc_spc_small"));
            own(e).quantum = 200; // errors of less than 1.7 spike never without it
            own(e).dither = dither;
            Simulation run(e);
            double sum = 0;
            for (int presentation = 0; presentation < 60; ++presentation) {
                make(run, 100);
                sum += measuresOf(run.model())[0];
            }
            return sum / 60;
        };
        QCOMPARE(spikes(false), 0.0);
        // The output errors of the file's net add up to about 2.3 in a sample: 60 ms / 200 ms each.
        QVERIFY(spikes(true) > 0.2 && spikes(true) < 1.5);
    }

    void strictIsAnotherInference()
    {
        Experiment e = goldenNet(golden::read("pc_spc_small"));
        Simulation latched(e);
        own(e).strict = true;
        Simulation strict(e);
        make(latched, 40);
        make(strict, 40);
        QVERIFY(readProbe(latched, "layer2.latched") == readProbe(strict, "layer2.latched"));
        make(latched, 60);
        make(strict, 60);
        QVERIFY(readProbe(latched, "layer2.prediction") == readProbe(latched, "layer2.latched"));
        QVERIFY(readProbe(strict, "layer2.prediction") != readProbe(strict, "layer2.latched"));
        const List a = readProbe(latched, "layer2.G_up"), b = readProbe(strict, "layer2.G_up");
        double product = 0, aa = 0, bb = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            product += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        QVERIFY(product / std::sqrt(aa * bb) > 0.7);
        QVERIFY(a != b);
    }

    void phasesFollowTheBlock()
    {
        Experiment e = goldenNet(golden::read("pc_spc_small"));
        e.parameters.protocolTrain = 2;
        e.parameters.protocolValidation = 1;
        Simulation run(e);
        QCOMPARE(run.stepsInPattern(), 100u);
        make(run, 200);
        QCOMPARE(run.stepsInPattern(), 40u);
        make(run, 40);
        QCOMPARE(run.clock().pattern, std::uint64_t{3});
        QCOMPARE(run.stepsInPattern(), 100u);
    }

    void itLearns()
    {
        Experiment e = goldenNet(golden::read("pc_spc_small"));
        own(e).dither = true;
        setParameter(e.parameters, "learning.rate", 0.05, 3);
        Simulation run(e);
        const auto accuracy = [&run](const char* name) {
            for (const auto& [key, value] : evaluate(run, Block::Train).further)
                if (key == name)
                    return value;
            return -1.0;
        };
        const double before = evaluate(run, Block::Train).mean.loss;
        make(run, 40 * 100);
        QVERIFY(evaluate(run, Block::Train).mean.loss < before / 2);
        for (const char* name : {"test_accuracy", "test_accuracy_spiking", "test_accuracy_soft"})
            QCOMPARE(accuracy(name), 1.0);
    }

    void stateOfBothPhasesComesBack()
    {
        for (const bool strict : {false, true}) {
            for (const int at : {17, 73, 100}) {
                Experiment e = goldenNet(golden::read("pc_spc_small"));
                own(e).strict = strict;
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

    void whatDoesNotGoTogetherIsRefused()
    {
        const auto keyOf = [](auto&& change) {
            Experiment e = goldenNet(golden::read("pc_spc_small"));
            change(own(e));
            try {
                Simulation run(e);
            } catch (const InputError& error) {
                return QString::fromStdString(error.fields().key).section(u'.', -2);
            }
            return QString();
        };
        QCOMPARE(keyOf([](auto& p) { p.window = 60; }), QStringLiteral("spc.t_w"));
        QCOMPARE(keyOf([](auto& p) { p.hidden = 0; }), QStringLiteral("activation.hidden"));
        QCOMPARE(keyOf([](auto& p) {
            p.loss = 0;
            p.output = 1;
        }),
            QStringLiteral("activation.output"));
        QVERIFY(keyOf([](auto&) {}).isEmpty());
    }
};

QTEST_GUILESS_MAIN(SpikingPredictiveTest)
#include "tst_spiking_predictive.moc"
