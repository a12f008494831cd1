// Words of one row of the parameter table, as the panel and the reference page show
// them.
#pragma once

#include "sim/experiment/parameters.h"

#include <QString>

namespace apical {

QString keyText(const ParameterRow&);
QString unitText(const ParameterRow&); ///< "ms", "ms⁻¹"; "" for dimensionless numbers and for words
QString symbolHtml(const ParameterRow&); ///< italic, subscripts upright
QString symbolPlain(const ParameterRow&); ///< "ηpi": what somebody types to find it
QString noneText(const ParameterRow&); ///< what stands for no number: "none" or "auto"
QString valueText(const ParameterRow&, const ParameterValue&); ///< with unit, "0.3 ms⁻¹"
QString nameText(const ParameterRow&); ///< as in the panel: "presentation"
/// The same as a person would write it: numbers of at most four digits, "58.68 ms".
QString shortText(const ParameterRow&, const ParameterValue&);
QString toolTipHtml(const ParameterRow&, const ParameterValue& baseline);
QString accessibleText(const ParameterRow&); ///< "eta.pi, lateral rate, 1/ms"
QString layerLabel(int targetLayer, int targetLayers); ///< "hidden 1", ..., "output"

/// Whether every word of `query` occurs in the key, name, symbol, group or help of the row.
bool matches(const ParameterRow&, const QString& query);
/// Equal once one-entry lists are spread over the layers.
bool sameValue(const ParameterValue&, const ParameterValue&);

} // namespace apical
