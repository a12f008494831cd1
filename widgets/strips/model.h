// What the time strips show, as values: which curves, on which axes, with which names. No painting
// in here.
#pragma once

#include "widgets/look/number_text.h"
#include "widgets/view/view.h"

#include <QColor>
#include <QString>

#include <functional>
#include <vector>

namespace apical {

/// One curve of a strip.
struct StripCurve {
    int channel = -1; ///< of the history
    int minus = -1; ///< channel taken off it (another lane's), -1 = none
    bool filled = false; ///< down to zero
    double factor = 1; ///< shown value = factor * recorded value
    QColor color;
    double dash = 0, gap = 0; ///< px; 0 = solid
    int row = 0; ///< legend row (quantity) it belongs to
    QString variant; ///< lane or layer, "" if the row has one curve only
    QString csvName; ///< column name in exported files
    std::function<double(const Frame&)>
        read; ///< the recorded value at the instant of a frame; NaN if not there
};

/// One quantity in the legend: its curves differ by lane or layer only.
struct StripRow {
    QString name; ///< rich text
    QString plainName; ///< for accessible texts and files
};

/// Spikes of a neuron, as ticks at the bottom of a strip.
struct StripSpikes {
    std::size_t row = 0; ///< of the spike history
    QColor color;
};

struct StripGoal {
    double value = 0;
    QString text, shortText; ///< "apical goal 2·10⁻²"; the short one where space is short
    int row = -1; ///< whose goal; -1 = of all rows
    QColor color{}; ///< of its line; not valid: that of goals
};

/// A range of values with a meaning, tinted behind the curves.
struct StripBand {
    double low = 0, high = 0;
    QColor color;
};

/// Degrees: a linear axis from 0 to 180 degrees that stays.
enum class StripFormat { Signed, Scientific, Percent, Degrees };

struct Strip {
    QString id; ///< "voltages", "errors", "weights", "distance"
    QString title;
    QString axisName, shortAxisName; ///< with unit; the short one where the strip is low
    StripFormat format = StripFormat::Signed;
    bool logarithmic = false;
    double low = -1, high = 1; ///< range at the start
    bool fitted = false; ///< a linear range fits what was seen; zero need not be in it
    double lowest = 0; ///< a logarithmic floor never goes below this
    std::vector<StripRow> rows;
    std::vector<StripCurve> curves;
    std::vector<StripGoal> goals;
    std::vector<StripBand> bands{};
    std::vector<StripSpikes> spikes{};
    double share = 1; ///< of the height, relative to the other strips
    bool legend = true; ///< false: names and values stand elsewhere
    QString emptyText; ///< one sentence instead of curves

    QString valueText(double shown) const; ///< plain text, with "%" where it belongs
    QString valueRich(double shown) const; ///< the same as rich text
};

/// Of microcircuits the strips of the preset's layout (layouts.h), else always these three, in this
/// order: voltages of the selected neuron, prediction errors, weight errors. Of other models what
/// they watch (watched.h). With two lanes of one kind the difference of the neuron's main quantity
/// comes below them.
std::vector<Strip> describeStrips(const Scene&);
/// The relative distance to the fixed point, one curve per hidden layer and lane.
Strip describeDistance(const Scene&);

/// What the descriptions depend on, besides the history's channels: describe again when it differs.
struct StripKey {
    Selection selection;
    std::vector<int> sizes;
    std::uint64_t generation = 0;
    QStringList models; ///< per lane
    QStringList lanes; ///< names, colours, what sets them apart
    std::size_t channels = 0;
    bool dark = false;
    QString layout;
    int shownLane = 0;
    bool operator==(const StripKey&) const = default;
};
StripKey stripKey(const Scene&);

} // namespace apical
