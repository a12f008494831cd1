// A study: one experiment run many times, with some of its keys varied, each with several seeds.
// Same study, same points in the same order.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/run/run_goal.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// One dimension of a study: a key and its values, or several keys that change together.
struct StudyAxis {
    std::vector<std::string> keys; ///< as for --set
    std::vector<std::vector<std::string>> values; ///< values[i][k] of keys[k], as typed after --set
    bool operator==(const StudyAxis&) const = default;
};

/// What a person asks for; a file in presets/studies/ or a command line says the same.
struct StudySpec {
    std::string name, title, summary;
    std::string lesson{}; ///< Markdown: what is expected, and why; not part of the cause
    std::string preset; ///< embedded name or path
    std::string presetText{}; ///< not empty: the preset itself, as JSON
    std::vector<std::string> set{}; ///< KEY=VALUE, before anything is varied
    std::vector<StudyAxis> vary{}; ///< all combinations; the last axis changes fastest
    std::optional<std::uint64_t> seed{}; ///< the first seed, instead of the preset's
    std::uint64_t seeds = 1; ///< seed, seed + 1, ... for every combination
    std::vector<std::uint64_t> seedList{}; ///< these instead, and as many
    RunLength length{};
    bool operator==(const StudySpec&) const = default;
};

/// One run of a study.
struct StudyPoint {
    std::size_t index = 0; ///< combination, then lane, then seed; the seed changes fastest
    std::size_t combination = 0;
    std::vector<std::string> values; ///< one per Study::keys()
    int lane = 0;
    std::uint64_t seed = 0;
};

/// A study that was checked: every combination of it can be run. Immutable; any thread.
class Study {
public:
    static constexpr std::size_t kMostPoints = 100'000;

    /// @throws InputError for an unknown key (with the nearest), a value out of range, a key varied
    /// twice, no length that fits, or too many points
    explicit Study(StudySpec);

    const StudySpec& spec() const { return m_spec; }
    const Experiment& base() const { return m_base; }
    const std::vector<std::string>& keys() const { return m_keys; } ///< varied, in column order
    std::size_t size() const { return combinations() * lanes() * m_spec.seeds; } ///< points
    std::size_t combinations() const { return m_expectedSteps.size(); }
    std::size_t lanes() const { return static_cast<std::size_t>(m_base.laneCount()); }
    bool hasEpochs() const
    {
        return m_hasEpochs;
    } ///< the stimulus has; else 100 presentations count
    bool hasLanes() const { return !m_base.lanes.empty(); }

    StudyPoint point(std::size_t index) const;
    Experiment experiment(const StudyPoint&) const; ///< runs the point as its lane `point.lane`
    double expectedSteps(std::size_t index) const; ///< an estimate

    /// The whole cause of the results as JSON on one line: equal for equal studies, and readStudy()
    /// takes it.
    const std::string& declaration() const { return m_declaration; }

private:
    std::vector<std::string> valuesOf(std::size_t combination) const;
    Experiment experimentOf(const std::vector<std::string>& values, std::uint64_t seed) const;
    void checkAxes();

    StudySpec m_spec;
    Experiment m_base;
    std::string m_baseText; ///< JSON of it, so that later changes of a file do not matter
    std::vector<std::string> m_keys;
    std::vector<double> m_expectedSteps; ///< per combination
    bool m_hasEpochs = false;
    std::string m_declaration;
};

/// "KEY=A,B,C", or "KEY1,KEY2=A1:A2,B1:B2" for keys that change together. Commas and colons inside
/// brackets or quotes belong to a value, blanks around it do not. "KEY=LOW:HIGH:linN" and "logN"
/// are N values from LOW to HIGH. @throws InputError
StudyAxis parseAxis(const std::string& text);

/// @throws InputError with the place in the file
StudySpec readStudy(std::string_view text, const std::string& fileName);
/// An embedded name or a path. @throws InputError
StudySpec loadStudy(const std::string& nameOrPath);
std::vector<StudySpec> embeddedStudies();

} // namespace apical
