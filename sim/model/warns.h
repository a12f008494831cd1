// A model that has something to say of a presentation though the run goes on.
#pragma once

#include <string>

namespace apical {

/// A Model that is one, too, is asked after a presentation, not after every step.
class Warns {
public:
    virtual ~Warns() = default;
    /// What is wrong with the presentation that ended, and what mends it: one sentence without a
    /// full stop; "" = nothing.
    virtual std::string warning() const = 0;
};

} // namespace apical
