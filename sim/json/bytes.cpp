#include "sim/json/bytes.h"

#include <zlib.h>

#include <array>
#include <cstring>

namespace apical {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 30;
constexpr std::uint64_t kBestRatio = 1100; ///< deflate cannot do better: a longer claim is a lie

std::string toBase64(const std::vector<unsigned char>& bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t here = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t block = 0;
        for (std::size_t j = 0; j < 3; ++j)
            block = block << 8U | (j < here ? bytes[i + j] : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= here ? kAlphabet[block >> (18 - 6 * j) & 63U] : '=';
    }
    return text;
}

/// @return false if the text is not base64
bool fromBase64(std::string_view text, std::vector<unsigned char>& bytes)
{
    std::array<int, 256> digits{};
    digits.fill(-1);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<int>(i);
    if (text.size() % 4 != 0)
        return false;
    while (!text.empty() && text.back() == '=' && text.size() % 4 != 2)
        text.remove_suffix(1);
    bytes.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t block = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const int digit = digits[static_cast<unsigned char>(c)];
        if (digit < 0)
            return false;
        block = block << 6U | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<unsigned char>(block >> bits & 255U));
        }
    }
    return true;
}

const Bytef* asZlib(const std::byte* bytes)
{
    return reinterpret_cast<const Bytef*>(bytes);
}

std::uint64_t checksum(std::span<const std::byte> bytes)
{
    return crc32_z(crc32_z(0, nullptr, 0), asZlib(bytes.data()), bytes.size());
}

[[noreturn]] void failDamaged(const JsonNode& node, const std::string& why)
{
    node.fail(
        {.problem = node.name() + " is damaged: " + why, .allowed = "an unchanged saved state"});
}

} // namespace

Json bytesJson(std::span<const std::byte> bytes)
{
    uLongf length = compressBound(bytes.size());
    std::vector<unsigned char> packed(length);
    // Fails only for want of memory, which the vector above would have met first.
    if (compress2(packed.data(), &length, asZlib(bytes.data()), bytes.size(), Z_BEST_SPEED) != Z_OK)
        throw std::bad_alloc();
    packed.resize(length);
    return {{"bytes", bytes.size()}, {"crc32", checksum(bytes)}, {"zlib", toBase64(packed)}};
}

std::vector<std::byte> readBytes(const JsonNode& node)
{
    constexpr std::string_view keys[] = {"bytes", "crc32", "zlib"};
    node.onlyKeys(keys);
    const auto size = node.need("bytes").count(0, kMostBytes);
    const JsonNode text = node.need("zlib");
    std::vector<unsigned char> packed;
    if (!fromBase64(text.text(), packed))
        failDamaged(text, "it is not base64");
    if (size > packed.size() * kBestRatio + kBestRatio)
        failDamaged(node,
            std::to_string(size) + " bytes cannot come from " + std::to_string(packed.size()));
    // One byte more than promised, so that a longer content shows.
    std::vector<std::byte> bytes(size + 1);
    uLongf length = bytes.size();
    const int result =
        uncompress(reinterpret_cast<Bytef*>(bytes.data()), &length, packed.data(), packed.size());
    if (result != Z_OK || length != size)
        failDamaged(text, "it does not unpack to " + std::to_string(size) + " bytes");
    bytes.resize(size);
    if (checksum(bytes) != node.need("crc32").count())
        failDamaged(node, "its checksum differs");
    return bytes;
}

} // namespace apical
