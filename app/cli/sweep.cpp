#include "app/cli/sweep.h"

#include "app/cli/interrupt.h"
#include "app/cli/progress.h"
#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/study/pool.h"
#include "sim/study/summary.h"
#include "sim/study/table.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

namespace apical {
namespace {

namespace fs = std::filesystem;

void checkOptions(const SweepOptions& options)
{
    const auto fail = [](const char* problem, const char* allowed) {
        throw InputError({.problem = problem, .allowed = allowed});
    };
    const bool both = !options.preset.empty() && !options.study.empty();
    if (!options.merge.empty()) {
        if (!options.preset.empty() || !options.study.empty() || !options.vary.empty())
            fail("--merge takes the study from the directory", "--merge DIR --out FILE.csv");
    } else if (both || (options.preset.empty() && options.study.empty())) {
        fail(both ? "both PRESET and --study are given" : "nothing to run is named",
            "PRESET, or --study NAME");
    }
    if (options.out.empty() && options.slurm.empty())
        fail("no file for the results is named", "--out FILE.csv");
    if (!options.slurm.empty() && (!options.out.empty() || !options.shard.empty()))
        fail("--slurm only writes the job array", "--slurm DIR without --out and --shard");
    if (options.jobs && *options.jobs < 1)
        fail("--jobs is below 1", "1 or more");
    if (options.tasks && *options.tasks == 0)
        fail("--tasks = 0", "1 or more");
}

/// "5": so many; "3,17,42": these.
void readSeeds(StudySpec& spec, const std::string& text)
{
    const auto number = [&text](const std::string& word) {
        std::uint64_t value = 0;
        const char* end = word.data() + word.size();
        const auto read = std::from_chars(word.data(), end, value);
        if (word.empty() || read.ec != std::errc() || read.ptr != end)
            throw InputError({.problem = "--seeds = " + text,
                .allowed = "how many, 1 or more, or a list such as 3,17,42"});
        return value;
    };
    spec.seedList.clear();
    if (text.find(',') == std::string::npos) {
        spec.seeds = number(text);
        if (spec.seeds == 0)
            throw InputError({.problem = "--seeds = 0", .allowed = "1 or more"});
        return;
    }
    std::istringstream words(text);
    for (std::string word; std::getline(words, word, ',');)
        spec.seedList.push_back(number(word));
}

/// An axis of the command line takes the place of the study's own axis of that key.
void vary(StudySpec& spec, StudyAxis axis)
{
    const auto same = std::find_if(spec.vary.begin(), spec.vary.end(),
        [&](const StudyAxis& own) { return own.keys.front() == axis.keys.front(); });
    if (same != spec.vary.end())
        *same = std::move(axis);
    else
        spec.vary.push_back(std::move(axis));
}

StudySpec specOf(const SweepOptions& options)
{
    StudySpec spec;
    if (!options.study.empty())
        spec = loadStudy(options.study);
    else
        spec.preset = options.preset;
    std::vector<std::string> typed;
    for (const std::string& text : options.vary) {
        StudyAxis axis = parseAxis(text);
        for (const std::string& key : axis.keys) {
            if (std::find(typed.begin(), typed.end(), key) != typed.end())
                throw InputError({.problem = '"' + key + "\" is varied twice", .key = key});
            typed.push_back(key);
        }
        vary(spec, std::move(axis));
    }
    spec.set.insert(spec.set.end(), options.set.begin(), options.set.end());
    if (options.seed)
        spec.seed = options.seed;
    if (options.seeds)
        readSeeds(spec, *options.seeds);
    if (options.length != RunLength{})
        spec.length = options.length;
    return spec;
}

Shard shardOf(const std::string& text)
{
    Shard shard;
    if (text.empty())
        return shard;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, shard.index);
    const auto second = first.ptr == end || *first.ptr != '/'
        ? std::from_chars_result{text.data(), std::errc::invalid_argument}
        : std::from_chars(first.ptr + 1, end, shard.count);
    if (first.ec != std::errc() || second.ec != std::errc() || second.ptr != end || shard.index < 1
        || shard.index > shard.count)
        throw InputError({.problem = "--shard " + text, .allowed = "i/n with 1 <= i <= n"});
    return shard;
}

/// Whatever is wrong with the name is known before the run.
void checkWritable(const fs::path& out)
{
    try {
        const OutputFile probe(out);
    } catch (const OutputError& error) { // it is the person's input that is wrong
        throw InputError(
            {.problem = error.what(), .key = "--out", .allowed = "a file in a writable directory"});
    }
}

/// What the study can be asked while its threads add to it.
struct Work {
    std::shared_ptr<const Study> study;
    StudyJournal& journal;
    std::size_t had, wanted;
};

StudyProgress runPoints(const SweepOptions& options, Work& work, std::vector<std::size_t> todo)
{
    using When = ProgressBar::When;
    StudyPool pool(work.study, std::move(todo),
        {.jobs = options.jobs.value_or(StudyPool::defaultJobs())},
        [&work](StudyResult result) { work.journal.append(std::move(result)); });
    {
        ProgressBar bar(options.study.empty() ? options.preset : options.study,
            options.quiet          ? When::Never
                : options.progress ? When::Always
                                   : When::OnTerminal);
        const auto draw = [&] {
            const StudyProgress now = pool.progress();
            bar.draw({.fraction = now.fraction,
                .position = std::to_string(work.had + now.done) + " of "
                    + std::to_string(work.wanted) + " points",
                .steps = now.steps});
        };
        const auto interval = std::min(bar.interval(), std::chrono::milliseconds(50));
        for (auto due = std::chrono::steady_clock::now(); !pool.waitFor(interval);) {
            if (interrupted())
                pool.stop();
            if (std::chrono::steady_clock::now() >= due) {
                draw();
                due += bar.interval();
            }
        }
        draw();
    }
    if (pool.failure())
        std::rethrow_exception(pool.failure());
    return pool.progress();
}

std::size_t divergedPoints(const StudyResults& results)
{
    return static_cast<std::size_t>(std::count_if(
        results.begin(), results.end(), [](const auto& item) { return item.second.diverged; }));
}

void report(const SweepOptions& options, const Study& study, const StudyResults& results,
    std::size_t wanted, const StudyProgress& progress, bool complete)
{
    const double rate =
        progress.seconds > 0 ? static_cast<double>(progress.steps) / progress.seconds : 0;
    if (options.json) {
        print(nlohmann::ordered_json{{"preset", study.base().name}, {"study", study.spec().name},
                  {"state", complete ? "done" : "interrupted"}, {"points", wanted},
                  {"done", results.size()}, {"diverged", divergedPoints(results)},
                  {"run_now", progress.done}, {"steps", progress.steps},
                  {"wall_s", progress.seconds}, {"steps_per_s", rate}, {"out", options.out}}
                  .dump()
            + '\n');
    } else if (!options.quiet) {
        print(std::to_string(results.size()) + " of " + std::to_string(wanted) + " points"
            + (divergedPoints(results)
                    ? ", " + std::to_string(divergedPoints(results)) + " diverged"
                    : std::string())
            + "; " + std::to_string(progress.done) + " run now in " + readable(progress.seconds)
            + " s (" + rateText(rate) + ")\n\n" + sweepTable(study, results) + "\nwritten to "
            + options.out + '\n');
    }
}

} // namespace

