#include "os/send_queue.h"

#include <sys/socket.h>
#ifndef SO_NWRITE
#include <sys/filio.h>
#include <sys/ioctl.h>
#endif

namespace meerkat::os {

// macOS has an option for it, FreeBSD a request.
std::uint64_t unconfirmedBytes(SocketHandle socket) {
    int bytes = 0;
#ifdef SO_NWRITE
    socklen_t size = sizeof bytes;
    const bool isTold = getsockopt(static_cast<int>(socket), SOL_SOCKET, SO_NWRITE, &bytes, &size) == 0;
#elif defined(FIONWRITE)
    const bool isTold = ioctl(static_cast<int>(socket), FIONWRITE, &bytes) == 0;
#else
    const bool isTold = false;
    static_cast<void>(socket);
#endif
    return isTold && bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

}  // namespace meerkat::os
