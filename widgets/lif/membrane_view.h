// The view "Membrane": what a neuron's potential does between its spikes.
#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeMembraneView(QWidget* parent);

} // namespace apical
