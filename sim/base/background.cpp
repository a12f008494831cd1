#include "sim/base/background.h"

#if defined(__linux__)
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace apical {

void giveWay()
{
#if defined(__linux__)
    constexpr int kNice = 15;
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
#endif
}

} // namespace apical
