// Where the curves of a strip come from: a recorded probe, and the same quantity in a frame.
#pragma once

#include "widgets/strips/model.h"

#include <string>
#include <vector>

namespace apical {

struct StripSource {
    QString name{}, plainName{}; ///< of the row; the name is rich text
    std::string probe{};
    int index = 0;
    QColor color{}; ///< where there is one lane only
};

/// One row per source, one curve per lane.
void addSources(Strip&, const Scene&, const std::vector<StripSource>&);

} // namespace apical
