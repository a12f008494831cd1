// Stimuli of labelled pictures: files of a data set, or digits drawn by the program.
#include "sim/files/idx_file.h"
#include "sim/files/preset_parts.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

namespace apical {
namespace {

constexpr std::uint64_t kMostSamples = 1'000'000;
constexpr FileForm kForm{kLargestIdxFile, "a file of MNIST's format, packed with gzip or not"};

/// @param node FILE or {"file": FILE, "crc32": N}
std::string readGiven(const JsonNode& node, const std::string& presetFile, DataFile& file)
{
    constexpr std::string_view keys[] = {"file", "crc32"};
    if (node.json().is_string())
        return readDataFile(node, node.text(), presetFile, kForm, file);
    if (!namesFile(node))
        node.failKind("a file name");
    node.onlyKeys(keys);
    return readNamedFile(node, presetFile, kForm, file);
}

/// Files of a folder, or of the first folder in which there is a data set.
IdxFiles filesFor(const JsonNode& node, const std::string& presetFile)
{
    if (const auto data = node.find("data")) {
        const std::string folder = absolutePath(data->text(), presetFile);
        IdxFiles files = findIdxFiles(folder);
        if (files.complete())
            return files;
        if (const std::string why = whyUnreadable(folder); !why.empty())
            data->fail(
                {.problem = "the folder " + describe(Json(folder)) + " cannot be read: " + why,
                    .allowed = "a folder that may be read, with a data set in it"});
        data->fail({.problem = "there is no data set in " + describe(Json(folder)),
            .allowed = "a folder with train-images-idx3-ubyte and train-labels-idx1-ubyte, "
                       "packed with gzip or not"});
    }
    std::string looked;
    for (const std::string& folder : dataFolders()) {
        if (IdxFiles files = findIdxFiles(folder); files.complete())
            return files;
        looked += (looked.empty() ? "" : ", ") + folder
            + (whyUnreadable(folder).empty() ? "" : " (cannot be read)");
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
    const auto read = [&](const char* key, const std::string& path) {
        DataFile file{key, {}, {}};
        std::string bytes = named ? readGiven(node.need(key), presetFile, file)
                                  : readDataFile(node, path, presetFile, kForm, file);
        spec.files.push_back(std::move(file));
        return bytes;
    };
    for (const Pair& pair : pairs) {
        const std::string &imageFile = found.*pair.imageFile, &labelFile = found.*pair.labelFile;
        if (named ? &pair != pairs && !node.has(pair.images) && !node.has(pair.labels)
                  : imageFile.empty() || labelFile.empty())
            continue;
        const std::string images = read(pair.images, imageFile);
        const std::string labels = read(pair.labels, labelFile);
        spec.*pair.set =
            readIdx(images, spec.files[spec.files.size() - 2].path, labels, spec.files.back().path);
    }
    spec.samples = spec.images->size();
    spec.testSamples = spec.testImages->size();
    readSampleCounts(spec, node, kMostSamples);
    if (!node.has("samples")) // all but those that validate
        spec.samples = std::max(1, spec.samples - spec.validationSamples);
}

void readDigits(StimulusSpec& spec, const JsonNode& node)
{
    spec.samples = 10000;
    spec.validationSamples = 0;
    spec.testSamples = 1000;
    readSampleCounts(spec, node, kMostSamples);
    if (const auto seed = node.find("seed"))
        spec.digitSeed = seed->count();
}

} // namespace apical
