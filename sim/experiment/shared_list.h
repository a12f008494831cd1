// A list that never changes, shared by its copies.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace apical {

/// A value: copies cost nothing, whatever its size, and compare equal entry by entry.
template <class T> class SharedList {
public:
    SharedList() = default;
    SharedList(std::vector<T> list) // NOLINT(google-explicit-constructor): a list is what it holds
        : m_list(std::make_shared<const std::vector<T>>(std::move(list)))
    {
    }
    SharedList(std::initializer_list<T> list)
        : SharedList(std::vector<T>(list))
    {
    }

    const std::vector<T>& list() const
    {
        static const std::vector<T> none;
        return m_list ? *m_list : none;
    }
    std::size_t size() const { return list().size(); }
    bool empty() const { return list().empty(); }
    const T& operator[](std::size_t i) const { return list()[i]; }
    auto begin() const { return list().begin(); }
    auto end() const { return list().end(); }
    bool operator==(const SharedList& other) const
    {
        return m_list == other.m_list || list() == other.list();
    }

private:
    std::shared_ptr<const std::vector<T>> m_list;
};

} // namespace apical
