#include "sim/study/journal.h"

#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/base/version.h"
#include "sim/json/file.h"
#include "sim/json/source.h"

#include <cerrno>
#include <cmath>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace apical {
namespace {

constexpr std::size_t kLargestJournal = std::size_t{4} << 30;
constexpr std::string_view kCauses[] = {"preset", "vary", "seeds", "length"};

[[noreturn]] void refuse(const std::string& fileName, std::string problem, std::string allowed = {})
{
    throw InputError(
        {.problem = std::move(problem), .allowed = std::move(allowed), .file = fileName});
}

/// JSON has no words for numbers that are none.
Json numberJson(double value)
{
    if (std::isfinite(value))
        return value;
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

double numberOf(const Json& json)
{
    if (json.is_number())
        return json.get<double>();
    const auto word = json.get<std::string>();
    if (word == "nan")
        return std::numeric_limits<double>::quiet_NaN();
    return word == "inf" ? HUGE_VAL : -HUGE_VAL;
}

std::string shortText(const Json& json)
{
    constexpr std::size_t longest = 120;
    const std::string text = json.dump();
    return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

/// The first path of two presets that differs, and how.
std::string difference(const Json& before, const Json& now, const std::string& path = {})
{
    if (!before.is_object() || !now.is_object())
        return path + " = " + shortText(before) + ", not " + shortText(now);
    for (const auto& [key, value] : now.items()) {
        const Json had = before.value(key, Json());
        if (had != value)
            return difference(had, value, path.empty() ? key : path + '.' + key);
    }
    return "it has other keys";
}

std::string resultLine(const StudyResult& result)
{
    Json metrics = Json::object(), rows = Json::array();
    for (const auto& [name, value] : result.metrics)
        metrics[name] = numberJson(value);
    for (const auto& row : result.curve.rows) {
        Json numbers = Json::array();
        for (const double value : row)
            numbers.push_back(numberJson(value));
        rows.push_back(std::move(numbers));
    }
    const Json json{{"point", result.point}, {"diverged", result.diverged}, {"steps", result.steps},
        {"metrics", std::move(metrics)},
        {"curve",
            {{"names", result.curve.names}, {"epochs", result.curve.epochs},
                {"rows", std::move(rows)}}}};
    return json.dump() + '\n';
}

/// @throws Json::exception
StudyResult resultOf(const Json& json)
{
    StudyResult result;
    result.point = json.at("point").get<std::size_t>();
    result.diverged = json.at("diverged").get<bool>();
    result.steps = json.at("steps").get<std::uint64_t>();
    for (const auto& [name, value] : json.at("metrics").items())
        result.metrics.emplace_back(name, numberOf(value));
    const Json& curve = json.at("curve");
    result.curve.names = curve.at("names").get<std::vector<std::string>>();
    result.curve.epochs = curve.at("epochs").get<std::vector<std::uint64_t>>();
    for (const Json& row : curve.at("rows")) {
        auto& numbers = result.curve.rows.emplace_back();
        for (const Json& value : row)
            numbers.push_back(numberOf(value));
    }
    return result;
}

std::string headLine(const Study& study)
{
    return Json{{"apical_study_journal", 1}, {"version", programVersion()},
               {"study", Json::parse(study.declaration())}}
               .dump()
        + '\n';
}

/// Reads the whole lines of `text` up to the first that makes no sense. @return bytes read, or
/// nullopt if the first line is not the head of a journal
std::optional<std::size_t> parse(std::string_view text, StudyRecord& record)
{
    std::size_t at = text.find('\n');
    if (at == std::string_view::npos)
        return std::nullopt;
    try {
        const Json head = Json::parse(text.substr(0, at));
        if (head.at("apical_study_journal") != 1)
            return std::nullopt;
        record.version = head.at("version").get<std::string>();
        record.declaration = head.at("study").dump();
    } catch (const Json::exception&) {
        return std::nullopt;
    }
    for (++at; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        if (end == std::string_view::npos)
            break;
        try {
            StudyResult result = resultOf(Json::parse(text.substr(at, end - at)));
            record.results.insert_or_assign(result.point, std::move(result));
        } catch (const Json::exception&) {
            break;
        }
        at = end + 1;
    }
    return at;
}

} // namespace

StudyJournal::StudyJournal(std::filesystem::path path, const Study& study)
    : m_path(std::move(path))
{
    std::error_code ignored;
    if (std::filesystem::is_directory(m_path, ignored))
        throw OutputError(m_path, "a directory of that name is in the way");
    m_file = ::open(m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (m_file < 0)
        throw OutputError(m_path, std::generic_category().message(errno));
    try {
        if (::flock(m_file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
            refuse(m_path.string(), "another process is at work on this study",
                "one process at a time, or shards with files of their own");
        const std::string text = readFile(m_path.string(), kLargestJournal);
        // A kill in the very first write leaves less than a head.
        if (headLine(study).starts_with(text)) {
            begin(study);
            return;
        }
        StudyRecord record;
        const auto whole = parse(text, record);
        if (!whole)
            refuse(m_path.string(), "is no journal of a study", "another --out");
        checkSameStudy(record, study, m_path.string());
        m_size = static_cast<std::int64_t>(*whole);
        if (::ftruncate(m_file, m_size) != 0)
            fail(errno);
        m_results = std::move(record.results);
        std::erase_if(m_results, [&](const auto& item) { return item.first >= study.size(); });
    } catch (...) {
        ::close(m_file);
        throw;
    }
}

StudyJournal::~StudyJournal()
{
    ::close(m_file); // gives the lock back
}

void StudyJournal::begin(const Study& study)
{
    m_begun = true;
    if (::ftruncate(m_file, 0) != 0)
        fail(errno);
    write(headLine(study));
}

void StudyJournal::append(StudyResult result)
{
    write(resultLine(result));
    const std::size_t point = result.point;
    m_results.insert_or_assign(point, std::move(result));
}

void StudyJournal::write(const std::string& line)
{
    for (std::size_t done = 0; done < line.size();) {
        const auto written = ::pwrite(m_file, line.data() + done, line.size() - done,
            static_cast<off_t>(m_size) + static_cast<off_t>(done));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            const int error = written < 0 ? errno : ENOSPC;
            if (::ftruncate(m_file, m_size) != 0)
                fail(errno);
            fail(error);
        }
        done += static_cast<std::size_t>(written);
    }
    m_size += static_cast<std::int64_t>(line.size());
}

void StudyJournal::fail(int error) const
{
    throw OutputError(m_path, std::generic_category().message(error));
}

StudyRecord readStudyJournal(const std::filesystem::path& path)
{
    const std::string text = readFile(path.string(), kLargestJournal);
    StudyRecord record;
    if (!parse(text, record))
        refuse(path.string(), "is no journal of a study", "FILE.csv.study as written by a sweep");
    return record;
}

void checkSameStudy(const StudyRecord& record, const Study& study, const std::string& fileName)
{
    const std::string remedy = "another --out, or delete the results that are there";
    const Json had = Json::parse(record.declaration), wanted = Json::parse(study.declaration());
    for (const auto key : kCauses) {
        const Json before = had.value(key, Json()), now = wanted.value(key, Json());
        if (before != now)
            refuse(fileName,
                "holds the results of another study: its " + std::string(key)
                    + (key == "preset" ? " is not the same: " + difference(before, now)
                                       : " = " + shortText(before) + ", not " + shortText(now)),
                remedy);
    }
    if (record.version != programVersion())
        refuse(fileName,
            "was begun by version " + record.version + ", this is " + std::string(programVersion()),
            remedy);
}

} // namespace apical
