// State whose size is fixed by the network, as bytes and back.
#pragma once

#include "sim/base/error.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace apical {

/// Of a class whose static visit(self, f) hands every array of numbers that is state to f, as a
/// std::span, always in the same order.
template <class Self> std::size_t fixedStateSize(const Self& self)
{
    std::size_t size = 0;
    Self::visit(self, [&size](auto values) { size += values.size_bytes(); });
    return size;
}

template <class Self> std::vector<std::byte> saveFixedState(const Self& self)
{
    std::vector<std::byte> all(fixedStateSize(self));
    Self::visit(self, [to = all.begin()](auto values) mutable {
        to = std::ranges::copy(std::as_bytes(values), to).out;
    });
    return all;
}

/// @throws InputError on another size, nothing changed
template <class Self> void restoreFixedState(Self& self, std::span<const std::byte> bytes)
{
    if (bytes.size() != fixedStateSize(self))
        throw InputError({.problem = "saved state does not fit this network", .key = "state"});
    Self::visit(self, [&bytes](auto values) {
        std::copy_n(bytes.begin(), values.size_bytes(), std::as_writable_bytes(values).begin());
        bytes = bytes.subspan(values.size_bytes());
    });
}

/// A vector or an Eigen matrix as the span that visit() hands on.
template <class Values> auto stateSpan(Values& values)
{
    return std::span(values.data(), static_cast<std::size_t>(values.size()));
}

} // namespace apical
