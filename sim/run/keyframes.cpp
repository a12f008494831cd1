#include "sim/run/keyframes.h"

#include <algorithm>
#include <limits>

namespace apical {
namespace {

std::size_t bytesOf(const Keyframe& keyframe)
{
    std::size_t n = sizeof(Keyframe);
    for (const State& state : keyframe.lanes)
        n += sizeof(State) + state.model.capacity() + state.readout.capacity() * sizeof(double);
    return n;
}

} // namespace

Keyframes::Keyframes(std::size_t most, std::size_t mostBytes)
    : m_most(std::max<std::size_t>(most, 2))
    , m_mostBytes(mostBytes)
{
}

void Keyframes::add(Keyframe keyframe)
{
    m_bytes += bytesOf(keyframe);
    m_all.push_back(std::move(keyframe));
    while (m_all.size() > 2 && (m_all.size() > m_most || m_bytes > m_mostBytes))
        thin();
}

void Keyframes::thin()
{
    const double now = static_cast<double>(m_all.back().step);
    std::size_t victim = 1;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i + 1 < m_all.size(); ++i) {
        const double gap = static_cast<double>(m_all[i + 1].step - m_all[i - 1].step);
        const double age = now - static_cast<double>(m_all[i].step) + 1;
        if (gap / age < least) {
            least = gap / age;
            victim = i;
        }
    }
    m_bytes -= bytesOf(m_all[victim]);
    m_all.erase(m_all.begin() + static_cast<std::ptrdiff_t>(victim));
}

void Keyframes::clear()
{
    m_all.clear();
    m_bytes = 0;
}

void Keyframes::dropFrom(std::uint64_t step)
{
    while (!m_all.empty() && m_all.back().step >= step) {
        m_bytes -= bytesOf(m_all.back());
        m_all.pop_back();
    }
}

void Keyframes::dropAfter(std::uint64_t step, std::size_t edits)
{
    while (!m_all.empty() && (m_all.back().step > step || m_all.back().edits > edits)) {
        m_bytes -= bytesOf(m_all.back());
        m_all.pop_back();
    }
}

const Keyframe* Keyframes::before(std::uint64_t step, std::size_t edits) const
{
    for (auto it = m_all.rbegin(); it != m_all.rend(); ++it) {
        if (it->step < step && it->edits <= edits)
            return &*it;
    }
    return m_all.empty() ? nullptr : &m_all.front();
}

Keyframes Keyframes::changed(const std::function<void(Keyframe&)>& change) const
{
    Keyframes out(m_most, m_mostBytes);
    for (Keyframe keyframe : m_all) {
        change(keyframe);
        out.add(std::move(keyframe));
    }
    return out;
}

} // namespace apical
