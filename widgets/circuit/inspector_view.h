#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeInspectorView(QWidget* parent);

} // namespace apical
