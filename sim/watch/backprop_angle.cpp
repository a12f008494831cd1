#include "sim/watch/backprop_angle.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

namespace apical {

double angleBetween(std::span<const double> a, std::span<const double> b)
{
    // Scaled first, so that the squares of changes near 1e-200 do not vanish.
    const auto largest = [](std::span<const double> v) {
        std::array<double, 4> most{}; // side by side: they do not wait for each other
        std::size_t i = 0;
        for (; i + most.size() <= v.size(); i += most.size()) {
            for (std::size_t k = 0; k < most.size(); ++k)
                most[k] = std::max(most[k], std::abs(v[i + k]));
        }
        for (; i < v.size(); ++i)
            most[0] = std::max(most[0], std::abs(v[i]));
        return *std::max_element(most.begin(), most.end());
    };
    const double scaleA = largest(a), scaleB = largest(b);
    if (!(scaleA > 0) || !(scaleB > 0) || !std::isfinite(scaleA) || !std::isfinite(scaleB))
        return BackpropAngle::kNone;
    double dot = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double x = a[i] / scaleA, y = b[i] / scaleB;
        dot += x * y;
        aa += x * x;
        bb += y * y;
    }
    return std::acos(std::clamp(dot / std::sqrt(aa * bb), -1.0, 1.0)) * 180 / std::numbers::pi;
}

namespace {

/// Euclidean norms of a layer's update, of its exact gradient and of its weights: large matrices,
/// so the three sums run side by side.
struct Norms {
    double change = 0, gradient = 0, weights = 0;
};

Norms normsOf(std::span<const double> change, std::span<const double> gradient,
    std::span<const double> weights)
{
    Norms sums;
    for (std::size_t i = 0; i < change.size(); ++i) {
        sums.change += change[i] * change[i];
        sums.gradient += gradient[i] * gradient[i];
        sums.weights += weights[i] * weights[i];
    }
    return {std::sqrt(sums.change), std::sqrt(sums.gradient), std::sqrt(sums.weights)};
}

bool measures(const ExactGradient& exact, BackpropAngleRow::Of what, int layer)
{
    switch (what) {
    case BackpropAngleRow::Of::Error:
        return exact.errorQuantity(layer) >= 0;
    case BackpropAngleRow::Of::Comparison:
        return exact.comparedQuantity(layer) >= 0;
    case BackpropAngleRow::Of::Update:
        break;
    }
    return true;
}

} // namespace

std::vector<BackpropAngleColumn> backpropAngleColumns(const Model& model)
{
    std::vector<BackpropAngleColumn> columns;
    const std::unique_ptr<ExactGradient> exact = model.exactGradient();
    if (!exact)
        return columns;
    for (std::size_t l = 0;; ++l) {
        const std::string layer = "layer" + std::to_string(l + 1) + '.';
        if (model.anatomy().projection(layer + "W_up") < 0)
            return columns;
        for (const BackpropAngleRow& row : kBackpropAngleTable) {
            if (measures(*exact, row.of, static_cast<int>(l) + 1))
                columns.push_back({layer + row.name, l, row.value});
        }
    }
}

BackpropAngles::BackpropAngles(Simulation& simulation)
    : m_simulation(&simulation)
    , m_exact(simulation.model().exactGradient())
{
    if (!m_exact)
        return;
    const Anatomy& a = simulation.model().anatomy();
    const int layers = simulation.experiment().targetLayers();
    std::size_t longest = 0;
    for (int l = 1; l <= layers; ++l) {
        const int up = a.projection("layer" + std::to_string(l) + ".W_up");
        const Anatomy::Projection& p = a.projections[static_cast<std::size_t>(up)];
        m_upProjections.push_back(up);
        m_up.emplace_back(a.rows(p), a.cols(p));
        longest = std::max(longest, m_up.back().values.size());
    }
    m_input.resize(simulation.patternInput().size());
    m_target.resize(simulation.patternTarget().size());
    m_read.resize(longest);
    m_ring.resize(kKept);
    if (simulation.experiment().precision == "float")
        m_rounding = 4 * static_cast<double>(std::numeric_limits<float>::epsilon());
    for (BackpropMeasurement& measurement : m_ring)
        measurement.layers.resize(static_cast<std::size_t>(layers));
    forgetLater();
}

const BackpropMeasurement& BackpropAngles::at(std::size_t i) const
{
    return m_ring[(m_first + i) % kKept];
}

const BackpropMeasurement* BackpropAngles::current() const
{
    if (m_size == 0 || m_simulation->parameters().angleInterval == 0)
        return nullptr;
    if (m_simulation->presentation().block != Block::Train)
        return latest();
    return row(training()) <= row(latest()->training) + 1 ? latest() : nullptr;
}

