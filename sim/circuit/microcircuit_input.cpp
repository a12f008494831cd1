// The input of the first layer, and the product with its W_up, the largest matrix of most networks.
//
// While the input x stands still, W_up is needed only as W_up x. With q the post factor of a step,
//   begin       v_B = W_up x     E = 0
//   each step   v_B += q (x.x)   E += q
//   end         W_up += E x^T
// is the same to rounding, and touches the matrix once per presentation, where x is not 0. It holds
// as long as no weight meets its clip; where one would, the plain step takes over. Whoever reads
// the weights in between is given W_up + E x^T, and nothing changes by that.
//
// Small inputs gain nothing by it and keep the plain step.
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/microcircuit.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

// v_B is multiplied out anew so often even if the input never changes, so that rounding errors do
// not pile up.
constexpr int kMostHeldSteps = 1000;

// x <- x + (dt / tau)(X - x); a filter no slower than the step is off and jumps to X exactly.
template <class T> void lowPass(T* x, std::span<const double> to, double dt, double tau)
{
    if (tau <= dt) {
        for (std::size_t i = 0; i < to.size(); ++i)
            x[i] = static_cast<T>(to[i]);
        return;
    }
    const T factor = static_cast<T>(dt / tau);
    for (std::size_t i = 0; i < to.size(); ++i)
        x[i] += factor * (static_cast<T>(to[i]) - x[i]);
}

} // namespace

template <class T> bool Microcircuit<T>::inputCanStandStill(const Parameters& p)
{
    const CircuitParameters& c = circuit(p);
    return c.inputTau <= p.dt && !(c.latentEquilibrium && c.inputLookAhead)
        && c.filterTau(c.plasticityTauUp) <= 0;
}

template <class T> void Microcircuit<T>::lowPassTarget(std::span<const double> target, bool jump)
{
    lowPass(m_targetNext, target, m_parameters.dt, jump ? 0 : circuit(m_parameters).targetTau);
}

template <class T> bool Microcircuit<T>::standsStill(const Drive& drive) const
{
    if (!m_heldChange || m_flags[kHold] == T(Hold::none))
        return false;
    if (drive.inputHeld)
        return true;
    for (std::size_t i = 0; i < drive.input.size(); ++i) {
        if (m_input[i] != static_cast<T>(drive.input[i]))
            return false;
    }
    return true;
}

template <class T> void Microcircuit<T>::receive(std::span<const double> input, bool jump)
{
    const Parameters& p = m_parameters;
    const CircuitParameters& c = circuit(p);
    // As every neuron's: x + tau_eff dx/dt with x and dx/dt before the Euler step.
    const bool ahead = c.latentEquilibrium && c.inputLookAhead && !jump;
    if (ahead) {
        const T reach = static_cast<T>(1 / (c.totalHidden() * std::max(c.inputTau, p.dt)));
        for (std::size_t i = 0; i < input.size(); ++i)
            m_input[i] = m_filtered[i] + reach * (static_cast<T>(input[i]) - m_filtered[i]);
    }
    lowPass(m_filtered, input, p.dt, jump ? 0 : c.inputTau);
    if (!ahead)
        std::copy_n(m_filtered, input.size(), m_input);
}

template <class T> T Microcircuit<T>::largestFirstWeight() const
{
    const WeightBlock<T>& w = m_layers.front().up.weights;
    T most = 0;
    for (int j = 0; j < w.cols; ++j) {
        for (int i = 0; i < w.rows; ++i)
            most = std::max(most, std::abs(w.at(i, j)));
    }
    return most;
}

// Bounds it from above; looks at the weights themselves only if that is not enough.
template <class T> bool Microcircuit<T>::staysWithinClip()
{
    const Pathway& up = m_layers.front().up;
    if (up.clip == static_cast<T>(kNone))
        return true;
    const int n = padded<T>(up.weights.rows);
    const Kernels<T>& k = kernels<T>();
    const T change = (k.largest(m_heldChange, n) + (up.due ? k.largest(up.post, n) : T(0)))
        * m_flags[kLargestInput];
    if (m_flags[kLargestWeight] > 0 && m_flags[kLargestWeight] + change < up.clip)
        return true;
    m_flags[kLargestWeight] = largestFirstWeight();
    return m_flags[kLargestWeight] + change < up.clip;
}

// No weight meets its clip by it: staysWithinClip() was asked before.
template <class T> OuterUpdate<T> Microcircuit<T>::heldUpdate() const
{
    return {m_heldChange, m_inputBefore, static_cast<T>(kNone)};
}

/// Applies what is summed up, and sums no more until the next input.
template <class T> void Microcircuit<T>::settleHeld()
{
    Pathway& up = m_layers.front().up;
    if (m_flags[kHold] == T(Hold::summed)) {
        kernels<T>().update(up.weights, heldUpdate());
        std::fill_n(m_heldChange, padded<T>(up.weights.rows), T(0));
    }
    m_flags[kLargestWeight] = 0;
    m_flags[kHold] = T(Hold::none);
}

