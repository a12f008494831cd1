// The view "Rate curve": rates of theory, of soft-LIF and of the neurons of the run.
#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeRateView(QWidget* parent);

} // namespace apical
