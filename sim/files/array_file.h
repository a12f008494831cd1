// Arrays of numbers in files of others: NumPy's .npy and .npz, and CSV.
#pragma once

#include "sim/base/matrix.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace apical {

inline constexpr std::size_t kLargestArrayFile = std::size_t{2} << 30; ///< bytes, unpacked too

/// The bytes of a file whose name ends with .npy, .npz or .csv, as rows (the first axis; all other
/// axes follow each other in a row, the last one fastest; a list of numbers is one column).
/// Entries need not be finite. Booleans count 0 and 1. Objects (pickles) are never read.
/// @param array name within an .npz file; empty: its only array
/// @throws InputError `FILE: what, where`
Matrix readArray(std::string_view bytes, const std::string& fileName, const std::string& array);

// One reader per kind of file, for readArray().
Matrix readNumpyArray(std::string_view bytes, const std::string& fileName);
Matrix readCsv(std::string_view text, const std::string& fileName);
/// The unpacked bytes of one array of an .npz file.
std::string unpackArray(
    std::string_view bytes, const std::string& fileName, const std::string& array);

} // namespace apical
