// What was built, and with what: for --version, summary files and the about box.
#pragma once

#include <string>
#include <string_view>

namespace apical {

std::string_view programVersion(); ///< "0.1.0"
std::string_view compilerText(); ///< "GCC 12.2.0, optimized, x86_64"

} // namespace apical
