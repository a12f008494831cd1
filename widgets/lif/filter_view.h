// The view "Synaptic filter": one spike, and trains of spikes, through the synapses of the bench.
#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeFilterView(QWidget* parent);

} // namespace apical
