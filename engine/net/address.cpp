#include "net/address.h"

#include "base/text.h"

namespace meerkat::net {

namespace {

Failure notAnAddress(std::string_view text) {
    return {"\"" + std::string(text) +
            "\" is no address to listen on: write a port (8080), address:port (127.0.0.1:8080) or [IPv6]:port"};
}

}  // namespace

Result<ListenAddress> parseListenAddress(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    const bool hasHost = colon != std::string_view::npos;
    const auto port = parseDecimal(hasHost ? text.substr(colon + 1) : text, 65535);
    if (!port) return notAnAddress(text);
    ListenAddress address;
    if (hasHost) {
        std::string_view host = text.substr(0, colon);
        const bool isBracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
        if (isBracketed) host = host.substr(1, host.size() - 2);
        const auto parsed = os::parseIp(host);
        // Without brackets the last group of an IPv6 address would be taken for the port.
        if (!parsed || isBracketed == parsed->isIpv4()) return notAnAddress(text);
        address.endpoint = *parsed;
        address.dualStack = false;
        address.hasHost = true;
    }
    address.endpoint.port = static_cast<std::uint16_t>(*port);
    return address;
}

std::string listenAddressText(std::string_view asked, std::uint16_t port) {
    const std::size_t colon = asked.rfind(':');
    const std::string_view host = colon == std::string_view::npos ? std::string_view{} : asked.substr(0, colon + 1);
    return std::string(host) + std::to_string(port);
}

}  // namespace meerkat::net
