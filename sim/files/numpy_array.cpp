// NumPy's .npy format, versions 1 to 3: a magic word, a header that is a Python dictionary,
// numbers.
#include "sim/base/error.h"
#include "sim/files/array_file.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace apical {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr const char* kReadable =
    "numbers of 4 or 8 bytes with a point (f4, f8), whole numbers (i1 to i8, u1 to u8), booleans";

struct Header {
    std::string type;
    std::optional<bool> fortran;
    std::optional<std::vector<std::size_t>> shape;
};

/// Reads `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
class HeaderReader {
public:
    HeaderReader(std::string_view text, const std::string& file)
        : m_rest(text)
        , m_file(file)
    {
    }

    Header read()
    {
        Header header;
        need('{');
        while (!take('}')) {
            const std::string key = word();
            need(':');
            if (key == "descr")
                header.type = type();
            else if (key == "fortran_order")
                header.fortran = flag();
            else if (key == "shape")
                header.shape = shape();
            else
                fail("an unknown key \"" + key + '"');
            if (!take(',')) {
                need('}');
                break;
            }
        }
        if (header.type.empty() || !header.fortran || !header.shape)
            fail("descr, fortran_order or shape is missing");
        return header;
    }

    [[noreturn]] void fail(const std::string& what) const
    {
        throw InputError({.problem = what + ", in the header", .file = m_file});
    }

private:
    void skipBlanks()
    {
        while (!m_rest.empty() && (m_rest.front() == ' ' || m_rest.front() == '\n'))
            m_rest.remove_prefix(1);
    }
    bool take(char wanted)
    {
        skipBlanks();
        if (m_rest.empty() || m_rest.front() != wanted)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    void need(char wanted)
    {
        if (!take(wanted))
            fail(std::string("'") + wanted + "' is missing");
    }
    std::string word()
    {
        skipBlanks();
        const char quote = m_rest.empty() ? '\0' : m_rest.front();
        const auto end =
            quote == '\'' || quote == '"' ? m_rest.find(quote, 1) : std::string_view::npos;
        if (end == std::string_view::npos)
            fail("a word in quotes is missing");
        std::string text(m_rest.substr(1, end - 1));
        m_rest.remove_prefix(end + 1);
        return text;
    }
    std::string type()
    {
        skipBlanks();
        if (!m_rest.empty() && m_rest.front() == '[')
            throw InputError({.problem = "rows of named fields are no plain numbers, in the header",
                .allowed = kReadable,
                .file = m_file});
        return word();
    }
    bool flag()
    {
        skipBlanks();
        for (const std::string_view name : {"True", "False"}) {
            if (m_rest.starts_with(name)) {
                m_rest.remove_prefix(name.size());
                return name == "True";
            }
        }
        fail("True or False is missing");
    }
    std::vector<std::size_t> shape()
    {
        constexpr std::size_t most = std::size_t{1} << 40, mostAxes = 32;
        std::vector<std::size_t> sizes;
        need('(');
        while (!take(')')) {
            skipBlanks();
            std::size_t size = 0, digits = 0;
            for (; !m_rest.empty() && m_rest.front() >= '0' && m_rest.front() <= '9'; ++digits) {
                size = size * 10 + static_cast<std::size_t>(m_rest.front() - '0');
                m_rest.remove_prefix(1);
                if (size > most)
                    fail("the shape is too large");
            }
            if (digits == 0)
                fail("a size is missing in the shape");
            sizes.push_back(size);
            if (sizes.size() > mostAxes)
                fail("the shape has too many axes");
            if (!take(',')) {
                need(')');
                break;
            }
        }
        return sizes;
    }

    std::string_view m_rest;
    const std::string& m_file;
};

struct NumberType {
    char kind = 'f'; ///< f, i, u, b
    std::size_t bytes = 8;
    bool bigEndian = false;
};

NumberType numberType(const std::string& text, const std::string& file)
{
    std::string_view rest = text;
    NumberType type;
    constexpr bool bigHere = std::endian::native == std::endian::big;
    if (!rest.empty() && std::string_view("<>=|").find(rest.front()) != std::string_view::npos) {
        type.bigEndian = rest.front() == '>' || (rest.front() == '=' && bigHere);
        rest.remove_prefix(1);
    }
    if (rest.starts_with('O'))
        throw InputError({.problem = "the array holds Python objects (a pickle), in the header; "
                                     "pickles can run programs and are never read",
            .allowed = kReadable,
            .file = file});
    for (const std::string_view known :
        {"f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"}) {
        if (rest == known) {
            type.kind = known[0];
            type.bytes = static_cast<std::size_t>(known[1] - '0');
            return type;
        }
    }
    throw InputError({.problem = "the array holds values of type \"" + text + "\", in the header",
        .allowed = kReadable,
        .file = file});
}

double number(const char* at, const NumberType& type)
{
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < type.bytes; ++i) {
        const std::size_t byte = type.bigEndian ? i : type.bytes - 1 - i;
        bits = bits << 8 | static_cast<unsigned char>(at[byte]);
    }
    switch (type.kind) {
    case 'f':
        return type.bytes == 4
            ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
            : std::bit_cast<double>(bits);
    case 'i': {
        const std::size_t unused = 64 - 8 * type.bytes; // the sign goes to the top
        return static_cast<double>(std::bit_cast<std::int64_t>(bits << unused) >> unused);
    }
    case 'b':
        return bits != 0 ? 1 : 0;
    default:
        return static_cast<double>(bits);
    }
}

