#include "os/copy_to_socket.h"

#include <algorithm>

namespace meerkat::os {

IoOutcome copyToSocket(SocketHandle socket, const File &file, std::uint64_t offset, std::size_t bytes, std::span<char> scratch) {
    const auto wanted = scratch.first(std::min(bytes, scratch.size()));
    const auto read = file.readAt(offset, wanted);
    if (!read) return {IoState::Failed};
    if (*read == 0) return {IoState::Done, 0};
    return sendBytes(socket, {scratch.data(), *read}, *read < bytes);
}

}  // namespace meerkat::os
