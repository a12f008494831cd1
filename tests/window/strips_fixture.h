// A fabricated run whose curves look like those of the self-predicting preset: no engine, no
// thread.
#pragma once

#include "sim/circuit/circuit_parameters.h"
#include "tests/circuit_lane.h"
#include "widgets/view/view.h"

#include <cmath>

namespace apical {

struct StripsFixture {
    History history;
    Scene scene;

    /// @param lanes 1 or 2 @param hidden hidden layers @param nowMs simulated so far
    explicit StripsFixture(int lanes = 1, int hidden = 1, double nowMs = 4120)
    {
        std::vector<Channel> channels;
        for (int lane = 0; lane < lanes; ++lane) {
            for (int l = 1; l <= hidden; ++l) {
                const std::string layer = "layer" + std::to_string(l);
                for (const char* part :
                    {".pyr.basal", ".pyr.soma", ".pyr.apical", ".pyr.apical_distal"})
                    for (int i = 0; i < 6; ++i)
                        channels.push_back({lane, layer + part, i});
                for (const char* part : {".inn.dendrite", ".inn.soma"})
                    for (int i = 0; i < 3; ++i)
                        channels.push_back({lane, layer + part, i});
                for (const char* metric :
                    {".apical_error", ".interneuron_error", ".feedback_weight_error",
                        ".feedforward_weight_error", ".fixed_point_distance",
                        ".feedback_weight_distance", ".feedforward_weight_distance"})
                    channels.push_back({lane, layer + metric, 0});
            }
            channels.push_back({lane, "input.rate", 0});
            channels.push_back({lane, "target", 0});
        }
        history = History(channels);
        const double dt = 0.1;
        const int binSteps = 20;
        const auto bins = static_cast<int>(nowMs / dt) / binSteps;
        std::vector<float> low(channels.size()), high(channels.size());
        for (int b = 0; b < bins; ++b) {
            const double end = (b + 1) * binSteps * dt;
            for (std::size_t c = 0; c < channels.size(); ++c) {
                const double value = curve(channels[c], end);
                const double half =
                    channels[c].probe.ends_with("error") || channels[c].probe.ends_with("distance")
                    ? 0.05 * value
                    : 0.02;
                low[c] = static_cast<float>(value - half);
                high[c] = static_cast<float>(value + half);
            }
            Bin bin;
            bin.firstStep = static_cast<std::uint64_t>(b) * binSteps;
            bin.steps = bin.samples = binSteps;
            bin.timeMs = end;
            bin.durationMs = binSteps * dt;
            history.append(bin, low, high);
        }
        scene.history = &history;
        scene.nowMs = scene.shownMs = nowMs;
        scene.viewBeginMs = 0;
        scene.viewEndMs = nowMs * 1.58;
        scene.selection = {Selection::Population::Pyramidal, 1, 2};
        Frame& frame = scene.frame;
        frame.sizes = {8};
        for (int l = 0; l < hidden; ++l)
            frame.sizes.push_back(6);
        frame.sizes.push_back(3);
        for (int lane = 0; lane < lanes; ++lane) {
            LaneFrame f;
            f.parameters = circuitParameterTable().defaults();
            test::CircuitValues values;
            f.name = lane == 0 ? "Sacramento" : "Latent Equilibrium";
            f.clock.timeMs = nowMs;
            f.clock.step = static_cast<std::uint64_t>(nowMs / dt);
            f.parameters.targetOn = false;
            f.parameters.presentationTime = 200;
            circuit(f.parameters).etaIp = {0.1};
            circuit(f.parameters).etaPi = {0.3};
            std::vector<SelfPredictionErrors> start;
            for (int l = 1; l <= hidden; ++l) {
                const std::string layer = "layer" + std::to_string(l);
                test::CircuitValues::Layer layerFrame;
                layerFrame.basal.assign(6, curve({lane, layer + ".pyr.basal", 2}, nowMs));
                layerFrame.soma.assign(6, curve({lane, layer + ".pyr.soma", 2}, nowMs));
                layerFrame.apical.assign(6, curve({lane, layer + ".pyr.apical", 2}, nowMs));
                layerFrame.apicalTopdown.assign(
                    6, curve({lane, layer + ".pyr.apical_distal", 2}, nowMs));
                values.layers.push_back(layerFrame);
                SelfPredictionErrors e;
                e.apical = curve({lane, layer + ".apical_error", 0}, nowMs);
                e.interneuron = curve({lane, layer + ".interneuron_error", 0}, nowMs);
                e.feedbackWeight = curve({lane, layer + ".feedback_weight_error", 0}, nowMs);
                e.feedforwardWeight = curve({lane, layer + ".feedforward_weight_error", 0}, nowMs);
                e.fixedPointDistance = curve({lane, layer + ".fixed_point_distance", 0}, nowMs);
                e.feedbackDistance = curve({lane, layer + ".feedback_weight_distance", 0}, nowMs);
                e.feedforwardDistance =
                    curve({lane, layer + ".feedforward_weight_distance", 0}, nowMs);
                values.errors.push_back(e);
                start.push_back({0.6, 0.7, 2, 0.3, 1.3});
            }
            values.layers.emplace_back();
            test::put(f, frame.sizes, values);
            frame.lanes.push_back(f);
            scene.startErrors.push_back(start);
        }
        scene.events.push_back({Event::Kind::Edit, 15900, 1590, -1, "eta.pi = 0.3"});
        scene.diagnosis.verdict = Verdict::Converging;
        scene.diagnosis.goalMs = nowMs * 1.4;
        scene.diagnosis.halfLifeMs = 900;
    }