/// Where the entry after `index` stands in C order, when the first axis runs fastest.
std::size_t nextInFortranOrder(
    std::vector<std::size_t>& index, const std::vector<std::size_t>& shape)
{
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        if (++index[axis] < shape[axis])
            break;
        index[axis] = 0;
    }
    std::size_t place = 0;
    for (std::size_t axis = 0; axis < shape.size(); ++axis)
        place = place * shape[axis] + index[axis];
    return place;
}

} // namespace

Matrix readNumpyArray(std::string_view bytes, const std::string& fileName)
{
    const auto fail = [&](std::string problem, std::string allowed = {}) {
        throw InputError(
            {.problem = std::move(problem), .allowed = std::move(allowed), .file = fileName});
    };
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (!bytes.starts_with(kMagic) || bytes.size() < 12)
        fail("this is not a .npy file, at its beginning");
    const int version = byte(6);
    if (version < 1 || version > 3)
        fail("version " + std::to_string(version) + " of the .npy format, in byte 7",
            "versions 1 to 3");
    const std::size_t start = version == 1 ? 10 : 12;
    std::size_t length = byte(8) | static_cast<std::size_t>(byte(9)) << 8;
    if (version > 1)
        length |=
            static_cast<std::size_t>(byte(10)) << 16 | static_cast<std::size_t>(byte(11)) << 24;
    if (length > bytes.size() - start)
        fail("the file ends within its header");
    HeaderReader reader(bytes.substr(start, length), fileName);
    const Header header = reader.read();
    const NumberType type = numberType(header.type, fileName);
    const std::vector<std::size_t>& shape = *header.shape;
    bytes.remove_prefix(start + length);

    const std::size_t most = bytes.size() / type.bytes;
    std::size_t count = 1;
    for (const std::size_t size : shape) {
        if (size == 0 || shape.empty())
            fail("the array is empty, in the header");
        if (count > most / size)
            fail("the file ends before the last number of its array");
        count *= size;
    }
    if (shape.empty())
        fail("the array is a single number, in the header", "rows of numbers");
    if (count * type.bytes != bytes.size())
        fail(count > most ? "the file ends before the last number of its array"
                          : std::to_string(bytes.size() - count * type.bytes)
                    + " bytes follow the last number of the array");
    constexpr auto largest = static_cast<std::size_t>(std::numeric_limits<int>::max());
    const std::size_t columns = count / shape.front();
    if (shape.front() > largest || columns > largest)
        fail("the array has too many rows or columns");

    Matrix matrix(static_cast<int>(shape.front()), static_cast<int>(columns));
    std::vector<std::size_t> index(shape.size(), 0);
    std::size_t place = 0;
    for (std::size_t i = 0; i < count; ++i) {
        matrix.values[place] = number(bytes.data() + i * type.bytes, type);
        place = *header.fortran ? nextInFortranOrder(index, shape) : i + 1;
    }
    return matrix;
}

} // namespace apical
