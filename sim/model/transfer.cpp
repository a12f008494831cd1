#include "sim/model/transfer.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kBend = 15; // beyond it softplus is 0 or linear

} // namespace

double transfer(const Parameters& p, double v)
{
    const double z = p.phiBeta * (v - p.phiTheta);
    if (p.phi == phi_kind::logistic)
        return p.phiGamma / (1 + std::exp(-z));
    if (v <= -kBend)
        return 0;
    return v >= kBend ? v : p.phiGamma * (std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))));
}

double transferSlope(const Parameters& p, double v)
{
    const double z = p.phiBeta * (v - p.phiTheta);
    const double logistic = 1 / (1 + std::exp(-z));
    if (p.phi == phi_kind::logistic)
        return p.phiGamma * p.phiBeta * logistic * (1 - logistic);
    if (v <= -kBend)
        return 0;
    return v >= kBend ? 1 : p.phiGamma * p.phiBeta * logistic;
}

} // namespace apical
