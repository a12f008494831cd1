// The methods of the plausibility table, and the presets they may be shown by.
#pragma once

#include "app/help/plausibility.h"
#include "sim/files/preset.h"

#include <QStringList>

#include <algorithm>
#include <vector>

namespace apical {

inline const std::vector<PlausibilityMethod>& methods()
{
    return plausibility().methods;
}

inline int indexOf(const QString& method)
{
    const auto found = std::ranges::find(methods(), method, &PlausibilityMethod::id);
    return static_cast<int>(found - methods().begin());
}

inline QStringList embeddedNames()
{
    QStringList names;
    for (const PresetInfo& preset : embeddedPresets())
        names << QString::fromStdString(preset.name);
    return names;
}

} // namespace apical
