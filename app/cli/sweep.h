// The parts of `apical-cli sweep`.
#pragma once

#include "app/cli/commands.h"
#include "sim/study/journal.h"

#include <filesystem>
#include <vector>

namespace apical {

/// "i/n": the points i-1, i-1+n, ... belong to it.
struct Shard {
    std::size_t index = 1, count = 1;
    bool holds(std::size_t point) const { return point % count == index - 1; }
};

/// Files of a sweep: FILE.csv, its curves FILE.curves.csv and its journal FILE.csv.study.
std::filesystem::path journalPath(const std::filesystem::path& out);
std::filesystem::path curvesPath(const std::filesystem::path& out);
void writeTables(const Study&, const StudyResults&, const std::filesystem::path& out);

/// Mean and spread of the leading metric per combination.
std::string sweepTable(const Study&, const StudyResults&);

int writeJobArray(const SweepOptions&, const Study&);
int mergeJobArray(const SweepOptions&);

} // namespace apical
