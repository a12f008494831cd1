// What comes down: through weights of its own, or through the transposed W_up of the next layer,
// with W_pi as its negative. The transposed matrix is a view of W_up and is never stored.
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/microcircuit.h"

#include <utility>

namespace apical {

template <class T> bool Microcircuit<T>::transposedFeedback() const
{
    return circuit(m_parameters).feedback == feedback_kind::transposed;
}

/// @param rows of the layer below; a bias has no neuron that could be reached
template <class T> WeightBlock<T> Microcircuit<T>::transposedUp(const Layer& next, int rows) const
{
    WeightBlock<T> w = next.up.weights;
    w.cols = std::exchange(w.rows, rows);
    w.postContiguous = !w.postContiguous;
    return w;
}

template <class T> void Microcircuit<T>::feedback(Layer& layer, Layer& next)
{
    if (!transposedFeedback()) {
        product(layer.down, next.pyramidal.rate, layer.topdown);
        product(layer.pi, layer.interneurons.rate, layer.lateral);
        return;
    }
    flush(next.up);
    const WeightBlock<T> up = transposedUp(next, layer.pyramidal.size);
    kernels<T>().multiply(up, next.pyramidal.rate, layer.topdown);
    kernels<T>().multiply(up, layer.interneurons.rate, layer.lateral);
    const T scale = static_cast<T>(circuit(m_parameters).feedbackScale);
    for (int i = 0; i < layer.pyramidal.size; ++i) {
        layer.topdown[i] *= scale;
        layer.lateral[i] *= -scale;
    }
}

template <class T>
void Microcircuit<T>::copyTransposed(int index, T factor, std::span<double> out) const
{
    const Layer& layer = m_layers[static_cast<std::size_t>(index)];
    const Layer& next = m_layers[static_cast<std::size_t>(index) + 1];
    flush(next.up);
    const WeightBlock<T> up = transposedUp(next, layer.pyramidal.size);
    const T scale = factor * static_cast<T>(circuit(m_parameters).feedbackScale);
    std::size_t k = 0;
    for (int i = 0; i < up.rows; ++i) {
        for (int j = 0; j < up.cols; ++j)
            out[k++] = static_cast<double>(scale * up.at(i, j));
    }
}

/// From here on they are weights of their own, and go on from what they were.
template <class T> void Microcircuit<T>::keepTransposed()
{
    const T scale = static_cast<T>(circuit(m_parameters).feedbackScale);
    for (std::size_t l = 0; l + 1 < m_layers.size(); ++l) {
        Layer& layer = m_layers[l];
        const WeightBlock<T> up = transposedUp(m_layers[l + 1], layer.pyramidal.size);
        for (int i = 0; i < up.rows; ++i) {
            for (int j = 0; j < up.cols; ++j) {
                layer.down.weights.at(i, j) = scale * up.at(i, j);
                layer.pi.weights.at(i, j) = -scale * up.at(i, j);
            }
        }
    }
}

// The rest of the class is instantiated in microcircuit.cpp.
#define APICAL_INSTANTIATE(T)                                                                      \
    template bool Microcircuit<T>::transposedFeedback() const;                                     \
    template WeightBlock<T> Microcircuit<T>::transposedUp(const Layer&, int) const;                \
    template void Microcircuit<T>::feedback(Layer&, Layer&);                                       \
    template void Microcircuit<T>::copyTransposed(int, T, std::span<double>) const;                \
    template void Microcircuit<T>::keepTransposed();
APICAL_INSTANTIATE(double)
APICAL_INSTANTIATE(float)
#undef APICAL_INSTANTIATE

} // namespace apical
