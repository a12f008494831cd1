// Whole files in and out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apical {

inline constexpr std::size_t kLargestPreset = std::size_t{64} << 20; ///< bytes
inline constexpr std::size_t kLargestSession = std::size_t{512} << 20;

/// @throws InputError if it cannot be read, is a directory or is larger than `limit` bytes
std::string readFile(const std::string& path, std::size_t limit);

inline constexpr std::string_view kStandardInput = "standard input"; ///< its name in errors
/// @throws InputError as readFile()
std::string readStandardInput(std::size_t limit);

/// writeWholeFile() for a path that a person chose: what fails is an error of the input.
/// @throws InputError; an older file stays as it was
void writeFileAtomically(const std::string& path, std::string_view text);

/// @throws InputError if a text is larger than `limit` bytes
void checkSize(std::size_t bytes, const std::string& fileName, std::size_t limit);

} // namespace apical
