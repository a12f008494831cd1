#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeConfusionView(QWidget* parent);

} // namespace apical
