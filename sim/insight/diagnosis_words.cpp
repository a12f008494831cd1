#include "sim/insight/diagnosis_words.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace apical {
namespace {

std::string fixed(double value, int decimals)
{
    std::array<char, 64> text{};
    const auto end = std::to_chars(
        text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
    return end.ec == std::errc() ? std::string(text.data(), end.ptr) : std::string("?");
}

/// Two significant digits, never an exponent.
std::string twoDigits(double value)
{
    const double magnitude = std::abs(value);
    return fixed(value, magnitude < 0.95 ? 2 : magnitude < 9.5 ? 1 : 0);
}

} // namespace

std::string errorText(double value)
{
    if (!std::isfinite(value))
        return "not finite";
    if (value == 0)
        return "0";
    const double magnitude = std::abs(value);
    if (magnitude >= 0.095 && magnitude < 9999.5)
        return twoDigits(value);
    auto exponent = static_cast<int>(std::floor(std::log10(magnitude)));
    double mantissa = value / std::pow(10.0, exponent);
    if (std::abs(mantissa) >= 9.95) {
        mantissa /= 10;
        ++exponent;
    }
    return fixed(mantissa, 1) + 'e' + std::to_string(exponent);
}

std::string percentText(double fraction)
{
    if (!std::isfinite(fraction))
        return "not finite";
    const double percent = 100 * fraction;
    if (percent == 0)
        return "0 %";
    if (percent > 0 && percent < 0.01)
        return "< 0.01 %";
    return (percent < 9.95 ? twoDigits(percent) : fixed(percent, 0)) + " %";
}

std::string timeSpanText(double ms)
{
    if (!std::isfinite(ms))
        return "for ever";
    if (ms < 95)
        return twoDigits(ms) + " ms";
    if (ms < 119500)
        return twoDigits(ms / 1000) + " s";
    if (ms < 7.1e6)
        return fixed(ms / 60000, 0) + " min";
    return fixed(ms / 3.6e6, 0) + " h";
}

double asTyped(double value)
{
    std::array<char, 64> text{};
    const auto end = std::to_chars(
        text.data(), text.data() + text.size(), value, std::chars_format::scientific, 1);
    double out = value;
    std::from_chars(text.data(), end.ptr, out); // the digits themselves, no product of a power
    return out;
}

std::string secondsText(double ms)
{
    return fixed(ms / 1000, 3) + " s";
}

std::string placeText(std::string_view place, const std::vector<int>& sizes)
{
    std::string unchanged(place);
    constexpr std::string_view prefix = "layer";
    if (!place.starts_with(prefix))
        return unchanged;
    int layer = 0;
    const char* end = place.data() + place.size();
    const auto [rest, error] = std::from_chars(place.data() + prefix.size(), end, layer);
    const auto bracket = place.find('[');
    if (error != std::errc() || rest == end || *rest != '.' || bracket == std::string_view::npos)
        return unchanged;
    int index = 0;
    std::from_chars(place.data() + bracket + 1, end, index);
    const auto at = static_cast<std::size_t>(rest - place.data()) + 1;
    if (at > bracket)
        return unchanged;
    const std::string_view quantity = place.substr(at, bracket - at);

    const int last = static_cast<int>(sizes.size()) - 1;
    const std::string number =
        (last > 2 ? std::to_string(layer) + '.' : std::string()) + std::to_string(index + 1);
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> words{{
        {"pyr.basal", "v_B"},
        {"pyr.apical", "v_A"},
        {"pyr.soma", "u"},
        {"pyr.prospective", "prospective u"},
        {"pyr.rate", "rate"},
        {"inn.dendrite", "v_D"},
        {"inn.soma", "u"},
        {"inn.prospective", "prospective u"},
        {"inn.rate", "rate"},
    }};
    for (const auto& [probe, word] : words)
        if (quantity == probe) {
            const bool interneuron = probe.starts_with("inn");
            std::string unit(1, interneuron ? 'i' : layer == last ? 'o' : 'h');
            unit += interneuron || layer != last ? number : std::to_string(index + 1);
            return unit + ", " + std::string(word);
        }
    if (quantity.starts_with("W_"))
        return std::string(quantity) + " of layer " + std::to_string(layer);
    return unchanged;
}

} // namespace apical
