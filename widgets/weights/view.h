#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeWeightsView(QWidget* parent);

} // namespace apical
