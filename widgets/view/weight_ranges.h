// The ranges that pictures of weights keep: chosen when a run starts, and after that only by a
// person.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace apical {

/// Weights of one kind, in whichever layers have them.
struct Pathway {
    std::string name; ///< as Anatomy::Projection::pathway: "W_pi"
    static const Pathway Pi, Ip, Up, Down; ///< those of a microcircuit
    bool operator==(const Pathway& other) const { return name == other.name; }
    bool operator<(const Pathway& other) const { return name < other.name; }
};
inline const Pathway Pathway::Pi{"W_pi"}, Pathway::Ip{"W_ip"}, Pathway::Up{"W_up"},
    Pathway::Down{"W_down"};

/// Colours and axes span [-range, range]; round numbers, dimensionless.
struct WeightRange {
    double weights = 1;
    double difference = 0.1; ///< of weights from their target, or of one lane from another
    bool operator==(const WeightRange&) const = default;
};

/// Of all lanes together, so that they can be compared.
struct WeightRanges {
    std::uint64_t choice = 0; ///< counts how often they were chosen
    std::map<std::pair<Pathway, int>, WeightRange> ranges; ///< by pathway and 1-based layer

    WeightRange of(const Pathway& pathway, int layer) const
    {
        const auto found = ranges.find({pathway, layer});
        return found == ranges.end() ? WeightRange() : found->second;
    }
};

} // namespace apical
