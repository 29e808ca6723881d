#include "os/process_end.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace meerkat::os {

// Since Linux 5.3; not every C library has a function for it. It is closed on exec.
int openProcessEnd(pid_t process) {
#ifdef SYS_pidfd_open
    return static_cast<int>(syscall(SYS_pidfd_open, process, 0));
#else
    static_cast<void>(process);
    return -1;
#endif
}

}  // namespace meerkat::os
