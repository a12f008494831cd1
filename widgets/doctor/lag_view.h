// The lag meter: how late each layer of each lane answers a pattern change.
#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeLagView(QWidget* parent);

} // namespace apical
