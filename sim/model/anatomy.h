// What a model is made of, as a value: populations of neurons, the quantities they have, the
// projections between them, what is measured of it and what can be done to it. Probes, channels,
// files, frames and views follow from it.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apical {

struct Anatomy {
    /// Neurons of one kind in one layer.
    struct Population {
        std::string name; ///< "layer1.pyr"
        int layer = 0; ///< 0 = input
        std::string kind; ///< "pyramidal"; what a view that knows the model looks for
        int size = 0;
    };

    /// Level: any value. Rate: what is sent. Count: events since the start, which never fall; what
    /// is shown of it is the difference between two moments, exact however seldom it is read.
    enum class Form { Level, Rate, Count };

    /// One number per neuron of a population, of each sample of a batch.
    struct Quantity {
        std::string name; ///< "layer1.pyr.apical"
        int population = 0; ///< index into Anatomy::populations
        std::string unit; ///< "1" = dimensionless
        Form form = Form::Level;
        bool watched = false; ///< always in the history of a window
        bool before = false; ///< a frame holds it as it was before the last step, too
        bool perSample = false; ///< has Anatomy::samples columns
        std::size_t at = 0; ///< of its first neuron among all quantities, one sample each
        std::string label{}; ///< what people call it; "": what stands after the dot of its name
    };

    /// Weights between two populations, [post][pre]; a bias is the last column.
    struct Projection {
        std::string name; ///< "layer1.W_up"
        std::string pathway; ///< "W_up"
        int from = 0, to = 0; ///< indices into Anatomy::populations
        bool hasBias = false;
        std::string rateKey, lockKey; ///< parameter keys: "eta.up", "lock.up"
        bool isWeight = true; ///< false: only to look at, as a gradient is
    };

    /// One number about a layer that costs more than a look: an error, a distance.
    struct Measure {
        std::string name; ///< "layer1.apical_error"
        int layer = 0;
        std::string label; ///< "apical error": what people call it
        std::string unit;
        double goal = std::numeric_limits<double>::quiet_NaN(); ///< where it should fall to
        bool recorded = true; ///< in metrics and reports; else for those who watch
        bool trainingSpikes = false; ///< sent in the last training presentation, per sample
    };

    /// What can be done to the model besides setting parameters: the edit "action.KEY".
    struct Action {
        std::string key; ///< "self_predicting"
        std::string label; ///< "self-predicting weights"
    };

    std::vector<Population> populations;
    std::vector<Quantity> quantities;
    std::vector<Projection> projections;
    std::vector<Measure> measures;
    std::vector<Action> actions;
    int samples = 1; ///< of a batch: columns of the quantities that are per sample
    /// What a step is: of "ms" it is dt long; "iteration" counts steps, and time is their number.
    std::string timeUnit = "ms";

    const Population& of(const Quantity& q) const { return at(q.population); }
    const Population& from(const Projection& p) const { return at(p.from); }
    const Population& to(const Projection& p) const { return at(p.to); }
    int rows(const Projection& p) const { return to(p).size; }
    int cols(const Projection& p) const { return from(p).size + (p.hasBias ? 1 : 0); }
    int cols(const Quantity& q) const { return q.perSample ? samples : 1; }
    /// Neurons of all quantities together: the size of a frame's values.
    std::size_t size() const
    {
        return quantities.empty()
            ? 0
            : quantities.back().at + static_cast<std::size_t>(of(quantities.back()).size);
    }

    int add(Population p)
    {
        populations.push_back(std::move(p));
        return static_cast<int>(populations.size()) - 1;
    }
    void add(Quantity q)
    {
        q.at = size();
        quantities.push_back(std::move(q));
    }

    /// Index by name, -1 if there is none.
    int quantity(std::string_view name) const { return find(quantities, name); }
    int projection(std::string_view name) const { return find(projections, name); }
    int measure(std::string_view name) const { return find(measures, name); }
    bool hasAction(std::string_view key) const
    {
        for (const Action& action : actions) {
            if (action.key == key)
                return true;
        }
        return false;
    }

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