fs::path journalPath(const fs::path& out)
{
    return out.string() + ".study";
}

fs::path curvesPath(const fs::path& out)
{
    fs::path path = out;
    return path.replace_extension(
        out.extension() == ".csv" ? ".curves.csv" : out.extension().string() + ".curves");
}

void writeTables(const Study& study, const StudyResults& results, const fs::path& out)
{
    writeWholeFile(out, studyCsv(study, results));
    writeWholeFile(curvesPath(out), curvesCsv(study, results));
}

std::string sweepTable(const Study& study, const StudyResults& results)
{
    constexpr std::size_t most = 60;
    const std::string metric = leadingMetric(metricNames(results));
    const auto groups = summarize(study, results, metric);
    std::vector<std::size_t> widths;
    std::string text = "  ";
    for (const std::string& key : study.keys()) {
        widths.push_back(key.size() + 3);
        for (std::size_t i = 0; i < study.combinations() && i < most; ++i) {
            const auto index = i * study.lanes() * static_cast<std::size_t>(study.spec().seeds);
            widths.back() =
                std::max(widths.back(), study.point(index).values[widths.size() - 1].size() + 3);
        }
        text += padded(key, widths.back());
    }
    std::size_t laneWidth = 8;
    for (const LaneSpec& lane : study.base().lanes)
        laneWidth = std::max(laneWidth, lane.name.size() + 3);
    if (study.hasLanes())
        text += padded("lane", laneWidth);
    text += padded("runs", 7) + padded("diverged", 11) + shownName(metric)
        + ": mean, standard deviation, range\n";
    for (std::size_t i = 0; i < groups.size() && i < most; ++i) {
        const StudyGroup& group = groups[i];
        const auto index =
            (group.combination * study.lanes() + static_cast<std::size_t>(group.lane))
            * static_cast<std::size_t>(study.spec().seeds);
        const StudyPoint point = study.point(index);
        text += "  ";
        for (std::size_t k = 0; k < widths.size(); ++k)
            text += padded(point.values[k], widths[k]);
        if (study.hasLanes())
            text +=
                padded(study.base().lanes[static_cast<std::size_t>(group.lane)].name, laneWidth);
        text += padded(std::to_string(group.count), 7) + padded(std::to_string(group.diverged), 11)
            + padded(readable(group.mean), 12) + padded(readable(group.deviation), 12)
            + readable(group.low) + " to " + readable(group.high) + '\n';
    }
    if (groups.size() > most)
        text += "  ... and " + std::to_string(groups.size() - most) + " more\n";
    return text;
}

