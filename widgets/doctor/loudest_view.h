#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeLoudestView(QWidget* parent);

} // namespace apical
