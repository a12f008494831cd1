#include "sim/files/fetch.h"

#include "sim/base/output_file.h"

#include <curl/curl.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

namespace apical {
namespace {

namespace fs = std::filesystem;

constexpr long kMostRedirects = 5;
constexpr long kConnectSeconds = 15;

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

std::uint64_t sizeOf(const fs::path& path)
{
    std::error_code none;
    const auto size = fs::file_size(path, none);
    return none ? 0 : size;
}

bool isRight(const fs::path& path, const RemoteFile& file)
{
    return sizeOf(path) == file.size && sha256Of(path) == file.sha256;
}

/// One file from one mirror into NAME.part, from where that ends on.
class Transfer {
public:
    Transfer(const RemoteFile& file, fs::path part, std::uint64_t before, FetchProgress progress,
        const std::function<bool(const FetchProgress&)>& goOn)
        : m_file(file)
        , m_part(std::move(part))
        , m_before(before)
        , m_progress(std::move(progress))
        , m_goOn(goOn)
    {
        m_have = sizeOf(m_part);
        if (m_have >= file.size) // complete and wrong, or too long
            m_have = 0;
    }

    /// @return what was wrong; "": it ended well, or was stopped
    std::string run(const std::string& url, int patience)
    {
        m_out.reset(std::fopen(m_part.c_str(), m_have > 0 ? "ab" : "wb"));
        if (!m_out)
            throw OutputError(m_part, std::strerror(errno));
        const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(
            curl_easy_init(), curl_easy_cleanup);
        if (!curl)
            return "no connection could be prepared";
        std::array<char, CURL_ERROR_SIZE> words{};
        CURL* c = curl.get();
        curl_easy_setopt(c, CURLOPT_URL, url.c_str());
        curl_easy_setopt(c, CURLOPT_ERRORBUFFER, words.data());
        curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
        curl_easy_setopt(c, CURLOPT_MAXREDIRS, kMostRedirects);
        curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
        curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(
            c, CURLOPT_CONNECTTIMEOUT, std::min(kConnectSeconds, static_cast<long>(patience)));
        curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, static_cast<long>(patience));
        curl_easy_setopt(c, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(m_have));
        curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, &Transfer::write);
        curl_easy_setopt(c, CURLOPT_WRITEDATA, this);
        curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, &Transfer::progress);
        curl_easy_setopt(c, CURLOPT_XFERINFODATA, this);
        const CURLcode code = curl_easy_perform(c);
        const bool closed = std::fclose(m_out.release()) == 0;
        if (m_diskError != 0 || !closed)
            throw OutputError(m_part, std::strerror(m_diskError != 0 ? m_diskError : errno));
        if (m_stopped)
            return {};
        if (m_tooLong)
            return "sent more than the file has";
        if (code == CURLE_RANGE_ERROR)
            return again("cannot go on in the middle");
        if (code != CURLE_OK)
            return words[0] != '\0' ? words.data() : curl_easy_strerror(code);
        if (sizeOf(m_part) < m_file.size)
            return "ended after " + std::to_string(sizeOf(m_part)) + " of "
                + std::to_string(m_file.size) + " bytes";
        return isRight(m_part, m_file) ? std::string() : again("sent another file of that name");
    }
    bool stopped() const { return m_stopped; }

private:
    /// What has come is of no use.
    std::string again(std::string problem) const
    {
        std::error_code none;
        fs::remove(m_part, none);
        return problem;
    }

    static std::size_t write(char* data, std::size_t one, std::size_t count, void* self)
    {
        auto& t = *static_cast<Transfer*>(self);
        const std::size_t bytes = one * count;
        if (t.m_have + bytes > t.m_file.size) {
            t.m_tooLong = true;
            return 0;
        }
        if (!t.m_out || std::fwrite(data, 1, bytes, t.m_out.get()) != bytes) {
            t.m_diskError = errno != 0 ? errno : EIO;
            return 0;
        }
        t.m_have += bytes;
        return bytes;
    }

    static int progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
    {
        auto& t = *static_cast<Transfer*>(self);
        t.m_progress.done = t.m_before + t.m_have;
        t.m_stopped = !t.m_goOn(t.m_progress);
        return t.m_stopped ? 1 : 0;
    }

    const RemoteFile& m_file;
    fs::path m_part;
    std::uint64_t m_before, m_have = 0;
    FetchProgress m_progress;
    const std::function<bool(const FetchProgress&)>& m_goOn;
    File m_out;
    bool m_stopped = false, m_tooLong = false;
    int m_diskError = 0;
};