std::uint64_t BackpropAngles::training() const
{
    const Presentation& shown = m_simulation->presentation();
    return shown.ordinal * shown.size + shown.index;
}

std::uint64_t BackpropAngles::row(std::uint64_t training) const
{
    return training / static_cast<std::uint64_t>(m_simulation->parameters().angleInterval);
}

void BackpropAngles::forgetLater()
{
    if (!m_exact)
        return;
    m_watching = false;
    while (m_size > 0 && at(m_size - 1).step > m_simulation->clock().step)
        --m_size;
    if (m_simulation->clock().stepInPattern == 0)
        begin();
}

bool BackpropAngles::boundary()
{
    const bool measured = m_watching && m_simulation->revision() == m_revision;
    if (measured)
        measure();
    m_watching = false;
    begin();
    return measured;
}

void BackpropAngles::begin()
{
    const Presentation& next = m_simulation->presentation();
    if (m_simulation->parameters().angleInterval == 0 || !m_simulation->nudged()
        || next.block != Block::Train)
        return;
    // Decided by the number of the presentation, not by counting, so that a replay measures the
    // same ones.
    m_pattern = m_simulation->clock().pattern;
    m_training = training();
    if (m_size > 0 && row(latest()->training) == row(m_training))
        return;
    m_watching = true;
    m_revision = m_simulation->revision();
    for (std::size_t l = 0; l < m_up.size(); ++l)
        m_simulation->model().readWeights(m_upProjections[l], m_up[l].values);
    std::copy(
        m_simulation->patternInput().begin(), m_simulation->patternInput().end(), m_input.begin());
    std::copy(m_simulation->patternTarget().begin(), m_simulation->patternTarget().end(),
        m_target.begin());
}

void BackpropAngles::measure()
{
    m_exact->compute(m_simulation->parameters(), m_up, m_input, m_target);
    const Model& model = m_simulation->model();
    if (m_size == kKept)
        m_first = (m_first + 1) % kKept;
    else
        ++m_size;
    BackpropMeasurement& now = m_ring[(m_first + m_size - 1) % kKept];
    now.pattern = m_pattern;
    now.training = m_training;
    now.step = m_simulation->clock().step;
    for (std::size_t l = 0; l < m_up.size(); ++l) {
        const int layer = static_cast<int>(l) + 1;
        BackpropAngle& angle = now.layers[l];
        // Both are taken downhill: minus the change against the gradient, minus v_A against the
        // delta.
        const std::vector<double>& gradient = m_exact->gradient(layer).values;
        const std::span change(m_read.data(), gradient.size());
        if (const int update = m_exact->updateProjection(layer); update >= 0) {
            model.readWeights(update, change);
        } else {
            model.readWeights(m_upProjections[l], change);
            for (std::size_t i = 0; i < change.size(); ++i)
                change[i] = m_up[l].values[i] - change[i];
        }
        const Norms norm = normsOf(change, gradient, m_up[l].values);
        angle.weights = m_rounding > 0 && norm.change < m_rounding * norm.weights
            ? BackpropAngle::kNone // what is left of it is the rounding of the weights
            : angleBetween(change, gradient);
        angle.normRatio =
            std::isnan(angle.weights) ? BackpropAngle::kNone : norm.change / norm.gradient;
        const std::vector<double>& delta = m_exact->delta(layer);
        const std::span error(m_read.data(), delta.size());
        angle.apical = angle.rosettaBackprop = angle.rosettaPredictive = BackpropAngle::kNone;
        if (const int apical = m_exact->errorQuantity(layer); apical >= 0) {
            model.read(apical, error);
            for (double& v : error)
                v = -v;
            angle.apical = angleBetween(error, delta);
        }
        if (const int compared = m_exact->comparedQuantity(layer); compared >= 0) {
            model.read(compared, error);
            angle.rosettaBackprop = angleBetween(error, m_exact->backpropError(layer));
            angle.rosettaPredictive = angleBetween(error, m_exact->predictiveError(layer));
        }
    }
}

std::vector<BackpropAngle> BackpropAngles::mean(std::size_t measurements) const
{
    std::vector<BackpropAngle> means(m_up.size());
    for (std::size_t l = 0; l < means.size(); ++l) {
        for (const BackpropAngleRow& row : kBackpropAngleTable) {
            double BackpropAngle::*const field = row.value;
            double sum = 0;
            int count = 0;
            for (std::size_t i = m_size - std::min(m_size, measurements); i < m_size; ++i) {
                const double value = at(i).layers[l].*field;
                if (!std::isnan(value)) {
                    sum += value;
                    ++count;
                }
            }
            if (count)
                means[l].*field = sum / count;
        }
    }
    return means;
}

} // namespace apical
