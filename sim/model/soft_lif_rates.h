// Soft LIF of many units: SoftLif::rate() four numbers at a time, by the vector functions of the
// library.
#pragma once

#include "sim/model/batch.h"
#include "sim/model/soft_lif.h"

#include <algorithm>
#include <cmath>

namespace apical {

/// Rate and slope of every number of z, a block at a time. Blocks are always full, so that no
/// number's last digit depends on where in the matrix it stands. What is not a number stays so.
/// @param use (row, column, count, rates, slopes): of the `count` numbers of z from there down
template <class Use>
void softLifRates(const SoftLif& f, const BatchIn<float>& z, bool wantsSlopes, const Use& use)
{
    constexpr Eigen::Index kBlock = 64;
    using Block = Eigen::Array<float, kBlock, 1>;
    constexpr float kFoot = SoftLif::kFoot<float>, kStraight = SoftLif::kStraight<float>;
    const auto g = static_cast<float>(f.smoothing), v = static_cast<float>(f.threshold);
    const auto tau = static_cast<float>(f.tauRc), tRef = static_cast<float>(f.tRef);
    const float far = std::log(v) - std::log(g);
    Block x = Block::Zero(), u, near, rho, wait, rate, slope = Block::Zero();
    for (Eigen::Index column = 0; column < z.cols(); ++column) {
        for (Eigen::Index row = 0; row < z.rows(); row += kBlock) {
            const Eigen::Index count = std::min(kBlock, z.rows() - row);
            x.head(count) = z.col(column).segment(row, count).array();
            u = (x - v) / g;
            near = u.max(kFoot - 1).min(kStraight + 1); // beyond, nothing below comes from it
            wait = near.exp();
            rho = g * wait.log1p();
            for (Eigen::Index i = 0; i < count; ++i)
                rho(i) = u(i) > kStraight ? x(i) - v : rho(i);
            rate = v / rho;
            wait = rate.log1p();
            for (Eigen::Index i = 0; i < count; ++i)
                wait(i) = u(i) <= kFoot ? far - u(i) : wait(i);
            rate = 1 / (tRef + tau * wait);
            if (wantsSlopes) {
                wait = (-near).exp();
                slope = v / (rho * (rho + v)) / (1 + wait);
                for (Eigen::Index i = 0; i < count; ++i)
                    slope(i) = u(i) <= kFoot ? 1 / g : slope(i);
                slope *= rate.square() * tau;
            }
            for (Eigen::Index i = 0; i < count; ++i)
                if (std::isnan(x(i)))
                    rate(i) = slope(i) = x(i);
            use(row, column, count, rate, slope);
        }
    }
}

} // namespace apical
