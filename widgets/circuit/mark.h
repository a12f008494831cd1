// A pathway that is pointed at: its synapses behind the pills, a ring around its own.
#pragma once

#include "widgets/circuit/layout.h"

#include <string>

namespace apical {

struct PathwayMark {
    std::string pathway; ///< "W_down"; "": nothing is pointed at
    int layer = 0; ///< it ends there
    Selection selection{}; ///< as it was: another one ends the mark
    std::uint64_t generation = 0; ///< of the run: another one ends it, too

    /// Of this layout; nullptr if the mark has ended or there is no such pathway.
    const CircuitPathway* in(const CircuitLayout&, const Scene&) const;
};

void drawMarkedSynapses(QPainter&, const CircuitLayout&, const CircuitPathway&, const Theme&);
void drawMarkedPill(QPainter&, const CircuitPathway&, const Theme&);

} // namespace apical
