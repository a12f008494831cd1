// The rows of predictive coding: those of all networks, and inference.
#include "sim/base/error.h"
#include "sim/experiment/setting_text.h"
#include "sim/network/network_anatomy.h"
#include "sim/predictive/predictive.h"

#include <string>

namespace apical {
namespace {

using P = PredictiveParameters;
using std::string;
constexpr auto kFriston = "Whittington, Bogacz 2017", kSong = "Song et al. 2020";
constexpr auto kMillidge = "Millidge et al. 2022, Rosenbaum 2022";
constexpr auto Flag = ParameterKind::Flag;
constexpr auto Real = ParameterKind::Real;
constexpr auto Count = ParameterKind::Count;
constexpr auto Choice = ParameterKind::Choice;
constexpr auto PerLayer = ParameterKind::PerLayer;

std::vector<ParameterRow> rows()
{
    std::vector<ParameterRow> table = networkRows();
    rowOf(table, "norm.statistics").defaultValue = string("running");
    insertAfter(table, "loss.kind",
        {{"inference.mode", "Inference", "x", "value nodes", "1", Choice, string("pre"), 0, 1,
             false, 0, 1, false, true, {"pre", "post"}, &P::mode,
             "pre: values stand before the activation, mu = W f(x); post: behind it, mu = f(W x).",
             kMillidge},
            {"inference.schedule", "Inference", "W(t)", "schedule", "1", Choice, string("il"), 0, 3,
                false, 0, 1, false, true, {"il", "zil", "fixed-prediction", "incremental"},
                &P::schedule,
                "When weights change: il, fixed-prediction: at the last read; zil: layer N - t at "
                "t; incremental: at every read but the last.",
                "Whittington, Bogacz 2017; Song et al. 2020; Millidge et al. 2022; Salvatori et "
                "al. 2024"},
            {"inference.steps", "Inference", "T", "moves", "1", Count, 20.0, 0, 100000, false, 0,
                200, false, true, {}, &P::steps,
                "Moves of the value nodes, T + 1 reads. Z-IL has as many as there are layers.",
                kFriston},
            {"inference.rate", "Inference", "&gamma;", "rate", "1", Real, 0.1, 0, 100, false, 1e-3,
                2, true, true, {}, &P::inferenceRate,
                "Step of the values down the energy. Z-IL is backprop at 1. Beyond 2 / lambda_max "
                "of the energy's curvature it diverges.",
                kFriston},
            {"inference.precision", "Inference", "&pi;", "precision", "1", PerLayer,
                std::vector<double>{1}, 1e-12, 1e12, false, 1e-3, 10, true, true, {}, &P::precision,
                "Weight of a layer's errors, one over their variance; one number or one per "
                "target layer.",
                kFriston},
            {"inference.halve_on_rise", "Inference", "&gamma;/2", "halve on rise", "1", Flag, false,
                0, 1, false, 0, 1, false, true, {}, &P::halveOnRise,
                "Halves the rate for the rest of a presentation whenever the energy does not fall.",
                "Song et al. 2024"},
            {"inference.start_noise", "Inference", "&sigma;", "start noise", "1", Real, 0.0, 0, 10,
                false, 0, 0.5, false, true, {}, &P::startNoise,
                "Standard deviation added to the hidden values at the start. Z-IL is no longer "
                "backprop then.",
                kSong},
            {"zil.late", "Inference", "m", "late by", "1", Count, 0.0, 0, 1000, false, 0, 5, false,
                true, {}, &P::late,
                "Reads by which each layer's weights change too late. Z-IL is no longer backprop "
                "then.",
                kSong},
            {"zil.updates", "Inference", "x(t)", "nodes moved", "1", Choice, string("all"), 0, 1,
                false, 0, 1, false, true, {"all", "lazy"}, &P::updates,
                "lazy: only the layer whose turn it is is read and moves, which costs as much as "
                "backprop; the others show their last read. Nothing may be late then.",
                kSong},
            {"zil.write", "Inference", "W", "writing", "1", Choice, string("at-once"), 0, 1, false,
                0, 1, false, true, {"at-once", "at-end"}, &P::write,
                "Weights change when their layer was read, or all at the end. Same gradients.",
                kSong}});
    return table;
}

} // namespace

const ParameterTable& predictiveParameterTable()
{
    static const ParameterTable table(
        "predictive-coding", rows(), FamilyValue(PredictiveParameters{}));
    return table;
}

int predictiveSteps(const std::vector<int>& sizes, const Parameters& p, bool training)
{
    const auto layers = static_cast<int>(sizes.size()) - 1;
    return training ? p.family<PredictiveParameters>().lastRead(layers) + 1 : 1;
}

void checkPredictive(const Parameters& parameters)
{
    checkNetwork(parameters);
    const auto& p = parameters.family<PredictiveParameters>();
    if (p.mode == inference_mode::pre && p.output != 0)
        throw InputError({.problem = settingText(parameters, "activation.output")
                + " does not go with inference.mode = pre, whose target is what the outputs "
                  "receive",
            .key = "activation.output",
            .allowed = "linear, or inference.mode = post"});
    if (p.normalizes() && p.batchStatistics())
        throw InputError(
            {.problem = "norm.statistics = batch is not local to a sample, as inference is",
                .key = "norm.statistics",
                .allowed = "running"});
}

Anatomy predictiveAnatomy(const std::vector<int>& sizes, const Parameters& p)
{
    const auto& own = p.family<PredictiveParameters>();
    Anatomy a = networkAnatomy(sizes, own);
    const int outputs = static_cast<int>(sizes.size()) - 1;
    for (int l = 1; l <= outputs; ++l) {
        const std::string name = layerName(l) + '.';
        addForward(a, l);
        a.projections.push_back({name + "G_backprop", "G_backprop", l - 1, l, true, "", "", false});
        if (own.normalizes() && l < outputs)
            addNormWeights(a, l, outputs + 1);
        for (const char* what : {"value", "prediction", "error", "weighted_error"})
            addQuantity(a, name + what, l);
        addQuantity(a, name + "delta_backprop", l);
        a.quantities.back().label = "delta of backprop";
        a.quantities.back().watched = false;
        if (l == outputs)
            addQuantity(a, name + "answer", l);
        const int energy = a.add(Anatomy::Population{name + "energy", l, "energy", 1});
        addQuantity(a, name + "energy", energy, Anatomy::Form::Level, false);
        a.quantities.back().label = "energy of the batch";
        a.measures.push_back({name + "energy", l, "energy", "1"});
    }
    addTargetAndLoss(a);
    const auto number = [&](const char* name, const char* label) {
        addQuantity(a, name, a.add(Anatomy::Population{name, outputs + 1, name, 1}),
            Anatomy::Form::Level, false);
        a.quantities.back().label = label;
    };
    number("energy", "total energy of the batch");
    number("inference.t", "read t of the inference");
    if (own.hidden == 3 && own.output == 0 && outputs > 1) { // linear: there are closed forms
        number("equilibrium.energy", "F* of the batch, in closed form");
        number("inference.rate_limit", "largest rate, 2/lambda_max");
        a.projections.push_back(
            {"equilibrium.covariance", "S", outputs, outputs, false, "", "", false});
    }
    a.measures.push_back({"energy", outputs, "total energy", "1"});
    a.measures.push_back({"energy_rises", outputs, "energy rises", "1", 0});
    return a;
}

} // namespace apical
