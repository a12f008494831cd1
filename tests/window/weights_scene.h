// A fabricated session for tests of views: a small network whose lateral weights are on their way
// to the fixed point.
#pragma once

#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/self_prediction.h"
#include "tests/circuit_lane.h"
#include "widgets/view/view.h"

#include <cmath>

namespace apical::test {

/// Smooth, reproducible numbers in [-0.65, 0.65].
inline double wave(int layer, int r, int c)
{
    return 0.65 * std::sin(1.7 * r + 2.9 * c + 0.83 * layer + 0.4);
}

/// @param away 1 = lateral weights far from their targets, 0 = at the fixed point
inline LaneFrame laneOf(const std::vector<int>& sizes, double timeMs, double away)
{
    LaneFrame lane;
    lane.parameters = circuitParameterTable().defaults();
    CircuitValues values;
    const int layers = static_cast<int>(sizes.size()) - 1;
    lane.clock.timeMs = timeMs;
    lane.clock.step = static_cast<std::uint64_t>(timeMs * 10);
    lane.parameters.targetOn = false;
    circuit(lane.parameters).etaIp = {0.1};
    circuit(lane.parameters).etaPi = {0.3};
    values.input.assign(static_cast<std::size_t>(sizes[0]), 0.5);
    values.layers.resize(static_cast<std::size_t>(layers));
    const auto fill = [](int rows, int cols, int salt) {
        Matrix m(rows, cols);
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < cols; ++c)
                m(r, c) = wave(salt, r, c);
        return m;
    };
    for (int l = 1; l <= layers; ++l) {
        LayerWeights& w = values.layers[static_cast<std::size_t>(l) - 1].weights;
        const auto at = [&](int k) { return sizes[static_cast<std::size_t>(k)]; };
        w.up = fill(at(l), at(l - 1), l);
        if (l < layers)
            w.down = fill(at(l), at(l + 1), l + 10);
    }
    for (int l = 1; l < layers; ++l) {
        LayerWeights& own = values.layers[static_cast<std::size_t>(l) - 1].weights;
        const LayerWeights& next = values.layers[static_cast<std::size_t>(l)].weights;
        const double rho = selfPredictingScale(lane.parameters, l, layers);
        own.pi = own.down;
        own.ip = next.up;
        for (int r = 0; r < own.pi.rows; ++r)
            for (int c = 0; c < own.pi.cols; ++c)
                own.pi(r, c) = -own.down(r, c) + away * wave(l + 20, r + 1, c);
        for (int r = 0; r < own.ip.rows; ++r)
            for (int c = 0; c < own.ip.cols; ++c)
                own.ip(r, c) = rho * next.up(r, c) + away * wave(l + 30, c, r);
        SelfPredictionErrors errors;
        errors.feedforwardWeight = errors.feedbackWeight = 0.2 * away * away;
        errors.apical = away;
        errors.interneuron = 0.1 * away * away;
        values.errors.push_back(errors);
    }
    put(lane, sizes, values);
    return lane;
}

inline Frame frameOf(const std::vector<int>& sizes, double timeMs, double away)
{
    Frame frame;
    frame.sizes = sizes;
    frame.state = RunState::Running;
    frame.lanes = {laneOf(sizes, timeMs, away)};
    return frame;
}

/// Owns what a Scene points to.
struct WeightsScene {
    std::vector<Frame> past;
    Scene scene;

    explicit WeightsScene(std::vector<int> sizes = {8, 6, 3}, const Theme& theme = Theme::light())
    {
        for (int k = 0; k < 20; ++k)
            past.push_back(frameOf(sizes, 2100 + 100 * k, 0.5 * std::exp(-0.2 * k)));
        scene.frame = frameOf(sizes, 4120, 0.01);
        scene.past = &past;
        scene.theme = &theme;
        scene.selection = {Selection::Population::Pyramidal, 1, 2};
        scene.nowMs = scene.shownMs = 4120;
    }
};

/// Every weight times `factor`, as large nets start.
inline void scaleWeights(Frame& frame, double factor)
{
    for (LaneFrame& lane : frame.lanes)
        for (Matrix& m : lane.weights)
            for (double& v : m.values)
                v *= factor;
}

} // namespace apical::test