    static double curve(const Channel& channel, double t)
    {
        const double lane = channel.lane * 0.7, s = t / 1000;
        const double layer = channel.probe.starts_with("layer2") ? 2.3 : 1.0;
        const double pattern = std::floor(t / 200), phase = std::fmod(t, 200.0) / 200;
        const double level = std::sin(pattern * 2.4 + channel.index + lane) * 0.7;
        const double before = std::sin((pattern - 1) * 2.4 + channel.index + lane) * 0.7;
        const double relaxed = before + (level - before) * (1 - std::exp(-phase * 12));
        const auto is = [&](const char* name) { return channel.probe.ends_with(name); };
        const double noise = 1 + 0.3 * std::sin(t * 0.37) * std::sin(t * 0.011);
        if (is("basal") || is("dendrite"))
            return 0.2 + relaxed;
        if (is("pyr.soma") || is("inn.soma"))
            return 0.1 + 0.6 * relaxed;
        if (is("pyr.apical"))
            return 0.6 * relaxed * std::exp(-s * 1.1);
        if (is("pyr.apical_distal"))
            return 0.4 + 0.3 * relaxed;
        if (is("apical_error"))
            return layer * 0.9 * std::exp(-s * (0.75 + lane)) * (1 + 2 * std::exp(-phase * 8))
                * noise;
        if (is("interneuron_error"))
            return layer * 0.05 * std::exp(-s * (1.25 + lane)) * (1 + 3 * std::exp(-phase * 8))
                * noise;
        if (is("weight_distance")) // of a target whose mean square is 1/2
            return std::sqrt(2
                * curve(
                    {channel.lane, channel.probe.substr(0, channel.probe.size() - 8) + "error", 0},
                    t));
        if (is("feedback_weight_error"))
            return 0.7 * std::exp(-std::max(0.0, s - 0.3) * (0.98 + lane));
        if (is("feedforward_weight_error"))
            return 0.6 * std::exp(-std::max(0.0, s - 0.3) * (1.08 + lane));
        if (is("fixed_point_distance"))
            return layer * 1.3 * std::exp(-std::max(0.0, s - 0.3) * (0.5 + lane));
        return relaxed;
    }
};

} // namespace apical
