#include "sim/error.h"

#include <utility>

namespace apical {

InputError::InputError(Fields fields)
    : m_fields(std::move(fields))
{
    if (!m_fields.file.empty()) {
        m_text += m_fields.file + ':';
        if (m_fields.line > 0)
            m_text += std::to_string(m_fields.line) + ':' + std::to_string(m_fields.column) + ':';
        m_text += ' ';
    }
    m_text += m_fields.problem;
    if (!m_fields.allowed.empty())
        m_text += "; allowed: " + m_fields.allowed;
    if (!m_fields.nearest.empty())
        m_text += "; did you mean \"" + m_fields.nearest + "\"?";
}

InputError InputError::at(std::string file, int line, int column) const
{
    Fields fields = m_fields;
    fields.file = std::move(file);
    fields.line = line;
    fields.column = column;
    return InputError(std::move(fields));
}

} // namespace apical
