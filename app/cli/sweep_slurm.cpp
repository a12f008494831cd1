// A study as a job array for the Slurm scheduler, and its results collected.
#include "app/cli/sweep.h"

#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/json/file.h"
#include "sim/study/table.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <set>
#include <sstream>

namespace apical {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDefaultTasks = 100;
constexpr std::size_t kMostTasks = 1000; // Slurm's own default for arrays is below 1001

const char* const kStudyFile = "study.json";
const char* const kPoints = "points.csv";
const char* const kResults = "results";

std::string thisProgram()
{
    std::error_code error;
    const fs::path path = fs::read_symlink("/proc/self/exe", error);
    return error ? "apical-cli" : path.string();
}

/// A word in single quotes for a POSIX shell.
std::string quoted(const std::string& text)
{
    std::string word = "'";
    for (const char c : text)
        word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + '\'';
}

std::string jobScript(const std::string& name, std::size_t tasks)
{
    const std::string count = std::to_string(tasks);
    return "#!/bin/sh\n"
           "#SBATCH --job-name=apical-"
        + name + "\n#SBATCH --array=1-" + count
        + "\n#SBATCH --cpus-per-task=1\n"
          "#SBATCH --output=logs/%a.txt\n"
          "# Submit from this directory: sbatch job.sh\n"
          "set -eu\n"
          "cd \"${SLURM_SUBMIT_DIR:-.}\"\n"
          "program=${APICAL_CLI:-"
        + quoted(thisProgram())
        + "}\n"
          "[ -x \"$program\" ] || program=apical-cli\n"
          "exec \"$program\" sweep --study "
        + kStudyFile + " --shard \"$SLURM_ARRAY_TASK_ID/" + count
        + "\" \\\n    --jobs \"${SLURM_CPUS_PER_TASK:-1}\" --out \"" + kResults
        + "/$SLURM_ARRAY_TASK_ID.csv\" --quiet\n";
}

std::string readMe(const Study& study, std::size_t tasks)
{
    double steps = 0;
    for (std::size_t point = 0; point < study.size(); ++point)
        steps += study.expectedSteps(point);
    const std::string title =
        study.spec().title.empty() ? "A study of " + study.base().name : study.spec().title;
    return "# " + title + "\n\n" + std::to_string(study.size()) + " runs in "
        + std::to_string(tasks) + " tasks, about " + readable(steps, 2)
        + " steps together. `study.json` is the whole cause of the results, `points.csv` tells "
          "which task "
          "runs which point.\n\n"
          "    cd THIS_DIRECTORY\n"
          "    sbatch job.sh                                          # start\n"
          "    squeue --me                                            # look\n"
          "    apical-cli sweep --merge . --out ../results.csv        # collect when all have "
          "ended\n\n"
          "The program must stand at the same place on every node, or set APICAL_CLI to its path; "
          "limits of\n"
          "time, memory or partition are added with `sbatch --time=... job.sh` as usual. A task "
          "that was killed\n"
          "goes on where it stopped when it is submitted again, e.g. `sbatch --array=3,7 job.sh`; "
          "--merge names\n"
          "the tasks that are missing. Without Slurm one task is\n\n"
          "    SLURM_ARRAY_TASK_ID=3 sh job.sh\n";
}

std::string pointList(const Study& study, std::size_t tasks)
{
    std::string text = "task,point";
    for (const std::string& key : study.keys())
        text += ',' + csvField(key);
    text += study.hasLanes() ? ",lane,seed,expected_steps\n" : ",seed,expected_steps\n";
    for (std::size_t index = 0; index < study.size(); ++index) {
        const StudyPoint point = study.point(index);
        text += std::to_string(index % tasks + 1) + ',' + std::to_string(index);
        for (const std::string& value : point.values)
            text += ',' + csvField(value);
        if (study.hasLanes())
            text += ',' + csvField(study.base().lanes[static_cast<std::size_t>(point.lane)].name);
        text += ',' + std::to_string(point.seed) + ',';
        appendNumber(text, study.expectedSteps(index));
        text += '\n';
    }
    return text;
}

/// Says which tasks have to run again.
void complainOfMissing(const Study& study, const StudyResults& results, const fs::path& directory)
{
    std::istringstream list(readFile((directory / kPoints).string(), kLargestPreset));
    std::set<std::size_t> tasks;
    std::size_t count = 0;
    std::string line;
    std::getline(list, line);
    for (std::size_t point = 0; point < study.size() && std::getline(list, line); ++point) {
        if (results.contains(point))
            continue;
        ++count;
        std::size_t task = 0;
        if (std::from_chars(line.data(), line.data() + line.size(), task).ec == std::errc())
            tasks.insert(task);
    }
    std::string text;
    for (const std::size_t task : tasks)
        text += (text.empty() ? "" : ",") + std::to_string(task);
    std::fprintf(stderr, "%zu of %zu points are missing; to run them: sbatch --array=%s job.sh\n",
        count, study.size(), text.c_str());
}

/// Characters a job's name may have.
std::string plainName(std::string name)
{
    std::replace_if(
        name.begin(), name.end(),
        [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                || c == '-');
        },
        '-');
    return name;
}

} // namespace

