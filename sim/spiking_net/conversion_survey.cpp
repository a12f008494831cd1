#include "sim/spiking_net/conversion_survey.h"

#include "sim/experiment/durations.h"
#include "sim/lif/lif_parameters.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace apical {
namespace {

using Clock = std::chrono::steady_clock;

double countedSpikes(const Model& model)
{
    const Anatomy& a = model.anatomy();
    double sum = 0;
    for (std::size_t i = 0; i < a.quantities.size(); ++i) {
        const Anatomy::Quantity& q = a.quantities[i];
        if (q.form != Anatomy::Form::Count || a.of(q).layer == 0)
            continue;
        std::vector<double> counts(
            static_cast<std::size_t>(a.of(q).size) * static_cast<std::size_t>(a.cols(q)));
        model.read(static_cast<int>(i), counts);
        for (const double n : counts)
            sum += n;
    }
    return sum;
}

} // namespace

std::vector<ConversionVariant> usualVariants()
{
    std::vector<ConversionVariant> all;
    for (const int encoder : {encoder_kind::current, encoder_kind::poisson})
        for (const double ms : {0.0, 2.0, 5.0, 10.0})
            all.push_back({encoder, ms});
    return all;
}

ConversionSurveyor::ConversionSurveyor(const ConversionNet& net,
    std::vector<ConversionVariant> variants, int images, LabelledImage image, int together)
    : m_variants(std::move(variants))
    , m_images(images)
    , m_together(std::clamp(together, 1, std::max(1, images)))
    , m_image(std::move(image))
    , m_model(convertedModel(net, m_together))
{
    const auto n = static_cast<std::size_t>(m_together);
    m_input.resize(static_cast<std::size_t>(net.sizes.front()) * n);
    m_noTarget.assign(static_cast<std::size_t>(net.sizes.back()) * n, 0.0);
    m_labels.resize(n);
    const Parameters& p = m_model->parameters();
    m_survey.dt = p.dt;
    m_survey.total = images * static_cast<int>(m_variants.size());
    const std::size_t steps = std::max(1u, stepsOf(p.presentationTime, p.dt));
    for (const ConversionVariant& variant : m_variants)
        m_survey.curves.push_back({.variant = variant, .right = std::vector<double>(steps, 0.0)});
}

void ConversionSurveyor::loadImages()
{
    // The last few go back a little, as in a test of the model.
    const int begin = std::max(0, std::min(m_first, m_images - m_together));
    m_skip = m_first - begin;
    const auto n = static_cast<std::size_t>(m_together);
    std::vector<double> one(m_input.size() / n);
    for (std::size_t k = 0; k < n; ++k) {
        m_labels[k] = m_image(begin + static_cast<int>(k), one);
        for (std::size_t i = 0; i < one.size(); ++i)
            m_input[i * n + k] = one[i];
    }
}

double ConversionSurveyor::rightIn(int quantity) const
{
    std::vector<double> answers(m_noTarget.size());
    m_model->read(quantity, answers);
    const auto n = static_cast<std::size_t>(m_together);
    double right = 0;
    for (auto k = static_cast<std::size_t>(m_skip); k < n; ++k) {
        std::size_t best = k;
        for (std::size_t i = k; i < answers.size(); i += n)
            best = answers[i] > answers[best] ? i : best;
        right += static_cast<int>(best / n) == m_labels[k] ? 1 : 0;
    }
    return right;
}

void ConversionSurveyor::answerWithRates()
{
    m_model->step({.input = m_input, .target = m_noTarget, .nudged = false, .learning = true});
    m_survey.annRight += rightIn(m_model->answer());
    m_survey.annShown += m_together - m_skip;
}

void ConversionSurveyor::present(ConversionSurvey::Curve& curve)
{
    Parameters p = m_model->parameters();
    setVariant(p, curve.variant);
    m_model->setParameters(p);
    const int running = m_model->anatomy().quantity("readout.running");
    const auto steps = static_cast<std::uint32_t>(curve.right.size());
    // Every variant draws the numbers that a run of its own would draw.
    const std::uint64_t firstStep = static_cast<std::uint64_t>(m_first / m_together) * steps;
    const double before = countedSpikes(*m_model);
    for (std::uint32_t s = 0; s < steps; ++s) {
        m_model->step({.input = m_input,
            .target = m_noTarget,
            .nudged = false,
            .learning = false,
            .inputHeld = s > 0,
            .step = firstStep + s,
            .presentationTime = steps * p.dt,
            .stepInPattern = s,
            .stepsInPattern = steps});
        curve.right[s] += rightIn(running);
    }
    // Images that are shown twice spike twice, but count once.
    const double fresh = m_together - m_skip;
    curve.spikes += (countedSpikes(*m_model) - before) * fresh / m_together;
    curve.shown += fresh;
    m_survey.done += m_together - m_skip;
}

bool ConversionSurveyor::advance()
{
    if (m_first >= m_images || m_variants.empty())
        return false;
    const Clock::time_point start = Clock::now();
    if (m_variant == 0) {
        loadImages();
        answerWithRates();
    }
    present(m_survey.curves[m_variant]);
    if (++m_variant == m_variants.size()) {
        m_variant = 0;
        m_first += m_together;
    }
    m_survey.seconds += std::chrono::duration<double>(Clock::now() - start).count();
    return true;
}

} // namespace apical
