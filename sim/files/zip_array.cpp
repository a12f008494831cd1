// NumPy's .npz format: a zip archive with one .npy file per array, stored or deflated.
#include "sim/base/error.h"
#include "sim/files/array_file.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace apical {
namespace {

constexpr std::string_view kEnding = ".npy";

struct Entry {
    std::string name; ///< without the ending
    std::uint64_t flags = 0, method = 0, crc = 0, packed = 0, unpacked = 0, header = 0;
};

class Archive {
public:
    Archive(std::string_view bytes, const std::string& file)
        : m_bytes(bytes)
        , m_file(file)
    {
    }

    std::vector<Entry> entries() const
    {
        constexpr std::size_t endSize = 22, longestComment = 65535, entrySize = 46;
        const auto end = m_bytes.rfind("PK\x05\x06");
        if (!m_bytes.starts_with("PK") || end == std::string_view::npos
            || m_bytes.size() - end > endSize + longestComment)
            fail("this is not a .npz file (a zip archive), or its end is missing");
        std::vector<Entry> list;
        const std::uint64_t count = value(end + 10, 2);
        std::size_t at = static_cast<std::size_t>(value(end + 16, 4));
        for (std::uint64_t i = 0; i < count; ++i) {
            if (text(at, 4) != "PK\x01\x02")
                fail("entry " + std::to_string(i + 1) + " of the archive's list is damaged");
            Entry entry{.name = std::string(text(at + entrySize, value(at + 28, 2))),
                .flags = value(at + 8, 2),
                .method = value(at + 10, 2),
                .crc = value(at + 16, 4),
                .packed = value(at + 20, 4),
                .unpacked = value(at + 24, 4),
                .header = value(at + 42, 4)};
            at += entrySize
                + static_cast<std::size_t>(
                    value(at + 28, 2) + value(at + 30, 2) + value(at + 32, 2));
            if (!entry.name.ends_with(kEnding))
                continue;
            entry.name.resize(entry.name.size() - kEnding.size());
            list.push_back(std::move(entry));
        }
        return list;
    }

    std::string unpack(const Entry& entry) const
    {
        constexpr std::uint64_t headerSize = 30, stored = 0, deflated = 8, bestRatio = 1040;
        const std::string where = ", in array \"" + entry.name + '"';
        if (text(entry.header, 4) != "PK\x03\x04")
            fail("the archive is damaged" + where);
        if ((entry.flags & 1) != 0)
            fail("the archive is encrypted" + where);
        if (entry.method != stored && entry.method != deflated)
            fail("packed by method " + std::to_string(entry.method) + where,
                "stored (np.savez) or deflated (np.savez_compressed)");
        const std::string_view packed = text(
            entry.header + headerSize + value(entry.header + 26, 2) + value(entry.header + 28, 2),
            entry.packed);
        if (entry.unpacked > kLargestArrayFile)
            fail("the array is larger than 2 GB" + where);
        // No damaged size may ask for memory that the packed bytes could not fill.
        if (entry.method == stored ? entry.unpacked != entry.packed
                                   : entry.unpacked > bestRatio * (entry.packed + 1))
            fail("the size is damaged" + where);
        std::string result(packed);
        if (entry.method == deflated)
            result = inflated(packed, static_cast<std::size_t>(entry.unpacked), where);
        const auto* data = reinterpret_cast<const Bytef*>(result.data());
        if (crc32_z(0, data, result.size()) != entry.crc)
            fail("the check sum does not fit" + where);
        return result;
    }

    [[noreturn]] void fail(std::string problem, std::string allowed = {}) const
    {
        throw InputError(
            {.problem = std::move(problem), .allowed = std::move(allowed), .file = m_file});
    }

private:
    std::string_view text(std::uint64_t at, std::uint64_t size) const
    {
        if (at > m_bytes.size() || size > m_bytes.size() - at)
            fail("the archive ends too early, or a place in it is damaged");
        return m_bytes.substr(static_cast<std::size_t>(at), static_cast<std::size_t>(size));
    }
    std::uint64_t value(std::uint64_t at, std::uint64_t size) const
    {
        const std::string_view raw = text(at, size);
        std::uint64_t result = 0;
        for (std::size_t i = raw.size(); i-- > 0;)
            result = result << 8 | static_cast<unsigned char>(raw[i]);
        return result;
    }

    std::string inflated(std::string_view packed, std::size_t size, const std::string& where) const
    {
        std::string result(size, '\0');
        z_stream stream{};
        if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
            fail("no memory to unpack" + where);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data())); // only read
        stream.avail_in = static_cast<uInt>(packed.size());
        stream.next_out = reinterpret_cast<Bytef*>(result.data());
        stream.avail_out = static_cast<uInt>(size);
        const int outcome = ::inflate(&stream, Z_FINISH);
        const bool whole = outcome == Z_STREAM_END && stream.avail_out == 0;
        inflateEnd(&stream);
        if (!whole)
            fail("the packed bytes are damaged" + where);
        return result;
    }

    std::string_view m_bytes;
    const std::string& m_file;
};

} // namespace

std::string unpackArray(
    std::string_view bytes, const std::string& fileName, const std::string& array)
{
    const Archive archive(bytes, fileName);
    const std::vector<Entry> entries = archive.entries();
    std::string names;
    for (const Entry& entry : entries)
        names += (names.empty() ? "" : ", ") + entry.name;
    if (array.empty() && entries.size() != 1)
        archive.fail("the archive holds " + std::to_string(entries.size())
                + " arrays, and \"array\" names none",
            names);
    const auto found = std::find_if(entries.begin(), entries.end(),
        [&](const Entry& entry) { return array.empty() || entry.name == array; });
    if (found == entries.end())
        archive.fail("there is no array \"" + array + "\" in the archive", names);
    return archive.unpack(*found);
}

} // namespace apical
