// Why a run cannot go on.
#pragma once

#include <string>

namespace apical {

/// What stopped a run: a value that is not finite, or one beyond a guard.
struct Stop {
    std::string quantity; ///< "layer1.pyr.apical[2]": where it began; "loss"
    std::string guard{}; ///< key of the parameter that it went beyond; "": it is not finite
    double value = 0; ///< of the quantity, its magnitude; only with a guard
    double limit = 0; ///< what the guard allows
    bool guarded() const { return !guard.empty(); }
    bool operator==(const Stop&) const = default;
};

/// "layer1.pyr.apical[2] is not finite", "loss = 132.5 is beyond guard.loss = 100".
std::string stopText(const Stop&);

} // namespace apical
