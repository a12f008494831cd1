#pragma once

#include "widgets/view.h"

namespace apical {

View* makeDoctorView(QWidget* parent);

} // namespace apical
