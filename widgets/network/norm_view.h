// Batch normalisation of the lane shown, and what is left of it once it is fused.
#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeNormView(QWidget* parent);

} // namespace apical
