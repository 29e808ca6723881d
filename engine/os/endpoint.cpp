#include "os/failures.h"
#include "os/native_sockets.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#ifndef _WIN32
#include <net/if.h>
#endif

namespace meerkat::os {

namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

// An interface by number, or by name where the system has names. 0 is no interface.
std::uint32_t scopeFrom(const std::string &zone) {
    char *end = nullptr;
    const unsigned long number = std::strtoul(zone.c_str(), &end, 10);
    if (!zone.empty() && zone[0] >= '0' && zone[0] <= '9' && *end == '\0') return static_cast<std::uint32_t>(number);
#ifdef _WIN32
    return 0;
#else
    return if_nametoindex(zone.c_str());
#endif
}

}  // namespace

bool Endpoint::isIpv4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), ip.begin()); }

NativeAddress toNative(const Endpoint &endpoint) {
    NativeAddress address;
    if (endpoint.isIpv4()) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::memcpy(&v4.sin_addr, endpoint.ip.data() + kMappedPrefix.size(), 4);
        address.bytes = sizeof v4;
        std::memcpy(&address.storage, &v4, sizeof v4);
    } else {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(endpoint.port);
        v6.sin6_scope_id = endpoint.scope;
        std::memcpy(&v6.sin6_addr, endpoint.ip.data(), endpoint.ip.size());
        address.bytes = sizeof v6;
        std::memcpy(&address.storage, &v6, sizeof v6);
    }
    return address;
}

Endpoint fromNative(const NativeAddress &address) {
    Endpoint endpoint;
    if (address.storage.ss_family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, &address.storage, sizeof v4);
        std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), endpoint.ip.begin());
        std::memcpy(endpoint.ip.data() + kMappedPrefix.size(), &v4.sin_addr, 4);
        endpoint.port = ntohs(v4.sin_port);
    } else if (address.storage.ss_family == AF_INET6) {
        sockaddr_in6 v6;
        std::memcpy(&v6, &address.storage, sizeof v6);
        std::memcpy(endpoint.ip.data(), &v6.sin6_addr, endpoint.ip.size());
        endpoint.port = ntohs(v6.sin6_port);
        endpoint.scope = v6.sin6_scope_id;
    }
    return endpoint;
}

Endpoint fromNative(const sockaddr *address, std::size_t bytes) {
    NativeAddress native;
    std::memcpy(&native.storage, address, std::min(bytes, sizeof native.storage));
    return fromNative(native);
}

Endpoint anyIpv4(std::uint16_t port) {
    Endpoint endpoint;
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), endpoint.ip.begin());
    endpoint.port = port;
    return endpoint;
}

std::string ipText(const Endpoint &endpoint) {
    std::array<char, 64> text{};
    const bool isIpv4 = endpoint.isIpv4();
    const void *bytes = endpoint.ip.data() + (isIpv4 ? kMappedPrefix.size() : 0);
    if (!inet_ntop(isIpv4 ? AF_INET : AF_INET6, bytes, text.data(), text.size())) return {};
    return text.data();
}

Result<Endpoint> parseIp(std::string_view text) {
    Endpoint endpoint;
    const auto percent = text.find('%');
    const std::string address(text.substr(0, percent));
    const bool hasNul = text.find('\0') != std::string_view::npos;
    if (!hasNul && percent == std::string_view::npos &&
        inet_pton(AF_INET, address.c_str(), endpoint.ip.data() + kMappedPrefix.size()) == 1) {
        std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), endpoint.ip.begin());
        return endpoint;
    }
    if (percent != std::string_view::npos) endpoint.scope = scopeFrom(std::string(text.substr(percent + 1)));
    const bool zoneIsKnown = percent == std::string_view::npos || endpoint.scope != 0;
    if (!hasNul && zoneIsKnown && inet_pton(AF_INET6, address.c_str(), endpoint.ip.data()) == 1) return endpoint;
    return Failure{quoted(text) + " is not an IP address"};
}

}  // namespace meerkat::os
