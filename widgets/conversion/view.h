// The net that learns with rates answers with spikes, now.
#pragma once

class QWidget;

namespace apical {

class View;
View* makeConversionView(QWidget* parent);

} // namespace apical
