#include "sim/watch/history.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace apical {
namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();
constexpr float kHuge = std::numeric_limits<float>::infinity();

// The comparisons are false for NaN, which therefore never replaces a value.
float lesser(float a, float b)
{
    return b < a || std::isnan(a) ? b : a;
}

float greater(float a, float b)
{
    return b > a || std::isnan(a) ? b : a;
}

float together(float a, float b)
{
    return std::isnan(a) ? b : std::isnan(b) ? a : a + b;
}

auto order(const Channel& c)
{
    return std::tuple<int, std::string_view, int>(c.lane, c.probe, c.index);
}

/// First index in [from, to) for which `reached` is true, `to` if none: doubling steps, then
/// halving.
template <typename Predicate>
std::size_t gallop(std::size_t from, std::size_t to, Predicate reached)
{
    std::size_t width = 1;
    while (from + width <= to && !reached(from + width - 1)) {
        from += width;
        width *= 2;
    }
    std::size_t end = std::min(to, from + width - 1);
    while (from < end) {
        const std::size_t middle = from + (end - from) / 2;
        if (reached(middle))
            end = middle;
        else
            from = middle + 1;
    }
    return from;
}

} // namespace

History::History(std::vector<Channel> channels, int binsPerLevel, int levels)
    : m_channels(std::move(channels))
    , m_sorted(m_channels.size())
{
    const auto levelCount = static_cast<std::size_t>(std::max(levels, 1));
    const std::size_t bytesPerBin = sizeof(Bin) + m_channels.size() * 2 * sizeof(float);
    const std::size_t affordable = kMostBytes / (levelCount * bytesPerBin);
    m_capacity = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(binsPerLevel, 4)), 4,
        std::max<std::size_t>(affordable, 64));
    m_capacity -= m_capacity % 2;
    // Channels a power of two apart would share a few cache lines.
    m_stride = m_capacity + 16;
    m_levels.resize(levelCount);
    for (Level& level : m_levels) {
        level.bins.resize(m_capacity);
        level.low.resize(m_stride * m_channels.size());
        level.high.resize(m_stride * m_channels.size());
    }
    for (std::size_t c = 0; c < m_channels.size(); ++c) {
        if (m_channels[c].count)
            m_counts.push_back(c);
    }
    std::iota(m_sorted.begin(), m_sorted.end(), 0);
    // Stable: of a quantity and a measure that share a name the quantity is found, it stands first.
    std::stable_sort(m_sorted.begin(), m_sorted.end(), [this](int a, int b) {
        return order(m_channels[static_cast<std::size_t>(a)])
            < order(m_channels[static_cast<std::size_t>(b)]);
    });
}

int History::find(int lane, std::string_view probe, int index) const
{
    const std::tuple<int, std::string_view, int> wanted(lane, probe, index);
    const auto at =
        std::lower_bound(m_sorted.begin(), m_sorted.end(), wanted, [this](int i, const auto& key) {
            return order(m_channels[static_cast<std::size_t>(i)]) < key;
        });
    if (at == m_sorted.end() || order(m_channels[static_cast<std::size_t>(*at)]) != wanted)
        return -1;
    return *at;
}

std::size_t History::slot(const Level& level, std::size_t i) const
{
    const std::size_t at = level.head + i;
    return at < m_capacity ? at : at - m_capacity;
}

std::size_t History::value(int channel, std::size_t slotIndex) const
{
    return static_cast<std::size_t>(channel) * m_stride + slotIndex;
}

void History::merge(
    Level& to, std::size_t toSlot, const Level& from, std::size_t older, std::size_t younger)
{
    const Bin a = from.bins[older];
    const Bin b = from.bins[younger];
    const std::uint64_t steps = b.endStep() - a.firstStep;
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    to.bins[toSlot] = {.firstStep = a.firstStep,
        .steps = static_cast<std::uint32_t>(std::min(steps, most)),
        .samples = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(std::uint64_t{a.samples} + std::uint64_t{b.samples}, most)),
        .timeMs = b.timeMs,
        .durationMs = b.timeMs - a.beginMs()};
    for (std::size_t base = 0; base < m_channels.size() * m_stride; base += m_stride) {
        to.low[base + toSlot] = lesser(from.low[base + older], from.low[base + younger]);
        to.high[base + toSlot] = greater(from.high[base + older], from.high[base + younger]);
    }
    for (const std::size_t channel : m_counts) {
        const std::size_t base = channel * m_stride;
        to.low[base + toSlot] = to.high[base + toSlot] =
            together(from.high[base + older], from.high[base + younger]);
    }
}

