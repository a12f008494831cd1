#pragma once

#include "widgets/view.h"

namespace apical {

View* makeLoudestView(QWidget* parent);

} // namespace apical
