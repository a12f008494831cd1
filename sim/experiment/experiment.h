// An experiment is the whole cause of a run: same experiment, same bits.
#pragma once

#include "sim/base/matrix.h"
#include "sim/experiment/image_set.h"
#include "sim/experiment/parameters.h"
#include "sim/experiment/shared_list.h"
#include "sim/experiment/spike_table.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apical {

/// Weights by the name of their projection, [post][pre], a bias in the last column.
struct NamedMatrix {
    std::string name; ///< "layer1.W_up"
    Matrix matrix;
    bool operator==(const NamedMatrix&) const = default;
};

/// Weights of a pathway are drawn from U(-range, range).
struct DrawRange {
    std::vector<double> layers{1.0}; ///< one for all layers, or one for each that has the pathway
    DrawRange(double all) // NOLINT(google-explicit-constructor): most pathways have one
        : layers{all}
    {
    }
    DrawRange(std::vector<double> each) // NOLINT(google-explicit-constructor)
        : layers(std::move(each))
    {
    }
    double at(std::size_t layer) const { return layers[std::min(layer, layers.size() - 1)]; }
    double largest() const { return *std::max_element(layers.begin(), layers.end()); }
    bool operator==(const DrawRange&) const = default;
};

struct WeightSpec {
    /// How they are drawn, if they are; which of these a model knows stands in its row of the model
    /// table.
    enum class Init { Uniform, SelfPredicting, He, Explicit, File };
    Init init = Init::Uniform;
    DrawRange rangeUp = 1.0, rangeDown = 1.0, rangeIp = 1.0, rangePi = 1.0;
    std::optional<double> bias{}; ///< of hidden units that are drawn; none: the model's own
    std::vector<NamedMatrix> given{}; ///< Explicit, or what File held once it was read
    std::string file{}; ///< File: path as given
    bool operator==(const WeightSpec&) const = default;
};

using InputList = SharedList<std::vector<double>>; ///< input rates of each sample
using TargetList =
    SharedList<std::optional<std::vector<double>>>; ///< target potentials; nullopt: not nudged

/// The file that a list of samples was read from; written in place of the numbers.
struct DataFile {
    std::string key; ///< of the stimulus: "inputs", "test_targets", ...
    std::string path; ///< absolute
    std::string array; ///< name within an .npz file; empty: its only one
    std::uint32_t crc32 = 0; ///< of its bytes
    bool operator==(const DataFile&) const = default;
};

struct StimulusSpec {
    std::string kind = "uniform"; ///< a name of stimulusTable()
    // patterns
    InputList inputs{};
    TargetList targets{}; ///< one per input, or none at all
    /// Empty: validation and test blocks show the patterns above.
    InputList validationInputs{}, testInputs{};
    TargetList validationTargets{}, testTargets{};
    std::vector<DataFile> files{};
    bool shuffled = false;
    // steps: input[i] held for times[i] ms, then from the start again
    std::vector<double> times{};
    // bars
    std::string variant =
        "haider"; ///< "haider" (on 1, off 0, right column first) or "gille" (on 1, off 0.1)
    // mimic, teacher
    int samples = 6; ///< of mimic; training samples of teacher, idx and digits
    std::uint64_t teacherSeed = 42;
    // teacher
    int validationSamples = 25, testSamples = 25;
    std::vector<int> teacherLayers{}; ///< empty: the sizes of the network
    double teacherRange = 1; ///< weights of the teacher: U(-range, range)
    // idx, digits: the first so many (samples, validationSamples, testSamples)
    SharedImages images{}, testImages{}; ///< idx
    std::uint64_t digitSeed = 1; ///< digits
    bool operator==(const StimulusSpec&) const = default;
};

inline constexpr std::string_view kTeachAction = "action.teach";
/// With learning rates as they are set. kTeachAction learns with what eta.decay or learning.decay
/// has left of them, nothing to be seen after many epochs; but sessions that were saved with it
/// must replay as they were.
inline constexpr std::string_view kTeachUndecayedAction = "action.teach_undecayed";
inline bool isTeaching(std::string_view key)
{
    return key == kTeachAction || key == kTeachUndecayedAction;
}

/// One entry of the edit log. `key` is a parameter key or an action:
/// "action.self_predicting", the jump to the fixed point; or one that isTeaching(), whose
/// value lists the inputs and then the targets of a sample that is learned at once, between two
/// steps.
struct Edit {
    std::uint64_t step = 0; ///< applied before this step is computed
    std::string key;
    ParameterValue value = true;
    int lane = -1; ///< -1: all lanes
    bool operator==(const Edit&) const = default;
};

struct LaneSpec {
    std::string name;
    std::vector<std::pair<std::string, ParameterValue>>
        parameters{}; ///< set over the experiment's own
    const ParameterTable* model = nullptr; ///< of a model of its own; nullptr: the experiment's
    bool operator==(const LaneSpec&) const = default;
};

struct Experiment {
    std::string name; ///< embedded name or path it came from
    std::string title, summary;
    std::string lesson{}; ///< path below presets/
    std::string family{};
    std::string notes{}; ///< JSON of what a person wrote there, kept as it is; empty: nothing
    std::string precision = "double"; ///< or "float"
    std::vector<int> layers{8, 6, 3}; ///< input, hidden..., output
    Parameters parameters{}; ///< of the experiment's model
    WeightSpec weights{};
    StimulusSpec stimulus{};
    SpikeReplay replay{}; ///< spikes that are shown in place of drawn ones
    std::uint64_t seed = 1;
    std::vector<LaneSpec> lanes{}; ///< empty: one lane without a name
    std::vector<Edit> edits{}; ///< ascending steps: a protocol, or a replayed session
    std::vector<std::string> record{}; ///< probe names
    std::string layout{}; ///< view.layout
    double pace = 0; ///< view.pace: real-time factor a window starts with; 0 = as it likes, inf =
                     ///< as fast as possible
    double spanMs = 0; ///< view.span: how wide the time axis of a window grows with the run before
                       ///< it scrolls; 0 = as the window likes
    std::string hint{}; ///< view.hint: the sentence above the circuit
    bool operator==(const Experiment&) const = default;

    std::string_view model() const { return parameters.model(); }
    int targetLayers() const { return static_cast<int>(layers.size()) - 1; }
    int laneCount() const { return lanes.empty() ? 1 : static_cast<int>(lanes.size()); }
    const ParameterTable& laneTable(int lane) const; ///< of the lane's model
    /// The experiment's parameters as they are for the lane's model, with the lane's set over them.
    /// Lane -1: those of the experiment's model, with nothing set over them.
    /// Lanes end each presentation together: a model without time steps takes those of the first
    /// lane that has them.
    Parameters laneParameters(int lane) const;
};

} // namespace apical
