#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeAlignmentView(QWidget* parent);

} // namespace apical
