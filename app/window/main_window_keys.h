// Single keys belong to the window unless the widget in focus needs them itself.
#pragma once

class QWidget;

namespace apical {

/// Text fields, sliders, lists and buttons keep the keys they work with while they have the focus.
void installKeyRules(QWidget& window);

} // namespace apical
