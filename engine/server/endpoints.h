// Station: websocket_endpoints: which paths the engine itself opens WebSockets at, and what becomes of their messages. From settings, to the server's
// upgrading; and who is together at a path of the kind `broadcast`.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::net {
class Connection;
}

namespace meerkat::server {

// None: a program's, or no WebSocket at all. Manual: messages are taken and shown to the observer, whose program answers or does not.
enum class EndpointKind : std::uint8_t { None, Echo, Broadcast, Manual };
// "echo", "broadcast", "manual"; "" for None. Ends with '\0'.
std::string_view wordOf(EndpointKind kind);

class Endpoints {
  public:
    // "pattern=kind,…": patterns as base/pattern.h has them, the first that matches counts.
    static Result<Endpoints> parse(std::string_view value);

    bool isEmpty() const { return m_rules.empty(); }
    EndpointKind kindAt(std::string_view path) const;

  private:
    struct Rule {
        std::string pattern;
        EndpointKind kind;
    };
    std::vector<Rule> m_rules;
};

// Who hears what is said at a path.
class Rooms {
  public:
    void enter(std::string_view path, net::Connection &who);
    void leave(std::string_view path, net::Connection &who);
    // Empty where nobody is.
    const std::vector<net::Connection *> &at(std::string_view path) const;

  private:
    std::map<std::string, std::vector<net::Connection *>, std::less<>> m_rooms;
};

}  // namespace meerkat::server
