#include "os/send_queue.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

namespace meerkat::os {

// tcp(7): SIOCOUTQ counts what was sent and is not acknowledged, too.
std::uint64_t unconfirmedBytes(SocketHandle socket) {
    int bytes = 0;
    const bool isTold = ioctl(static_cast<int>(socket), SIOCOUTQ, &bytes) == 0 && bytes > 0;
    return isTold ? static_cast<std::uint64_t>(bytes) : 0;
}

}  // namespace meerkat::os
