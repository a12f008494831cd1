#pragma once

#include "widgets/view.h"

namespace apical {

View* makeAnswersView(QWidget* parent);

} // namespace apical
