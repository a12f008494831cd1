#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeBridgeView(QWidget* parent);

} // namespace apical
