// Threads that compute for later.
#pragma once

namespace apical {

/// The calling thread gives way to everything else on the machine. Linux keeps a nice value per
/// thread; elsewhere nothing happens.
void giveWay();

} // namespace apical
