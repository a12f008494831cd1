// What batch normalisation has of each unit of a layer, in presets: an object of lists.
#pragma once

#include "sim/base/matrix.h"
#include "sim/json/source.h"

#include <cstddef>

namespace apical {

/// {"gain": [...], ...}: the columns of W_norm. @param layer for errors, @param most magnitude
Matrix readNorm(const JsonNode&, int units, std::size_t layer, double most);
Json normJson(const Matrix&);

} // namespace apical
