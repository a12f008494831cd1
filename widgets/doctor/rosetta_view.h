#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeRosettaView(QWidget* parent);

} // namespace apical
