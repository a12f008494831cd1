#include "sim/circuit/microcircuit.h"

#include "sim/base/error.h"
#include "sim/circuit/circuit_parameters.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <tuple>

namespace apical {
namespace {

// From so many inputs on an input that stands still is made use of. Smaller networks gain nothing,
// and keep the order of summation that they have always had.
constexpr int kWideInput = 128;

constexpr std::size_t kHugePage = std::size_t(1) << 21;

// Columns of a large matrix lie on many pages; on huge ones the processor finds them faster.
void* clearedMemory(std::size_t bytes)
{
    const bool large = bytes >= kHugePage;
    const std::size_t size = large ? (bytes + kHugePage - 1) / kHugePage * kHugePage : bytes;
    void* memory = std::aligned_alloc(large ? kHugePage : kPad, size);
    if (!memory)
        throw std::bad_alloc();
    if (large)
        madvise(memory, size, MADV_HUGEPAGE); // a wish: without it all is the same, but slower
    std::memset(memory, 0, size);
    return memory;
}

} // namespace

template <class T> void Microcircuit<T>::Free::operator()(T* p) const
{
    std::free(p);
}

// Hands out padded pieces of the arena; without memory it only counts.
template <class T> struct Microcircuit<T>::Cursor {
    T* base = nullptr;
    std::size_t used = 0;
    T* take(int n)
    {
        T* piece = base ? base + used : nullptr;
        used += static_cast<std::size_t>(padded<T>(n));
        return piece;
    }
    void matrix(WeightBlock<T>& block, int rows, int cols, bool wide)
    {
        block.rows = rows;
        block.cols = cols;
        block.postContiguous = wide || rows >= cols;
        block.stride = padded<T>(block.postContiguous ? rows : cols);
        const std::size_t lines = static_cast<std::size_t>(block.postContiguous ? cols : rows);
        block.data = base ? base + used : nullptr;
        used += lines * static_cast<std::size_t>(block.stride);
    }
};

template <class T>
Microcircuit<T>::Microcircuit(std::vector<int> sizes, const Parameters& parameters,
    const std::vector<LayerWeights>& initial, std::uint64_t seed, FirstLayer firstLayer)
    : m_sizes(std::move(sizes))
    , m_parameters(parameters)
    , m_seed(seed)
    , m_firstLayer(firstLayer)
{
    m_layers.resize(m_sizes.size() - 1);
    Cursor counter;
    layOut(counter);
    m_arenaSize = counter.used;
    void* memory = clearedMemory(m_arenaSize * sizeof(T));
    m_arena.reset(static_cast<T*>(memory));
    Cursor cursor{m_arena.get()};
    layOut(cursor);
    setParameters(parameters);
    resetPotentials();
    makeProbes();
    for (int l = 1; l <= last() + 1; ++l)
        setLayerWeights(*this, l, initial[static_cast<std::size_t>(l - 1)]);
}

template <class T> Microcircuit<T>::~Microcircuit() = default;

template <class T> void Microcircuit<T>::layOut(Cursor& cursor)
{
    m_inputSize = m_sizes.front();
    const int bias = m_parameters.biasOn ? 1 : 0;
    const int outputs = m_sizes.back();
    const bool wide = m_firstLayer == FirstLayer::oncePerInput && m_inputSize >= kWideInput;
    m_flags = cursor.take(wide ? kFlags : kHold);
    m_target = cursor.take(outputs);
    m_targetNext = cursor.take(outputs);
    m_filtered = cursor.take(m_inputSize);
    m_input = cursor.take(m_inputSize + 1);
    m_inputBefore = cursor.take(m_inputSize + 1);

    const auto each = [&](auto&& visit) {
        for (int l = 0; l <= last(); ++l) {
            Layer& layer = m_layers[static_cast<std::size_t>(l)];
            visit(layer.pyramidal, m_sizes[static_cast<std::size_t>(l) + 1]);
            if (l < last())
                visit(layer.interneurons, m_sizes[static_cast<std::size_t>(l) + 2]);
        }
    };
    // One block per quantity over all populations, so that phi and the guard take one call each.
    const auto block = [&](T* Population::*field) {
        const std::size_t begin = cursor.used;
        T* base = cursor.base ? cursor.base + begin : nullptr;
        each([&](Population& population, int size) {
            population.size = size;
            population.*field = cursor.take(size + 1); // one more for the bias
        });
        return std::pair{base, static_cast<int>(cursor.used - begin)};
    };
    std::tie(m_somata, m_broadcastSize) = block(&Population::soma);
    m_broadcasts = block(&Population::broadcast).first;
    std::tie(m_rates, m_rateSize) = block(&Population::rate);
    m_ratesBefore = block(&Population::rateBefore).first;
    m_attenuated = block(&Population::attenuated).first;
    m_attenuatedRates = block(&Population::attenuatedRate).first;
    block(&Population::dendrite);

    if (wide) {
        m_heldChange = cursor.take(m_sizes[1]);
        m_columns.resize(m_inputSize + bias);
    }
    for (int l = 0; l <= last(); ++l) {
        Layer& layer = m_layers[static_cast<std::size_t>(l)];
        const int own = m_sizes[static_cast<std::size_t>(l) + 1];
        const int below = m_sizes[static_cast<std::size_t>(l)];
        const auto pathway = [&](Pathway& p, int rows, int cols, bool manyInputs = false) {
            p.post = cursor.take(rows);
            cursor.matrix(p.weights, rows, cols, manyInputs);
            WeightBlock<T> twin;
            cursor.matrix(twin, rows, cols, manyInputs);
            p.filtered = twin.data;
        };
        pathway(layer.up, own, below + bias, l == 0 && wide);
        layer.up.pre =
            l == 0 ? m_inputBefore : m_layers[static_cast<std::size_t>(l) - 1].pyramidal.rateBefore;
        if (l == last())
            continue;
        const int next = m_sizes[static_cast<std::size_t>(l) + 2];
        layer.topdown = cursor.take(own);
        layer.lateral = cursor.take(own);
        layer.apical = cursor.take(own);
        layer.topdownRate = cursor.take(own);
        pathway(layer.down, own, next);
        pathway(layer.ip, next, own + bias);
        pathway(layer.pi, own, next);
        layer.down.pre = m_layers[static_cast<std::size_t>(l) + 1].pyramidal.rateBefore;
        layer.ip.pre = layer.pyramidal.rateBefore;
        layer.pi.pre = layer.interneurons.rateBefore;
    }
}

template <class T> void Microcircuit<T>::setParameters(const Parameters& p)
{
    const CircuitParameters &c = circuit(p), &before = circuit(m_parameters);
    flush();
    if (m_heldChange
        && (!inputCanStandStill(p) || c.clipUpHidden != before.clipUpHidden
            || c.clipUpOutput != before.clipUpOutput || c.biasValue != before.biasValue)) {
        settleHeld();
        flush(m_layers.front().up);
    }
    if (transposedFeedback() && c.feedback != feedback_kind::transposed)
        keepTransposed();
    m_parameters = p;
    m_transfer = {
        c.phi, static_cast<T>(c.phiGamma), static_cast<T>(c.phiBeta), static_cast<T>(c.phiTheta)};
    for (int l = 0; l <= last(); ++l) {
        Layer& layer = m_layers[static_cast<std::size_t>(l)];
        layer.up.clip = static_cast<T>(l == last() ? c.clipUpOutput : c.clipUpHidden);
        layer.ip.clip = static_cast<T>(c.clipIp);
        layer.pi.clip = static_cast<T>(c.clipPi);
        layer.down.clip = static_cast<T>(kNone);
        layer.up.tau = c.filterTau(c.plasticityTauUp);
        layer.ip.tau = c.filterTau(c.plasticityTauIp);
        layer.pi.tau = c.filterTau(c.plasticityTauPi);
        layer.down.tau = c.filterTau(c.plasticityTauDown);
    }
    setBias();
}

template <class T> void Microcircuit<T>::setBias()
{
    if (!m_parameters.biasOn)
        return;
    const T value = static_cast<T>(circuit(m_parameters).biasValue);
    m_input[m_inputSize] = value;
    for (Layer& layer : m_layers)
        layer.pyramidal.rate[layer.pyramidal.size] = value;
}

template <class T> void Microcircuit<T>::resetPotentials()
{
    flush();
    std::memset(m_somata, 0, static_cast<std::size_t>(m_broadcastSize) * sizeof(T));
    std::memset(m_broadcasts, 0, static_cast<std::size_t>(m_broadcastSize) * sizeof(T));
    kernels<T>().transfer(m_transfer, m_broadcasts, m_rates, m_rateSize);
    setBias();
}

template <class T> void Microcircuit<T>::flush(const Pathway& p) const
{
    if (p.due)
        kernels<T>().update(p.weights, {p.post, p.pre, p.clip});
    p.due = false;
}

template <class T> void Microcircuit<T>::flush() const
{
    for (const Layer& layer : m_layers) {
        for (const Pathway* p : {&layer.up, &layer.down, &layer.ip, &layer.pi}) {
            if (!m_heldChange || p != &m_layers.front().up)
                flush(*p);
        }
    }
}

template <class T> std::vector<std::byte> Microcircuit<T>::save() const
{
    flush();
    if (m_heldChange)
        m_flags[kFirstDue] = m_layers.front().up.due ? T(1) : T(0);
    const auto* begin = reinterpret_cast<const std::byte*>(m_arena.get());
    return {begin, begin + m_arenaSize * sizeof(T)};
}

template <class T> void Microcircuit<T>::restore(std::span<const std::byte> bytes)
{
    if (bytes.size() != m_arenaSize * sizeof(T)) {
        throw InputError({.problem = "saved state has " + std::to_string(bytes.size())
                + " bytes, this network needs " + std::to_string(m_arenaSize * sizeof(T)),
            .key = "state"});
    }
    for (Layer& layer : m_layers) {
        for (Pathway* p : {&layer.up, &layer.down, &layer.ip, &layer.pi})
            p->due = false;
    }
    std::memcpy(m_arena.get(), bytes.data(), bytes.size());
    if (m_heldChange)
        m_layers.front().up.due = m_flags[kFirstDue] != T(0);
}

template <class T> void Microcircuit<T>::setWeights(int projection, std::span<const double> values)
{
    Pathway& p = pathway(projection);
    p.due = false;
    std::size_t k = 0;
    for (int i = 0; i < p.weights.rows; ++i) {
        for (int j = 0; j < p.weights.cols; ++j)
            p.weights.at(i, j) = static_cast<T>(values[k++]);
    }
    if (m_heldChange
        && &p == &m_layers.front().up) { // what was summed up is gone with the old ones
        m_flags[kHold] = T(Hold::none);
        m_flags[kLargestWeight] = 0;
        std::memset(
            m_heldChange, 0, static_cast<std::size_t>(padded<T>(p.weights.rows)) * sizeof(T));
    }
}

template <class T> bool Microcircuit<T>::finite() const
{
    return kernels<T>().finite(m_broadcasts, m_broadcastSize)
        && kernels<T>().finite(m_somata, m_broadcastSize);
}

template <class T> double Microcircuit<T>::largestPotential() const
{
    return static_cast<double>(kernels<T>().largest(m_broadcasts, m_broadcastSize));
}

template class Microcircuit<double>;
template class Microcircuit<float>;

} // namespace apical
