#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeClassesView(QWidget* parent);

} // namespace apical
