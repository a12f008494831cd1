// Stimuli of labelled pictures: files of a data set, or digits drawn by the program.
#include "sim/files/idx_file.h"
#include "sim/files/preset_parts.h"
#include "sim/json/file.h"

#include "sim/base/error.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>

namespace apical {
namespace {

constexpr std::uint64_t kMostSamples = 1'000'000;
constexpr const char* kWhat = "a file of MNIST's format, packed with gzip or not";

void readCounts(StimulusSpec& spec, const JsonNode& node)
{
    if (const auto samples = node.find("samples"))
        spec.samples = static_cast<int>(samples->count(1, kMostSamples));
    if (const auto samples = node.find("validation_samples"))
        spec.validationSamples = static_cast<int>(samples->count(0, kMostSamples));
    if (const auto samples = node.find("test_samples"))
        spec.testSamples = static_cast<int>(samples->count(0, kMostSamples));
}

/// A file that was found, not named.
std::string readFound(const std::string& key, const std::string& path, StimulusSpec& spec)
{
    std::string bytes = readFile(path, kLargestIdxFile);
    spec.files.push_back({key, path, {},
        static_cast<std::uint32_t>(
            crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()))});
    return bytes;
}

std::string readGiven(
    const std::string& key, const JsonNode& node, const std::string& presetFile, StimulusSpec& spec)
{
    constexpr std::string_view keys[] = {"file", "crc32"};
    DataFile file{key, {}, {}};
    std::string bytes;
    if (node.json().is_string()) {
        const std::string path = absolutePath(node.text(), presetFile);
        std::error_code ignored;
        if (path.find('\0') != std::string::npos
            || !std::filesystem::is_regular_file(path, ignored))
            node.fail({.problem = "there is no file " + describe(node.json()),
                .allowed = std::string(kWhat) + ", relative to the preset's folder"});
        return readFound(key, path, spec);
    }
    if (!node.json().is_object())
        node.failKind("a file name");
    node.onlyKeys(keys);
    bytes = readNamedFile(node, presetFile, kLargestIdxFile, file, kWhat);
    spec.files.push_back(std::move(file));
    return bytes;
}

/// Files of a folder, or of the first folder in which there is a data set.
IdxFiles filesFor(const JsonNode& node, const std::string& presetFile)
{
    if (const auto data = node.find("data")) {
        const std::string folder = absolutePath(data->text(), presetFile);
        const IdxFiles files = findIdxFiles(folder);
        if (!files.complete())
            data->fail({.problem = "there is no data set in " + describe(Json(folder)),
                .allowed = "a folder with train-images-idx3-ubyte and train-labels-idx1-ubyte, "
                           "packed with gzip or not"});
        return files;
    }
    std::string looked;
    for (const std::string& folder : dataFolders()) {
        if (IdxFiles files = findIdxFiles(folder); files.complete())
            return files;
        looked += (looked.empty() ? "" : ", ") + folder;
    }
    node.fail({.problem = "no data set was found; looked for in " + looked,
        .allowed = "\"data\": FOLDER, --data FOLDER, the variable APICAL_DATA, or \"images\" and "
                   "\"labels\""});
}

} // namespace

void readImages(StimulusSpec& spec, const JsonNode& node, const std::string& presetFile)
{
    spec.validationSamples = spec.testSamples = 0;
    struct Pair {
        const char *images, *labels;
        SharedImages StimulusSpec::*set;
        std::string IdxFiles::*imageFile, IdxFiles::*labelFile;
    };
    constexpr Pair pairs[] = {
        {"images", "labels", &StimulusSpec::images, &IdxFiles::images, &IdxFiles::labels},
        {"test_images", "test_labels", &StimulusSpec::testImages, &IdxFiles::testImages,
            &IdxFiles::testLabels}};
    const bool named = std::any_of(std::begin(pairs), std::end(pairs),
        [&](const Pair& pair) { return node.has(pair.images) || node.has(pair.labels); });
    if (named && node.has("data"))
        node.need("data").fail({.problem = "stimulus.data contradicts the files that are named",
            .allowed = "either a folder, or files"});
    const IdxFiles found = named ? IdxFiles{} : filesFor(node, presetFile);
    for (const Pair& pair : pairs) {
        std::string images, labels;
        if (named) {
            if (&pair != pairs && !node.has(pair.images) && !node.has(pair.labels))
                continue;
            images = readGiven(pair.images, node.need(pair.images), presetFile, spec);
            labels = readGiven(pair.labels, node.need(pair.labels), presetFile, spec);
        } else {
            if ((found.*pair.imageFile).empty() || (found.*pair.labelFile).empty())
                continue;
            images = readFound(pair.images, found.*pair.imageFile, spec);
            labels = readFound(pair.labels, found.*pair.labelFile, spec);
        }
        const auto& files = spec.files;
        spec.*pair.set =
            readIdx(images, files[files.size() - 2].path, labels, files[files.size() - 1].path);
    }
    spec.samples = spec.images->size();
    spec.testSamples = spec.testImages->size();
    readCounts(spec, node);
    if (!node.has("samples")) // all but those that validate
        spec.samples = std::max(1, spec.samples - spec.validationSamples);
}

void readDigits(StimulusSpec& spec, const JsonNode& node)
{
    spec.samples = 10000;
    spec.validationSamples = 0;
    spec.testSamples = 1000;
    readCounts(spec, node);
    if (const auto seed = node.find("seed"))
        spec.digitSeed = seed->count();
}

} // namespace apical
