// What a preset names instead of writing it out: arrays in files beside it.
#include "sim/files/array_file.h"
#include "sim/files/embedded_presets.h"
#include "sim/files/preset_parts.h"
#include "sim/json/file.h"

#include <zlib.h>

#include <filesystem>
#include <limits>
#include <string_view>
#include <system_error>

namespace apical {
namespace {

std::uint32_t checkSum(std::string_view bytes)
{
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// What an embedded preset names beside it, or anyone by its place in the program; nullptr: a file.
const EmbeddedFile* embeddedData(std::string_view name, const std::string& presetFile)
{
    if (name.starts_with(kEmbeddedRoot))
        return findEmbedded(name.substr(kEmbeddedRoot.size()));
    return presetFile.starts_with(kEmbeddedRoot) ? findEmbedded(name) : nullptr;
}

} // namespace

std::string absolutePath(const std::string& file, const std::string& presetFile)
{
    std::filesystem::path folder;
    if (!presetFile.starts_with(kEmbeddedRoot))
        folder = std::filesystem::path(presetFile).parent_path();
    return std::filesystem::absolute(folder / file).lexically_normal().string();
}

bool namesFile(const JsonNode& node)
{
    return node.json().is_object();
}

std::string readDataFile(const JsonNode& place, const std::string& name,
    const std::string& presetFile, const FileForm& form, DataFile& file)
{
    if (const EmbeddedFile* inside = embeddedData(name, presetFile)) {
        file.path = std::string(kEmbeddedRoot).append(inside->name);
        file.crc32 = checkSum(inside->text);
        return std::string(inside->text);
    }
    std::error_code ignored;
    if (name.find('\0') == std::string::npos)
        file.path = absolutePath(name, presetFile);
    if (!std::filesystem::is_regular_file(file.path, ignored))
        place.fail({.problem = "there is no file " + describe(Json(name)),
            .allowed = std::string(form.what) + ", relative to the preset's folder"});
    std::string bytes = readFile(file.path, form.limit);
    file.crc32 = checkSum(bytes);
    return bytes;
}

std::string readNamedFile(
    const JsonNode& node, const std::string& presetFile, const FileForm& form, DataFile& file)
{
    const JsonNode name = node.need("file");
    std::string bytes = readDataFile(name, name.text(), presetFile, form, file);
    if (const auto expected = node.find("crc32");
        expected && expected->count(0, std::numeric_limits<std::uint32_t>::max()) != file.crc32)
        expected->fail({.problem = "the file " + describe(name.json())
                + " has changed: its check sum is " + std::to_string(file.crc32),
            .allowed = "the file as it was, or no \"crc32\""});
    return bytes;
}

NamedArray readNamedArray(const JsonNode& node, const std::string& presetFile)
{
    constexpr std::string_view keys[] = {"file", "array", "crc32"};
    node.onlyKeys(keys);
    NamedArray named;
    if (const auto array = node.find("array"))
        named.file.array = array->text();
    const std::string bytes = readNamedFile(
        node, presetFile, {kLargestArrayFile, "a .npy, .npz or .csv file"}, named.file);
    named.values = readArray(bytes, named.file.path, named.file.array);
    return named;
}

void failEntry(const NamedArray& named, std::size_t row, std::size_t column, double limit)
{
    const double value = named.values(static_cast<int>(row), static_cast<int>(column));
    throw InputError({.problem = parameterText(value) + " is outside its range, in row "
            + std::to_string(row + 1) + ", column " + std::to_string(column + 1),
        .allowed = "[-" + parameterText(limit) + ", " + parameterText(limit) + ']',
        .file = named.file.path});
}

} // namespace apical
