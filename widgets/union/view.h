// Both phases of predictive coding with spikes, of one sample.
#pragma once

class QWidget;

namespace apical {

class View;
View* makePhasesView(QWidget* parent);

} // namespace apical
