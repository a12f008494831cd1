#include "sim/base/version.h"

namespace apical {
namespace {

#define APICAL_TEXT_OF(x) #x
#define APICAL_TEXT(x) APICAL_TEXT_OF(x)

#if defined(__clang__)
constexpr std::string_view kCompiler = "Clang " __clang_version__;
#elif defined(__GNUC__)
constexpr std::string_view kCompiler = "GCC " APICAL_TEXT(__GNUC__) "." APICAL_TEXT(
    __GNUC_MINOR__) "." APICAL_TEXT(__GNUC_PATCHLEVEL__);
#else
constexpr std::string_view kCompiler = "unknown compiler";
#endif

#if defined(__OPTIMIZE__)
constexpr std::string_view kOptimized = "optimized";
#else
constexpr std::string_view kOptimized = "not optimized";
#endif

#if defined(__x86_64__)
constexpr std::string_view kMachine = "x86_64";
#elif defined(__aarch64__)
constexpr std::string_view kMachine = "aarch64";
#else
constexpr std::string_view kMachine = "another processor";
#endif

} // namespace

std::string_view programVersion()
{
    return APICAL_VERSION;
}

std::string_view compilerText()
{
    static const std::string text =
        std::string(kCompiler) + ", " + std::string(kOptimized) + ", " + std::string(kMachine);
    return text;
}

} // namespace apical
