// What a model tells of a test beyond loss and accuracy of its answer.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace apical {

/// Looks at the model that made it while samples are shown to it.
class TestWatch {
public:
    virtual ~TestWatch() = default;
    virtual void stepped() { } ///< after each step
    /// After the last step of a presentation. @param targets [unit][sample] @param counts of each
    /// sample (column) whether it has a target and was not there before
    virtual void presented(std::span<const double> targets, const std::vector<bool>& counts) = 0;
    /// By name; one of the name of a metric that there is takes its place. Means over all samples.
    virtual std::vector<std::pair<std::string, double>> metrics() const = 0;
};

} // namespace apical
