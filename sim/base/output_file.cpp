#include "sim/base/output_file.h"

#include "sim/base/error.h"

#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace apical {
namespace fs = std::filesystem;

OutputError::OutputError(fs::path path, std::string reason)
    : m_path(std::move(path))
    , m_reason(std::move(reason))
    , m_text("cannot write " + m_path.string() + ": " + m_reason)
{
}

OutputFile::OutputFile(fs::path path)
    : m_path(std::move(path))
    , m_partial(m_path)
{
    m_partial += ".part";
    if (fs::is_directory(m_path))
        throw OutputError(m_path, "a directory of that name is in the way");
    m_file = std::fopen(m_partial.c_str(), "wb");
    if (!m_file)
        fail(errno);
    // Callers gather blocks; a second buffer would only hide which of them the disk took.
    std::setvbuf(m_file, nullptr, _IONBF, 0);
}

OutputFile::~OutputFile()
{
    if (!m_file)
        return;
    std::fclose(m_file);
    std::error_code ignored;
    fs::remove(m_partial, ignored);
}

void OutputFile::append(std::string_view text)
{
    if (std::fwrite(text.data(), 1, text.size(), m_file) != text.size()) {
        const int error = errno;
        std::clearerr(m_file);
        if (::ftruncate(::fileno(m_file), static_cast<off_t>(m_whole)) == 0)
            std::fseek(m_file, 0, SEEK_END);
        fail(error);
    }
    m_whole += text.size();
}

void OutputFile::commit()
{
    // A full disk is often noticed only when the buffers are emptied.
    if (std::fflush(m_file) != 0 || std::ferror(m_file))
        fail(errno);
    // Without this a power cut may leave the new name on an empty file. Pipes cannot be forced.
    if (::fsync(::fileno(m_file)) != 0 && errno != EINVAL && errno != EROFS)
        fail(errno);
    if (std::fclose(std::exchange(m_file, nullptr)) != 0)
        fail(errno);
    std::error_code error;
    fs::rename(m_partial, m_path, error);
    if (error)
        throw OutputError(m_path, error.message());
}

void OutputFile::fail(int error) const
{
    throw OutputError(m_path, std::generic_category().message(error));
}

DirectoryLock::DirectoryLock(const fs::path& directory)
    : m_directory(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
{
    if (m_directory < 0)
        throw OutputError(directory, std::generic_category().message(errno));
    if (::flock(m_directory, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ::close(m_directory);
        throw InputError({.problem = "another process is writing into this directory",
            .allowed = "a directory of its own for every run",
            .file = directory.string()});
    }
}

DirectoryLock::~DirectoryLock()
{
    ::close(m_directory); // gives the lock back
}

void prepareDirectory(const fs::path& directory)
{
    std::error_code error;
    if (fs::exists(directory, error) && !fs::is_directory(directory, error))
        throw OutputError(directory, "a file of that name is in the way; a directory is needed");
    fs::create_directories(directory, error);
    if (error)
        throw OutputError(directory, error.message());
    // Permission bits say little (root, read-only mounts): only a file proves it.
    OutputFile probe(directory / ".apical-write-test");
    probe.append("x");
}

void writeWholeFile(const fs::path& path, std::string_view text)
{
    OutputFile file(path);
    file.append(text);
    file.commit();
}

void appendNumber(std::string& line, double value)
{
    char buffer[32];
    line.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

void appendNumber(std::string& line, std::uint64_t value)
{
    char buffer[24];
    line.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

} // namespace apical
