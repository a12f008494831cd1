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
    switch (p.phi) {
    case phi_kind::logistic:
        return p.phiGamma / (1 + std::exp(-z));
    case phi_kind::tanh:
        return p.phiGamma * std::tanh(z);
    case phi_kind::relu: // z first: a NaN must come out as a NaN
        return p.phiGamma * std::max(z, 0.0);
    case phi_kind::hard_sigmoid:
        return p.phiGamma * std::min(std::max(z, 0.0), 1.0);
    default:
        break;
    }
    if (v <= -kBend)
        return 0;
    return v >= kBend ? v : p.phiGamma * (std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))));
}

double transferSlope(const Parameters& p, double v)
{
    const double z = p.phiBeta * (v - p.phiTheta);
    const double steepest = p.phiGamma * p.phiBeta;
    const double logistic = 1 / (1 + std::exp(-z));
    switch (p.phi) {
    case phi_kind::logistic:
        return steepest * logistic * (1 - logistic);
    case phi_kind::tanh:
        return steepest * (1 - std::tanh(z) * std::tanh(z));
    case phi_kind::relu:
        return z > 0 ? steepest : 0;
    case phi_kind::hard_sigmoid:
        return z > 0 && z < 1 ? steepest : 0;
    default:
        break;
    }
    if (v <= -kBend)
        return 0;
    return v >= kBend ? 1 : steepest * logistic;
}

} // namespace apical
