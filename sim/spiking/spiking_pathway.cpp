#include "sim/spiking/spiking_pathway.h"

#include <algorithm>

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
    m_kept.assign(static_cast<std::size_t>(pre), 1);
    m_setting = setting;
    m_life = m_idle = traceLifetime(setting.decay);
}

template <class T> void SpikingPathway<T>::set(const Setting& next, const SpikeTrains<T>& trains)
{
    if (next == m_setting)
        return;
    const bool anew = next.decay != m_setting.decay || next.events != m_setting.events;
    if (m_setting.events && !still() && (anew || next.eta != m_setting.eta))
        touchAll(trains);
    for (int j = 0; j < m_pre && next.events != m_setting.events; ++j) {
        std::uint8_t& kept = m_kept[static_cast<std::size_t>(j)];
        if (next.events)
            kept = trains.fresh(j) ? 0 : 1;
        else if (!trains.fresh(j) && kept == 0)
            keep(j);
    }
    const bool wasStill = still();
    m_setting = next;
    if (!anew)
        return;
    m_life = traceLifetime(next.decay);
    m_history = {};
    if (wasStill) {
        m_idle = m_life;
    } else {
        m_idle = 0;
        if (next.events)
            m_history.start(m_post, next.decay, m_now);
    }
    std::fill(m_touched.begin(), m_touched.end(), m_now);
}

template <class T> void SpikingPathway<T>::clearChange(int pre)
{
    std::fill_n(m_change.data() + at(pre), m_stride, T(0));
}

template <class T> void SpikingPathway<T>::forget(const SpikeTrains<T>& trains)
{
    for (int j = 0; j < m_pre; ++j)
        if (trains.trace()[j] == 0)
            clearChange(j);
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
        beStill(trains);
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
        touch(j, trains.before()[j], T(0), nullptr); // a last time
        clearChange(j);
    }
    for (const std::int32_t j : trains.arrived()) {
        touch(j, trains.before()[j], trains.share()[j], dendrite);
        m_kept[static_cast<std::size_t>(j)] = 0;
    }
}

template <class T> void SpikingPathway<T>::touch(int pre, T trace, T share, T* dendrite)
{
    const auto j = static_cast<std::size_t>(pre);
    const std::uint64_t steps = m_now - m_touched[j];
    m_touched[j] = m_now;
    ErrorTerm<T> terms[kMostTerms];
    ColumnTouch<T> column{.weights = m_weights.data() + at(pre),
        .change = m_change.data() + at(pre),
        .mask = m_mask.empty() ? nullptr : m_mask.data() + at(pre),
        .post = m_post,
        .trace = T(0),
        .fade = T(1),
        .eta = static_cast<T>(m_setting.eta),
        .clip = clip(),
        .share = share,
        .dendrite = dendrite};
    int count = 0;
    if (trace != 0) {
        column.trace = static_cast<T>(static_cast<double>(trace) * m_history.growth(steps));
        column.fade = m_history.fade(steps);
        count = m_history.since(m_now - steps, terms);
    }
    ++m_columns;
    m_sums += static_cast<std::uint64_t>(count);
    spikingKernels<T>().touch(column, terms, count);
}

/// Up to the last step, between two.
template <class T> void SpikingPathway<T>::touchAll(const SpikeTrains<T>& trains)
{
    for (int j = 0; j < m_pre; ++j) {
        if (trains.trace()[j] == 0 || m_touched[static_cast<std::size_t>(j)] == m_now)
            continue;
        keep(j);
        touch(j, trains.trace()[j], T(0), nullptr);
    }
}

/// A lifetime after the last error nothing is left of the changes that were under way.
template <class T> void SpikingPathway<T>::beStill(const SpikeTrains<T>& trains)
{
    if (m_setting.events)
        touchAll(trains);
    m_history = {};
    std::fill(m_change.begin(), m_change.end(), T(0));
    m_idle = m_life;
}

template <class T> void SpikingPathway<T>::keep(int pre)
{
    const auto j = static_cast<std::size_t>(pre);
    if (m_setting.events && m_kept[j] != 0)
        return;
    for (int i = 0; i < m_post; ++i) {
        const std::size_t k = at(pre) + static_cast<std::size_t>(i);
        m_sent[k] = seen(pre, i, static_cast<double>(m_weights[k]));
    }
    m_kept[j] = 1;
}

template <class T> T SpikingPathway<T>::seen(int pre, int post, double weight) const
{
    if (!m_mask.empty() && m_mask[at(pre) + static_cast<std::size_t>(post)] == 0)
        return T(0);
    return std::clamp(static_cast<T>(weight), -clip(), clip());
}

template <class T>
void SpikingPathway<T>::readColumn(
    int pre, bool inFlight, const SpikeTrains<T>& trains, double* out) const
{
    const auto j = static_cast<std::size_t>(pre);
    const T* weights = m_weights.data() + at(pre);
    if (!inFlight && (m_setting.events ? m_kept[j] != 0 : !trains.fresh(pre))) {
        for (int i = 0; i < m_post; ++i)
            out[i] = static_cast<double>(m_sent[at(pre) + static_cast<std::size_t>(i)]);
        return;
    }
    if (!inFlight || still()) {
        for (int i = 0; i < m_post; ++i)
            out[i] = static_cast<double>(seen(pre, i, static_cast<double>(weights[i])));
        return;
    }
    ErrorTerm<T> terms[kMostTerms];
    double trace = 0, faded = 1;
    int count = 0;
    const std::uint64_t steps = m_now - m_touched[j];
    if (m_setting.events && steps > 0 && trains.trace()[pre] != 0) {
        trace = static_cast<double>(trains.trace()[pre]) * m_history.growth(steps);
        faded = static_cast<double>(m_history.fade(steps));
        count = m_history.since(m_touched[j], terms);
    }
    for (int i = 0; i < m_post; ++i) {
        double plain = 0, fading = 0;
        for (int k = 0; k < count; ++k) {
            plain += static_cast<double>(k == 0 ? -terms[k].plain[i] : terms[k].plain[i]);
            fading += static_cast<double>(terms[k].power * terms[k].faded[i]);
        }
        const double before = static_cast<double>(m_change[at(pre) + static_cast<std::size_t>(i)]);
        const double now = faded * (before + trace * plain);
        const double weight = static_cast<double>(weights[i])
            + m_setting.eta * (trace * fading - (now - before))
            + m_setting.eta * (1 - m_setting.decay) * now;
        out[i] = static_cast<double>(seen(pre, i, weight));
    }
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
        m_touched[static_cast<std::size_t>(j)] = m_now;
        m_kept[static_cast<std::size_t>(j)] = 1;
    }
}

template <class T> bool SpikingPathway<T>::fits(int post, int pre) const
{
    const auto senders = static_cast<std::size_t>(pre);
    return m_post == post && m_pre == pre && m_weights.size() == size() && m_sent.size() == size()
        && m_change.size() == size() && m_touched.size() == senders && m_kept.size() == senders
        && (!m_setting.events || still() || m_history.fits(post));
}

template class SpikingPathway<double>;
template class SpikingPathway<float>;

} // namespace apical
