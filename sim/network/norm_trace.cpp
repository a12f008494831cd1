#include "sim/network/norm_trace.h"

#include "sim/base/error.h"
#include "sim/network/net.h"

#include <cstddef>
#include <utility>

namespace apical {
namespace {

template <class Scalar> void setFrom(Batch<Scalar>& to, const Matrix& from, const std::string& name)
{
    if (from.rows != to.rows() || from.cols != to.cols())
        throw InputError({.problem = name + " has another size", .key = "weights"});
    to = Eigen::Map<const RowMajor>(from.values.data(), from.rows, from.cols)
             .template cast<Scalar>();
}

template <class Scalar>
Net<Scalar> netOf(const NormCase& c, std::span<const double> input, int samples)
{
    const std::size_t layers = c.sizes.size() - 1;
    if (samples < 1
        || input.size()
            != static_cast<std::size_t>(c.sizes.front()) * static_cast<std::size_t>(samples)
        || c.up.size() != layers || c.norm.size() + 1 != layers)
        throw InputError({.problem = "samples or weights of another network", .key = "weights"});
    Parameters p = c.parameters;
    auto& own = p.family<NetworkParameters>();
    own.batchSize = samples;
    own.batchWatch = 0;
    Net<Scalar> net(c.sizes, p);
    for (std::size_t l = 1; l <= layers; ++l) {
        const std::string name = "layer" + std::to_string(l);
        setFrom(net.layers[l].weights, c.up[l - 1], name + ".W_up");
        if (l < layers)
            setFrom(net.layers[l].norm.weights, c.norm[l - 1], name + ".W_norm");
    }
    const std::vector<double> noTarget(static_cast<std::size_t>(net.target.size()), 0.0);
    net.show(input, noTarget);
    return net;
}

template <class Values> Matrix matrixOf(const Values& values)
{
    Matrix m(static_cast<int>(values.rows()), static_cast<int>(values.cols()));
    Eigen::Map<RowMajor>(m.values.data(), m.rows, m.cols) = values;
    return m;
}

template <class Scalar>
std::vector<double> differences(const NormCase& c, std::span<const double> input, int samples,
    const std::vector<NormTrace::Layer>& fusedWith)
{
    using Norm = BatchNorm<Scalar>;
    Net<Scalar> net = netOf<Scalar>(c, input, samples);
    net.forward(Net<Scalar>::Pass::Running);
    const Batch<Scalar> normalised = net.layers.back().sent();
    for (std::size_t l = 0; l < fusedWith.size(); ++l) {
        Batch<Scalar>& weights = net.layers.at(l + 1).norm.weights;
        for (Eigen::Index i = 0; i < weights.rows(); ++i) {
            const auto at = static_cast<std::size_t>(i);
            weights(i, Norm::Mean) = static_cast<Scalar>(fusedWith[l].mean.at(at));
            weights(i, Norm::Variance) = static_cast<Scalar>(fusedWith[l].variance.at(at));
        }
    }
    net.forward(Net<Scalar>::Pass::Fused);
    const Batch<Scalar> apart = net.layers.back().sent() - normalised;
    std::vector<double> largest;
    for (Eigen::Index k = 0; k < apart.cols(); ++k)
        largest.push_back(static_cast<double>(apart.col(k).cwiseAbs().maxCoeff()));
    return largest;
}

} // namespace

bool normalisesBatches(const Anatomy& a)
{
    return a.projection("layer1.W_norm") >= 0;
}

NormTrace traceNorm(const NormCase& c, std::span<const double> input, int samples, bool ofBatch)
{
    NormCase own = c;
    own.parameters.family<NetworkParameters>().normStatistics = ofBatch ? 0 : 1;
    Net<double> net = netOf<double>(own, input, samples);
    net.forward(Net<double>::Pass::Learning);
    NormTrace trace;
    for (std::size_t l = 1; l + 1 < net.layers.size(); ++l) {
        const auto& layer = net.layers[l];
        NormTrace::Layer seen{.before = matrixOf(layer.z),
            .normalised = matrixOf(layer.norm.centred),
            .after = matrixOf(layer.norm.value),
            .mean = {},
            .variance = {}};
        for (Eigen::Index i = 0; i < layer.z.rows(); ++i) {
            seen.mean.push_back(layer.norm.used(i, 0));
            seen.variance.push_back(layer.norm.used(i, 1));
        }
        trace.layers.push_back(std::move(seen));
    }
    trace.output = matrixOf(net.layers.back().sent());
    return trace;
}

std::vector<double> fusionDifference(const NormCase& c, std::span<const double> input, int samples,
    const std::string& precision, const std::vector<NormTrace::Layer>& fusedWith)
{
    return precision == "float" ? differences<float>(c, input, samples, fusedWith)
                                : differences<double>(c, input, samples, fusedWith);
}

} // namespace apical
