#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeClockView(QWidget* parent);

} // namespace apical
