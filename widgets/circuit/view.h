#pragma once

#include "widgets/view/view.h"

#include <string>

namespace apical {

View* makeCircuitView(QWidget* parent);
/// Points at a pathway ("W_down" that ends in this layer) until another neuron is selected or
/// another run begins; at none if the network does not have it.
void markPathway(View& circuit, const std::string& pathway, int layer);

} // namespace apical
