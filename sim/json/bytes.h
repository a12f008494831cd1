// Bytes inside JSON: compressed with zlib, written in base64, checked when read.
// Internal to sim: it shows nlohmann-json.
#pragma once

#include "sim/json/source.h"

#include <cstddef>
#include <span>
#include <vector>

namespace apical {

/// {"bytes": length, "crc32": of the bytes, "zlib": base64 text}
Json bytesJson(std::span<const std::byte>);
/// @throws InputError if length, checksum, compression or alphabet do not fit
std::vector<std::byte> readBytes(const JsonNode&);

} // namespace apical
