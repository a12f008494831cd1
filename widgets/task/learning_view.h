#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeLearningView(QWidget* parent);

} // namespace apical
