#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeDoctorView(QWidget* parent);

} // namespace apical
