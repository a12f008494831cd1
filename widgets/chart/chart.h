// A chart as plain values: axes, series, spread. Says nothing of how it is drawn.
#pragma once

#include "widgets/look/theme.h"

#include <QMarginsF>
#include <QString>

#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace apical {

struct ChartAxis {
    QString name; ///< "epoch", "loss"
    QString unit; ///< "ms", "%"; "1" stands on the axis only; "" = nothing
    bool logarithmic = false;
    /// Range without zoom, low < high. On a log axis low > 0 is the floor: zeros, and all that is
    /// smaller, stand on it.
    double low = 0, high = 1;
    bool whole = false; ///< ticks at whole numbers only
    std::vector<double> labelled; ///< ticks there in place of round numbers; ascending
    double inset = 2; ///< px between the frame and either end
    /// "loss (1)"
    QString title() const;
    /// Where a value stands along the axis, before zoom and pixels: the value, or its decimal
    /// logarithm, not below the floor. NaN stays NaN on a linear axis.
    double place(double value) const;
    /// Labels every one of the values, in any order, and ends at the outer ones.
    void label(std::vector<double> values);
};

/// One curve. Points whose x or y is not finite are left out.
struct ChartSeries {
    enum class Marker { None, Circle, Square, Triangle, Diamond };
    enum class Spread { Band, Whiskers };

    QString name; ///< in the legend; "" = not there
    bool listed = true; ///< false: named under the mouse only
    QString value; ///< beside the name in the legend
    std::function<QColor(const Theme&)> color;
    double width = 1.5; ///< px
    int dash = 0; ///< 0 solid, 1 dashed, 2 dotted
    Marker marker = Marker::None; ///< a single point always has one
    double markerGap = 0; ///< px; of markers that stand closer the older ones are left out
    Spread spread = Spread::Band;
    double fill = 0.14; ///< opacity of the band, and of bars
    bool joined = true; ///< false: markers only, a scatter
    double bar = 0; ///< along a linear x axis: every value is a bar so wide that stands on the axis
    std::vector<double> x, y; ///< x ascending
    std::vector<QString> labels; ///< what each point is, for the values under the mouse; or empty
    std::vector<double> low, high; ///< spread at every x; empty = none
};

struct Chart {
    enum class Legend { Above, Right, None };

    QString title; ///< above, at the left; "" = none
    QString note; ///< beside the title; in the middle while there are no series
    ChartAxis x, y;
    std::vector<ChartSeries> series;
    /// From the place of the chart to its plot; `Above` adds the rows of the legend at the top.
    QMarginsF margins{56, 22, 14, 38};
    Legend legend = Legend::Above;
    bool xLabels = true; ///< false: another chart below carries them
    bool xName = true; ///< below the labels; false: whoever shows the chart names the axis
    double mark = std::numeric_limits<double>::quiet_NaN(); ///< vertical line at this x
};

/// Values of all series at the x that is nearest to `x`: "epoch 12\nvalidation loss 0.012"; "" if
/// there is no point.
QString chartValues(const Chart&, double x);

/// Decades that hold the positive ones of the values, one at least, at most nine: range of a log
/// axis. Without any: 0.001 to 1.
std::pair<double, double> decadesOf(const std::vector<double>& values);

} // namespace apical
