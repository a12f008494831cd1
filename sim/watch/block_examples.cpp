#include "sim/watch/block_examples.h"

#include <utility>

namespace apical {

void BlockExamples::start(int classes)
{
    m_classes = classes <= kMostClasses ? classes : 0;
    const auto pairs = static_cast<std::size_t>(m_classes) * static_cast<std::size_t>(m_classes);
    m_counts.assign(pairs, 0);
    m_kept.clear();
}

void BlockExamples::add(const Readout& answer, int asked, int answered)
{
    if (asked >= m_classes || answered >= m_classes || m_kept.size() >= kMost)
        return;
    const std::size_t pair = static_cast<std::size_t>(asked) * static_cast<std::size_t>(m_classes)
        + static_cast<std::size_t>(answered);
    int& count = m_counts[pair];
    if (count >= kOfEachPair)
        return;
    ++count;
    m_kept.push_back(answer);
}

std::shared_ptr<const std::vector<Readout>> BlockExamples::finish()
{
    if (m_kept.empty())
        return nullptr;
    return std::make_shared<const std::vector<Readout>>(std::exchange(m_kept, {}));
}

} // namespace apical
