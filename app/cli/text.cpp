#include "app/cli/commands.h"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace apical {

void print(std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
}

std::string padded(std::string_view text, std::size_t width)
{
    std::size_t characters = 0;
    for (const char c : text)
        characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    std::string result(text);
    result.append(characters < width ? width - characters : 1, ' ');
    return result;
}

std::string readable(double value, int digits)
{
    char buffer[64];
    const double size = std::abs(value);
    const bool plain = value == 0 || (size >= 0.01 && size < 1e6);
    const auto format = plain ? std::chars_format::general : std::chars_format::scientific;
    const auto end =
        std::to_chars(buffer, buffer + sizeof buffer, value, format, plain ? digits : digits - 1)
            .ptr;
    return {buffer, end};
}

std::string durationText(double ms)
{
    return ms != 0 && ms < 1000 ? readable(ms) + " ms" : readable(ms / 1000) + " s";
}

std::string rateText(double stepsPerSecond)
{
    if (stepsPerSecond >= 1e6)
        return readable(stepsPerSecond / 1e6) + " M steps/s";
    if (stepsPerSecond >= 1e3)
        return readable(stepsPerSecond / 1e3) + " k steps/s";
    return readable(stepsPerSecond) + " steps/s";
}

} // namespace apical
