#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeDrawingView(QWidget* parent);

} // namespace apical
