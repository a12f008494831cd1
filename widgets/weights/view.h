#pragma once

#include "widgets/view/view.h"

namespace apical {

struct WeightsChoice;

View* makeWeightsView(QWidget* parent);
/// Turns a weights view to a pathway, or to what is nearest to it in the network shown.
void showPathway(View& weights, const WeightsChoice&);

} // namespace apical
