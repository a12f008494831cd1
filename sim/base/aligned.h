// Lists that the vector kernels read and write.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace apical {

/// Memory that begins where the widest vector wants it.
template <class T> struct AlignedAllocator {
    using value_type = T;
    static constexpr std::align_val_t kBytes{64};

    AlignedAllocator() = default;
    template <class U> AlignedAllocator(const AlignedAllocator<U>&) { }
    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), kBytes)); }
    void deallocate(T* p, std::size_t) { ::operator delete(p, kBytes); }
    bool operator==(const AlignedAllocator&) const { return true; }
};

template <class T> using Aligned = std::vector<T, AlignedAllocator<T>>;

} // namespace apical
