#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeAnglesView(QWidget* parent);

} // namespace apical
