#include "os/file_windows.h"
#include "os/native_sockets.h"
#include "os/failures.h"
#include "os/resolver.h"

#include <cerrno>

namespace meerkat::os {

namespace {

int errnoOf(int code) {
    switch (code) {
    case WSAHOST_NOT_FOUND:
    case WSANO_DATA:
        return ENOENT;
    case WSATRY_AGAIN:
        return EAGAIN;
    case WSA_NOT_ENOUGH_MEMORY:
        return ENOMEM;
    default:
        return EHOSTUNREACH;
    }
}

}  // namespace

Result<std::vector<Endpoint>> lookUpName(const std::string &name) {
    const auto wide = toWide(name);
    if (!wide) return Failure{"the name is no UTF-8", ENOENT};
    ADDRINFOW hints{};
    hints.ai_socktype = SOCK_STREAM;
    ADDRINFOW *found = nullptr;
    if (const int code = GetAddrInfoW(wide->c_str(), nullptr, &hints, &found); code != 0)
        return Failure{systemFailure(code).text, errnoOf(code)};
    std::vector<Endpoint> addresses;
    for (const ADDRINFOW *entry = found; entry; entry = entry->ai_next) {
        if (entry->ai_family == AF_INET || entry->ai_family == AF_INET6)
            addresses.push_back(fromNative(entry->ai_addr, entry->ai_addrlen));
    }
    FreeAddrInfoW(found);
    if (addresses.empty()) return Failure{"the name has no address", ENOENT};
    return addresses;
}

}  // namespace meerkat::os
