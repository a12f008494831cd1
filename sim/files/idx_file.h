// The format of MNIST: images and labels in files of their own, plain or packed with gzip.
#pragma once

#include "sim/experiment/image_set.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

inline constexpr std::size_t kLargestIdxFile = std::size_t{1} << 30; ///< bytes, unpacked too

/// The images of one file with the labels of another. @param imageFile, labelFile names for errors
/// @throws InputError `FILE: what, where` if one of them is no such file, is cut off or too long,
/// unpacks to more than it says, or does not belong to the other
ImageSet readIdx(std::string_view images, const std::string& imageFile, std::string_view labels,
    const std::string& labelFile);

/// Where the four files of a data set are; empty paths: not there.
struct IdxFiles {
    std::string images, labels, testImages, testLabels;
    bool complete() const { return !images.empty() && !labels.empty(); }
};

/// The files of a folder by the names that data sets have: train-images-idx3-ubyte, .gz or not.
IdxFiles findIdxFiles(const std::string& folder);
/// Why nobody can look into a folder: "Permission denied"; "" if one can, or if there is none.
std::string whyUnreadable(const std::string& folder);
/// Folders in which a data set is looked for, in this order: APICAL_DATA, the user's data folder,
/// Fashion-MNIST as Debian packages it.
std::vector<std::string> dataFolders();

} // namespace apical
