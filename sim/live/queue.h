// An unbounded queue from one thread to another, for rare things: commands, events, error messages.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace apical {

/// One pushing and one popping thread; neither waits for the other. Nothing is ever lost.
/// Synchronises through one release/acquire pair per element, which the thread sanitizer can follow
/// (queues built on fences it cannot).
template <typename T> class RunnerQueue {
public:
    RunnerQueue()
        : m_head(new Node)
        , m_tail(m_head)
    {
    }
    ~RunnerQueue()
    {
        while (m_head)
            delete std::exchange(m_head, m_head->next.load(std::memory_order_relaxed));
    }
    RunnerQueue(const RunnerQueue&) = delete;
    RunnerQueue& operator=(const RunnerQueue&) = delete;

    void push(T value)
    {
        auto node = std::make_unique<Node>();
        node->value = std::move(value);
        Node* const added = node.release();
        m_tail->next.store(added, std::memory_order_release);
        m_tail = added;
    }

    /// Popping thread: the oldest element, nullptr if there is none.
    T* peek()
    {
        Node* const next = m_head->next.load(std::memory_order_acquire);
        return next ? &next->value : nullptr;
    }

    bool pop(T& value)
    {
        Node* const next = m_head->next.load(std::memory_order_acquire);
        if (!next)
            return false;
        value = std::move(next->value);
        delete std::exchange(m_head, next);
        return true;
    }

private:
    struct Node {
        std::atomic<Node*> next{nullptr};
        T value{};
    };
    Node* m_head; ///< popping thread; an emptied element, its successor is the oldest
    alignas(64) Node* m_tail; ///< pushing thread
};

} // namespace apical
