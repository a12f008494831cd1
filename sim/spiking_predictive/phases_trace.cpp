#include "sim/spiking_predictive/phases_trace.h"

#include "sim/base/error.h"
#include "sim/experiment/durations.h"
#include "sim/model/model.h"
#include "sim/spiking_predictive/spiking_predictive.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <utility>

namespace apical {
namespace {

using Layer = PhasesTrace::Layer;
using List = std::vector<double>;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string layerName(std::size_t l, const char* what)
{
    return "layer" + std::to_string(l) + '.' + what;
}

[[noreturn]] void refuse(const char* key, const std::string& problem, const std::string& allowed)
{
    throw InputError({.problem = problem, .key = key, .allowed = allowed});
}

void check(const PhasesCase& c)
{
    if (!c.parameters.familyIf<SpikingPredictiveParameters>() || c.sizes.size() < 2)
        refuse(
            "model", "only spiking predictive coding has two phases", "spiking-predictive-coding");
    const auto fits = [](const char* key, const List& values, int size) {
        if (values.size() != static_cast<std::size_t>(size))
            refuse(key, "the sample has " + std::to_string(values.size()) + " numbers",
                std::to_string(size));
    };
    fits("input", c.input, c.sizes.front());
    fits("target", c.target, c.sizes.back());
}

/// The model of the run, for one sample.
Experiment experimentOf(const PhasesCase& c)
{
    check(c);
    Experiment e;
    e.layers = c.sizes;
    e.parameters = c.parameters;
    auto& own = e.parameters.family<SpikingPredictiveParameters>();
    own.batchSize = 1;
    own.batchWatch = 0;
    e.precision = c.precision;
    e.seed = c.seed;
    e.weights.init = WeightSpec::Init::Explicit;
    e.weights.given = c.weights;
    return e;
}

/// One layer of the model, read after every step.
class Reader {
public:
    Reader(const Model& model, std::size_t layer, std::uint32_t steps, Layer& to)
        : m_model(model)
        , m_to(to)
    {
        const Anatomy& a = model.anatomy();
        const auto find = [&](const char* what) { return a.quantity(layerName(layer, what)); };
        m_prediction = find("prediction");
        m_value = find("value");
        m_trace = find("error_trace");
        m_latched = find("latched");
        m_mean = find("error_mean");
        m_values.quantity = find("spikes");
        m_errors.quantity = find("error_spikes");
        to.hidden = m_value >= 0;
        const auto rows = static_cast<int>(steps);
        to.prediction = Matrix(rows, to.units);
        to.errorTrace = Matrix(rows, to.units);
        if (to.hidden)
            to.value = Matrix(rows, to.units);
        const auto units = static_cast<std::size_t>(to.units);
        for (Counts* counts : {&m_values, &m_errors}) {
            counts->before.assign(units, 0.0);
            counts->now.assign(units, 0.0);
        }
    }
    void read(std::uint32_t step, bool latched)
    {
        m_model.read(m_prediction, row(m_to.prediction, step));
        m_model.read(m_trace, row(m_to.errorTrace, step));
        if (m_to.hidden) {
            m_model.read(m_value, row(m_to.value, step));
            if (!latched)
                std::ranges::fill(row(m_to.value, step), kNaN);
            count(m_values, step, m_to.values);
        }
        count(m_errors, step, m_to.errors);
    }
    void finish()
    {
        m_to.latched.resize(static_cast<std::size_t>(m_to.units));
        m_to.errorMean = m_to.latched;
        m_model.read(m_latched, m_to.latched);
        m_model.read(m_mean, m_to.errorMean);
    }

private:
    struct Counts {
        int quantity = -1;
        List before{}, now{};
    };
    std::span<double> row(Matrix& of, std::uint32_t step) const
    {
        const auto units = static_cast<std::size_t>(m_to.units);
        return std::span(of.values).subspan(step * units, units);
    }
    void count(Counts& counts, std::uint32_t step, std::vector<PhasesTrace::Spike>& to) const
    {
        m_model.read(counts.quantity, counts.now);
        for (std::size_t i = 0; i < counts.now.size(); ++i)
            if (const double sent = counts.now[i] - counts.before[i]; sent != 0)
                to.push_back({step, static_cast<std::uint32_t>(i), sent > 0 ? 1 : -1});
        std::swap(counts.before, counts.now);
    }

