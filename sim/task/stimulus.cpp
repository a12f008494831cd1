#include "sim/task/stimulus.h"

#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/task/image_stimulus.h"
#include "sim/task/listed_stimulus.h"

#include "sim/base/random.h"
#include "sim/task/teacher.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

namespace apical {
namespace {

[[noreturn]] void fail(std::string key, std::string problem, std::string allowed = {})
{
    throw InputError(
        {.problem = std::move(problem), .key = std::move(key), .allowed = std::move(allowed)});
}

// Independent inputs and targets for every pattern.
class UniformStimulus final : public Stimulus {
public:
    explicit UniformStimulus(const Experiment& e)
        : m_seed(e.seed)
    {
        if (e.parameters.inputLow > e.parameters.inputHigh)
            fail("stimulus.low",
                "stimulus.low = " + parameterText(e.parameters.inputLow)
                    + " is above stimulus.high = " + parameterText(e.parameters.inputHigh));
        if (e.parameters.targetLow > e.parameters.targetHigh)
            fail("stimulus.target_low",
                "stimulus.target_low = " + parameterText(e.parameters.targetLow)
                    + " is above stimulus.target_high = " + parameterText(e.parameters.targetHigh));
    }
    bool pattern(const Presentation& shown, const Parameters& p, std::span<double> input,
        std::span<double> target) const override
    {
        const auto draw = [&](RandomStream stream, double low, double high, std::span<double> out) {
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] = low
                    + (high - low)
                        * uniform(m_seed, stream, shown.number, static_cast<std::uint32_t>(i));
        };
        draw(RandomStream::Input, p.inputLow, p.inputHigh, input);
        draw(RandomStream::Target, p.targetLow, p.targetHigh, target);
        return true;
    }

private:
    std::uint64_t m_seed;
};

void checkSize(const std::vector<double>& v, int size, const std::string& place, const char* layer)
{
    if (v.size() != static_cast<std::size_t>(size)) {
        fail(place,
            place + " has " + std::to_string(v.size()) + " entries; the " + layer + " layer has "
                + std::to_string(size));
    }
    if (!std::all_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); }))
        fail(place, place + " has an entry that is not finite");
}

std::unique_ptr<Stimulus> makeUniform(const Experiment& e)
{
    return std::make_unique<UniformStimulus>(e);
}

/// @param prefix of the keys in the stimulus: "", "validation_" or "test_"
void checkSamples(const Experiment& e, const InputList& inputs, const TargetList& targets,
    const std::string& prefix = {})
{
    const std::string inputsKey = "stimulus." + prefix + "inputs";
    const std::string targetsKey = "stimulus." + prefix + "targets";
    if (inputs.empty())
        fail(inputsKey, inputsKey + " is empty", "at least one pattern");
    for (std::size_t i = 0; i < inputs.size(); ++i)
        checkSize(inputs[i], e.layers.front(), inputsKey + '[' + std::to_string(i) + ']', "input");
    if (!targets.empty() && targets.size() != inputs.size()) {
        fail(targetsKey,
            targetsKey + " has " + std::to_string(targets.size()) + " entries; " + inputsKey
                + " has " + std::to_string(inputs.size()));
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (targets[i])
            checkSize(
                *targets[i], e.layers.back(), targetsKey + '[' + std::to_string(i) + ']', "output");
    }
}

/// Targets name classes if each of them has one largest entry.
bool nameClasses(const TargetList& targets)
{
    return std::all_of(targets.begin(), targets.end(), [](const auto& target) {
        return !target
            || std::count(target->begin(), target->end(),
                   *std::max_element(target->begin(), target->end()))
            == 1;
    });
}

std::unique_ptr<Stimulus> makePatterns(const Experiment& e)
{
    const StimulusSpec& spec = e.stimulus;
    checkSamples(e, spec.inputs, spec.targets);
    auto stimulus =
        std::make_unique<ListedStimulus>(spec.inputs, spec.targets, spec.shuffled, e.seed);
    const auto setOwn = [&](Block block, const InputList& inputs, const TargetList& targets,
                            const char* prefix) {
        if (inputs.empty() && targets.empty())
            return;
        checkSamples(e, inputs, targets, prefix);
        stimulus->setSamples(block, inputs, targets);
    };
    setOwn(Block::Validation, spec.validationInputs, spec.validationTargets, "validation_");
    setOwn(Block::Test, spec.testInputs, spec.testTargets, "test_");
    if (e.layers.back() > 1 && stimulus->hasTargets() && nameClasses(spec.targets)
        && nameClasses(spec.validationTargets) && nameClasses(spec.testTargets))
        stimulus->setClasses(e.layers.back());
    return stimulus;
}

std::unique_ptr<Stimulus> makeSteps(const Experiment& e)
{
    checkSamples(e, e.stimulus.inputs, {});
    const auto& times = e.stimulus.times;
    if (times.size() != e.stimulus.inputs.size()) {
        fail("stimulus.times",
            "stimulus.times has " + std::to_string(times.size()) + " entries; stimulus.inputs has "
                + std::to_string(e.stimulus.inputs.size()));
    }
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (!(times[i] >= 1e-3 && times[i] <= 1e6)) {
            const std::string place = "stimulus.times[" + std::to_string(i) + ']';
            fail(place, place + " = " + parameterText(times[i]) + " ms is outside its range",
                "[0.001, 1e6] ms");
        }
    }
    auto stimulus =
        std::make_unique<ListedStimulus>(e.stimulus.inputs, TargetList{}, false, e.seed);
    stimulus->setDurations(times);
    return stimulus;
}

