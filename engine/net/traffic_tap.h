// Station: plain bytes as connections read and write them -> whoever looks on. From net/connection, to server/hexdump.
#pragma once

#include <string_view>

namespace meerkat::net {

class Connection;

enum class Direction : bool { Received, Sent };

class TrafficTap {
  public:
    virtual ~TrafficTap() = default;
    // One read, or a part of a write that the system took (over TLS: that was encrypted). Valid during the call.
    virtual void onTraffic(const Connection &connection, Direction direction, std::string_view bytes) = 0;
};

}  // namespace meerkat::net
