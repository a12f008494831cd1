#include "sim/watch/block_tests.h"

#include "sim/run/shown_samples.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace apical {

BlockTests::BlockTests(const Simulation& run)
    : m_run(run)
    , m_classes(run.stimulus().classes() > 0)
{
    const Stimulus& stimulus = run.stimulus();
    const auto add = [&](Block block) {
        const std::string name = blockName(block);
        m_names.push_back(name + "_loss");
        if (m_classes)
            m_names.push_back(name + "_accuracy");
    };
    if (!stimulus.hasTargets())
        return;
    if (run.schedule().size(Block::Validation) > 0 && stimulus.samples(Block::Validation) > 0)
        add(Block::Validation);
    if (stimulus.samples(Block::Test) == 0)
        return;
    add(Block::Test);
    const std::unique_ptr<TestWatch> watch = m_classes ? run.model().testWatch() : nullptr;
    for (const auto& [name, value] : watch ? watch->metrics() : Told()) {
        if (run.model().anatomy().measure(name) < 0
            && std::ranges::find(m_names, name) == m_names.end())
            m_names.push_back(name);
    }
    // What a run goes on with in the middle of a block is not all of it.
    const Presentation& now = run.presentation();
    if (now.index > 0 || run.clock().stepInPattern > 0) {
        m_block = now.block;
        m_ordinal = now.ordinal;
    }
}

void BlockTests::begin(const Presentation& shown)
{
    m_block = shown.block;
    m_ordinal = shown.ordinal;
    m_whole = shown.block != Block::Train && shown.index == 0;
    m_loss = m_correct = m_scored = 0;
    m_watch =
        m_whole && m_classes && shown.block == Block::Test ? m_run.model().testWatch() : nullptr;
}

void BlockTests::afterStep()
{
    m_told.clear();
    if (m_names.empty())
        return;
    const std::span<const Readout> finished = m_run.finishedReadouts();
    const Presentation shown =
        finished.empty() ? m_run.presentation() : m_run.schedule().at(finished.back().pattern);
    if (shown.block != m_block || shown.ordinal != m_ordinal)
        begin(shown);
    if (!m_whole)
        return;
    if (m_watch)
        m_watch->stepped();
    if (finished.empty())
        return;
    see(finished);
    if (shown.index + 1 == shown.size)
        end();
}

void BlockTests::see(std::span<const Readout> finished)
{
    const std::size_t n = finished.size(), outputs = finished.front().target.size();
    const int samples = static_cast<int>(n), set = m_run.stimulus().samples(m_block);
    std::vector<bool> counted(n);
    m_targets.resize(n * outputs);
    for (std::size_t k = 0; k < n; ++k) {
        const Readout& answer = finished[k];
        for (std::size_t i = 0; i < outputs; ++i)
            m_targets[i * n + k] = answer.target[i];
        counted[k] = answer.hasTarget && countsInBlock(answer.presentation, set, samples);
        const AnswerScore score = scoreAnswer(answer, counted[k], m_classes);
        if (std::isnan(score.loss))
            continue;
        m_loss += score.loss;
        m_correct += m_classes ? score.correct : 0;
        m_scored += 1;
    }
    if (m_watch)
        m_watch->presented(m_targets, counted);
}

void BlockTests::end()
{
    m_whole = false;
    if (m_scored == 0)
        return;
    const std::string name = blockName(m_block);
    m_told.emplace_back(name + "_loss", m_loss / m_scored);
    if (m_classes)
        m_told.emplace_back(name + "_accuracy", m_correct / m_scored);
    if (m_watch)
        tell(m_told, m_watch->metrics());
}

} // namespace apical
