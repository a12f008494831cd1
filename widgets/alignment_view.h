#pragma once

#include "widgets/view.h"

namespace apical {

View* makeAlignmentView(QWidget* parent);

} // namespace apical