void prepareCurl()
{
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(once);
}

} // namespace

const RemoteSet& mnistRemote()
{
    static const RemoteSet set{"MNIST",
        {{"train-images-idx3-ubyte.gz", 9912422,
             "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"},
            {"train-labels-idx1-ubyte.gz", 28881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
            {"t10k-images-idx3-ubyte.gz", 1648877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
            {"t10k-labels-idx1-ubyte.gz", 4542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"}},
        {"https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/"}};
    return set;
}

std::filesystem::path fetchedDataFolder()
{
    const char *data = std::getenv("XDG_DATA_HOME"), *home = std::getenv("HOME");
    if (data && *data != '\0')
        return fs::path(data) / "apical/mnist";
    return home && *home != '\0' ? fs::path(home) / ".local/share/apical/mnist" : fs::path();
}

std::string sha256Of(const fs::path& path)
{
    const File file(std::fopen(path.c_str(), "rb"));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> sum(
        EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (!file || !sum || EVP_DigestInit_ex(sum.get(), EVP_sha256(), nullptr) != 1)
        return {};
    std::array<unsigned char, 1 << 16> bytes{};
    while (const std::size_t n = std::fread(bytes.data(), 1, bytes.size(), file.get()))
        EVP_DigestUpdate(sum.get(), bytes.data(), n);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (std::ferror(file.get()) != 0 || EVP_DigestFinal_ex(sum.get(), digest.data(), &size) != 1)
        return {};
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        constexpr const char* kDigits = "0123456789abcdef";
        text += kDigits[digest[i] >> 4];
        text += kDigits[digest[i] & 15];
    }
    return text;
}

bool fetchSet(const RemoteSet& set, const fs::path& folder,
    const std::function<bool(const FetchProgress&)>& goOn, int patience)
{
    prepareCurl();
    prepareDirectory(folder);
    const DirectoryLock lock(folder);
    FetchProgress progress;
    for (const RemoteFile& file : set.files)
        progress.total += file.size;
    std::uint64_t before = 0;
    for (const RemoteFile& file : set.files) {
        const fs::path whole = folder / file.name, part = folder / (file.name + ".part");
        progress.file = file.name;
        std::string problems;
        bool right = isRight(whole, file);
        for (std::size_t m = 0; m < set.mirrors.size() && !right; ++m) {
            progress.mirror = set.mirrors[m];
            progress.done = before;
            if (!goOn(progress))
                return false;
            // What is there of it may be of another file, or the mirror sends whole files only.
            bool again = fs::exists(part);
            std::string problem;
            do {
                Transfer transfer(file, part, before, progress, goOn);
                problem = transfer.run(set.mirrors[m] + file.name, patience);
                if (transfer.stopped())
                    return false;
            } while (!problem.empty() && std::exchange(again, false) && !fs::exists(part));
            right = problem.empty();
            problems += "\n  " + set.mirrors[m] + file.name + ": " + problem;
        }
        if (!right)
            throw FetchError(set.name + " could not be fetched:" + problems);
        if (std::error_code failed; fs::exists(part)) {
            fs::rename(part, whole, failed);
            if (failed)
                throw OutputError(whole, failed.message());
        }
        before += file.size;
    }
    progress.done = progress.total;
    goOn(progress);
    return true;
}

} // namespace apical
