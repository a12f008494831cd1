// The newest value of something, from one thread to another. Neither ever waits.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace apical {

/// One writing and one reading thread. Three slots: one is written, one is read, one is on its way.
/// A value that was not taken in time is replaced by the next one; slots are reused, so that
/// vectors in them keep their memory.
template <typename T> class TripleBuffer {
public:
    /// Writing thread: what publish() hands over. Holds an old value, to be overwritten.
    T& back() { return m_slots[m_back]; }
    /// Writing thread.
    void publish()
    {
        const std::uint8_t before =
            m_way.exchange(static_cast<std::uint8_t>(m_back | kFresh), std::memory_order_acq_rel);
        m_back = before & kSlot;
    }
    /// Writing thread: whether the last published value was taken.
    bool taken() const { return !(m_way.load(std::memory_order_acquire) & kFresh); }

    /// Reading thread: whether there was a newer value than last time; then front() is that one.
    bool take()
    {
        if (!(m_way.load(std::memory_order_relaxed) & kFresh))
            return false;
        const std::uint8_t before = m_way.exchange(m_front, std::memory_order_acq_rel);
        m_front = before & kSlot;
        return true;
    }
    T& front() { return m_slots[m_front]; } ///< reading thread

private:
    static constexpr std::uint8_t kSlot = 3;
    static constexpr std::uint8_t kFresh = 4;
    std::array<T, 3> m_slots{};
    std::uint8_t m_back = 0;
    alignas(64) std::uint8_t m_front = 1;
    alignas(64) std::atomic<std::uint8_t> m_way = 2; ///< slot on its way, and whether it is new
};

} // namespace apical
