#include "sim/run/stop.h"

#include "sim/experiment/parameters.h"

#include <cstdio>

namespace apical {

std::string stopText(const Stop& stop)
{
    if (stop.ended())
        return stop.quantity + " ends after the " + parameterText(stop.limit) + " steps of "
            + stop.table;
    if (!stop.guarded())
        return stop.quantity + " is not finite";
    char value[32];
    std::snprintf(value, sizeof value, "%.4g", stop.value);
    return stop.quantity + " = " + value + " is beyond " + stop.guard + " = "
        + parameterText(stop.limit);
}

} // namespace apical
