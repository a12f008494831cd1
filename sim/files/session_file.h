// A session on disk: what was run, every edit, and the exact state of every lane, so that it goes
// on bit for bit.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/run/simulation.h"

#include <string>
#include <string_view>
#include <vector>

namespace apical {

struct SavedSession {
    Experiment experiment{}; ///< with its edit log
    std::vector<State> states{}; ///< one per lane; empty: starts from the beginning
    std::string view{}; ///< the window's own text, kept as it is
    bool operator==(const SavedSession&) const = default;
};

std::string writeSession(const SavedSession&);
/// Parameters that the file does not have take their default. @throws InputError with line, column
/// and key
SavedSession readSession(std::string_view text, const std::string& fileName);

/// Writes all or nothing: an older file survives a failure. @throws InputError
void saveSession(const std::string& path, const SavedSession&);
/// @throws InputError
SavedSession loadSession(const std::string& path);
/// Whether a file begins like a saved session, for telling it from a preset. False if it cannot be
/// read.
bool isSessionFile(const std::string& path);

} // namespace apical
