#include "sim/spiking/spiking_pathway.h"

#include <algorithm>
#include <cmath>

namespace apical {

template <class T>
void SpikingPathway<T>::start(int post, int pre, std::uint64_t step, const Setting& setting)
{
    m_post = post;
    m_pre = pre;
    m_now = step;
    const std::size_t size = at(pre);
    m_weights.assign(size, T(0));
    m_sent = m_change = m_weights;
    m_trace.assign(static_cast<std::size_t>(pre), 0.0);
    m_touched.assign(static_cast<std::size_t>(pre), step);
    m_plain.assign(static_cast<std::size_t>(post), 0.0);
    m_faded = m_plain;
    m_setting = setting;
    m_life = ErrorHistory::lifetime(setting.decay);
    if (setting.events)
        m_history.start(post, setting.decay, step);
}

template <class T> void SpikingPathway<T>::set(const Setting& next)
{
    const bool same = next.decay == m_setting.decay && next.events == m_setting.events;
    if (m_setting.events && (!same || next.eta != m_setting.eta))
        touchAll();
    m_setting = next;
    if (same)
        return;
    m_life = ErrorHistory::lifetime(next.decay);
    if (next.events) {
        m_history.start(m_post, next.decay, m_now);
        std::fill(m_touched.begin(), m_touched.end(), m_now);
    } else {
        m_history = {};
    }
}

template <class T>
void SpikingPathway<T>::step(const T* arrivals, const double* errors, T* dendrite)
{
    ++m_now;
    if (m_setting.events)
        eventStep(arrivals, errors, dendrite);
    else
        timeStep(arrivals, errors, dendrite);
}

/// The weights as they are now go out.
template <class T> void SpikingPathway<T>::send(int pre, T arrivals, T* dendrite)
{
    const T clip = static_cast<T>(m_setting.clip);
    const T share = arrivals / static_cast<T>(m_setting.psi);
    const T* weights = m_weights.data() + at(pre);
    T* sent = m_sent.data() + at(pre);
    for (int i = 0; i < m_post; ++i)
        sent[i] = std::clamp(weights[i], -clip, clip);
    if (!m_mask.empty())
        for (int i = 0; i < m_post; ++i)
            sent[i] *= static_cast<T>(m_mask[at(pre) + static_cast<std::size_t>(i)]);
    for (int i = 0; i < m_post; ++i)
        dendrite[i] += sent[i] * share;
    m_trace[static_cast<std::size_t>(pre)] += static_cast<double>(arrivals) / m_setting.psi;
}

template <class T>
void SpikingPathway<T>::timeStep(const T* arrivals, const double* errors, T* dendrite)
{
    const T a = static_cast<T>(m_setting.decay);
    const T rate = static_cast<T>(m_setting.eta * (1 - m_setting.decay));
    for (int j = 0; j < m_pre; ++j) {
        const auto k = static_cast<std::size_t>(j);
        if (!sleeps(j)) {
            double& trace = m_trace[k];
            trace *= m_setting.decay;
            T* weights = m_weights.data() + at(j);
            T* change = m_change.data() + at(j);
            for (int i = 0; i < m_post; ++i) {
                weights[i] += rate * change[i];
                change[i] = a * change[i] + static_cast<T>(errors[i] * trace);
            }
            if (m_now - m_touched[k] >= m_life && arrivals[j] == 0) {
                trace = 0; // what is left of it is below the last digit
                std::fill_n(change, m_post, T(0));
            }
        }
        if (arrivals[j] > 0) {
            send(j, arrivals[j], dendrite);
            m_touched[k] = m_now;
        }
    }
}

template <class T>
void SpikingPathway<T>::eventStep(const T* arrivals, const double* errors, T* dendrite)
{
    m_history.push(errors);
    for (int j = 0; j < m_pre; ++j) {
        if (arrivals[j] > 0) {
            touch(j);
            send(j, arrivals[j], dendrite);
        }
    }
    if (m_now % std::max<std::uint64_t>(1, m_life / 4) == 0)
        settleFaded();
}

template <class T> void SpikingPathway<T>::touch(int pre)
{
    const auto j = static_cast<std::size_t>(pre);
    const std::uint64_t from = m_touched[j];
    m_touched[j] = m_now;
    if (sleeps(pre) || from == m_now)
        return;
    m_history.since(from, m_plain.data(), m_faded.data());
    const double trace = m_trace[j];
    const double faded = std::pow(m_setting.decay, static_cast<double>(m_now - from));
    T* weights = m_weights.data() + at(pre);
    T* change = m_change.data() + at(pre);
    for (int i = 0; i < m_post; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const double before = static_cast<double>(change[i]);
        const double now = faded * (before + trace * m_plain[k]);
        weights[i] += static_cast<T>(m_setting.eta * (trace * m_faded[k] - (now - before)));
        change[i] = static_cast<T>(now);
    }
    m_trace[j] = trace * faded;
}

template <class T> void SpikingPathway<T>::touchAll()
{
    for (int j = 0; j < m_pre; ++j)
        touch(j);
}

/// Columns whose trace is gone are touched a last time, so that errors need not be kept for them.
template <class T> void SpikingPathway<T>::settleFaded()
{
    for (int j = 0; j < m_pre; ++j) {
        const auto k = static_cast<std::size_t>(j);
        if (sleeps(j) || m_now - m_touched[k] < m_life)
            continue;
        touch(j);
        m_trace[k] = 0;
        std::fill_n(m_change.data() + at(j), m_post, T(0));
    }
}

template <class T> T SpikingPathway<T>::seen(int pre, int post, double weight) const
{
    if (!m_mask.empty() && m_mask[at(pre) + static_cast<std::size_t>(post)] == 0)
        return T(0);
    const T clip = static_cast<T>(m_setting.clip);
    return std::clamp(static_cast<T>(weight), -clip, clip);
}

template <class T> void SpikingPathway<T>::readColumn(int pre, bool inFlight, double* out) const
{
    const auto j = static_cast<std::size_t>(pre);
    if (!inFlight || sleeps(pre)) {
        for (int i = 0; i < m_post; ++i)
            out[i] = static_cast<double>(m_sent[at(pre) + static_cast<std::size_t>(i)]);
        return;
    }
    std::vector<double> plain(static_cast<std::size_t>(m_post)), fading(plain);
    double trace = 0, faded = 1;
    if (m_setting.events && m_touched[j] != m_now) {
        m_history.since(m_touched[j], plain.data(), fading.data());
        trace = m_trace[j];
        faded = std::pow(m_setting.decay, static_cast<double>(m_now - m_touched[j]));
    }
    for (int i = 0; i < m_post; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const double before = static_cast<double>(m_change[at(pre) + k]);
        const double now = faded * (before + trace * plain[k]);
        const double weight = static_cast<double>(m_weights[at(pre) + k])
            + m_setting.eta * (trace * fading[k] - (now - before))
            + m_setting.eta * (1 - m_setting.decay) * now;
        out[i] = static_cast<double>(seen(pre, i, weight));
    }
}

template <class T> void SpikingPathway<T>::setWeights(std::span<const double> rowMajor)
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
    }
}

template <class T> bool SpikingPathway<T>::fits(int post, int pre) const
{
    const auto senders = static_cast<std::size_t>(pre);
    const std::size_t size = senders * static_cast<std::size_t>(post);
    return m_post == post && m_pre == pre && m_weights.size() == size && m_sent.size() == size
        && m_change.size() == size && m_trace.size() == senders && m_touched.size() == senders
        && (!m_setting.events || m_history.fits(post));
}

template class SpikingPathway<double>;
template class SpikingPathway<float>;

} // namespace apical
