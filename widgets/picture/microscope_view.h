#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeMicroscopeView(QWidget* parent);

} // namespace apical
