#include "app/session/pulse.h"

#include <algorithm>
#include <cmath>

namespace apical {

void Pulse::endWork(bool repaints)
{
    finish();
    m_open = static_cast<double>(m_clock.nsecsElapsed()) * 1e-6;
    m_isOpen = repaints;
    m_painted = false;
}

void Pulse::addPaint(double milliseconds)
{
    if (!m_isOpen)
        return;
    m_open += milliseconds;
    m_painted = true;
}

void Pulse::finish()
{
    if (!m_second.isValid())
        m_second.start();
    const double elapsed = static_cast<double>(m_second.nsecsElapsed()) * 1e-9;
    if (elapsed > 1) {
        m_rate = m_frames / elapsed;
        m_frames = 0;
        m_second.restart();
    }
    if (!m_isOpen || !m_painted)
        return;
    m_isOpen = false;
    ++m_frames;
    m_cost += 0.1 * (m_open - m_cost);
    if (m_recording)
        m_recorded.push_back(m_open);
}

int Pulse::intervalMs() const
{
    return std::clamp(static_cast<int>(std::ceil(2 * m_cost)), 16, 250);
}

double Pulse::framesPerSecond() const
{
    return m_rate;
}

void Pulse::record(bool on)
{
    m_recording = on;
    if (on)
        m_recorded.reserve(100000);
}

} // namespace apical
