#include "sim/json/file.h"

#include "sim/base/error.h"
#include "sim/base/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace apical {
namespace {

class Descriptor {
public:
    explicit Descriptor(int number)
        : m_number(number)
    {
    }
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return m_number; }

private:
    int m_number;
};

[[noreturn]] void fail(const std::string& path, const std::string& what, const char* allowed = "")
{
    throw InputError({.problem = what, .allowed = allowed, .file = path});
}

std::string reason()
{
    return std::strerror(errno);
}

std::string megabytes(std::size_t bytes)
{
    return std::to_string(bytes >> 20) + " MB";
}

/// To the end, which only reading finds where it is no file on a disk.
std::string readAll(int descriptor, const std::string& name, std::size_t limit)
{
    struct stat status { };
    if (::fstat(descriptor, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            fail(name, "is a folder", "a file");
        if (S_ISREG(status.st_mode))
            checkSize(static_cast<std::size_t>(status.st_size), name, limit);
    }
    std::string text;
    for (;;) {
        const auto had = text.size();
        text.resize(had + (std::size_t{1} << 16));
        const auto got = ::read(descriptor, text.data() + had, text.size() - had);
        if (got < 0 && errno != EINTR)
            fail(name, "cannot be read: " + reason());
        text.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
        if (got == 0)
            return text;
        checkSize(text.size(), name, limit);
    }
}

} // namespace

void checkSize(std::size_t bytes, const std::string& fileName, std::size_t limit)
{
    if (bytes > limit)
        throw InputError({.problem = "the file is larger than " + megabytes(limit),
            .allowed = "at most " + megabytes(limit),
            .file = fileName});
}

std::string readFile(const std::string& path, std::size_t limit)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0)
        fail(path, "cannot be read: " + reason());
    return readAll(file.number(), path, limit);
}

std::string readStandardInput(std::size_t limit)
{
    return readAll(STDIN_FILENO, std::string(kStandardInput), limit);
}

void writeFileAtomically(const std::string& path, std::string_view text)
{
    try {
        writeWholeFile(path, text);
    } catch (const OutputError& error) {
        fail(path, "cannot be written: " + error.reason());
    }
}

} // namespace apical
