#include "sim/files/recording.h"

#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/experiment/parameters.h"
#include "sim/files/preset.h"
#include "sim/json/source.h"
#include "sim/run/lane_model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

namespace apical {
namespace {

bool measuresAngles(const Simulation& simulation)
{
    const auto& edits = simulation.experiment().edits;
    return simulation.parameters().angleInterval > 0
        || std::any_of(edits.begin(), edits.end(),
            [](const Edit& edit) { return edit.key == "angle.interval"; });
}

/// "layer*.W_pi[0][1]": the names that are meant, and which element of each.
struct Wanted {
    explicit Wanted(const std::string& text)
        : name(text.substr(0, text.find('[')))
        , indices(text.substr(name.size()))
    {
    }
    /// Which element; nullopt: all. @throws InputError if the probe has no such element
    std::optional<std::size_t> element(const Probe& probe) const
    {
        if (indices.empty())
            return std::nullopt;
        const bool two = probe.cols > 1 || probe.isWeights;
        int row = -1, col = 0, end = -1;
        const int read = two ? std::sscanf(indices.c_str(), "[%d][%d]%n", &row, &col, &end)
                             : std::sscanf(indices.c_str(), "[%d]%n", &row, &end);
        if (read != (two ? 2 : 1) || end != static_cast<int>(indices.size()) || row < 0 || col < 0
            || row >= probe.rows || col >= probe.cols) {
            const auto last = [](int n) { return '[' + std::to_string(n - 1) + ']'; };
            throw InputError({.problem = probe.name + " has no element " + indices,
                .key = "record",
                .allowed = probe.name + (two ? "[0][0]" : "[0]") + " to " + probe.name
                    + last(probe.rows) + (two ? last(probe.cols) : std::string())});
        }
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(probe.cols)
            + static_cast<std::size_t>(col);
    }