// Bars (Haider et al. 2021): 3 x 3 pixels, eight patterns, classes horizontal, vertical, diagonal.
std::unique_ptr<Stimulus> makeBars(const Experiment& e)
{
    if (e.layers.front() != 9 || e.layers.back() != 3)
        fail("network.layers",
            "bars have 9 pixels and 3 classes; the network has " + std::to_string(e.layers.front())
                + " inputs and " + std::to_string(e.layers.back()) + " outputs");
    struct Bar {
        int pixels[3];
        std::size_t type;
    };
    const bool gille = e.stimulus.variant == "gille";
    if (!gille && e.stimulus.variant != "haider")
        fail("stimulus.variant", "unknown variant \"" + e.stimulus.variant + '"', "haider, gille");
    std::vector<Bar> bars{{{6, 7, 8}, 0}, {{3, 4, 5}, 0}, {{0, 1, 2}, 0}, {{2, 5, 8}, 1},
        {{1, 4, 7}, 1}, {{0, 3, 6}, 1}, {{0, 4, 8}, 2}, {{2, 4, 6}, 2}};
    if (gille) // left column first
        std::swap(bars[3], bars[5]);
    std::vector<std::vector<double>> inputs;
    std::vector<std::size_t> classes;
    for (const Bar& bar : bars) {
        inputs.emplace_back(9, gille ? 0.1 : 0.0);
        for (const int pixel : bar.pixels)
            inputs.back()[static_cast<std::size_t>(pixel)] = 1;
        classes.push_back(bar.type);
    }
    auto stimulus = std::make_unique<ListedStimulus>(std::move(inputs), TargetList{}, true, e.seed);
    stimulus->setClasses({"horizontal", "vertical", "diagonal"}, std::move(classes));
    return stimulus;
}

std::unique_ptr<ListedStimulus> answered(std::vector<TeacherSample> samples, std::uint64_t seed)
{
    std::vector<std::vector<double>> inputs;
    std::vector<std::optional<std::vector<double>>> targets;
    for (TeacherSample& t : samples) {
        inputs.push_back(std::move(t.input));
        targets.emplace_back(std::move(t.output));
    }
    return std::make_unique<ListedStimulus>(std::move(inputs), std::move(targets), true, seed);
}

std::unique_ptr<Stimulus> makeMimic(const Experiment& e)
{
    if (!circuitIf(e.parameters))
        fail("stimulus.kind",
            "the stimulus \"mimic\" asks a teacher microcircuit; the model is "
                + std::string(e.parameters.model()));
    if (e.stimulus.samples < 1 || e.stimulus.samples > 100000)
        fail("stimulus.samples",
            "stimulus.samples = " + std::to_string(e.stimulus.samples) + " is outside its range",
            "[1, 100000]");
    return answered(teacherSamples(e), e.seed);
}

std::unique_ptr<Stimulus> makeTeacher(const Experiment& e)
{
    auto stimulus = answered(teacherTask(e), e.seed);
    stimulus->split(e.stimulus.validationSamples, e.stimulus.testSamples);
    return stimulus;
}

// Blocks need samples to show.
void checkProtocol(const Experiment& e, const Stimulus& stimulus)
{
    const Parameters& p = e.parameters;
    const auto need = [&](Block block, int wanted, const char* key) {
        if (wanted > 0 && stimulus.samples(block) == 0)
            fail(key,
                std::string(key) + " = " + std::to_string(wanted) + ", but the stimulus \""
                    + e.stimulus.kind + "\" has no " + blockName(block) + " samples",
                "0, or a stimulus with such samples");
    };
    need(Block::Validation, p.protocolValidation, "protocol.validation");
    need(Block::Test, p.protocolTest, "protocol.test");
}

const StimulusRow kStimuli[] = {
    {"uniform",
        "Independent inputs U[low, high] and targets U[target_low, target_high] per pattern",
        makeUniform},
    {"patterns", "Listed inputs and targets; null is a pattern without target", makePatterns},
    {"steps", "Listed currents, each held for its own time", makeSteps},
    {"bars", "3 x 3 horizontal, vertical and diagonal bars, three classes", makeBars},
    {"mimic", "Samples answered by a teacher microcircuit in its self-predicting state", makeMimic},
    {"teacher", "Regression: random inputs answered by a random feedforward teacher", makeTeacher},
    {"idx", "Labelled pictures in files of MNIST's format", makeIdx},
    {"digits", "Handwritten-like digits of 28 x 28 pixels, generated by the program", makeDigits},
};

} // namespace

double Stimulus::duration(const Presentation&, const Parameters& p) const
{
    return p.presentationTime;
}

std::span<const StimulusRow> stimulusTable()
{
    return kStimuli;
}

std::unique_ptr<Stimulus> makeStimulus(const Experiment& e)
{
    std::vector<std::string_view> kinds;
    std::string allowed;
    for (const StimulusRow& row : kStimuli) {
        if (row.kind == e.stimulus.kind) {
            auto stimulus = row.make(e);
            checkProtocol(e, *stimulus);
            return stimulus;
        }
        kinds.push_back(row.kind);
        allowed += (allowed.empty() ? "" : ", ") + std::string(row.kind);
    }
    throw InputError({.problem = "unknown stimulus \"" + e.stimulus.kind + '"',
        .key = "stimulus.kind",
        .allowed = allowed,
        .nearest = nearest(e.stimulus.kind, kinds)});
}

} // namespace apical
