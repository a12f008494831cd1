#include "widgets/chart/chart_points.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

ChartPoints columnsOf(const ChartSeries& series, const ChartAxis& x, const ChartAxis& y,
    const std::vector<std::size_t>& inside, std::pair<double, double> shown, int columns)
{
    ChartPoints points;
    const double width = (shown.second - shown.first) / columns;
    double low = 0, high = 0;
    int column = -1;
    const auto end = [&] {
        if (column < 0)
            return;
        const double at = shown.first + (column + 0.5) * width;
        points.low.append({at, low});
        points.high.append({at, high});
    };
    for (const std::size_t i : inside) {
        const double share = (x.place(series.x[i]) - shown.first) / width;
        const int mine = static_cast<int>(std::clamp(share, 0.0, columns - 1.0));
        const double value = y.place(series.y[i]);
        if (mine != column) {
            end();
            column = mine;
            low = high = value;
        }
        low = std::min(low, value);
        high = std::max(high, value);
    }
    end();
    return points;
}

} // namespace

ChartPoints pointsOf(const ChartSeries& series, const ChartAxis& x, const ChartAxis& y,
    std::pair<double, double> shown, int columns)
{
    std::vector<std::size_t> inside;
    std::size_t before = kNone, after = kNone;
    for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
        if (!std::isfinite(series.x[i]) || !std::isfinite(series.y[i]))
            continue;
        const double at = x.place(series.x[i]);
        if (at < shown.first)
            before = i;
        else if (at <= shown.second)
            inside.push_back(i);
        else if (after == kNone)
            after = i;
    }
    if (static_cast<int>(inside.size()) > columns && series.joined && series.bar <= 0)
        return columnsOf(series, x, y, inside, shown, std::max(1, columns));
    if (before != kNone)
        inside.insert(inside.begin(), before);
    if (after != kNone)
        inside.push_back(after);
    ChartPoints points;
    const bool band = series.spread == ChartSeries::Spread::Band && !series.low.empty();
    for (const std::size_t i : inside) {
        const double at = x.place(series.x[i]);
        points.line.append({at, y.place(series.y[i])});
        if (band && std::isfinite(series.low[i]) && std::isfinite(series.high[i])) {
            points.low.append({at, y.place(series.low[i])});
            points.high.append({at, y.place(series.high[i])});
        }
    }
    return points;
}

QList<QPointF> markersOf(const QList<QPointF>& line, const ChartSeries& series, double pixel)
{
    if (line.size() == 1 || (series.marker != ChartSeries::Marker::None && series.markerGap <= 0))
        return line;
    QList<QPointF> markers;
    if (series.marker == ChartSeries::Marker::None)
        return markers;
    double last = HUGE_VAL; // the newest always has one
    for (auto at = line.crbegin(); at != line.crend(); ++at)
        if (last - at->x() >= series.markerGap * pixel) {
            markers.append(*at);
            last = at->x();
        }
    return markers;
}

} // namespace apical
