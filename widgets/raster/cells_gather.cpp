// What of the spikes is in sight of a raster: which were seen before is not read again.
#include "widgets/raster/cells.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

namespace apical {
namespace {

constexpr double kSlack = 1e-6; // of a column, as in SpikeHistory::forEachStripe()
constexpr double kSameGrid = 1e-12; // by which a column differs only through rounding
constexpr std::uint32_t kEnoughToRate = 64; // spikes of a cell that say how fast its neurons are
constexpr double kDarkest = 0.98; // share of the marks that are no darker than the darkest shade
constexpr double kGrowth = 1.1; // what is above the darkest by less makes no new range
constexpr std::size_t kSettled = 64; // stripes after which the range only grows
constexpr std::size_t kRatedEvery = 8; // stripes, once there are many

/// The least of a fine row of round numbers that is at least so much.
double roundRate(double rate)
{
    const double decade = std::pow(10.0, std::floor(std::log10(rate)));
    for (const double step : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0}) {
        if (rate <= step * decade)
            return step * decade;
    }
    return 10 * decade;
}

/// Stripes that still hold what they held, as [first, end): those since `sinceMs` but the last,
/// which may have grown.
std::pair<std::size_t, std::size_t> stillTrue(
    const std::vector<RasterCells::Stripe>& stripes, double sinceMs)
{
    const auto first = std::partition_point(stripes.begin(), stripes.end(),
        [sinceMs](const RasterCells::Stripe& s) { return s.bin.beginMs() < sinceMs; });
    const auto begin = static_cast<std::size_t>(first - stripes.begin());
    return {begin, std::max(begin + 1, stripes.size()) - 1};
}

} // namespace

void RasterCells::gather(const SpikeHistory& history, const std::vector<RasterBand>& bands,
    double beginMs, double endMs, int columns)
{
    Key key{bands, history.revision(), history.endStep(), beginMs, endMs, columns, m_key.columnMs};
    if (key == m_key)
        return;
    m_shaded = false;
    const double columnMs = (endMs - beginMs) / std::max(columns, 1);
    const bool samePast = key.bands == m_key.bands && key.revision == m_key.revision
        && std::abs(columnMs - m_key.columnMs) <= kSameGrid * columnMs;
    if (!samePast)
        key.columnMs = columnMs;
    const bool later = samePast && beginMs >= m_key.beginMs && endMs >= m_key.endMs;
    m_key = std::move(key);
    std::swap(m_stripes, m_stripesBefore);
    std::swap(m_counts, m_countsBefore);
    m_stripes.clear();
    m_counts.clear();
    if (!samePast)
        arrange(bands);
    if (bands.empty() || columns < 1 || !(endMs > beginMs))
        return;
    // A grid of whole multiples: what scrolls by does not shimmer.
    const double grid = std::floor(beginMs / m_key.columnMs);
    const double from = grid * m_key.columnMs;
    // Older bins than the fine ones may have been merged since.
    const auto [kept, end] = later
        ? stillTrue(m_stripesBefore, std::max(from, history.fineBeginMs()))
        : std::pair<std::size_t, std::size_t>();
    if (kept < end) {
        const auto keep = [first = kept, last = end](
                              auto& now, const auto& before, std::size_t of) {
            now.insert(now.end(), before.begin() + static_cast<std::ptrdiff_t>(first * of),
                before.begin() + static_cast<std::ptrdiff_t>(last * of));
        };
        read(history, from, m_stripesBefore[kept].bin.beginMs());
        keep(m_stripes, m_stripesBefore, 1);
        keep(m_counts, m_countsBefore, cells());
        read(history, m_stripesBefore[end - 1].bin.timeMs, endMs);
    } else {
        read(history, from, endMs);
    }
    place(grid);
    fitShades();
}

/// The cells of the bands from the top down, and which of them each line shows.
void RasterCells::arrange(const std::vector<RasterBand>& bands)
{
    m_cellOfLine.clear();
    m_parts.clear();
    m_firstRow = m_rows = 0;
    if (bands.empty())
        return;
    std::size_t first = bands.front().group.first, last = 0;
    for (const RasterBand& band : bands) {
        first = std::min(first, band.group.first);
        last = std::max(last, band.group.end());
        for (std::size_t cell = 0; cell < band.cells; ++cell) {
            const auto [top, bottom] = band.pixelsOf(cell);
            const auto [begin, end] = band.neuronsOf(cell);
            m_parts.push_back({band.group.first + begin, end - begin, band.hue});
            m_cellOfLine.resize(static_cast<std::size_t>(bottom), -1);
            std::fill(m_cellOfLine.begin() + top, m_cellOfLine.end(),
                static_cast<std::int32_t>(m_parts.size() - 1));
        }
    }
    m_firstRow = first;
    m_rows = last - first;
}

void RasterCells::read(const SpikeHistory& history, double beginMs, double endMs)
{
    history.forEachStripe(beginMs, endMs, m_key.columnMs, m_firstRow, m_rows,
        [&](const Bin& bin, std::span<const std::uint32_t> counts) {
            m_stripes.push_back({bin});
            for (const Part& part : m_parts) {
                const std::uint32_t* of = counts.data() + (part.row - m_firstRow);
                m_counts.push_back(std::accumulate(of, of + part.neurons, std::uint32_t{0}));
            }
        });
}

/// Stripes in columns of the plot.
void RasterCells::place(double gridBegin)
{
    const double columnMs = m_key.columnMs;
    const int shift = static_cast<int>(std::lround(gridBegin - m_key.beginMs / columnMs));
    const auto columnOf = [&](double ms) {
        const double column = std::floor(ms / columnMs + kSlack) - gridBegin + shift;
        return static_cast<int>(std::clamp(column, -1.0, m_key.columns + 1.0));
    };
    for (Stripe& stripe : m_stripes) {
        stripe.from = columnOf(stripe.bin.beginMs());
        stripe.to = std::max(stripe.from + 1, columnOf(stripe.bin.timeMs));
    }
}

void RasterCells::fitShades()
{
    m_rates.clear();
    for (std::size_t s = 0; s < m_stripes.size(); ++s) {
        if (s >= kSettled && (s + 1) % kRatedEvery != 0)
            continue;
        for (std::size_t cell = 0; cell < cells(); ++cell) {
            const std::uint32_t n = count(s, cell);
            if (n >= kEnoughToRate)
                m_rates.push_back(
                    n / (m_stripes[s].bin.durationMs * static_cast<double>(m_parts[cell].neurons)));
        }
    }
    if (!m_rates.empty()) {
        const auto at = m_rates.begin()
            + static_cast<std::ptrdiff_t>(kDarkest * static_cast<double>(m_rates.size() - 1));
        std::nth_element(m_rates.begin(), at, m_rates.end());
        if (!m_settled || *at > kGrowth * m_fullRate)
            m_fullRate = roundRate(*at);
    }
    m_settled = m_settled || m_stripes.size() >= kSettled;
}

} // namespace apical