    std::string name, indices;
};

void addElement(
    std::vector<RecordedProbe>& probes, const Probe& probe, std::optional<std::size_t> element)
{
    const auto there = std::ranges::find(probes, &probe, &RecordedProbe::probe);
    if (there == probes.end()) {
        probes.push_back({&probe, {}});
        if (element)
            probes.back().elements.push_back(*element);
        return;
    }
    std::vector<std::size_t>& elements = there->elements;
    if (!element) {
        elements.clear();
    } else if (!elements.empty()) {
        const auto at = std::ranges::lower_bound(elements, *element);
        if (at == elements.end() || *at != *element)
            elements.insert(at, *element);
    }
}

} // namespace

std::vector<RecordedProbe> selectProbes(
    const Simulation& simulation, const std::vector<std::string>& names)
{
    const Model& model = simulation.model();
    std::vector<RecordedProbe> probes;
    for (const std::string& name : names) {
        if (name == "all") {
            probes.clear();
            for (const Probe& probe : model.probes())
                probes.push_back({&probe, {}});
            return probes;
        }
        const Wanted wanted(name);
        bool found = false;
        for (const Probe& probe : model.probes()) {
            if (!matches(wanted.name, probe.name))
                continue;
            addElement(probes, probe, wanted.element(probe));
            found = true;
        }
        if (found || someLaneHas(simulation.experiment(), wanted.name))
            continue;
        std::vector<std::string_view> known{"all"};
        for (const Probe& candidate : model.probes())
            known.push_back(candidate.name);
        throw InputError({.problem = "unknown probe \"" + name + '"',
            .key = "record",
            .allowed = known.size() < 50 ? wordList(known)
                                         : "all, or names such as " + model.probes().front().name,
            .nearest = nearest(name, known)});
    }
    return probes;
}

void appendColumns(std::string& header, const RecordedProbe& recorded)
{
    const Probe& probe = *recorded.probe;
    for (std::size_t i = 0; i < recorded.size(); ++i) {
        const std::size_t at = recorded.elements.empty() ? i : recorded.elements[i];
        const auto cols = static_cast<std::size_t>(probe.cols);
        header += ',' + probe.name + '[' + std::to_string(at / cols) + ']';
        if (probe.cols > 1 || probe.isWeights)
            header += '[' + std::to_string(at % cols) + ']';
    }
}

Recording::Recording(Simulation& simulation, RecordingOptions options)
    : m_simulation(simulation)
    , m_options(std::move(options))
    , m_score(simulation)
    , m_angles(simulation)
    , m_tests(simulation)
    , m_probes(selectProbes(simulation, m_options.probes))
    , m_traces(m_options.directory / "traces.csv")
    , m_metrics(m_options.directory / "metrics.csv")
    , m_spikes(m_options.directory / "spikes.csv")
    , m_counts(simulation.model(), SpikeCounts::Of::samples, [this](std::string_view quantity) {
        return std::any_of(m_probes.begin(), m_probes.end(),
            [quantity](const RecordedProbe& p) { return p.probe->name == quantity; });
    })
{
    if (measuresAngles(simulation))
        m_angleColumns = backpropAngleColumns(simulation.model());
    std::string header = "step,t_ms";
    std::size_t largest = 0;
    for (const RecordedProbe& recorded : m_probes) {
        appendColumns(header, recorded);
        largest = std::max(largest, static_cast<std::size_t>(recorded.probe->size()));
        const Anatomy& a = simulation.model().anatomy();
        const int quantity = a.quantity(recorded.probe->name);
        const bool count = quantity >= 0
            && a.quantities[static_cast<std::size_t>(quantity)].form == Anatomy::Form::Count;
        m_before.emplace_back(count ? static_cast<std::size_t>(recorded.probe->size()) : 0);
    }
    m_values.resize(largest);
    countBefore();
    m_traces.append(header + '\n');
    m_metrics.append(metricsHeader());
    m_spikes.append("step,layer,population,index,count\n");
}

Recording::~Recording() = default;

void Recording::countBefore()
{
    for (std::size_t i = 0; i < m_probes.size(); ++i) {
        if (!m_before[i].empty())
            m_probes[i].probe->read(m_before[i]);
    }
}

void Recording::afterStep()
{
    const bool sampleFinished = m_score.observe(m_simulation);
    m_newAngles = m_angles.afterStep() || m_newAngles;
    m_tests.afterStep();
    tell(m_told, m_tests.told());
    const Clock& clock = m_simulation.clock();
    if (m_counts.any())
        writeSpikes();
    const bool due = clock.step % m_options.every == 0;
    if (due && !m_probes.empty()) {
        appendNumber(m_traceText, clock.step - 1);
        m_traceText += ',';
        appendNumber(m_traceText, clock.timeMs);
        for (std::size_t at = 0; at < m_probes.size(); ++at) {
            const RecordedProbe& recorded = m_probes[at];
            const Probe& probe = *recorded.probe;
            probe.read({m_values.data(), static_cast<std::size_t>(probe.size())});
            for (std::size_t i = 0; i < m_before[at].size(); ++i)
                m_values[i] -= m_before[at][i];
            for (std::size_t i = 0; i < recorded.size(); ++i) {
                m_traceText += ',';
                appendNumber(
                    m_traceText, m_values[recorded.elements.empty() ? i : recorded.elements[i]]);
            }
        }
        m_traceText += '\n';
        flush(m_traces, m_traceText, kBlock);
    }
    if ((clock.step + 1) % m_options.every == 0)
        countBefore();
    if (m_options.metricsEvery ? due : sampleFinished)
        writeMetrics(sampleFinished);
}

void Recording::flush(OutputFile& file, std::string& text, std::size_t limit) const
{
    if (text.size() < limit)
        return;
    file.append(text);
    text.clear();
}

void Recording::finish(const Evaluation& test)
{
    tellFinally(test.told());
    flush(m_traces, m_traceText, 0);
    flush(m_metrics, m_metricText, 0);
    m_traces.commit();
    m_metrics.commit();
    flush(m_spikes, m_spikeText, 0);
    m_spikes.commit();
    writeFinalWeights();
}

/// A row for each neuron that sent any in the step: none is averaged away, whatever --every says.
void Recording::writeSpikes()
{
    m_counts.look(m_simulation.model());
    const std::uint64_t step = m_simulation.clock().step - 1;
    for (const SpikeCounts::Population& p : m_counts.populations()) {
        for (std::size_t i = 0; i < p.now.size(); ++i) {
            if (p.now[i] == p.before[i])
                continue;
            appendNumber(m_spikeText, step);
            m_spikeText +=
                ',' + std::to_string(p.layer) + ',' + p.name + ',' + std::to_string(i) + ',';
            appendNumber(m_spikeText, p.now[i] - p.before[i]);
            m_spikeText += '\n';
        }
    }
    flush(m_spikes, m_spikeText, kBlock);
}

void Recording::writeFinalWeights()
{
    writeWholeFile(
        m_options.directory / "weights.json", writeWeights(weightsOf(m_simulation.model())));
    m_weightsWritten = true;
}

void Recording::salvage()
{
    const auto attempt = [](auto&& write) {
        try {
            write();
        } catch (const OutputError&) { // the first failure is the one that was reported
        }
    };
    const std::pair<OutputFile*, std::string*> files[]{
        {&m_traces, &m_traceText}, {&m_metrics, &m_metricText}, {&m_spikes, &m_spikeText}};
    for (const auto& entry : files) {
        OutputFile& file = *entry.first;
        if (!file.open())
            continue;
        attempt([&] { flush(file, *entry.second, 0); });
        attempt([&] { file.commit(); });
    }
    if (!m_weightsWritten)
        attempt([&] { writeFinalWeights(); });
}

} // namespace apical
