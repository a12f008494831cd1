// Golden files of predictive coding and batch normalisation through the headless program: preset
// in, traces.csv out, within 1e-12.
#include "tests/golden_nets.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace Qt::StringLiterals;
using namespace apical;
using namespace apical::golden;

namespace {

struct Worst {
    double difference = 0;
    QByteArray where;
    int compared = 0;

    void see(const json& expected, const CsvTable& table, std::size_t row, const QByteArray& name)
    {
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const QByteArray element = name + '[' + QByteArray::number(qulonglong{i}) + ']';
            if (expected[i].is_array()) {
                see(expected[i], table, row, element);
                continue;
            }
            const double wanted = expected[i].get<double>(), actual = table.at(row, element);
            const double d = std::abs(wanted - actual) / std::max(1.0, std::abs(wanted));
            ++compared;
            if (!(d <= difference)) { // also for NaN
                difference = std::isnan(d) ? INFINITY : d;
                where = element + " in row " + QByteArray::number(qulonglong{row});
            }
        }
    }
};

QByteArray layer(std::size_t l, const char* what)
{
    return "layer" + QByteArray::number(qulonglong{l}) + '.' + what;
}

json perMs(const json& hertz)
{
    json all = json::array();
    for (const json& r : hertz)
        all.push_back(r.get<double>() / 1000);
    return all;
}

constexpr double kTolerance = 1e-12;

} // namespace

class CliNetsTest : public QObject {
    Q_OBJECT