int sweepPreset(const SweepOptions& options)
{
    checkOptions(options);
    if (!options.merge.empty())
        return mergeJobArray(options);
    const auto study = std::make_shared<const Study>(specOf(options));
    if (!options.slurm.empty())
        return writeJobArray(options, *study);
    const Shard shard = shardOf(options.shard);
    const fs::path out(options.out);
    const bool stranger = fs::exists(out) && !fs::exists(journalPath(out));
    if (stranger)
        throw InputError({.problem = "the file exists, and it is not of a study that can go on ("
                + journalPath(out).filename().string() + " is not beside it)",
            .allowed = "another --out, or delete it first",
            .file = out.string()});
    checkWritable(out);
    StudyJournal journal(journalPath(out), *study);

    std::vector<std::size_t> todo;
    std::size_t wanted = 0;
    for (std::size_t point = 0; point < study->size(); ++point) {
        if (!shard.holds(point))
            continue;
        ++wanted;
        if (!journal.results().contains(point))
            todo.push_back(point);
    }
    const std::size_t had = wanted - todo.size();
    if (had && !options.quiet && !options.json)
        std::fprintf(stderr, "%zu of %zu points were there already\n", had, wanted);
    const InterruptGuard interrupt;
    Work work{study, journal, had, wanted};
    const std::size_t missing = todo.size();
    const StudyProgress progress = runPoints(options, work, std::move(todo));
    writeTables(*study, journal.results(), out);
    const bool complete = progress.done == missing;
    report(options, *study, journal.results(), wanted, progress, complete);
    if (!complete)
        std::fprintf(stderr,
            "interrupted; %zu of %zu points are kept. The same command again goes on from there.\n",
            had + progress.done, wanted);
    return complete ? kDone : kFailed;
}

} // namespace apical
