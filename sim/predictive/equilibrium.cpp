#include "sim/predictive/equilibrium.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <cstddef>

namespace apical {

Batch<double> equilibriumCovariance(
    const std::vector<Batch<double>>& weights, const std::vector<double>& precision)
{
    const Eigen::Index outputs = weights.back().rows();
    Batch<double> onward = Batch<double>::Identity(outputs, outputs);
    Batch<double> covariance = Batch<double>::Zero(outputs, outputs);
    for (std::size_t l = weights.size(); l > 0; --l) {
        covariance += onward * onward.transpose() / precision[l - 1];
        onward = (onward * weights[l - 1]).eval();
    }
    return covariance;
}

double equilibriumEnergy(const Batch<double>& covariance, const Batch<double>& residuals)
{
    return residuals.cwiseProduct(covariance.llt().solve(residuals)).sum() / 2;
}

double inferenceRateLimit(
    const std::vector<Batch<double>>& weights, const std::vector<double>& precision)
{
    Eigen::Index size = 0;
    for (std::size_t l = 0; l + 1 < weights.size(); ++l)
        size += weights[l].rows();
    Batch<double> curvature = Batch<double>::Zero(size, size);
    Eigen::Index at = 0;
    for (std::size_t l = 0; l + 1 < weights.size(); ++l) {
        const Batch<double>& above = weights[l + 1];
        const Eigen::Index n = weights[l].rows();
        curvature.block(at, at, n, n) = precision[l] * Batch<double>::Identity(n, n)
            + precision[l + 1] * above.transpose() * above;
        if (l + 2 < weights.size()) {
            curvature.block(at + n, at, above.rows(), n) = -precision[l + 1] * above;
            curvature.block(at, at + n, n, above.rows()) = -precision[l + 1] * above.transpose();
        }
        at += n;
    }
    return 2
        / Eigen::SelfAdjointEigenSolver<Batch<double>>(curvature, Eigen::EigenvaluesOnly)
              .eigenvalues()
              .maxCoeff();
}

} // namespace apical
