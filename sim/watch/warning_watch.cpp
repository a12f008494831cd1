#include "sim/watch/warning_watch.h"

namespace apical {

void WarningWatch::heed()
{
    const std::uint64_t presentation = std::exchange(m_presentation, m_lane->clock().pattern);
    if (m_said || !m_model)
        return;
    const std::string text = m_model->warning();
    if (text.empty())
        return;
    m_said = true;
    m_text = "presentation " + std::to_string(presentation + 1) + ", step "
        + std::to_string(m_lane->clock().step) + ": " + text;
}

} // namespace apical
