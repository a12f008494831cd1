#include "sim/json/file.h"

#include "sim/base/error.h"

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
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return m_number; }
    bool close()
    {
        const bool closed = m_number < 0 || ::close(m_number) == 0;
        m_number = -1;
        return closed;
    }

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

bool writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            return false;
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return true;
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
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0)
        fail(path, "cannot be read: " + reason());
    struct stat status { };
    if (::fstat(file.number(), &status) == 0) {
        if (S_ISDIR(status.st_mode))
            fail(path, "is a folder", "a file");
        if (S_ISREG(status.st_mode))
            checkSize(static_cast<std::size_t>(status.st_size), path, limit);
    }
    std::string text;
    for (;;) {
        const auto had = text.size();
        text.resize(had + (std::size_t{1} << 16));
        const auto got = ::read(file.number(), text.data() + had, text.size() - had);
        if (got < 0 && errno != EINTR)
            fail(path, "cannot be read: " + reason());
        text.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
        if (got == 0)
            return text;
        checkSize(text.size(), path, limit);
    }
}

void writeFileAtomically(const std::string& path, std::string_view text)
{
    const std::string temporary = path + ".tmp";
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (file.number() < 0)
        fail(path, "cannot be written: " + reason());
    const bool written = writeAll(file.number(), text) && ::fsync(file.number()) == 0
        && file.close() && ::rename(temporary.c_str(), path.c_str()) == 0;
    if (!written) {
        const auto why = reason();
        ::unlink(temporary.c_str());
        fail(path, "cannot be written: " + why);
    }
}

} // namespace apical
