#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeDistanceView(QWidget* parent);

} // namespace apical
