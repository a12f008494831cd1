// Studies as text: files, the embedded ones, and axes as typed on a command line.
#include "sim/study/study.h"

#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/experiment/parameters.h"
#include "sim/files/embedded_presets.h"
#include "sim/files/preset.h"
#include "sim/files/preset_parts.h"
#include "sim/json/file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

namespace apical {
namespace {

constexpr std::string_view kFolder = "studies/", kEnding = ".json";
constexpr std::string_view kKeys[] = {"apical_study", "name", "title", "summary", "lesson", "base",
    "preset", "set", "vary", "seed", "seeds", "length"};
constexpr std::string_view kLengthKeys[] = {"steps", "samples", "epochs", "time"};

/// Splits outside of brackets and quotes; keeps empty parts.
std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts(1);
    int depth = 0;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{'))
            ++depth;
        else if (!quoted && (c == ']' || c == '}'))
            --depth;
        if (c == separator && depth == 0 && !quoted)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

std::string trimmed(const std::string& text)
{
    constexpr const char* blanks = " \t";
    const auto first = text.find_first_not_of(blanks);
    return first == std::string::npos
        ? ""
        : text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

std::vector<std::string> splitAndTrim(const std::string& text, char separator)
{
    std::vector<std::string> parts = split(text, separator);
    for (std::string& part : parts)
        part = trimmed(part);
    return parts;
}

template <class Number> bool readWhole(std::string_view text, Number& number)
{
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

/// LOW:HIGH:linN or LOW:HIGH:logN as N values with both ends; nothing if the text is no range.
/// @throws InputError for a range that cannot be
std::vector<std::string> rangeValues(const std::string& text, const std::string& given)
{
    const auto parts = splitAndTrim(text, ':');
    if (parts.size() != 3 || !(parts[2].starts_with("lin") || parts[2].starts_with("log")))
        return {};
    const bool logarithmic = parts[2].starts_with("log");
    double low = 0, high = 0;
    std::size_t count = 0;
    if (!readWhole(parts[0], low) || !readWhole(parts[1], high)
        || !readWhole(std::string_view(parts[2]).substr(3), count) || !std::isfinite(low)
        || !std::isfinite(high - low) || low == high || count < 2 || count > Study::kMostPoints
        || (logarithmic && (low <= 0 || high <= 0)))
        throw InputError({.problem = '"' + text + "\" is no range",
            .allowed = "LOW:HIGH:linN, or LOW:HIGH:logN above 0, with two different ends and 2 to "
                + std::to_string(Study::kMostPoints) + " values",
            .file = given});
    std::vector<std::string> values{parts[0]};
    for (std::size_t i = 1; i + 1 < count; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(count - 1);
        const double value =
            logarithmic ? low * std::pow(high / low, share) : low + share * (high - low);
        char buffer[32]; // 12 digits: 0.1, not 0.10000000000000002
        const auto end =
            std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, 12);
        values.emplace_back(buffer, end.ptr);
    }
    values.push_back(parts[1]);
    return values;
}

std::string textOf(const Json& json)
{
    return json.is_string() ? json.get<std::string>() : json.dump();
}

StudyAxis readAxis(const JsonNode& node)
{
    StudyAxis axis;
    axis.keys = node.keys();
    if (axis.keys.empty())
        node.fail({.problem = "an axis names no key", .allowed = "{\"KEY\": [VALUE, ...]}"});
    for (const std::string& key : axis.keys) {
        const JsonNode list = node.need(key);
        const std::size_t count = list.size();
        if (count == 0)
            list.fail({.problem = "\"" + key + "\" has no values", .allowed = "at least one"});
        if (key == axis.keys.front())
            axis.values.resize(count);
        if (count != axis.values.size())
            list.fail({.problem = "\"" + key + "\" has " + std::to_string(count) + " values; \""
                    + axis.keys.front() + "\" has " + std::to_string(axis.values.size()),
                .allowed = "as many, because they change together"});
        for (std::size_t i = 0; i < count; ++i)
            axis.values[i].push_back(textOf(list.at(i).json()));
    }
    return axis;
}

RunLength readLength(const JsonNode& node)
{
    node.onlyKeys(kLengthKeys);
    RunLength length;
    const auto count = [&](const char* key) -> std::optional<std::uint64_t> {
        const auto found = node.find(key);
        return found ? std::optional(found->count()) : std::nullopt;
    };
    length.steps = count("steps");
    length.samples = count("samples");
    length.epochs = count("epochs");
    if (const auto time = node.find("time"))
        length.timeMs = time->number(0);
    return length;
}

} // namespace

StudyAxis parseAxis(const std::string& text)
{
    const std::string given = "--vary " + text;
    const std::string form = "KEY=A,B,C, KEY=LOW:HIGH:linN or :logN, or KEY1,KEY2=A1:A2,B1:B2 for "
                             "keys that change together";
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        throw InputError({.problem = "no values are given", .allowed = form, .file = given});
    StudyAxis axis;
    axis.keys = splitAndTrim(text.substr(0, equals), ',');
    for (const std::string& value : splitAndTrim(text.substr(equals + 1), ',')) {
        if (axis.keys.size() == 1) {
            const auto range = rangeValues(value, given);
            for (const std::string& entry : range)
                axis.values.push_back({entry});
            if (!range.empty())
                continue;
        }
        axis.values.push_back(
            axis.keys.size() == 1 ? std::vector{value} : splitAndTrim(value, ':'));
        const auto& row = axis.values.back();
        if (row.size() != axis.keys.size()
            || std::any_of(row.begin(), row.end(), [](const auto& v) { return v.empty(); }))
            throw InputError(
                {.problem = "\"" + value + "\" is not " + std::to_string(axis.keys.size())
                        + (axis.keys.size() == 1 ? " value" : " values"),
                    .key = axis.keys.front(),
                    .allowed = form,
                    .file = given});
    }
    return axis;
}

namespace {

void readSeeds(StudySpec& spec, const JsonNode& node)
{
    if (!node.json().is_array()) {
        spec.seeds = node.count(1, Study::kMostPoints);
        return;
    }
    for (std::size_t i = 0; i < node.size(); ++i)
        spec.seedList.push_back(node.at(i).count());
}

} // namespace

StudySpec readStudy(std::string_view text, const std::string& fileName)
{
    checkSize(text.size(), fileName, kLargestPreset);
    const JsonSource source(text, fileName);
    const JsonNode root(source);
    root.onlyKeys(kKeys);
    root.need("apical_study").count(1, 1);
    const auto word = [&](const char* key) {
        const auto found = root.find(key);
        return found ? found->text() : std::string();
    };
    StudySpec spec;
    spec.name = word("name");
    spec.title = word("title");
    spec.summary = word("summary");
    spec.lesson = lessonText(word("lesson"), fileName);
    const JsonNode preset = root.need("preset");
    if (preset.json().is_object()) {
        spec.presetText = preset.json().dump();
        spec.preset = root.has("base") ? word("base") : fileName;
    } else {
        spec.preset = preset.text();
    }
    if (const auto set = root.find("set")) {
        for (const std::string& key : set->keys())
            spec.set.push_back(key + '=' + textOf(set->need(key).json()));
    }
    if (const auto vary = root.find("vary")) {
        for (std::size_t i = 0; i < vary->size(); ++i)
            spec.vary.push_back(readAxis(vary->at(i)));
    }
    if (const auto seed = root.find("seed"))
        spec.seed = seed->count();
    if (const auto seeds = root.find("seeds"))
        readSeeds(spec, *seeds);
    if (const auto length = root.find("length"))
        spec.length = readLength(*length);
    return spec;
}

std::vector<StudySpec> embeddedStudies()
{
    std::vector<StudySpec> studies;
    for (const EmbeddedFile& file : embeddedFiles()) {
        if (!file.name.starts_with(kFolder) || !file.name.ends_with(kEnding))
            continue;
        studies.push_back(readStudy(file.text, "presets/" + std::string(file.name)));
        studies.back().name =
            file.name.substr(kFolder.size(), file.name.size() - kFolder.size() - kEnding.size());
    }
    std::sort(studies.begin(), studies.end(),
        [](const StudySpec& a, const StudySpec& b) { return a.name < b.name; });
    return studies;
}

StudySpec loadStudy(const std::string& nameOrPath)
{
    const auto studies = embeddedStudies();
    std::vector<std::string_view> names;
    for (const StudySpec& study : studies) {
        if (study.name == nameOrPath)
            return study;
        names.push_back(study.name);
    }
    std::error_code ignored;
    if (!std::filesystem::exists(nameOrPath, ignored))
        throw InputError({.problem = "there is no study and no file of this name",
            .allowed = names.empty() ? "a file" : "a file, or one of " + wordList(names),
            .nearest = nearest(nameOrPath, names),
            .file = nameOrPath});
    return readStudy(readFile(nameOrPath, kLargestPreset), nameOrPath);
}

} // namespace apical
