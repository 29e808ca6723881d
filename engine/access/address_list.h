// Station: access_control_list. From options, to server when a connection is accepted.
#pragma once

#include "os/socket.h"

#include <string_view>
#include <vector>

namespace meerkat::access {

// `+` or `-` before an address or subnet, IPv4 or IPv6, `/bits` optional, short forms such as 192.168/16; the last match wins, and what no
// entry matches is denied. An empty list admits everybody.
class AddressList {
  public:
    // Fails with a sentence that names the item.
    static Result<AddressList> parse(std::string_view list);
    bool admits(const os::Endpoint &peer) const;

  private:
    struct Entry {
        os::Endpoint network;
        int bits = 128;  // of the IPv6 or IPv4-mapped form
        bool isAllowed = false;
    };
    static Result<Entry> parseEntry(std::string_view item);

    std::vector<Entry> m_entries;
};

}  // namespace meerkat::access
