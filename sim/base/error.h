// Bad input, as data: tests compare the fields, people read what().
#pragma once

#include <exception>
#include <string>

namespace apical {

/// What was wrong with something a person gave us. Fields that do not apply stay empty or 0.
/// what() reads `FILE:LINE:COLUMN: PROBLEM; ALLOWED; did you mean "NEAREST"?`.
class InputError : public std::exception {
public:
    struct Fields {
        std::string problem; ///< what was found, e.g. `unknown parameter "eta.pj"`
        std::string key{}; ///< parameter key or path of the preset, e.g. "parameters.eta.pi[0]"
        std::string allowed{}; ///< e.g. "[0.001, 1] ms" or "softplus, logistic"
        std::string nearest{}; ///< nearest valid key, if one is near
        std::string file{};
        int line = 0; ///< 1-based; 0 = unknown
        int column = 0; ///< 1-based, in bytes
    };

    explicit InputError(Fields fields);
    const char* what() const noexcept override { return m_text.c_str(); }
    const Fields& fields() const { return m_fields; }
    /// The same error, placed in a file.
    InputError at(std::string file, int line, int column) const;

private:
    Fields m_fields;
    std::string m_text;
};

} // namespace apical
