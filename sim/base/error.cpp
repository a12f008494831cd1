#include "sim/base/error.h"

#include <string_view>
#include <utility>

namespace apical {
namespace {

constexpr std::size_t kLongest = 400; ///< of a problem: a key of a megabyte explains nothing

/// Length of the UTF-8 character at the front, or 0 if there is none that may reach a terminal.
std::size_t printable(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return first >= 0x20 && first != 0x7F ? 1 : 0;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U)
            return 0;
    }
    return first == 0xC2 && byte(1) < 0xA0 ? 0 : length; // the control characters from U+0080 on
}

/// Whatever a damaged file holds, its pieces in a message are one line of readable characters.
std::string readable(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    while (!text.empty()) {
        if (const std::size_t length = printable(text)) {
            result += text.substr(0, length);
            text.remove_prefix(length);
        } else {
            const auto byte = static_cast<unsigned char>(text.front());
            result += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
            text.remove_prefix(1);
        }
    }
    return result;
}

std::string shortened(const std::string& text)
{
    if (text.size() <= kLongest)
        return readable(text);
    const auto inside = [&](std::size_t i) { // of a character
        return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U;
    };
    std::size_t head = kLongest / 2, tail = text.size() - kLongest / 2;
    while (head > 0 && inside(head))
        --head;
    while (inside(tail))
        ++tail;
    return readable(std::string_view(text).substr(0, head)) + " ... "
        + readable(std::string_view(text).substr(tail));
}

} // namespace

InputError::InputError(Fields fields)
    : m_fields(std::move(fields))
{
    if (!m_fields.file.empty()) {
        m_text += shortened(m_fields.file) + ':';
        if (m_fields.line > 0)
            m_text += std::to_string(m_fields.line) + ':' + std::to_string(m_fields.column) + ':';
        m_text += ' ';
    }
    m_text += shortened(m_fields.problem);
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