    static void everyNet()
    {
        QTest::addColumn<QString>("name");
        for (const char* name :
            {"pc_net_tanh_se_pre", "pc_net_relu_ce_pre", "pc_net_sigmoid_se_post"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

private Q_SLOTS:
    void zilAgreesWithItsFile_data() { everyNet(); }
    void zilAgreesWithItsFile()
    {
        QFETCH(QString, name);
        const json file = golden::read(name.toStdString());
        Worst worst;
        for (const char* key : {"zil_gamma1", "zil_gamma0.5"}) {
            const json& zil = file.at(key);
            const CsvTable traces =
                Run(presetOf(file.at("net"),
                        {{"inference.schedule", "zil"}, {"inference.rate", zil.at("gamma")},
                            {"learning.rate", zil.at("lr")}}))
                    .traces();
            const json& steps = zil.at("steps");
            QCOMPARE(traces.rows.size(), steps.size());
            const std::size_t layers = zil.at("gW").size();
            for (std::size_t l = 1; l <= layers; ++l) {
                for (std::size_t t = 0; t < steps.size(); ++t) {
                    worst.see(rowsOf(steps[t].at("x")[l]), traces, t, layer(l, "value"));
                    worst.see(rowsOf(steps[t].at("eps")[l - 1]), traces, t, layer(l, "error"));
                    worst.see(json::array({steps[t].at("energy_per_layer_sum")[l - 1]}), traces, t,
                        layer(l, "energy"));
                }
                const std::size_t last = steps.size() - 1;
                worst.see(
                    withBias(zil["gW"][l - 1], zil["gb"][l - 1]), traces, last, layer(l, "G_up"));
                worst.see(withBias(zil["W_after"][l - 1], zil["b_after"][l - 1]), traces, last,
                    layer(l, "W_up"));
                const json& bp = file.at("bp");
                for (std::size_t t = 0; t < steps.size(); ++t) {
                    worst.see(withBias(bp["gW"][l - 1], bp["gb"][l - 1]), traces, t,
                        layer(l, "G_backprop"));
                    worst.see(rowsOf(bp["delta"][l - 1]), traces, t, layer(l, "delta_backprop"));
                }
            }
        }
        QVERIFY(worst.compared > 1000);
        QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
    }

    void inferenceAgreesWithItsFile_data() { everyNet(); }
    void inferenceAgreesWithItsFile()
    {
        QFETCH(QString, name);
        const json file = golden::read(name.toStdString());
        Worst worst;
        for (const char* key : {"il_unit", "il_weak_out", "il_mixed"}) {
            const json& il = file.at(key);
            const CsvTable traces =
                Run(presetOf(file.at("net"),
                        {{"inference.steps", il.at("T")}, {"inference.rate", il.at("gamma")},
                            {"inference.precision", il.at("pi")}, {"learning.rate", 0}}))
                    .traces();
            const json& steps = il.at("steps");
            QCOMPARE(traces.rows.size(), steps.size());
            for (std::size_t l = 1; l <= il.at("gW").size(); ++l) {
                for (std::size_t t = 0; t < steps.size(); ++t) {
                    worst.see(rowsOf(steps[t].at("x")[l]), traces, t, layer(l, "value"));
                    worst.see(rowsOf(steps[t].at("pi_eps")[l - 1]), traces, t,
                        layer(l, "weighted_error"));
                    worst.see(json::array({steps[t].at("energy_per_layer_sum")[l - 1]}), traces, t,
                        layer(l, "energy"));
                }
                worst.see(withBias(il["gW"][l - 1], il["gb"][l - 1]), traces, steps.size() - 1,
                    layer(l, "G_up"));
            }
        }
        QVERIFY(worst.compared > 1000);
        QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
    }

    void fixedPredictionsAgreeWithTheirFile_data() { everyNet(); }
    void fixedPredictionsAgreeWithTheirFile()
    {
        QFETCH(QString, name);
        const json file = golden::read(name.toStdString());
        Worst worst;
        for (const char* key : {"fixedpred_eta1_n3", "fixedpred_eta0.1_n100"}) {
            const json& fixed = file.at(key);
            const auto n = fixed.at("n").get<std::size_t>();
            json parameters{{"inference.schedule", "fixed-prediction"},
                {"inference.rate", fixed.at("eta")}, {"learning.rate", 0},
                {"inference.steps", n - 1}};
            const CsvTable learns = Run(presetOf(file.at("net"), parameters)).traces();
            parameters["inference.steps"] = n;
            const CsvTable ends = Run(presetOf(file.at("net"), parameters)).traces();
            for (std::size_t l = 1; l <= fixed.at("gW").size(); ++l) {
                worst.see(withBias(fixed["gW"][l - 1], fixed["gb"][l - 1]), learns, n - 1,
                    layer(l, "G_up"));
                worst.see(rowsOf(fixed["v"][l]), ends, n, layer(l, "value"));
            }
        }
        QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
    }

    void incrementalCodingAgreesWithItsFile_data() { everyNet(); }
    void incrementalCodingAgreesWithItsFile()
    {
        QFETCH(QString, name);
        const json file = golden::read(name.toStdString());
        const json& ipc = file.at("ipc");
        const CsvTable traces =
            Run(presetOf(file.at("net"),
                    {{"inference.schedule", "incremental"}, {"inference.rate", ipc.at("gamma")},
                        {"inference.steps", ipc.at("T")}, {"learning.rate", ipc.at("lr")}}))
                .traces();
        Worst worst;
        const json& steps = ipc.at("steps");
        QCOMPARE(traces.rows.size(), steps.size() + 1);
        for (std::size_t t = 0; t < steps.size(); ++t) {
            const json& w = steps[t].at("W_after");
            for (std::size_t l = 1; l <= w.size(); ++l) {
                worst.see(
                    withBias(w[l - 1], steps[t].at("b_after")[l - 1]), traces, t, layer(l, "W_up"));
                worst.see(rowsOf(steps[t].at("x_after")[l]), traces, t + 1, layer(l, "value"));
            }
        }
        QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
    }

    /// A net of which the first layer passes on what it is shown, and whose outputs have the
    /// gradient of the file: the target is chosen to make it so.
    void batchNormalisationAgreesWithItsFile()
    {
        const json file = golden::read("pc_batchnorm");
        const json z = rowsOf(file.at("Z"), true), y = rowsOf(file.at("Y"), true);
        const json dy = rowsOf(file.at("dY"), true);
        json targets = y, identity = json::array();
        const std::size_t units = z[0].size(), samples = z.size();
        for (std::size_t k = 0; k < samples; ++k) {
            for (std::size_t i = 0; i < units; ++i)
                targets[k][i] = y[k][i].get<double>() - dy[k][i].get<double>();
        }
        for (std::size_t i = 0; i < units; ++i) {
            identity.push_back(std::vector<double>(units + 1));
            identity[i][i] = 1.0;
        }
        const std::vector<double> zero(units, 0.0), one(units, 1.0);
        json preset{{"apical", 1}, {"title", "norm"}, {"summary", "norm"}, {"model", "feedforward"},
            {"network", {{"layers", {units, units, units}}}},
            {"parameters",
                {{"activation.hidden", "linear"}, {"norm.kind", "batch"},
                    {"norm.epsilon", file.at("eps")}, {"norm.momentum", file.at("momentum")},
                    {"batch.size", samples}, {"learning.rate", 0}}},
            {"weights",
                {{"up", {identity, identity}},
                    {"norm",
                        {{{"gain", columnOf(file.at("gamma"))},
                            {"shift", columnOf(file.at("beta"))}, {"mean", zero}, {"var", one}}}}}},
            {"stimulus",
                {{"kind", "patterns"}, {"order", "sequential"}, {"inputs", z},
                    {"targets", targets}}}};
        Worst worst;
        const CsvTable traces = Run(preset).traces();
        worst.see(rowsOf(file.at("Y")), traces, 0, "layer1.norm");
        worst.see(rowsOf(file.at("dZ")), traces, 0, "layer1.delta");
        const double mean = 1 / static_cast<double>(samples);
        worst.see(columnOf(file.at("dgamma"), mean), traces, 0, "layer1.G_gain");
        worst.see(columnOf(file.at("dbeta"), mean), traces, 0, "layer1.G_shift");
        worst.see(columnOf(file.at("batch_mean")), traces, 0, "layer1.norm_mean");
        worst.see(columnOf(file.at("batch_var_biased")), traces, 0, "layer1.norm_var");
        worst.see(columnOf(file.at("running_mean1")), traces, 0, "layer1.norm_running_mean");
        worst.see(columnOf(file.at("running_var1_unbiased_update")), traces, 0,
            "layer1.norm_running_var");
        // The fused layer.
        const json& fusion = file.at("fusion");
        const json inputs = rowsOf(fusion.at("A"), true);
        preset["network"]["layers"] = {inputs[0].size(), units, units};
        preset["parameters"]["batch.size"] = inputs.size();
        preset["parameters"]["learning.on"] = false;
        preset["weights"]["up"][0] = withBias(fusion.at("W"), fusion.at("b"));
        preset["weights"]["norm"][0]["mean"] = columnOf(file.at("running_mean1"));
        preset["weights"]["norm"][0]["var"] = columnOf(file.at("running_var1_unbiased_update"));
        preset["stimulus"]["inputs"] = inputs;
        preset["stimulus"]["targets"] = std::vector<std::vector<double>>(inputs.size(), zero);
        for (const bool fused : {false, true}) {
            preset["parameters"]["norm.fused"] = fused;
            const CsvTable evaluated = Run(preset).traces();
            worst.see(rowsOf(fusion.at("Y_eval")), evaluated, 0, "layer1.norm");
            worst.see(withBias(fusion.at("W_fused"), fusion.at("b_fused")), evaluated, 0,
                "layer1.W_fused");
        }
        QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
    }

    /// One unit per parameter, of an input that is 1: the gradient is the answer minus the target,
    /// which is chosen to make it the file's.
    void optimizersAgreeWithTheirFile()
    {
        const json file = golden::read("pc_optim");
        Worst worst;
        for (const char* name : {"sgd", "momentum", "adam"}) {
            const json& expected = file.at(name);
            json targets = json::array(), start = file.at("p0"), up = json::array();
            for (const json& w : start)
                up.push_back({w, 0.0});
            for (std::size_t t = 0; t < file.at("grads").size(); ++t) {
                const json& now = t == 0 ? start : expected.at("p")[t - 1];
                targets.push_back(json::array());
                for (std::size_t i = 0; i < now.size(); ++i)
                    targets[t].push_back(now[i].get<double>() - file["grads"][t][i].get<double>());
            }
            const json preset{{"apical", 1}, {"title", "optimizer"}, {"summary", "optimizer"},
                {"model", "feedforward"}, {"network", {{"layers", {1, start.size()}}}},
                {"parameters",
                    {{"batch.size", 1}, {"bias.on", false}, {"learning.optimizer", name},
                        {"learning.rate", expected.at("lr")},
                        {"learning.momentum", expected.value("mu", 0.9)}}},
                {"weights", {{"up", {up}}}},
                {"stimulus",
                    {{"kind", "patterns"}, {"order", "sequential"},
                        {"inputs", std::vector<std::vector<double>>(targets.size(), {1.0})},
                        {"targets", targets}}}};
            const CsvTable traces = Run(preset, u"all"_s, int(targets.size())).traces();
            for (std::size_t t = 0; t < targets.size(); ++t) {
                for (std::size_t i = 0; i < start.size(); ++i)
                    worst.see(json::array({expected.at("p")[t][i]}), traces, t,
                        "layer1.W_up[" + QByteArray::number(qulonglong{i}) + ']');
            }
        }
        QVERIFY(worst.compared == 45);
        QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
    }

    /// One unit per current, which is its bias; the error of the output is 1, so deltas are slopes.
    void softLifAgreesWithItsFile()
    {
        const json file = golden::read("pc_softlif");
        Worst worst;
        const auto compare = [&](const json& curve, const std::string& smoothing,
                                 double threshold) {
            const json& currents = file.at("j");
            json hidden = json::array(), out = json::array();
            double sum = 0;
            for (std::size_t i = 0; i < currents.size(); ++i) {
                hidden.push_back({0.0, currents[i]});
                out.push_back(1.0);
                sum += curve.at("r")[i].get<double>() / 1000; // rates are per ms
            }
            out.push_back(0.0);
            const json preset{{"apical", 1}, {"title", "soft LIF"}, {"summary", "soft LIF"},
                {"model", "feedforward"}, {"network", {{"layers", {1, currents.size(), 1}}}},
                {"parameters",
                    {{"activation.hidden", "softlif"}, {"batch.size", 1}, {"learning.rate", 0},
                        {"softlif.smoothing", std::stod(smoothing)}, {"lif.threshold", threshold},
                        {"lif.tau_rc", file.at("tau_rc").get<double>() * 1000},
                        {"lif.t_ref", file.at("t_ref").get<double>() * 1000},
                        {"lif.amplitude", 1}}},
                {"weights", {{"up", {hidden, {out}}}}},
                {"stimulus",
                    {{"kind", "patterns"}, {"inputs", {{0.0}}}, {"targets", {{sum - 1}}}}}};
            const CsvTable traces = Run(preset).traces();
            worst.see(perMs(curve.at("r")), traces, 0, "layer1.activation");
            worst.see(perMs(curve.at("dr_dj")), traces, 0, "layer1.delta");
        };
        for (const auto& [smoothing, curve] : file.at("gammas").items())
            compare(curve, smoothing, file.at("v_th").get<double>());
        const json& other = file.at("vth2");
        compare(
            other, std::to_string(other.at("gamma").get<double>()), other.at("v_th").get<double>());
        QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
    }

    /// gamma at 1.95 and 2.05 over the largest curvature of a linear net.
    void aRateBeyondItsLimitDivergesAndKeepsTheLastGoodState()
    {
        json net = golden::read("pc_net_tanh_se_pre").at("net");
        net["act"] = {"linear", "linear", "linear"};
        const auto limit = Run(presetOf(net, {{"inference.steps", 0}, {"learning.rate", 0}}))
                               .traces()
                               .at(0, "inference.rate_limit[0]");
        json parameters{
            {"inference.steps", 20000}, {"learning.rate", 0}, {"inference.rate", 0.975 * limit}};
        const QString energies = u"energy,equilibrium.energy"_s;
        const CsvTable falls = Run(presetOf(net, parameters), energies).traces();
        double before = INFINITY;
        for (std::size_t t = 0; t < 500; ++t) {
            const double now = falls.at(t, "energy[0]");
            QVERIFY(now <= before * (1 + 1e-13));
            before = now;
        }
        QVERIFY(
            std::abs(falls.at(20000, "energy[0]") - falls.at(0, "equilibrium.energy[0]")) < 1e-10);
        parameters["inference.rate"] = 1.025 * limit;
        parameters["inference.steps"] = 90000;
        const Run grows(presetOf(net, parameters), energies);
        QCOMPARE(grows.result.exitCode, 3);
        QVERIFY2(grows.result.err.contains("inference.rate"), grows.result.err.constData());
        const CsvTable kept(grows.path(u"out/traces.csv"_s));
        QVERIFY(kept.rows.size() > 1000);
        QVERIFY(std::isfinite(kept.at(kept.rows.size() - 1, "energy[0]")));
        QVERIFY(kept.at(kept.rows.size() - 1, "energy[0]") > 1e250);
    }
};

QTEST_APPLESS_MAIN(CliNetsTest)
#include "tst_cli_nets.moc"
