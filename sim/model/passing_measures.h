// A model some of whose measures tell of what was shown, not of the network as it stands.
#pragma once

#include <cstddef>

namespace apical {

/// A Model that is one, too, keeps the last value of such a measure while it has no newer one.
class PassingMeasures {
public:
    virtual ~PassingMeasures() = default;
    /// Whether the presentation under way, or the one that just ended, has this of
    /// Anatomy::measures.
    virtual bool tells(std::size_t measure) const = 0;
};

} // namespace apical
