#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeStripsView(QWidget* parent);

} // namespace apical
