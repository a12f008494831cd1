#pragma once

#include "widgets/view/view.h"

namespace apical {

View* makeGalleryView(QWidget* parent);

} // namespace apical
