#pragma once

#include "widgets/view.h"

namespace apical {

View* makeCircuitView(QWidget* parent);

} // namespace apical
