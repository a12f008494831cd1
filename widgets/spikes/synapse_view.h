#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeSynapseView(QWidget* parent);

} // namespace apical
