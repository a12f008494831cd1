#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeStatisticsView(QWidget* parent);

} // namespace apical
