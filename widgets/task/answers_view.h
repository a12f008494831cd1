#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeAnswersView(QWidget* parent);

} // namespace apical