int writeJobArray(const SweepOptions& options, const Study& study)
{
    const fs::path directory(options.slurm);
    const std::size_t tasks =
        std::min(study.size(), static_cast<std::size_t>(options.tasks.value_or(kDefaultTasks)));
    if (tasks > kMostTasks)
        throw InputError({.problem = "--tasks = " + std::to_string(*options.tasks),
            .allowed = "at most " + std::to_string(kMostTasks) + ", Slurm's usual limit"});
    std::error_code ignored;
    if (fs::exists(directory, ignored) && !fs::is_empty(directory, ignored))
        throw InputError({.problem = "the directory is not empty",
            .key = "--slurm",
            .allowed = "a new or an empty one",
            .file = options.slurm});
    for (const char* part : {kResults, "logs"})
        prepareDirectory(directory / part);
    const std::string name = study.spec().name.empty() ? study.base().name : study.spec().name;
    writeWholeFile(directory / kStudyFile, study.declaration() + '\n');
    writeWholeFile(directory / kPoints, pointList(study, tasks));
    writeWholeFile(directory / "README.md", readMe(study, tasks));
    writeWholeFile(
        directory / "job.sh", jobScript(plainName(fs::path(name).stem().string()), tasks));
    if (!options.quiet)
        print(std::to_string(study.size()) + " points in " + std::to_string(tasks)
            + " tasks; start them with: cd " + options.slurm + " && sbatch job.sh\n");
    return kDone;
}

int mergeJobArray(const SweepOptions& options)
{
    const fs::path directory(options.merge), out(options.out);
    const Study study(loadStudy((directory / kStudyFile).string()));
    StudyResults results;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory / kResults, ignored)) {
        if (entry.path().extension() != ".study")
            continue;
        StudyRecord record = readStudyJournal(entry.path());
        checkSameStudy(record, study, entry.path().string());
        results.merge(record.results);
    }
    if (results.size() < study.size()) {
        complainOfMissing(study, results, directory);
        return kFailed;
    }
    if (fs::exists(out, ignored) && !fs::exists(journalPath(out), ignored))
        throw InputError({.problem = "the file exists",
            .allowed = "another --out, or delete it first",
            .file = out.string()});
    StudyJournal journal(journalPath(out), study);
    for (auto& [point, result] : results) {
        if (!journal.results().contains(point))
            journal.append(std::move(result));
    }
    writeTables(study, journal.results(), out);
    if (!options.quiet)
        print(std::to_string(study.size()) + " points\n\n" + sweepTable(study, journal.results())
            + "\nwritten to " + options.out + '\n');
    return kDone;
}

} // namespace apical
