#pragma once

#include "widgets/view.h"

namespace apical {

View* makeDistanceView(QWidget* parent);

} // namespace apical
