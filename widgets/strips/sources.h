// Where the curves of a strip come from: a recorded probe, and the same quantity in a frame.
#pragma once

#include "widgets/strips/model.h"

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace apical {

struct StripSource {
    QString name{}, plainName{}; ///< of the row; the name is rich text
    std::string probe{};
    int index = 0;
    QColor color{}; ///< where there is one lane only
};

inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

struct StripDash {
    double on, off; ///< px
};
StripDash stripDash(std::size_t i); ///< tells apart what shares a colour
std::size_t laneCount(const Scene&); ///< at least one, also before the first frame
/// Whether a lane's model has a quantity or measure; before the first frame it may have all.
bool mayHave(const Scene&, std::size_t lane, const std::string& probe);
/// The value of a source at the instant of a frame; NaN if it is not there.
std::function<double(const Frame&)> stripReader(const StripSource&, std::size_t lane);

/// One row per source, one curve per lane whose model has it.
void addSources(Strip&, const Scene&, const std::vector<StripSource>&);
/// A row of a measure, one curve per lane whose model has it.
void addMeasure(Strip&, const Scene&, const Anatomy::Measure&);

} // namespace apical
