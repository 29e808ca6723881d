// Station: what the system still holds of what a socket took. From the kernel, to Connection, for who looks at it. One file a system.
#pragma once

#include "os/socket.h"

#include <cstdint>

namespace meerkat::os {

// Bytes that a socket took and its peer has not confirmed yet; 0 where the system does not tell. One system call.
std::uint64_t unconfirmedBytes(SocketHandle socket);

}  // namespace meerkat::os
