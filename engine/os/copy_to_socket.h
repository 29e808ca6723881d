// Station: inside os/ only. sendFileRange where the system has nothing better: read, then send.
#pragma once

#include "os/file.h"

namespace meerkat::os {

IoOutcome copyToSocket(SocketHandle socket, const File &file, std::uint64_t offset, std::size_t bytes, std::span<char> scratch);

}  // namespace meerkat::os
