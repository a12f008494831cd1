#include "sim/task/image_stimulus.h"

#include <filesystem>

#include "sim/base/error.h"
#include "sim/task/digits.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <tuple>

namespace apical {
namespace {

[[noreturn]] void fail(std::string key, std::string problem, std::string allowed)
{
    throw InputError(
        {.problem = std::move(problem), .key = std::move(key), .allowed = std::move(allowed)});
}

constexpr std::array<double, 256> kRates = [] {
    std::array<double, 256> rates{};
    for (std::size_t i = 0; i < rates.size(); ++i)
        rates[i] = static_cast<double>(i) / 255.0;
    return rates;
}();

void toRates(std::span<const std::uint8_t> pixels, std::span<double> out)
{
    for (std::size_t i = 0; i < pixels.size(); ++i)
        out[i] = kRates[pixels[i]];
}

class Images final : public ImageSource {
public:
    explicit Images(SharedImages images)
        : m_images(std::move(images))
    {
    }
    int label(int n) const override { return m_images->labels[static_cast<std::size_t>(n)]; }
    void read(int n, std::span<double> out) const override { toRates(m_images->image(n), out); }

private:
    SharedImages m_images;
};

/// Each is drawn when it is asked for first, and kept.
class Digits final : public ImageSource {
public:
    Digits(std::uint64_t seed, int first, int size)
        : m_seed(seed)
        , m_first(first)
        , m_digits(static_cast<std::size_t>(size))
    {
    }
    int label(int n) const override { return at(n).label; }
    void read(int n, std::span<double> out) const override { toRates(at(n).pixels, out); }

    /// Lanes, validation and views that show the same digits share them.
    static std::shared_ptr<const ImageSource> shared(std::uint64_t seed, int first, int size)
    {
        static std::mutex access;
        static std::map<std::tuple<std::uint64_t, int, int>, std::weak_ptr<const ImageSource>> all;
        const std::lock_guard lock(access);
        auto& known = all[{seed, first, size}];
        auto digits = known.lock();
        if (!digits)
            known = digits = std::make_shared<Digits>(seed, first, size);
        return digits;
    }

private:
    const Digit& at(int n) const
    {
        const std::lock_guard lock(m_access);
        Digit& digit = m_digits[static_cast<std::size_t>(n)];
        if (digit.pixels.empty())
            digit = generatedDigit(
                m_seed, static_cast<std::uint64_t>(m_first) + static_cast<std::uint64_t>(n));
        return digit;
    }

    std::uint64_t m_seed;
    int m_first;
    mutable std::mutex m_access;
    mutable std::vector<Digit> m_digits;
};

std::vector<std::string> numbered(int classes)
{
    std::vector<std::string> names;
    for (int i = 0; i < classes; ++i)
        names.push_back(std::to_string(i));
    return names;
}

void checkPixels(const Experiment& e, int rows, int cols)
{
    if (e.layers.front() != rows * cols)
        fail("network.layers",
            "the pictures have " + std::to_string(rows) + " x " + std::to_string(cols)
                + " pixels; the network has " + std::to_string(e.layers.front()) + " inputs",
            "network.layers that begin with " + std::to_string(rows * cols));
}

void checkClasses(const Experiment& e, int classes)
{
    if (e.layers.back() < classes)
        fail("network.layers",
            "the labels name " + std::to_string(classes) + " classes; the network has "
                + std::to_string(e.layers.back()) + " outputs",
            "network.layers that end with " + std::to_string(classes) + " or more");
}

void checkCount(const char* key, int wanted, int there, const char* what)
{
    if (wanted > there)
        fail(key,
            std::string(key) + " = " + std::to_string(wanted) + "; there are "
                + std::to_string(there) + ' ' + what,
            "at most " + std::to_string(there));
}

} // namespace

ImageStimulus::ImageStimulus(
    std::array<Set, 3> sets, std::vector<std::string> classNames, std::uint64_t seed)
    : m_sets(std::move(sets))
    , m_classNames(std::move(classNames))
    , m_order(true, seed)
    , m_inOrder(false, seed)
{
}

int ImageStimulus::sample(const Presentation& shown) const
{
    int number = 0;
    for (std::size_t before = 0; before < static_cast<std::size_t>(shown.block); ++before)
        number += m_sets[before].size;
    return number + inSet(shown);
}

int ImageStimulus::inSet(const Presentation& shown) const
{
    const SampleOrder& order = shown.block == Block::Train ? m_order : m_inOrder;
    return order.at(shown, set(shown.block).size);
}

bool ImageStimulus::pattern(const Presentation& shown, const Parameters& p, std::span<double> input,
    std::span<double> target) const
{
    const Set& in = set(shown.block);
    const int n = in.first + inSet(shown);
    in.source->read(n, input);
    std::fill(target.begin(), target.end(), p.targetLow);
    target[static_cast<std::size_t>(in.source->label(n))] = p.targetHigh;
    return true;
}

std::string pictureSetName(const StimulusSpec& spec)
{
    if (spec.kind == "digits")
        return "generated digits";
    if (spec.kind != "idx")
        return {};
    const std::filesystem::path folder =
        spec.files.empty() ? "" : std::filesystem::path(spec.files.front().path).parent_path();
    const std::string name = folder.filename().string();
    if (name.find("fashion") != std::string::npos)
        return "Fashion-MNIST";
    if (name == "mnist" || name == "MNIST")
        return "MNIST";
    return name.empty() ? "pictures" : "pictures of " + name;
}

std::unique_ptr<Stimulus> makeIdx(const Experiment& e)
{
    const StimulusSpec& spec = e.stimulus;
    const ImageSet &train = *spec.images, &test = *spec.testImages;
    if (train.size() == 0)
        fail("stimulus.images", "stimulus.images are empty", "at least one picture");
    checkPixels(e, train.rows, train.cols);
    if (test.size() > 0 && (test.rows != train.rows || test.cols != train.cols))
        fail("stimulus.test_images",
            "the test pictures have " + std::to_string(test.rows) + " x "
                + std::to_string(test.cols) + " pixels, the training pictures "
                + std::to_string(train.rows) + " x " + std::to_string(train.cols),
            "pictures of one size");
    checkClasses(e, std::max(train.classes, test.classes));
    checkCount("stimulus.samples", spec.samples, train.size(), "training pictures");
    checkCount("stimulus.validation_samples", spec.validationSamples, train.size() - spec.samples,
        "training pictures left");
    checkCount("stimulus.test_samples", spec.testSamples, test.size(), "test pictures");
    const auto training = std::make_shared<Images>(spec.images);
    return std::make_unique<ImageStimulus>(
        std::array<ImageStimulus::Set, 3>{
            {{training, 0, spec.samples}, {training, spec.samples, spec.validationSamples},
                {std::make_shared<Images>(spec.testImages), 0, spec.testSamples}}},
        numbered(e.layers.back()), e.seed);
}

std::unique_ptr<Stimulus> makeDigits(const Experiment& e)
{
    const StimulusSpec& spec = e.stimulus;
    checkPixels(e, kDigitSide, kDigitSide);
    checkClasses(e, kDigitClasses);
    std::array<ImageStimulus::Set, 3> sets;
    int first = 0; // no digit is in two sets
    for (std::size_t i = 0; i < sets.size(); ++i) {
        const int size = std::array{spec.samples, spec.validationSamples, spec.testSamples}[i];
        sets[i] = {Digits::shared(spec.digitSeed, first, size), 0, size};
        first += size;
    }
    return std::make_unique<ImageStimulus>(std::move(sets), numbered(e.layers.back()), e.seed);
}

} // namespace apical
