// How long a thread has computed.
#pragma once

namespace apical {

/// Seconds of the processor that the calling thread has used since some moment; where the system
/// does not tell, seconds that have passed. A look costs about a microsecond.
double threadSeconds();

} // namespace apical
