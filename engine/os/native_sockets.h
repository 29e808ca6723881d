// Station: inside os/ only. The system's socket headers under one name, and our Endpoint as its address structures.
#pragma once

#include "os/socket.h"

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

namespace meerkat::os {

struct NativeAddress {
    sockaddr_storage storage{};
    socklen_t bytes = sizeof(sockaddr_storage);

    sockaddr *pointer() { return reinterpret_cast<sockaddr *>(&storage); }
};

// An IPv4 endpoint becomes a sockaddr_in, any other a sockaddr_in6.
NativeAddress toNative(const Endpoint &endpoint);
// All zero for an address that is neither IPv4 nor IPv6.
Endpoint fromNative(const NativeAddress &address);
Endpoint fromNative(const sockaddr *address, std::size_t bytes);

// 0.0.0.0 at that port.
Endpoint anyIpv4(std::uint16_t port);

}  // namespace meerkat::os
