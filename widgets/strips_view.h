#pragma once

#include "widgets/view.h"

namespace apical {

View* makeStripsView(QWidget* parent);

} // namespace apical
