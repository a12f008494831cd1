// The results of a study on disk, as they arrive: what a kill leaves behind is continued.
#pragma once

#include "sim/study/point.h"

#include <filesystem>
#include <map>
#include <string>

namespace apical {

using StudyResults = std::map<std::size_t, StudyResult>; ///< by point

/// One line of JSON that says which study this is and by which version, then one line per result,
/// in the order they arrived. A last line that is torn or damaged is cut off; its point runs again.
class StudyJournal {
public:
    /// Opens it or begins it, and keeps others out.
    /// @throws InputError for a journal of another study or version (naming what differs), a file
    /// that is no journal, or one that another process is writing; OutputError
    StudyJournal(std::filesystem::path, const Study&);
    ~StudyJournal();
    StudyJournal(const StudyJournal&) = delete;
    StudyJournal& operator=(const StudyJournal&) = delete;

    const StudyResults& results() const { return m_results; }
    bool begun() const { return m_begun; } ///< there was none before
    void append(StudyResult); ///< @throws OutputError; what did not fit whole is cut off again

private:
    void begin(const Study&);
    void write(const std::string& line);
    [[noreturn]] void fail(int error) const;

    std::filesystem::path m_path;
    StudyResults m_results;
    bool m_begun = false;
    int m_file = -1;
    std::int64_t m_size = 0; ///< bytes of whole lines
};

/// What a journal holds, without touching it. @throws InputError
struct StudyRecord {
    std::string declaration; ///< readStudy() takes it
    std::string version;
    StudyResults results;
};
StudyRecord readStudyJournal(const std::filesystem::path&);

/// @throws InputError if the record is not of this study by this version
void checkSameStudy(const StudyRecord&, const Study&, const std::string& fileName);

} // namespace apical
