#pragma once

#include "widgets/view.h"

namespace apical {

View* makeConfusionView(QWidget* parent);

} // namespace apical
