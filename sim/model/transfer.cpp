#include "sim/model/transfer.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kBend = 15; // beyond it softplus is 0 or linear

} // namespace

double transfer(const Transfer<double>& f, double v)
{
    const double z = f.beta * (v - f.theta);
    switch (f.kind) {
    case phi_kind::logistic:
        return f.gamma / (1 + std::exp(-z));
    case phi_kind::tanh:
        return f.gamma * std::tanh(z);
    case phi_kind::relu: // z first: a NaN must come out as a NaN
        return f.gamma * std::max(z, 0.0);
    case phi_kind::hard_sigmoid:
        return f.gamma * std::min(std::max(z, 0.0), 1.0);
    default:
        break;
    }
    if (v <= -kBend)
        return 0;
    return v >= kBend ? v : f.gamma * (std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))));
}

double transferSlope(const Transfer<double>& f, double v)
{
    const double z = f.beta * (v - f.theta);
    const double steepest = f.gamma * f.beta;
    const double logistic = 1 / (1 + std::exp(-z));
    switch (f.kind) {
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
