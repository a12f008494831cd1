#include "sim/predictive/inference_trace.h"

#include "sim/base/error.h"
#include "sim/base/random.h"
#include "sim/network/network_anatomy.h"
#include "sim/predictive/predictive_net.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace apical {
namespace {

constexpr double kDifference = 1e-4; // h: O(h^2) and rounding / h are both below 1e-7
constexpr Eigen::Index kProducts = 40; // largest eigenvalues come first, to far more than is shown
constexpr double kExhausted = 1e-10; // of an eigenvalue: what is left of a product is rounding

/// The largest eigenvalue of a symmetric matrix that is known by its products.
template <class Product> double largestEigenvalue(Eigen::Index size, const Product& times)
{
    const Eigen::Index most = std::min(size, kProducts);
    Eigen::MatrixXd base(size, most);
    Eigen::VectorXd along(most), beside(most), v(size);
    for (Eigen::Index i = 0; i < size; ++i)
        v(i) = normal(0, RandomStream::Perturbation, 0, static_cast<std::uint32_t>(i));
    v.normalize();
    Eigen::Index used = 0;
    while (used < most) {
        base.col(used) = v;
        const auto known = base.leftCols(used + 1);
        v = times(v);
        along(used) = base.col(used).dot(v);
        for (int pass = 0; pass < 2; ++pass) // once leaves rounding that grows
            v -= known * (known.transpose() * v).eval();
        beside(used) = v.norm();
        const double least = kExhausted * std::abs(along(used));
        ++used;
        if (!(beside(used - 1) > least))
            break;
        v /= beside(used - 1);
    }
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
    solver.computeFromTridiagonal(along.head(used), beside.head(used - 1), Eigen::EigenvaluesOnly);
    return solver.eigenvalues().maxCoeff();
}

/// The same inference as the run's, without what it does to weights.
Parameters watched(const InferenceCase& c)
{
    Parameters p = c.parameters;
    auto& own = p.family<PredictiveParameters>();
    if (own.schedule != inference_schedule::fixed_prediction)
        own.schedule = inference_schedule::il;
    own.steps = c.steps;
    own.late = own.updates = own.write = 0;
    own.batchSize = 1;
    own.batchWatch = 0;
    return p;
}

} // namespace

bool infersStepByStep(const Anatomy& a)
{
    return a.quantity("inference.t") >= 0 && a.quantity("layer1.value") >= 0;
}

int inferenceSteps(const Parameters& p, int layers)
{
    return p.family<PredictiveParameters>().lastRead(layers);
}

struct InferenceTracer::Parts {
    std::optional<PredictiveNet<double>> net;
    std::vector<int> sizes;
    Parameters parameters;

    void prepare(const InferenceCase&);
    double rateLimit();
    std::vector<double> hiddenValues() const;
    void read(InferenceTrace&) const;
    double number(const char* quantity) const
    {
        double value = std::numeric_limits<double>::quiet_NaN();
        if (const int i = net->anatomy().quantity(quantity); i >= 0)
            net->read(i, {&value, 1});
        return value;
    }
    const auto& own() const { return parameters.family<PredictiveParameters>(); }
    int layers() const { return static_cast<int>(sizes.size()) - 1; }
};

void InferenceTracer::Parts::prepare(const InferenceCase& c)
{
    Parameters now = watched(c);
    // Sizes of matrices follow from these; all else can be set.
    if (!net || c.sizes != sizes
        || own().normalizes() != now.family<PredictiveParameters>().normalizes()
        || own().hidden != now.family<PredictiveParameters>().hidden
        || own().output != now.family<PredictiveParameters>().output) {
        Experiment e;
        e.layers = c.sizes;
        e.parameters = now;
        e.weights.init = WeightSpec::Init::He;
        net.reset();
        net.emplace(e, now);
    }
    sizes = c.sizes;
    parameters = std::move(now);
    net->setParameters(parameters);
    net->drawNoiseOf(c.seed, c.sample, c.samples);
    const Anatomy& a = net->anatomy();
    if (c.weights.size() != a.projections.size())
        throw InputError({.problem = "weights of another network", .key = "weights"});
    for (std::size_t i = 0; i < c.weights.size(); ++i) {
        const Anatomy::Projection& p = a.projections[i];
        if (!p.isWeight)
            continue;
        if (c.weights[i].rows != a.rows(p) || c.weights[i].cols != a.cols(p))
            throw InputError({.problem = p.name + " has another size", .key = "weights"});
        net->setWeights(static_cast<int>(i), c.weights[i].values);
    }
}

