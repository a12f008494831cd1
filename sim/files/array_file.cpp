#include "sim/files/array_file.h"

#include "sim/base/error.h"

#include <algorithm>

namespace apical {
namespace {

bool endsWith(std::string_view name, std::string_view lowerCaseEnding)
{
    if (name.size() < lowerCaseEnding.size())
        return false;
    name.remove_prefix(name.size() - lowerCaseEnding.size());
    return std::equal(name.begin(), name.end(), lowerCaseEnding.begin(),
        [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

} // namespace

Matrix readArray(std::string_view bytes, const std::string& fileName, const std::string& array)
{
    if (endsWith(fileName, ".npz"))
        return readNumpyArray(unpackArray(bytes, fileName, array),
            array.empty() ? fileName : fileName + '[' + array + ']');
    if (!array.empty())
        throw InputError(
            {.problem = "only .npz files hold arrays with names, such as \"" + array + '"',
                .key = "array",
                .file = fileName});
    if (endsWith(fileName, ".npy"))
        return readNumpyArray(bytes, fileName);
    if (endsWith(fileName, ".csv"))
        return readCsv(bytes, fileName);
    throw InputError({.problem = "the ending does not say what kind of file this is",
        .allowed = ".npy, .npz or .csv",
        .file = fileName});
}

} // namespace apical
