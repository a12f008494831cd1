// A dense row-major matrix as a plain value: what crosses threads, files and views.
#pragma once

#include <cstddef>
#include <vector>

namespace apical {

/// W[post][pre], row-major doubles.
struct Matrix {
    int rows = 0;
    int cols = 0;
    std::vector<double> values;

    Matrix() = default;
    Matrix(int r, int c, double fill = 0)
        : rows(r)
        , cols(c)
        , values(static_cast<std::size_t>(r) * static_cast<std::size_t>(c), fill)
    {
    }
    double& operator()(int r, int c) { return values[index(r, c)]; }
    double operator()(int r, int c) const { return values[index(r, c)]; }
    bool empty() const { return values.empty(); }
    bool operator==(const Matrix&) const = default;

private:
    std::size_t index(int r, int c) const
    {
        return static_cast<std::size_t>(r) * static_cast<std::size_t>(cols)
            + static_cast<std::size_t>(c);
    }
};

} // namespace apical
