// Files that appear only when they are complete, and numbers in them that read back to the same
// bits.
#pragma once

#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

namespace apical {

/// A file could not be written: disk full, no permission, a directory that vanished.
class OutputError : public std::exception {
public:
    OutputError(std::filesystem::path path, std::string reason);
    const char* what() const noexcept override { return m_text.c_str(); }
    const std::filesystem::path& path() const { return m_path; }
    const std::string& reason() const { return m_reason; }

private:
    std::filesystem::path m_path;
    std::string m_reason, m_text;
};

/// Writes NAME.part and renames it to NAME on commit(), so that nobody reads half a file and a
/// failed run leaves the earlier result alone. Without commit() the partial file is removed.
class OutputFile {
public:
    explicit OutputFile(std::filesystem::path path); ///< @throws OutputError
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// All or nothing: what did not fit whole is cut off again. @throws OutputError
    void append(std::string_view text);
    /// Forces the text to disk, closes and renames; every error of the disk shows up here at the
    /// latest. @throws OutputError
    void commit();
    const std::filesystem::path& path() const { return m_path; }
    bool open() const { return m_file != nullptr; } ///< until commit()

private:
    [[noreturn]] void fail(int error) const;
    std::filesystem::path m_path, m_partial;
    std::FILE* m_file = nullptr;
    std::uintmax_t m_whole = 0; ///< bytes of the texts that were appended whole
};

/// Keeps other processes out of a directory as long as it lives; leaves no file behind. Where the
/// file system knows no locks, everybody is let in.
class DirectoryLock {
public:
    /// @throws InputError if another process, or another lock of this one, holds the directory;
    /// OutputError if there is none
    explicit DirectoryLock(const std::filesystem::path& directory);
    ~DirectoryLock();
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;

private:
    int m_directory;
};

/// Makes a directory (and its parents) and proves that a file can be written in it.
/// @throws OutputError, e.g. when a file of that name is in the way
void prepareDirectory(const std::filesystem::path&);

void writeWholeFile(const std::filesystem::path&, std::string_view text); ///< @throws OutputError

/// Appends the shortest text that reads back to the same double; "nan", "inf" and "-inf" for the
/// others.
void appendNumber(std::string& line, double value);
void appendNumber(std::string& line, std::uint64_t value);

} // namespace apical
