#pragma once

#include "widgets/view.h"

namespace apical {

View* makeWeightsView(QWidget* parent);

} // namespace apical