std::vector<double> InferenceTracer::Parts::hiddenValues() const
{
    std::vector<double> all;
    for (int l = 1; l < layers(); ++l) {
        const auto size = static_cast<std::size_t>(sizes[static_cast<std::size_t>(l)]);
        all.resize(all.size() + size);
        net->read(net->anatomy().quantity(layerName(l) + ".value"), std::span(all).last(size));
    }
    return all;
}

/// Of the state of the first read.
double InferenceTracer::Parts::rateLimit()
{
    const std::vector<double> hidden = hiddenValues();
    if (hidden.empty())
        return std::numeric_limits<double>::infinity();
    if (own().schedule == inference_schedule::fixed_prediction) {
        double most = 0;
        for (int l = 1; l < layers(); ++l)
            most = std::max(most, layerValue(own().precision, l - 1));
        return 2 / most;
    }
    const auto size = static_cast<Eigen::Index>(hidden.size());
    const Eigen::VectorXd x = Eigen::Map<const Eigen::VectorXd>(hidden.data(), size);
    const auto moveAt = [&](const Eigen::VectorXd& at) {
        Eigen::VectorXd move(size);
        net->moveAt({at.data(), hidden.size()}, {move.data(), hidden.size()});
        return move;
    };
    return 2 / largestEigenvalue(size, [&](const Eigen::VectorXd& v) -> Eigen::VectorXd {
        return (moveAt(x - kDifference * v) - moveAt(x + kDifference * v)) / (2 * kDifference);
    });
}

void InferenceTracer::Parts::read(InferenceTrace& trace) const
{
    const Anatomy& a = net->anatomy();
    for (int l = 1; l <= layers(); ++l) {
        InferenceTrace::Layer& layer = trace.layers[static_cast<std::size_t>(l - 1)];
        const std::string name = layerName(l) + '.';
        const auto size = static_cast<std::size_t>(sizes[static_cast<std::size_t>(l)]);
        const auto add = [&](const char* what, Matrix& to) {
            to.values.resize(to.values.size() + size);
            ++to.rows;
            net->read(a.quantity(name + what), std::span(to.values).last(size));
        };
        add("value", layer.value);
        add("prediction", layer.prediction);
        add("error", layer.error);
        layer.energy.push_back(number((name + "energy").c_str()));
    }
    trace.total.push_back(number("energy"));
}

InferenceTracer::InferenceTracer()
    : m(std::make_unique<Parts>())
{
}

InferenceTracer::~InferenceTracer() = default;

InferenceTrace InferenceTracer::trace(const InferenceCase& c)
{
    m->prepare(c);
    PredictiveNet<double>& net = *m->net;
    InferenceTrace trace;
    for (int l = 1; l <= m->layers(); ++l) {
        const Matrix none(0, c.sizes[static_cast<std::size_t>(l)]);
        trace.layers.push_back({none, none, none, {}});
    }
    Drive drive{
        .input = c.input, .target = c.target, .nudged = true, .learning = false, .step = c.step};
    net.step(drive);
    trace.loss = m->number("loss");
    trace.rateLimit = m->rateLimit();
    if (!m->own().entropy())
        trace.equilibrium = m->number("equilibrium.energy");
    const auto rises = static_cast<std::size_t>(net.anatomy().measure("energy_rises"));
    double before = 0;
    for (int t = 0; t <= c.steps && !trace.diverged; ++t) {
        drive.stepInPattern = static_cast<std::uint32_t>(t);
        drive.inputHeld = t > 0;
        net.step(drive);
        trace.diverged = !net.finite();
        if (trace.diverged && t > 0)
            break;
        m->read(trace);
        const double now = measuresOf(net)[rises];
        trace.rises.push_back(t > 0 && now > before);
        before = now;
    }
    return trace;
}

} // namespace apical
