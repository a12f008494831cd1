// The parts of a preset and their readers; errors carry the place of the key or value at fault.
// Internal to sim: presets, sessions and overrides share it.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/json/source.h"
#include "sim/model/anatomy.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

inline constexpr int kPresetVersion = 1;
inline constexpr int kMostLayers = 32;
inline constexpr int kLargestLayer = 100000;
inline constexpr std::string_view kStimulusPrefix = "stimulus.";

/// A whole preset. Fills in everything but the name. @param fileName weights.file is relative to it
/// @param ofSession whether durations may be no multiples of dt: sessions of old have them
Experiment readExperiment(
    const JsonNode& root, const std::string& fileName, bool ofSession = false);
/// A whole experiment as written to a file.
Json experimentJson(const Experiment&);

// Parameters
/// Models that have a parameter, as their table lists them.
std::vector<std::string_view> modelsWith(std::string_view key);
/// What to say of a key that other models than this table's have; nullopt if none has it. @param
/// value it is set to; "": the message has it elsewhere
std::optional<InputError::Fields> ofAnotherModel(
    const ParameterTable&, const std::string& key, const std::string& value);
/// A JSON value as the parameter's value. @param row nullptr: of an action, any kind
ParameterValue readParameterValue(const JsonNode&, const ParameterRow*);
Json parameterJson(const ParameterValue&, const ParameterRow* = nullptr);
void readParameter(Parameters&, const ParameterRow&, const JsonNode&, int targetLayers);
/// The object "parameters": every key but those of "stimulus".
/// @param laneTables as readLaneModels(); keys that only they have are left to readLanes()
void readParameters(Parameters&, const JsonNode&, int targetLayers,
    std::span<const ParameterTable* const> laneTables);
/// The tables of the models that the lanes name; nullptr for those that name none.
std::vector<const ParameterTable*> readLaneModels(const JsonNode& lanes);
/// @param common the preset's object "parameters", or nullptr
std::vector<LaneSpec> readLanes(const JsonNode&, const Experiment&,
    std::span<const ParameterTable* const> laneTables, const JsonNode* common);
std::vector<Edit> readEdits(const JsonNode&, const Experiment&);
Json editsJson(const Experiment&);

// Stimulus
/// Keys of the object "stimulus" that belong to a kind; empty for an unknown kind.
std::span<const std::string_view> stimulusKeys(std::string_view kind);
/// @param presetFile files named by it are relative to its folder
StimulusSpec readStimulus(
    const JsonNode&, Parameters&, const std::vector<int>& layers, const std::string& presetFile);
Json stimulusJson(const StimulusSpec&, const Parameters&);
/// Keys "samples", "validation_samples" and "test_samples", each where it is given.
void readSampleCounts(StimulusSpec&, const JsonNode&, std::uint64_t most);
void readImages(StimulusSpec&, const JsonNode&, const std::string& presetFile); ///< of "idx"
void readDigits(StimulusSpec&, const JsonNode&);

// Replay
SpikeReplay readReplay(const JsonNode&, const std::string& presetFile);
Json replayJson(const SpikeReplay&);

// Data in files
struct NamedArray {
    DataFile file;
    Matrix values;
};
bool namesFile(const JsonNode&); ///< an object, not a list of numbers
/// Absolute; embedded presets have no folder: the current one stands in for it.
std::string absolutePath(const std::string& file, const std::string& presetFile);
struct FileForm {
    std::size_t limit; ///< bytes
    const char* what; ///< for errors: "a .csv file"
};
/// The bytes of a file that the preset names at a place. @param file its path and check sum are set
std::string readDataFile(const JsonNode& place, const std::string& name,
    const std::string& presetFile, const FileForm&, DataFile& file);
/// The same for {"file": F, "crc32": N}: with a check sum the file must be the same still.
std::string readNamedFile(
    const JsonNode&, const std::string& presetFile, const FileForm&, DataFile& file);
/// {"file": "x.npy"}, for .npz with "array": NAME. With "crc32" the file must be the same still.
NamedArray readNamedArray(const JsonNode&, const std::string& presetFile);
/// An entry that is not within [-limit, limit], as an error of its file.
[[noreturn]] void failEntry(const NamedArray&, std::size_t row, std::size_t column, double limit);

// Weights
/// Which matrices a preset may give: those of the model's anatomy, by pathway.
struct WeightForm {
    Anatomy anatomy;
    /// Pathways of the model at any depth; some have no weights if there is no hidden layer.
    std::vector<std::string> pathways;
    std::vector<WeightSpec::Init> inits;
    bool drawsMissing;
};
/// @param model a name of the model table
WeightForm weightForm(std::string_view model, const std::vector<int>& layers, const Parameters&);
WeightSpec readWeightSpec(const JsonNode&, const std::string& fileName, const WeightForm&);
std::vector<NamedMatrix> readMatrices(
    const JsonNode&, const std::string& fileName, const WeightForm&);
/// The whole file of weights.
std::vector<NamedMatrix> readWeightsRoot(
    const JsonNode& root, const std::string& fileName, const WeightForm&);
Json matricesJson(const std::vector<NamedMatrix>&);
std::string_view initWord(WeightSpec::Init); ///< "uniform"; "" of given weights
Json weightsJson(const WeightSpec&, const WeightForm&);

/// Applies "key=value" as given to --set.
void applyOverride(JsonSource&, const std::string& keyAndValue);

} // namespace apical
