// Why a run cannot go on.
#pragma once

#include <string>

namespace apical {

/// What stopped a run: a value that is not finite, one beyond a guard, or the end of what is
/// replayed.
struct Stop {
    std::string quantity; ///< "layer1.pyr.apical[2]": where it began; "loss"
    std::string guard{}; ///< key of the parameter that it went beyond; "": it is not finite
    double value = 0; ///< of the quantity, its magnitude; only with a guard
    double limit = 0; ///< what the guard allows, or the steps of a table
    std::string table{}; ///< file that is replayed and has come to its end; "": none
    bool ended() const { return !table.empty(); }
    bool guarded() const { return !guard.empty(); }
    bool operator==(const Stop&) const = default;
};

/// "layer1.pyr.apical[2] is not finite", "loss = 132.5 is beyond guard.loss = 100".
std::string stopText(const Stop&);

} // namespace apical
