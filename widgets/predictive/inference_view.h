#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeInferenceView(QWidget* parent);

} // namespace apical
