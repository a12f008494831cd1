#pragma once

#include "widgets/view.h"

namespace apical {

View* makeLearningView(QWidget* parent);

} // namespace apical
