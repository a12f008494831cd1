// The view "Encoder": numbers as spikes, and what can be read from them.
#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeEncoderView(QWidget* parent);

} // namespace apical