    const Model& m_model;
    Layer& m_to;
    int m_prediction, m_value, m_trace, m_latched, m_mean;
    Counts m_values, m_errors;
};

/// Weights of a case, which are needed with this size. @tparam Case may be const
template <class Case> auto& weightsOf(Case& c, const std::string& name, int rows, int cols)
{
    const auto found = std::ranges::find(c.weights, name, &NamedMatrix::name);
    if (found == c.weights.end() || found->matrix.rows != rows || found->matrix.cols != cols)
        refuse(name.c_str(), "weights are missing, or of another size",
            std::to_string(rows) + " x " + std::to_string(cols));
    return found->matrix;
}

template <class Case> auto& upOf(Case& c, std::size_t layer)
{
    return weightsOf(c, layerName(layer, "W_up"), c.sizes[layer], c.sizes[layer - 1] + 1);
}

/// mu_N of the net of rates.
List outputOfRates(const PhasesCase& c)
{
    const SoftLif lif = softLifOf(c.parameters.family<SpikingPredictiveParameters>());
    List rates = c.input, mu;
    for (std::size_t l = 1; l < c.sizes.size(); ++l) {
        const Matrix& w = upOf(c, l);
        const std::size_t inputs = rates.size();
        mu.clear();
        for (int j = 0; j < w.rows; ++j) {
            const auto row =
                std::span(w.values).subspan(static_cast<std::size_t>(j) * (inputs + 1), inputs + 1);
            mu.push_back(std::inner_product(rates.begin(), rates.end(), row.begin(), row.back()));
        }
        rates = mu;
        for (double& x : rates)
            x = lif.gain() * lif.rate(x).value;
    }
    return mu;
}

List outputError(const List& target, const List& mu, bool entropy)
{
    List error = target;
    const double most = *std::ranges::max_element(mu);
    double sum = 0;
    for (const double z : mu)
        sum += std::exp(z - most);
    for (std::size_t i = 0; i < mu.size(); ++i)
        error[i] -= entropy ? std::exp(mu[i] - most) / sum : mu[i];
    return error;
}

/// Backprop at what is latched.
void propagate(const PhasesCase& c, PhasesTrace& trace)
{
    const auto& own = c.parameters.family<SpikingPredictiveParameters>();
    const SoftLif lif = softLifOf(own);
    trace.layers.back().backprop =
        outputError(c.target, trace.layers.back().latched, own.entropy());
    for (std::size_t l = trace.layers.size() - 1; l >= 1; --l) {
        const List& above = trace.layers[l].backprop;
        const Matrix& w = upOf(c, l + 1);
        Layer& layer = trace.layers[l - 1];
        layer.backprop.assign(layer.latched.size(), 0.0);
        for (int j = 0; j < w.rows; ++j)
            for (int i = 0; i < layer.units; ++i)
                layer.backprop[static_cast<std::size_t>(i)] +=
                    w(j, i) * above[static_cast<std::size_t>(j)];
        for (std::size_t i = 0; i < layer.backprop.size(); ++i)
            layer.backprop[i] *= lif.gain() * lif.rate(layer.latched[i]).slope;
    }
}

/// Backprop of the net of rates.
void propagateRates(const PhasesCase& c, const Model& model, PhasesTrace& trace)
{
    std::vector<Matrix> up;
    for (std::size_t l = 1; l <= trace.layers.size(); ++l)
        up.push_back(upOf(c, l));
    const auto exact = model.exactGradient();
    exact->compute(model.parameters(), up, c.input, c.target);
    for (std::size_t l = 0; l < trace.layers.size(); ++l) {
        trace.layers[l].exact = exact->delta(static_cast<int>(l) + 1);
        for (double& delta : trace.layers[l].exact)
            delta = -delta;
    }
}

} // namespace

std::size_t PhasesTrace::Layer::sent(int sign) const
{
    return static_cast<std::size_t>(std::ranges::count(errors, sign, &Spike::sign));
}

std::size_t PhasesTrace::valueSpikes() const
{
    std::size_t sum = 0;
    for (const Layer& layer : layers)
        sum += layer.values.size();
    return sum;
}

std::size_t PhasesTrace::errorSpikes() const
{
    std::size_t sum = 0;
    for (const Layer& layer : layers)
        sum += layer.errors.size();
    return sum;
}

bool hasTwoPhases(const Anatomy& a)
{
    const int errors = a.quantity("layer1.error_spikes");
    if (errors < 0 || a.quantity("layer1.latched") < 0 || a.quantity("spc.phase") < 0)
        return false;
    const Anatomy::Quantity& q = a.quantities[static_cast<std::size_t>(errors)];
    return q.form == Anatomy::Form::Count && q.perSample;
}

PhasesCase plainCase(PhasesCase c)
{
    const auto* given = c.parameters.familyIf<SpikingPredictiveParameters>();
    if (!given || !given->normalizes())
        return c;
    auto& own = c.parameters.family<SpikingPredictiveParameters>();
    own.norm = 0;
    for (std::size_t l = 1; l + 1 < c.sizes.size(); ++l) {
        const Matrix& norm = weightsOf(c, layerName(l, "W_norm"), c.sizes[l], 4);
        Matrix& w = upOf(c, l);
        for (int i = 0; i < w.rows; ++i) {
            const double s = norm(i, 0) / std::sqrt(norm(i, 3) + own.normEpsilon);
            for (int j = 0; j < w.cols; ++j)
                w(i, j) *= s;
            w(i, w.cols - 1) += norm(i, 1) - s * norm(i, 2);
            const auto down =
                std::ranges::find(c.weights, layerName(l - 1, "W_down"), &NamedMatrix::name);
            for (int j = 0; down != c.weights.end() && j < down->matrix.rows; ++j)
                down->matrix(j, i) *= s;
        }
    }
    std::erase_if(c.weights, [](const NamedMatrix& w) { return w.name.ends_with(".W_norm"); });
    return c;
}

double rateLoss(const PhasesCase& c)
{
    check(c);
    if (c.parameters.family<SpikingPredictiveParameters>().normalizes())
        return rateLoss(plainCase(c));
    const List mu = outputOfRates(c);
    const double most = *std::ranges::max_element(mu);
    double sum = 0, loss = 0;
    for (const double z : mu)
        sum += std::exp(z - most);
    const bool entropy = c.parameters.family<SpikingPredictiveParameters>().entropy();
    for (std::size_t i = 0; i < mu.size(); ++i)
        loss += entropy ? c.target[i] * (std::log(sum) + most - mu[i])
                        : 0.5 * (c.target[i] - mu[i]) * (c.target[i] - mu[i]);
    return loss;
}

PhasesTrace tracePhases(const PhasesCase& normalised)
{
    const PhasesCase c = plainCase(normalised);
    const Experiment e = experimentOf(c);
    for (std::size_t l = 1; l < c.sizes.size(); ++l)
        upOf(c, l);
    const std::unique_ptr<Model> model = makeSpikingPredictive(e, e.parameters);
    const auto& own = c.parameters.family<SpikingPredictiveParameters>();
    PhasesTrace trace;
    trace.dt = c.parameters.dt;
    trace.stepsA = std::max(1u, stepsOf(own.phaseA, trace.dt));
    trace.stepsB = std::max(1u, stepsOf(own.phaseB, trace.dt));
    trace.window = trace.stepsA + std::min(stepsOf(own.window, trace.dt), trace.stepsB - 1);
    trace.layers.resize(c.sizes.size() - 1);
    std::vector<Reader> readers;
    for (std::size_t l = 1; l < c.sizes.size(); ++l) {
        trace.layers[l - 1].units = c.sizes[l];
        readers.emplace_back(*model, l, trace.steps(), trace.layers[l - 1]);
    }
    for (std::uint32_t s = 0; s < trace.steps(); ++s) {
        model->step({.input = c.input,
            .target = c.target,
            .nudged = true,
            .learning = false,
            .inputHeld = s > 0,
            .step = c.firstStep + s,
            .presentationTime = trace.ms(trace.steps()),
            .stepInPattern = s,
            .stepsInPattern = trace.steps()});
        for (Reader& reader : readers)
            reader.read(s, s + 1 >= trace.stepsA);
    }
    for (Reader& reader : readers)
        reader.finish();
    propagate(c, trace);
    propagateRates(c, *model, trace);
    return trace;
}

} // namespace apical
