// What is worked out only when somebody looks: the exact gradient, closed forms of linear nets, and
// whether inference goes where it should.
#include "sim/predictive/equilibrium.h"
#include "sim/predictive/predictive_net.h"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace apical {
namespace {

/// Four digits: "0.2167".
std::string shortNumber(double value)
{
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(
        buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, 4);
    return {buffer.data(), end.ptr};
}

} // namespace

template <class Scalar> void PredictiveNet<Scalar>::read(int quantity, std::span<double> out) const
{
    const auto i = static_cast<std::size_t>(quantity);
    if (m_isExact[i])
        computeExact();
    if (m_isEquilibrium[i])
        computeEquilibrium();
    Base::read(quantity, out);
}

template <class Scalar>
void PredictiveNet<Scalar>::readWeights(int projection, std::span<double> out) const
{
    const auto i = static_cast<std::size_t>(projection);
    if (m_isExactWeight[i])
        computeExact();
    if (this->m_anatomy.projections[i].name == "equilibrium.covariance")
        computeEquilibrium();
    Base::readWeights(projection, out);
}

template <class Scalar> void PredictiveNet<Scalar>::computeExact() const
{
    if (std::exchange(m_exactKnown, true))
        return;
    if (m_memory[Nudged] == 0) { // nothing is wanted
        for (std::size_t l = 1; l <= layers(); ++l) {
            m_exactDelta[l].setZero();
            m_exactGradient[l].setZero();
        }
        return;
    }
    if (!m_exact)
        m_exact = std::make_unique<Net<Scalar>>(this->m_sizes, m_parameters);
    Net<Scalar>& net = *m_exact;
    net.setParameters(m_parameters);
    for (std::size_t l = 1; l <= layers(); ++l) {
        const Layer& layer = m_net.layers[l];
        net.layers[l].weights = m_memory[Written + l] != 0 ? layer.before : layer.weights;
        if (layer.norm.present())
            net.layers[l].norm.weights = layer.norm.before;
    }
    net.layers[0].rates = m_net.layers[0].rates;
    net.target = m_net.target;
    net.forward(Pass::Running);
    net.computeOutputDelta();
    net.backward();
    for (std::size_t l = 1; l <= layers(); ++l) {
        m_exactDelta[l] = net.layers[l].delta;
        m_exactGradient[l] = net.layers[l].gradient;
    }
}

template <class Scalar> void PredictiveNet<Scalar>::computeEquilibrium() const
{
    if (std::exchange(m_equilibriumKnown, true))
        return;
    std::vector<Batch<double>> weights;
    std::vector<double> precision;
    for (std::size_t l = 1; l <= layers(); ++l) {
        const Layer& layer = m_net.layers[l];
        const Batch<Scalar>& w = layer.norm.present() ? layer.norm.fused
            : m_memory[Written + l] != 0              ? layer.before
                                                      : layer.weights;
        weights.emplace_back(w.leftCols(w.cols() - 1).template cast<double>());
        precision.push_back(m_values[l].precision);
    }
    const Batch<double> s = equilibriumCovariance(weights, precision);
    const Batch<double> residuals = (m_net.target - m_answer).template cast<double>();
    m_covariance = s.template cast<Scalar>();
    m_rateLimit(0) = static_cast<Scalar>(inferenceRateLimit(weights, precision));
    m_equilibriumEnergy(0) = m_memory[Nudged] == 0 || m_net.entropy()
        ? Scalar{0}
        : static_cast<Scalar>(equilibriumEnergy(s, residuals));
}

template <class Scalar> std::string PredictiveNet<Scalar>::warning() const
{
    const double rises = m_reported[layers() + 1];
    // Z-IL and held predictions are no descent; what halves its rate has mended itself.
    if (!(rises > 0) || own().zil() || frozen() || own().halveOnRise)
        return {};
    std::string text = "the energy rose at " + shortNumber(rises) + " of "
        + std::to_string(own().steps)
        + " moves of an inference: inference.rate = " + shortNumber(own().inferenceRate);
    if (const int i = this->m_anatomy.quantity("inference.rate_limit"); i >= 0) {
        double limit = 0;
        read(i, {&limit, 1});
        text += own().inferenceRate > limit ? ", its limit 2 / lambda_max is "
                                            : ", with a limit 2 / lambda_max of ";
        text += shortNumber(limit);
    }
    return text + "; try a smaller one, or inference.halve_on_rise = true";
}

template <class Scalar>
void PredictiveNet<Scalar>::moveAt(std::span<const double> values, std::span<double> move)
{
    for (std::size_t l = 1; l < layers(); ++l) {
        Batch<Scalar>& value = m_values[l].value;
        const auto size = static_cast<std::size_t>(value.size());
        value = Eigen::Map<const RowMajor>(values.data(), value.rows(), value.cols())
                    .template cast<Scalar>();
        values = values.subspan(size);
        send(l);
    }
    for (std::size_t l = 1; l <= layers(); ++l) {
        if (l > 1)
            predict(l);
        readErrors(l);
    }
    for (std::size_t l = 1; l < layers(); ++l) {
        aim(l, false);
        const Batch<Scalar>& to = m_values[l].move;
        Eigen::Map<RowMajor>(move.data(), to.rows(), to.cols()) = to.template cast<double>();
        move = move.subspan(static_cast<std::size_t>(to.size()));
    }
}

/// How much of the energy may be rounding: errors are differences of values and predictions, and
/// cross-entropy is one of outputs, each right to its last digits.
template <class Scalar> double PredictiveNet<Scalar>::rounding() const
{
    constexpr double kLast = 8 * std::numeric_limits<Scalar>::epsilon();
    double sum = 0;
    for (std::size_t l = 1; l <= layers(); ++l) {
        const Values& v = m_values[l];
        const auto norm = [](const Batch<Scalar>& x) { return static_cast<double>(x.norm()); };
        sum += v.precision
            * (l == layers() && m_net.entropy()
                    ? static_cast<double>(v.prediction.cwiseAbs().colwise().maxCoeff().sum())
                    : norm(v.error) * norm(v.value));
    }
    return kLast * sum;
}

template double PredictiveNet<float>::rounding() const;
template double PredictiveNet<double>::rounding() const;
template std::string PredictiveNet<float>::warning() const;
template std::string PredictiveNet<double>::warning() const;
template void PredictiveNet<float>::moveAt(std::span<const double>, std::span<double>);
template void PredictiveNet<double>::moveAt(std::span<const double>, std::span<double>);
template void PredictiveNet<float>::read(int, std::span<double>) const;
template void PredictiveNet<double>::read(int, std::span<double>) const;
template void PredictiveNet<float>::readWeights(int, std::span<double>) const;
template void PredictiveNet<double>::readWeights(int, std::span<double>) const;

} // namespace apical
