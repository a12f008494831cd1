#pragma once

#include "widgets/view.h"

namespace apical {

View* makeAnglesView(QWidget* parent);

} // namespace apical
