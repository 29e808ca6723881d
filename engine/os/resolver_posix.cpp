#include "os/native_sockets.h"
#include "os/resolver.h"

#include <cerrno>
#include <netdb.h>

namespace meerkat::os {

namespace {

int errnoOf(int code) {
    switch (code) {
    case EAI_NONAME:
#if defined(EAI_NODATA) && EAI_NODATA != EAI_NONAME
    case EAI_NODATA:
#endif
#ifdef EAI_ADDRFAMILY
    case EAI_ADDRFAMILY:
#endif
        return ENOENT;
    case EAI_AGAIN:
        return EAGAIN;
    case EAI_MEMORY:
        return ENOMEM;
    case EAI_SYSTEM:
        return errno;
    default:
        return EHOSTUNREACH;
    }
}

}  // namespace

Result<std::vector<Endpoint>> lookUpName(const std::string &name) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    if (const int code = getaddrinfo(name.c_str(), nullptr, &hints, &found); code != 0)
        return Failure{gai_strerror(code), errnoOf(code)};
    std::vector<Endpoint> addresses;
    for (const addrinfo *entry = found; entry; entry = entry->ai_next) {
        if (entry->ai_family == AF_INET || entry->ai_family == AF_INET6)
            addresses.push_back(fromNative(entry->ai_addr, static_cast<std::size_t>(entry->ai_addrlen)));
    }
    freeaddrinfo(found);
    if (addresses.empty()) return Failure{"the name has no address", ENOENT};
    return addresses;
}

}  // namespace meerkat::os
