// A made-up instant of a network for the tests of the circuit, the inspector and the loudest list.
#pragma once

#include "sim/circuit/circuit_parameters.h"
#include "tests/circuit_lane.h"
#include "widgets/view/view.h"

#include <cmath>

namespace apical::made_up {

/// Deterministic values in about [-1, 1].
inline double value(int a, int b, int c = 0)
{
    return std::sin(1.7 * a + 2.3 * b + 0.9 * c + 0.4);
}

inline std::vector<double> vector(int n, int kind, double size = 1)
{
    std::vector<double> values(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i)
        values[static_cast<std::size_t>(i)] = size * value(i, kind);
    return values;
}

inline Matrix matrix(int rows, int cols, int kind)
{
    Matrix m(rows, cols);
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < cols; ++c)
            m(r, c) = 0.6 * value(r, c, kind);
    return m;
}

inline double rate(double u)
{
    return std::log1p(std::exp(u));
}

inline std::vector<double> rates(std::vector<double> values)
{
    for (double& v : values)
        v = rate(v);
    return values;
}

/// A lane whose dendrites follow from its weights and rates, and whose somata follow from one Euler
/// step.
inline LaneFrame lane(const std::vector<int>& sizes, bool nudged = false)
{
    LaneFrame lane;
    lane.parameters = circuitParameterTable().defaults();
    test::CircuitValues values;
    const int last = static_cast<int>(sizes.size()) - 1;
    const auto n = [&](int l) { return sizes[static_cast<std::size_t>(l)]; };
    circuit(lane.parameters).etaPi = {0.3};
    circuit(lane.parameters).etaIp = {0.1};
    circuit(lane.parameters).etaUp = {0};
    circuit(lane.parameters).etaDown = {0};
    lane.nudged = nudged;
    values.input = vector(n(0), 3, 0.5);
    for (double& x : values.input)
        x = std::abs(x);
    values.target = vector(n(last), 5);
    for (int l = 1; l <= last; ++l) {
        test::CircuitValues::Before before;
        before.soma = vector(n(l), 10 + l, 0.8);
        before.broadcast = vector(n(l), 10 + l, 0.9);
        before.rate = rates(before.broadcast);
        if (l < last) {
            before.innSoma = vector(n(l + 1), 30 + l, 0.7);
            before.innRate = rates(before.innSoma);
        }
        values.before.push_back(before);
    }
    const Parameters& p = lane.parameters;
    const auto times = [](const Matrix& w, int row, const std::vector<double>& r) {
        double sum = 0;
        for (int c = 0; c < w.cols; ++c)
            sum += w(row, c) * r[static_cast<std::size_t>(c)];
        return sum;
    };
    for (int l = 1; l <= last; ++l) {
        const auto& before = values.before[static_cast<std::size_t>(l - 1)];
        test::CircuitValues::Layer layer;
        layer.weights.up = matrix(n(l), n(l - 1), l);
        const auto& below =
            l == 1 ? values.input : values.before[static_cast<std::size_t>(l - 2)].rate;
        if (l < last) {
            layer.weights.down = matrix(n(l), n(l + 1), 40 + l);
            layer.weights.pi = layer.weights.down;
            for (double& w : layer.weights.pi.values)
                w = -0.97 * w;
            layer.weights.ip = matrix(n(l + 1), n(l), 50 + l);
        }
        for (int i = 0; i < n(l); ++i) {
            const double basal = times(layer.weights.up, i, below);
            const double u = before.soma[static_cast<std::size_t>(i)];
            layer.basal.push_back(basal);
            double change = circuit(p).basal * basal - (circuit(p).leak + circuit(p).basal) * u;
            if (l < last) {
                const auto& next = values.before[static_cast<std::size_t>(l)];
                layer.apicalTopdown.push_back(times(layer.weights.down, i, next.rate));
                layer.apicalLateral.push_back(times(layer.weights.pi, i, before.innRate));
                layer.apical.push_back(layer.apicalTopdown.back() + layer.apicalLateral.back());
                change += circuit(p).apical * (layer.apical.back() - u);
            } else {
                const double pull = nudged
                    ? values.target[static_cast<std::size_t>(i)]
                    : circuit(p).basal * basal / (circuit(p).leak + circuit(p).basal);
                change += circuit(p).nudging * (pull - u);
            }
            layer.soma.push_back(u + p.dt * change);
        }
        layer.prospective = layer.soma;
        layer.rate = rates(layer.soma);
        for (int i = 0; l < last && i < n(l + 1); ++i) {
            const auto k = static_cast<std::size_t>(i);
            const double dendrite = times(layer.weights.ip, i, before.rate);
            const double u = before.innSoma[k];
            const double above = values.before[static_cast<std::size_t>(l)].broadcast[k];
            layer.innDendrite.push_back(dendrite);
            layer.innSoma.push_back(u
                + p.dt
                    * (circuit(p).basal * dendrite + circuit(p).nudging * above
                        - (circuit(p).leak + circuit(p).basal + circuit(p).nudging) * u));
        }
        layer.innProspective = layer.innSoma;
        layer.innRate = rates(layer.innSoma);
        values.layers.push_back(layer);
    }
    test::put(lane, sizes, values);
    return lane;
}

inline Scene scene(const std::vector<int>& sizes, bool nudged = false)
{
    Scene scene;
    scene.frame.sizes = sizes;
    scene.frame.lanes = {lane(sizes, nudged)};
    return scene;
}

} // namespace apical::made_up
