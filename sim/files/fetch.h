// Fetching a data set: from mirrors, over connections that stall, end early or lie.
#pragma once

#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace apical {

/// A file that is known to the last bit.
struct RemoteFile {
    std::string name;
    std::uint64_t size = 0; ///< bytes
    std::string sha256; ///< lower-case hexadecimal
};

struct RemoteSet {
    std::string name; ///< "MNIST"
    std::vector<RemoteFile> files;
    std::vector<std::string> mirrors; ///< folders; each ends with '/'
};

/// LeCun, Cortes, Burges: 60,000 + 10,000 handwritten digits, four files, 11.6 MB.
const RemoteSet& mnistRemote();
/// Where fetched sets lie, and where stimulus "idx" looks for one: the user's data folder.
std::filesystem::path fetchedDataFolder();

/// No mirror had it; the text names each with what was wrong.
class FetchError : public std::exception {
public:
    explicit FetchError(std::string text)
        : m_text(std::move(text))
    {
    }
    const char* what() const noexcept override { return m_text.c_str(); }

private:
    std::string m_text;
};

struct FetchProgress {
    std::string file, mirror; ///< under way
    std::uint64_t done = 0, total = 0; ///< bytes of the whole set
};

/// Puts all files of a set into a folder. A file counts only once its size and sum are right: until
/// then it is NAME.part, and a later call goes on where it ended. Files that are there and right
/// are left alone.
/// @param goOn called at least once a second; false: stop, with what has come kept as NAME.part
/// @param patience seconds without a byte before the next mirror is asked
/// @return false if it was stopped
/// @throws FetchError; OutputError if the disk is full or the folder not writable; InputError if
/// another process fetches into it
bool fetchSet(const RemoteSet&, const std::filesystem::path& folder,
    const std::function<bool(const FetchProgress&)>& goOn, int patience = 20);

/// Lower-case hexadecimal; "" if the file cannot be read.
std::string sha256Of(const std::filesystem::path&);

} // namespace apical
