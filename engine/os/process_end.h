// Station: inside os/ only, POSIX. What a poller can watch for the end of a process. One file a system: process_end_linux.cpp (a pidfd),
// process_end_bsd.cpp (which has none that our pollers know).
#pragma once

#include <sys/types.h>

namespace meerkat::os {

// A descriptor that becomes readable when the process is over; -1 if there is none to be had.
int openProcessEnd(pid_t process);

}  // namespace meerkat::os
