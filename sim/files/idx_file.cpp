#include "sim/files/idx_file.h"

#include "sim/files/fetch.h"

#include "sim/base/error.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace apical {
namespace {

// Magic numbers: unsigned bytes in so many dimensions.
constexpr std::uint32_t kLabels = 0x0801, kImages = 0x0803;
constexpr std::uint32_t kLargestSide = 4096;

[[noreturn]] void fail(const std::string& file, std::string problem, std::string allowed)
{
    throw InputError({.problem = std::move(problem), .allowed = std::move(allowed), .file = file});
}

bool isPacked(std::string_view bytes)
{
    return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

/// Unpacks as the bytes are needed, so that a file that says it holds a thousand bytes never makes
/// a billion.
class Inflater {
public:
    Inflater(std::string_view packed, const std::string& file)
        : m_packed(packed)
        , m_file(file)
    {
        m_stream.next_in =
            reinterpret_cast<Bytef*>(const_cast<char*>(packed.data())); // zlib reads only
        m_stream.avail_in = static_cast<uInt>(packed.size());
        if (inflateInit2(&m_stream, 15 + 16) != Z_OK)
            fail(m_file, "there is no memory to unpack it", "a smaller file");
    }
    ~Inflater() { inflateEnd(&m_stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Appends at most so many bytes; fewer at the end.
    void append(std::vector<std::uint8_t>& out, std::size_t most)
    {
        const std::size_t before = out.size();
        out.resize(before + most);
        m_stream.next_out = out.data() + before;
        m_stream.avail_out = static_cast<uInt>(most);
        while (m_stream.avail_out > 0 && !m_ended) {
            const int result = inflate(&m_stream, Z_NO_FLUSH);
            if (result == Z_STREAM_END)
                m_ended = true;
            else if (result == Z_BUF_ERROR
                || (result == Z_OK && m_stream.avail_in == 0 && m_stream.avail_out > 0))
                fail(m_file,
                    "the packed file is cut off after " + std::to_string(m_packed.size())
                        + " bytes",
                    "the whole file");
            else if (result != Z_OK)
                fail(m_file,
                    "the packed data are damaged at byte "
                        + std::to_string(m_packed.size() - m_stream.avail_in),
                    "the file as it was published");
        }
        out.resize(out.size() - m_stream.avail_out);
    }

private:
    std::string_view m_packed;
    std::string m_file;
    z_stream m_stream{};
    bool m_ended = false;
};

struct Header {
    std::uint32_t count = 0, rows = 1, cols = 1;
    std::size_t bytes = 0; ///< of the header itself
};

std::uint32_t bigEndian(const std::vector<std::uint8_t>& bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | bytes[at + i];
    return value;
}

Header headerOf(
    const std::vector<std::uint8_t>& bytes, const std::string& file, std::uint32_t magic)
{
    const bool images = magic == kImages;
    const char* const what = images ? "images (magic number 2051)" : "labels (magic number 2049)";
    Header header{.bytes = images ? std::size_t{16} : std::size_t{8}};
    if (bytes.size() < header.bytes)
        fail(file, "it has " + std::to_string(bytes.size()) + " bytes, too few for a header", what);
    const std::uint32_t found = bigEndian(bytes, 0);
    if (found == (images ? kLabels : kImages))
        fail(file,
            std::string("it holds ") + (images ? "labels" : "images")
                + "; the files of images and labels are swapped",
            what);
    if (found != magic)
        fail(file, "its magic number is " + std::to_string(found), what);
    header.count = bigEndian(bytes, 4);
    if (header.count == 0)
        fail(file, "it is empty: its header says 0 entries", "at least one");
    if (images) {
        header.rows = bigEndian(bytes, 8);
        header.cols = bigEndian(bytes, 12);
        if (header.rows == 0 || header.cols == 0 || header.rows > kLargestSide
            || header.cols > kLargestSide)
            fail(file,
                "its pictures would have " + std::to_string(header.rows) + " x "
                    + std::to_string(header.cols) + " pixels",
                "1 to " + std::to_string(kLargestSide) + " on a side");
    }
    return header;
}

/// What follows the header, all of it and nothing more.
std::vector<std::uint8_t> contentOf(
    std::string_view bytes, const std::string& file, std::uint32_t magic, Header& header)
{
    const std::size_t largestHeader = 16;
    std::vector<std::uint8_t> out;
    const auto expected = [&] {
        const std::uint64_t size = std::uint64_t{header.count} * header.rows * header.cols;
        if (size > kLargestIdxFile)
            fail(file, "its header says " + std::to_string(size) + " bytes of data",
                "at most " + std::to_string(kLargestIdxFile));
        return static_cast<std::size_t>(size);
    };
    if (isPacked(bytes)) {
        Inflater inflater(bytes, file);
        inflater.append(out, largestHeader);
        header = headerOf(out, file, magic);
        const std::size_t whole = header.bytes + expected();
        if (out.size() < whole + 1)
            inflater.append(out, whole + 1 - out.size()); // one more: there must be none
    } else {
        out.assign(bytes.begin(),
            bytes.begin() + static_cast<std::ptrdiff_t>(std::min(bytes.size(), largestHeader)));
        header = headerOf(out, file, magic);
        out.assign(bytes.begin(), bytes.end());
    }
    const std::size_t needed = expected(), found = out.size() - header.bytes;
    if (found != needed)
        fail(file,
            "its header says " + std::to_string(needed) + " bytes of data; there are "
                + (found > needed ? "more" : std::to_string(found)),
            std::to_string(header.count) + " entries of "
                + std::to_string(header.rows * header.cols) + " bytes");
    out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(header.bytes));
    return out;
}

} // namespace

ImageSet readIdx(std::string_view images, const std::string& imageFile, std::string_view labels,
    const std::string& labelFile)
{
    Header ofImages, ofLabels;
    ImageSet set;
    set.labels = contentOf(labels, labelFile, kLabels, ofLabels);
    set.pixels = contentOf(images, imageFile, kImages, ofImages);
    if (ofImages.count != ofLabels.count)
        fail(labelFile,
            "it has " + std::to_string(ofLabels.count) + " labels; " + imageFile + " has "
                + std::to_string(ofImages.count) + " images",
            "one label per image");
    set.rows = static_cast<int>(ofImages.rows);
    set.cols = static_cast<int>(ofImages.cols);
    set.classes = 1 + *std::max_element(set.labels.begin(), set.labels.end());
    return set;
}

IdxFiles findIdxFiles(const std::string& folder)
{
    const auto find = [&folder](const std::string& stem, const std::string& kind) {
        for (const char* joint : {"-", "."}) {
            for (const char* end : {"", ".gz"}) {
                const auto path = std::filesystem::path(folder) / (stem + joint + kind + end);
                std::error_code ignored;
                if (std::filesystem::is_regular_file(path, ignored))
                    return std::filesystem::absolute(path).lexically_normal().string();
            }
        }
        return std::string();
    };
    return {find("train-images", "idx3-ubyte"), find("train-labels", "idx1-ubyte"),
        find("t10k-images", "idx3-ubyte"), find("t10k-labels", "idx1-ubyte")};
}

std::string whyUnreadable(const std::string& folder)
{
    std::error_code error;
    static_cast<void>(
        std::filesystem::status(std::filesystem::path(folder) / "train-images-idx3-ubyte", error));
    const bool readable = !error || error == std::errc::no_such_file_or_directory
        || error == std::errc::not_a_directory;
    return readable ? std::string() : error.message();
}

std::vector<std::string> dataFolders()
{
    std::vector<std::string> folders;
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value ? value : "");
    };
    if (const std::string own = variable("APICAL_DATA"); !own.empty())
        folders.push_back(own);
    if (const std::string fetched = fetchedDataFolder().string(); !fetched.empty())
        folders.push_back(fetched);
    folders.emplace_back("/usr/share/datasets/fashion-mnist");
    return folders;
}

} // namespace apical
