// What a model is made of, as a value: populations of neurons, the quantities they have, and the
// projections between them. Its probes follow from it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

struct Anatomy {
    /// Neurons of one kind in one layer.
    struct Population {
        std::string name; ///< "layer1.pyr"
        int layer = 0; ///< 0 = input
        int size = 0;
    };

    /// One number per neuron of a population.
    struct Quantity {
        std::string name; ///< "layer1.pyr.apical"
        int population = 0; ///< index into Anatomy::populations
        std::string unit; ///< "1" = dimensionless
    };

    /// Weights between two populations, [post][pre]; a bias is the last column.
    struct Projection {
        std::string name; ///< "layer1.W_up"
        std::string pathway; ///< "W_up"
        int from = 0, to = 0; ///< indices into Anatomy::populations
        bool hasBias = false;
        std::string rateKey, lockKey; ///< parameter keys: "eta.up", "lock.up"
    };

    std::vector<Population> populations;
    std::vector<Quantity> quantities;
    std::vector<Projection> projections;

    const Population& of(const Quantity& q) const { return at(q.population); }
    const Population& from(const Projection& p) const { return at(p.from); }
    const Population& to(const Projection& p) const { return at(p.to); }
    int rows(const Projection& p) const { return to(p).size; }
    int cols(const Projection& p) const { return from(p).size + (p.hasBias ? 1 : 0); }

    /// Index by name, -1 if there is none.
    int quantity(std::string_view name) const { return find(quantities, name); }
    int projection(std::string_view name) const { return find(projections, name); }

private:
    const Population& at(int index) const { return populations[static_cast<std::size_t>(index)]; }
    template <class Part> static int find(const std::vector<Part>& parts, std::string_view name)
    {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (parts[i].name == name)
                return static_cast<int>(i);
        }
        return -1;
    }
};

} // namespace apical
