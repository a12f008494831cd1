#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeCircuitView(QWidget* parent);

} // namespace apical