void History::halve(Level& level)
{
    // Writing the j-th bin is safe: it was read with its neighbour as pair j / 2 at the latest.
    const std::size_t pairs = level.count / 2;
    for (std::size_t j = 0; j < pairs; ++j)
        merge(level, slot(level, j), level, slot(level, 2 * j), slot(level, 2 * j + 1));
    level.count = pairs;
}

std::size_t History::freeSlot(std::size_t levelIndex)
{
    Level& level = m_levels[levelIndex];
    if (level.count == m_capacity) {
        if (levelIndex + 1 == m_levels.size()) {
            halve(level);
        } else {
            const std::size_t up = freeSlot(levelIndex + 1);
            merge(m_levels[levelIndex + 1], up, level, slot(level, 0), slot(level, 1));
            level.head = slot(level, 2);
            level.count -= 2;
        }
    }
    return slot(level, level.count++);
}

/// So that a run's memory has nearly its final size once these bins are there, not when the
/// coarsest level begins to fill, long after. What holds something already takes its memory by
/// itself.
void History::touchSome()
{
    constexpr std::size_t kPage = 4096 / sizeof(float), kPages = 16; // at a time
    for (std::size_t n = 0; n < kPages && m_touchedLevels < m_levels.size(); ++n) {
        Level& level = m_levels[m_touchedLevels];
        if (level.count > 0 || m_touched >= level.low.size()) {
            ++m_touchedLevels;
            m_touched = 0;
            continue;
        }
        level.low[m_touched] = level.high[m_touched] = kNothing;
        m_touched += kPage;
    }
}

void History::append(const Bin& bin, std::span<const float> minimum, std::span<const float> maximum)
{
    assert(minimum.size() == m_channels.size() && maximum.size() == m_channels.size());
    if (const std::size_t n = size(); n > 0 && this->bin(n - 1).endStep() > bin.firstStep)
        truncate(bin.firstStep);
    touchSome();
    const std::size_t at = freeSlot(0);
    Level& level = m_levels.front();
    level.bins[at] = bin;
    std::size_t base = at;
    for (std::size_t c = 0; c < m_channels.size(); ++c, base += m_stride) {
        const bool seen = std::isfinite(minimum[c]) && std::isfinite(maximum[c]);
        level.low[base] = seen ? minimum[c] : kNothing;
        level.high[base] = seen ? maximum[c] : kNothing;
    }
}

void History::clear()
{
    for (Level& level : m_levels)
        level.head = level.count = 0;
}

History History::withChannels(std::vector<Channel> channels) const
{
    History out(std::move(channels), kBinsPerLevel, static_cast<int>(m_levels.size()));
    std::vector<int> from;
    for (const Channel& channel : out.m_channels) {
        const int same = find(channel.lane, channel.probe, channel.index);
        from.push_back(same >= 0 ? same : find(0, channel.probe, channel.index));
    }
    const std::size_t n = from.size();
    if (std::any_of(m_levels.begin(), m_levels.end(),
            [&](const Level& level) { return level.count > out.m_capacity; })) {
        std::vector<float> low(n), high(n);
        for (std::size_t i = 0; i < size(); ++i) {
            for (std::size_t c = 0; c < n; ++c) {
                low[c] = from[c] < 0 ? kNothing : minimum(i, from[c]);
                high[c] = from[c] < 0 ? kNothing : maximum(i, from[c]);
            }
            out.append(bin(i), low, high);
        }
        return out;
    }
    for (std::size_t l = 0; l < m_levels.size(); ++l) {
        const Level& old = m_levels[l];
        Level& fresh = out.m_levels[l];
        fresh.count = old.count;
        for (std::size_t i = 0; i < old.count; ++i) {
            const std::size_t at = slot(old, i);
            fresh.bins[i] = old.bins[at];
            for (std::size_t c = 0; c < n; ++c) {
                const int same = from[c];
                fresh.low[c * out.m_stride + i] = same < 0 ? kNothing : old.low[value(same, at)];
                fresh.high[c * out.m_stride + i] = same < 0 ? kNothing : old.high[value(same, at)];
            }
        }
    }
    return out;
}

void History::truncate(std::uint64_t step)
{
    for (Level& level : m_levels) {
        while (level.count > 0 && level.bins[slot(level, level.count - 1)].endStep() > step)
            --level.count;
        if (level.count > 0)
            return; // what is older ends earlier
    }
}

std::size_t History::size() const
{
    std::size_t n = 0;
    for (const Level& level : m_levels)
        n += level.count;
    return n;
}

