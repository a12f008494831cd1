#include "sim/insight/sample_probe.h"

#include "sim/base/error.h"
#include "sim/experiment/durations.h"
#include "sim/run/model_table.h"

#include <algorithm>
#include <string>
#include <utility>

namespace apical {
namespace {

/// A model of the lane's kind for one sample at a time; its own initial weights do not matter.
std::unique_ptr<Model> modelFor(const std::vector<int>& sizes, Parameters& p)
{
    const ModelRow* row = findModel(p.model());
    if (!row)
        return nullptr;
    if (const ParameterRow* batch = p.table().find("batch.size"))
        setParameter(p, *batch, 1.0, static_cast<int>(sizes.size()) - 1);
    Experiment e = newExperiment(p.model());
    e.layers = sizes;
    e.parameters = p;
    e.precision = "float";
    try {
        return row->make(e, p);
    } catch (const InputError&) {
        return nullptr;
    }
}

} // namespace

bool SampleProbe::take(const LaneFrame& lane, const std::vector<int>& sizes)
{
    if (!lane.anatomy || lane.weights.size() != lane.anatomy->projections.size())
        return false;
    Parameters p = lane.parameters;
    if (!m_model || sizes != m_sizes || &p.table() != &m_parameters.table()) {
        m_model = modelFor(sizes, p);
        m_sizes = sizes;
        m_exact = m_model ? m_model->exactGradient() : nullptr;
    } else if (const ParameterRow* batch = p.table().find("batch.size")) {
        setParameter(p, *batch, 1.0, static_cast<int>(sizes.size()) - 1);
    }
    if (!m_model || m_model->anatomy().projections.size() != lane.weights.size())
        return false;
    m_model->setParameters(p);
    m_parameters = p;
    std::size_t up = 0; // a matrix of last time lends its memory
    for (std::size_t i = 0; i < lane.weights.size(); ++i) {
        const Anatomy::Projection& projection = m_model->anatomy().projections[i];
        const Matrix& weights = lane.weights[i];
        if (!projection.isWeight)
            continue;
        if (weights.rows != m_model->anatomy().rows(projection)
            || weights.cols != m_model->anatomy().cols(projection))
            return false;
        m_model->setWeights(static_cast<int>(i), weights.values);
        if (projection.pathway != "W_up")
            continue;
        if (up == m_up.size())
            m_up.emplace_back();
        m_up[up++] = weights;
    }
    m_up.resize(up);
    return true;
}

std::vector<double> SampleProbe::read(int quantity) const
{
    if (quantity < 0)
        return {};
    const Anatomy& a = m_model->anatomy();
    std::vector<double> values(
        static_cast<std::size_t>(a.of(a.quantities[static_cast<std::size_t>(quantity)]).size));
    m_model->read(quantity, values);
    return values;
}

bool SampleProbe::readHidden(const char* suffix, std::vector<std::vector<double>>& layers) const
{
    layers.clear();
    for (std::size_t l = 1; l + 1 < m_sizes.size(); ++l) {
        const int quantity = m_model->anatomy().quantity("layer" + std::to_string(l) + suffix);
        if (quantity < 0)
            return false;
        layers.push_back(read(quantity));
    }
    return !layers.empty();
}

void SampleProbe::present(
    std::span<const double> input, std::span<const double> target, bool nudged)
{
    const int own = ownSteps(m_sizes, m_parameters, nudged);
    const std::uint32_t steps = own > 0
        ? static_cast<std::uint32_t>(own)
        : std::max(1u, stepsOf(m_parameters.presentationTime, m_parameters.dt));
    for (std::uint32_t s = 0; s < steps; ++s)
        m_model->step({.input = input,
            .target = target,
            .nudged = nudged,
            .learning = false,
            .inputHeld = s > 0,
            .presentationTime = steps * m_parameters.dt,
            .stepInPattern = s,
            .stepsInPattern = steps});
}

SampleAnswer SampleProbe::show(std::span<const double> input, std::span<const double> target)
{
    SampleAnswer answer;
    const std::vector<double> noTarget(static_cast<std::size_t>(m_sizes.back()), 0.0);
    // A target acts one step late: that of the sample before must be over.
    m_model->step({.input = input, .target = noTarget, .nudged = false, .learning = false});
    m_model->resetPotentials();
    present(input, noTarget, false);
    answer.output = read(m_model->answer());
    constexpr std::pair<const char*, const char*> senders[]{{".pyr.rate", "rates"},
        {".trace", "traces"}, {".activation", "rates"}, {".value", "values"}};
    for (const auto& [suffix, name] : senders) {
        if (answer.hiddenName.empty() && readHidden(suffix, answer.hidden))
            answer.hiddenName = name;
    }
    if (target.empty())
        return answer;
    present(input, target, true);
    if (!findsErrors())
        return answer;
    answer.error = read(m_exact->errorQuantity(1));
    m_exact->compute(m_parameters, m_up, input, target);
    answer.delta = m_exact->delta(1);
    for (double& d : answer.delta)
        d = -d;
    return answer;
}

} // namespace apical
