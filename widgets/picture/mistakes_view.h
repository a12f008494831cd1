#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeMistakesView(QWidget* parent);

} // namespace apical