History::Place History::place(std::size_t i) const
{
    for (auto level = m_levels.rbegin(); level != m_levels.rend(); ++level) {
        if (i < level->count)
            return {&*level, slot(*level, i)};
        i -= level->count;
    }
    assert(false && "bin index out of range");
    return {&m_levels.front(), 0};
}

const Bin& History::bin(std::size_t i) const
{
    const Place at = place(i);
    return at.level->bins[at.slot];
}

float History::minimum(std::size_t i, int channel) const
{
    const Place at = place(i);
    return at.level->low[value(channel, at.slot)];
}

float History::maximum(std::size_t i, int channel) const
{
    const Place at = place(i);
    return at.level->high[value(channel, at.slot)];
}

std::size_t History::lowerBound(double timeMs) const
{
    std::size_t from = 0;
    std::size_t to = size();
    while (from < to) {
        const std::size_t middle = from + (to - from) / 2;
        if (bin(middle).timeMs > timeMs)
            to = middle;
        else
            from = middle + 1;
    }
    return from;
}

double History::beginMs() const
{
    return size() ? bin(0).beginMs() : 0;
}

double History::endMs() const
{
    const std::size_t n = size();
    return n ? bin(n - 1).timeMs : 0;
}

std::size_t History::bytes() const
{
    std::size_t n = 0;
    for (const Level& level : m_levels)
        n += level.bins.capacity() * sizeof(Bin)
            + (level.low.capacity() + level.high.capacity()) * sizeof(float);
    return n;
}

void History::columns(int channel, double t0, double t1, std::span<Column> out) const
{
    std::fill(out.begin(), out.end(), Column{kHuge, -kHuge});
    const double width = (t1 - t0) / static_cast<double>(out.size());
    const bool drawable =
        channel >= 0 && channel < static_cast<int>(m_channels.size()) && width > 0;
    const bool perMs = drawable && m_channels[static_cast<std::size_t>(channel)].count;
    // Times are sums of steps: a bin must not leak into the next column because of the last bits.
    const double slack = 1e-6 * width;
    const auto edge = [&](std::size_t c) { return t0 + width * static_cast<double>(c); };

    const auto fold = [&](const Level& level, std::size_t from, std::size_t to) {
        const Bin* bins = level.bins.data();
        const float* low = level.low.data() + value(channel, 0);
        const float* high = level.high.data() + value(channel, 0);
        std::size_t i =
            gallop(from, to, [&](std::size_t k) { return bins[k].timeMs > t0 + slack; });
        while (i < to && bins[i].beginMs() < t1 - slack) {
            // The column in which bin i begins, and all bins that begin and end within that column
            // at once.
            const double position = (bins[i].beginMs() + slack - t0) / width;
            const std::size_t c = position > 0 ? static_cast<std::size_t>(position) : 0;
            if (c >= out.size())
                return;
            const double limit = edge(c + 1) + slack;
            const std::size_t end =
                gallop(i, to, [&](std::size_t k) { return bins[k].timeMs > limit; });
            float least = out[c].low;
            float most = out[c].high;
            if (perMs) {
                for (std::size_t k = i; k < end; ++k) {
                    const float rate = high[k] / static_cast<float>(bins[k].durationMs);
                    least = rate < least ? rate : least;
                    most = rate > most ? rate : most;
                }
            } else {
                for (std::size_t k = i; k < end; ++k) {
                    least = low[k] < least ? low[k] : least;
                    most = high[k] > most ? high[k] : most;
                }
            }
            out[c] = {least, most};
            const bool whole = end > i;
            i = end;
            if (i == to || (whole && bins[i].beginMs() >= limit - 2 * slack))
                continue;
            // Bin i began in this column or before and reaches into the next ones.
            for (std::size_t k = c; k < out.size() && (k == c || edge(k) < bins[i].timeMs - slack);
                 ++k) {
                const float per = perMs ? static_cast<float>(bins[i].durationMs) : 1.0F;
                out[k].low = low[i] / per < out[k].low ? low[i] / per : out[k].low;
                out[k].high = high[i] / per > out[k].high ? high[i] / per : out[k].high;
            }
            ++i;
        }
    };
    if (drawable) {
        for (const Level& level : m_levels) {
            const std::size_t first = std::min(level.count, m_capacity - level.head);
            fold(level, level.head, level.head + first);
            fold(level, 0, level.count - first);
        }
    }
    for (Column& c : out) {
        if (!(c.low <= c.high))
            c = {kNothing, kNothing};
    }
}

} // namespace apical
