#include "sim/spiking/spiking_pathway.h"

#include <algorithm>
#include <utility>

namespace apical {

template <class T>
void SpikingPathway<T>::start(int post, int pre, std::uint64_t step, const Setting& setting)
{
    m_post = post;
    m_pre = pre;
    m_stride = padded<T>(post);
    m_now = step;
    m_weights.assign(size(), T(0));
    m_sent = m_change = m_weights;
    m_touched.assign(static_cast<std::size_t>(pre), step);
    m_last.assign(static_cast<std::size_t>(pre), T(0));
    m_kept.assign(static_cast<std::size_t>(pre), 1);
    m_setting = setting;
    m_life = m_idle = traceLifetime(setting.decay);
}

template <class T> void SpikingPathway<T>::set(const Setting& next, const SpikeTrains<T>& trains)
{
    if (next == m_setting)
        return;
    const bool anew = next.decay != m_setting.decay || next.events != m_setting.events;
    const bool refold = !still() && (anew || next.eta != m_setting.eta);
    if (m_setting.events && refold)
        unfoldAll();
    for (int j = 0; j < m_pre && next.events != m_setting.events; ++j) {
        std::uint8_t& kept = m_kept[static_cast<std::size_t>(j)];
        if (next.events)
            kept = trains.fresh(j) ? 0 : 1;
        else if (!trains.fresh(j) && kept == 0)
            keep(j);
    }
    const bool wasStill = still();
    m_setting = next;
    if (anew) {
        m_life = traceLifetime(next.decay);
        m_history = {};
        m_idle = wasStill ? m_life : 0;
        if (!wasStill && next.events)
            m_history.start(m_post, next.decay, m_now);
        std::fill(m_touched.begin(), m_touched.end(), m_now);
    }
    if (next.events && refold)
        foldAll(trains);
}

template <class T> void SpikingPathway<T>::clearChange(int pre)
{
    std::fill_n(m_change.data() + at(pre), m_stride, T(0));
}

template <class T> void SpikingPathway<T>::forget(const SpikeTrains<T>& trains)
{
    for (int j = 0; j < m_pre; ++j) {
        if (trains.trace()[j] != 0)
            continue;
        if (m_last[static_cast<std::size_t>(j)] != 0)
            touch(j, T(0), T(0), nullptr);
        clearChange(j);
    }
}

template <class T> ColumnPass<T> SpikingPathway<T>::pass(const SpikeTrains<T>& trains, T* dendrite)
{
    return {.weights = m_weights.data(),
        .change = m_change.data(),
        .mask = m_mask.empty() ? nullptr : m_mask.data(),
        .post = m_post,
        .stride = m_stride,
        .decay = static_cast<T>(m_setting.decay),
        .rate = static_cast<T>(m_setting.eta * (1 - m_setting.decay)),
        .clip = clip(),
        .trace = trains.before(),
        .share = trains.share(),
        .dendrite = dendrite};
}

template <class T>
void SpikingPathway<T>::step(const SpikeTrains<T>& trains, const T* errors, T factor, T* dendrite)
{
    if (factor != 0 && still() && m_setting.events) { // up to here nothing has changed
        m_history.start(m_post, m_setting.decay, m_now);
        std::fill(m_touched.begin(), m_touched.end(), m_now);
        for (std::size_t j = 0; j < m_last.size(); ++j) // the trains are a step ahead
            m_last[j] = trains.before()[j] / static_cast<T>(m_setting.decay);
    }
    m_idle = factor != 0 ? 0 : std::min(m_idle + 1, m_life);
    ++m_now;
    if (m_setting.events) {
        if (!still())
            m_history.push(errors, factor);
        eventStep(trains, dendrite);
    } else {
        for (const std::int32_t j : trains.left())
            keep(j);
        for (const std::int32_t j : trains.slept())
            clearChange(j);
        ColumnPass<T> columns = pass(trains, dendrite);
        columns.errors = errors;
        columns.factor = factor;
        const bool learn = !still();
        const List list = learn ? trains.awake() : trains.arrived();
        m_columns += list.size();
        (learn ? spikingKernels<T>().learn : spikingKernels<T>().send)(
            columns, list.data(), static_cast<int>(list.size()));
    }
    if (factor == 0 && m_idle + 1 == m_life)
        beStill();
}

template <class T> void SpikingPathway<T>::eventStep(const SpikeTrains<T>& trains, T* dendrite)
{
    if (still()) {
        const List list = trains.arrived();
        m_columns += list.size();
        spikingKernels<T>().send(
            pass(trains, dendrite), list.data(), static_cast<int>(list.size()));
        for (const std::int32_t j : list)
            m_kept[static_cast<std::size_t>(j)] = 0;
        return;
    }
    for (const std::int32_t j : trains.slept()) {
        keep(j);
        touch(j, T(0), T(0), nullptr); // a last time
        clearChange(j);
    }
    for (const std::int32_t j : trains.arrived()) {
        touch(j, trains.trace()[j], trains.share()[j], dendrite);
        m_kept[static_cast<std::size_t>(j)] = 0;
    }
}

template <class T> void SpikingPathway<T>::touch(int pre, T next, T share, T* dendrite)
{
    const auto j = static_cast<std::size_t>(pre);
    const T last = std::exchange(m_last[j], next);
    // Without a trace nothing has changed, however long ago it was.
    const std::uint64_t from = last != 0 ? m_touched[j] : m_now;
    m_touched[j] = m_now;
    ErrorTerm<T> terms[kMostTerms];
    const int count = m_history.upTo(m_now, from, terms);
    ++m_columns;
    m_sums += static_cast<std::uint64_t>(count);
    spikingKernels<T>().touch({.weights = m_weights.data() + at(pre),
                                  .change = m_change.data() + at(pre),
                                  .mask = m_mask.empty() ? nullptr : m_mask.data() + at(pre),
                                  .post = m_post,
                                  .last = last,
                                  .next = next,
                                  .fade = m_history.fade(m_now - from),
                                  .eta = static_cast<T>(m_setting.eta),
                                  .growth = static_cast<T>(m_history.growth(m_now)),
                                  .clip = clip(),
                                  .share = share,
                                  .dendrite = dendrite},
        terms, count);
}

/// Up to the last step, between two.
template <class T> void SpikingPathway<T>::unfoldAll()
{
    for (int j = 0; j < m_pre; ++j) {
        if (m_last[static_cast<std::size_t>(j)] == 0)
            continue;
        keep(j);
        touch(j, T(0), T(0), nullptr);
    }
}

template <class T> void SpikingPathway<T>::foldAll(const SpikeTrains<T>& trains)
{
    for (int j = 0; j < m_pre; ++j)
        if (trains.trace()[j] != 0)
            fold(j, trains.trace()[j]);
}

template <class T> void SpikingPathway<T>::fold(int pre, T trace)
{
    const auto j = static_cast<std::size_t>(pre);
    m_touched[j] = m_now;
    m_last[j] = trace;
    const T eta = static_cast<T>(m_setting.eta);
    const T gain = eta * trace * static_cast<T>(m_history.growth(m_now));
    const T *plain = m_history.plainOf(m_now), *faded = m_history.fadedOf(m_now);
    for (int i = 0; i < m_post; ++i) {
        const std::size_t k = at(pre) + static_cast<std::size_t>(i);
        m_weights[k] += eta * m_change[k] - gain * faded[i];
        m_change[k] -= trace * plain[i];
    }
}

/// A lifetime after the last error nothing is left of the changes that were under way.
template <class T> void SpikingPathway<T>::beStill()
{
    if (m_setting.events)
        unfoldAll();
    m_history = {};
    std::fill(m_change.begin(), m_change.end(), T(0));
    m_idle = m_life;
}

/// What touch() would find, up to rounding.
template <class T>
template <class Out>
void SpikingPathway<T>::weightsOf(int pre, bool arriving, Out* out) const
{
    const auto j = static_cast<std::size_t>(pre);
    const T last = m_last[j];
    if (last == 0 && !arriving) {
        std::copy_n(m_weights.data() + at(pre), m_post, out);
        return;
    }
    const std::uint64_t to = arriving && last != 0 ? m_now : m_touched[j];
    ErrorTerm<T> terms[kMostTerms];
    const int count = last != 0 ? m_history.upTo(to, m_touched[j], terms) : 0;
    const T fade = last != 0 ? m_history.fade(to - m_touched[j]) : T(1);
    const T eta = static_cast<T>(m_setting.eta);
    const T rate = arriving ? static_cast<T>(m_setting.eta * (1 - m_setting.decay)) : T(0);
    for (int i = 0; i < m_post; ++i) {
        const std::size_t k = at(pre) + static_cast<std::size_t>(i);
        T change = m_change[k], weight = m_weights[k];
        if (last != 0) {
            T plain = 0, faded = 0;
            for (int t = 0; t < count; ++t) {
                plain += terms[t].plain[i];
                faded += terms[t].power * terms[t].faded[i];
            }
            change = fade * (change + last * plain);
            weight += eta * (last * faded - change);
        }
        out[i] = static_cast<Out>(weight + rate * change);
    }
}

template <class T> void SpikingPathway<T>::keep(int pre)
{
    const auto j = static_cast<std::size_t>(pre);
    if (m_setting.events && m_kept[j] != 0)
        return;
    T* sent = m_sent.data() + at(pre);
    weightsOf(pre, false, sent);
    if (m_mask.empty()) { // the same without a question per synapse: most circuits have one delay
        const T most = clip();
        for (int i = 0; i < m_post; ++i)
            sent[i] = std::clamp(sent[i], -most, most);
    } else {
        for (int i = 0; i < m_post; ++i)
            sent[i] = seen(pre, i, sent[i]);
    }
    m_kept[j] = 1;
}

template <class T> T SpikingPathway<T>::seen(int pre, int post, T weight) const
{
    if (!m_mask.empty() && m_mask[at(pre) + static_cast<std::size_t>(post)] == 0)
        return T(0);
    return std::clamp(weight, -clip(), clip());
}

template <class T>
void SpikingPathway<T>::readColumn(
    int pre, bool inFlight, const SpikeTrains<T>& trains, double* out) const
{
    const bool kept =
        m_setting.events ? m_kept[static_cast<std::size_t>(pre)] != 0 : !trains.fresh(pre);
    if (!inFlight && kept) {
        std::copy_n(m_sent.data() + at(pre), m_post, out);
        return;
    }
    weightsOf(pre, inFlight, out);
    for (int i = 0; i < m_post; ++i)
        out[i] = static_cast<double>(seen(pre, i, static_cast<T>(out[i])));
}

template <class T> void SpikingPathway<T>::mask(std::span<const std::uint8_t> columnMajor)
{
    m_mask.assign(size(), T(0));
    for (int j = 0; j < m_pre; ++j)
        for (int i = 0; i < m_post; ++i)
            m_mask[at(j) + static_cast<std::size_t>(i)] = static_cast<T>(
                columnMajor[static_cast<std::size_t>(j) * static_cast<std::size_t>(m_post)
                    + static_cast<std::size_t>(i)]);
}

template <class T>
void SpikingPathway<T>::setWeights(std::span<const double> rowMajor, const SpikeTrains<T>& trains)
{
    for (int j = 0; j < m_pre; ++j) {
        for (int i = 0; i < m_post; ++i) {
            const std::size_t to = at(j) + static_cast<std::size_t>(i);
            const auto from = static_cast<std::size_t>(i) * static_cast<std::size_t>(m_pre)
                + static_cast<std::size_t>(j);
            const bool here = m_mask.empty() || m_mask[to] != 0;
            m_weights[to] = m_sent[to] = here ? static_cast<T>(rowMajor[from]) : T(0);
            m_change[to] = 0;
        }
        m_touched[static_cast<std::size_t>(j)] = m_now;
        m_last[static_cast<std::size_t>(j)] = 0;
        m_kept[static_cast<std::size_t>(j)] = 1;
    }
    if (m_setting.events && !still())
        foldAll(trains);
}

template <class T> bool SpikingPathway<T>::fits(int post, int pre) const
{
    const auto senders = static_cast<std::size_t>(pre);
    return m_post == post && m_pre == pre && m_weights.size() == size() && m_sent.size() == size()
        && m_change.size() == size() && m_touched.size() == senders && m_last.size() == senders
        && m_kept.size() == senders && (!m_setting.events || still() || m_history.fits(post));
}

template class SpikingPathway<double>;
template class SpikingPathway<float>;

} // namespace apical