template <class T> void Microcircuit<T>::firstProduct(bool still)
{
    Pathway& up = m_layers.front().up;
    T* basal = m_layers.front().pyramidal.dendrite;
    if (!m_heldChange || !inputCanStandStill(m_parameters))
        return product(up, m_input, basal);

    const Kernels<T>& k = kernels<T>();
    const int n = padded<T>(up.weights.rows);
    const bool summed = m_flags[kHold] == T(Hold::summed);
    if (summed && up.due) {
        if (staysWithinClip()) {
            k.multiplyAdd(m_flags[kInputSquare], up.post, basal, m_heldChange, n);
            up.due = false;
        } else {
            settleHeld();
            if (still)
                m_flags[kHold] = T(Hold::plain);
        }
    }
    if (still && m_flags[kHold] == T(Hold::plain))
        return product(up, m_input, basal);
    m_flags[kHeldSteps] += 1;
    if (still && m_flags[kHeldSteps] < T(kMostHeldSteps))
        return;
    beginHold();
}

template <class T> void Microcircuit<T>::beginHold()
{
    Pathway& up = m_layers.front().up;
    const Kernels<T>& k = kernels<T>();
    const int n = padded<T>(up.weights.rows);
    if (up.due) // of a plain step
        flush(up);
    const bool summed = m_flags[kHold] == T(Hold::summed);
    OuterUpdate<T> due;
    if (summed) {
        due = heldUpdate();
        if (m_flags[kLargestWeight] > 0 && up.clip != static_cast<T>(kNone))
            m_flags[kLargestWeight] += k.largest(m_heldChange, n) * m_flags[kLargestInput];
    } else {
        m_flags[kLargestWeight] = 0;
    }
    k.sortColumns(due.pre, m_input, up.weights.cols, m_columns);
    k.updateMultiplyColumns(
        up.weights, due, m_input, m_layers.front().pyramidal.dendrite, m_columns);
    std::fill_n(m_heldChange, n, T(0));
    m_flags[kHold] = T(Hold::summed);
    const int inputs = padded<T>(m_inputSize + 1); // with bias, or a 0
    m_flags[kInputSquare] = k.squares(m_input, inputs);
    m_flags[kLargestInput] = k.largest(m_input, inputs);
    m_flags[kHeldSteps] = 0;
}

// What is summed up is added to a copy, a few columns at a time, by the kernel that will do it to
// the weights: both give the same bits.
template <class T> void Microcircuit<T>::copyFirst(std::span<double> out) const
{
    const Pathway& up = m_layers.front().up;
    const WeightBlock<T>& w = up.weights;
    const Kernels<T>& k = kernels<T>();
    const bool summed = m_flags[kHold] == T(Hold::summed);
    const int n = padded<T>(w.rows);
    T* change = m_tile.get();
    T* copy = change + n;
    for (int i = 0; i < n; ++i)
        change[i] = (summed ? m_heldChange[i] : T(0)) + (up.due ? up.post[i] : T(0));
    for (int first = 0; first < w.cols; first += kTile) {
        WeightBlock<T> tile{copy, w.rows, std::min(kTile, w.cols - first), true, w.stride};
        std::copy_n(w.data + static_cast<std::ptrdiff_t>(first) * w.stride,
            static_cast<std::ptrdiff_t>(tile.cols) * w.stride, copy);
        if (summed || up.due)
            k.update(tile, {change, m_inputBefore + first, up.clip});
        double* to = out.data() + first;
        for (int i = 0; i < w.rows; ++i, to += w.cols) {
            for (int j = 0; j < tile.cols; ++j)
                to[j] = static_cast<double>(tile.at(i, j));
        }
    }
}

// The rest of the class is instantiated in microcircuit.cpp.
#define APICAL_INSTANTIATE(T)                                                                      \
    template bool Microcircuit<T>::inputCanStandStill(const Parameters&);                          \
    template void Microcircuit<T>::lowPassTarget(std::span<const double>, bool);                   \
    template bool Microcircuit<T>::standsStill(const Drive&) const;                                \
    template void Microcircuit<T>::receive(std::span<const double>, bool);                         \
    template T Microcircuit<T>::largestFirstWeight() const;                                        \
    template bool Microcircuit<T>::staysWithinClip();                                              \
    template OuterUpdate<T> Microcircuit<T>::heldUpdate() const;                                   \
    template void Microcircuit<T>::settleHeld();                                                   \
    template void Microcircuit<T>::firstProduct(bool);                                             \
    template void Microcircuit<T>::beginHold();                                                    \
    template void Microcircuit<T>::copyFirst(std::span<double>) const;
APICAL_INSTANTIATE(double)
APICAL_INSTANTIATE(float)
#undef APICAL_INSTANTIATE

} // namespace apical
