#pragma once

#include "widgets/view.h"

namespace apical {

View* makeInspectorView(QWidget* parent);

} // namespace apical
