// Small nets of predictive coding for their tests.
#pragma once

#include "tests/engine/feedforward/batches.h"

namespace apical {

inline const std::vector<int> kSizes{7, 6, 5, 4, 3};
inline constexpr int kSamples = 9;

inline Net predictive(Net::Settings settings, const std::vector<int>& sizes = kSizes,
    int batch = kSamples, std::uint64_t seed = 3, const std::string& precision = "double")
{
    return Net(sizes, batch, settings, seed, precision, "predictive-coding");
}

inline Net::Settings with(Net::Settings settings, const Net::Settings& more)
{
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
}

inline const Net::Settings kStill{{"learning.rate", 0.0}};

} // namespace apical
