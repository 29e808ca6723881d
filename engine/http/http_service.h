// Station: what all HTTP connections of a server share. From server, to every http_protocol.
#pragma once

#include "http/dates.h"
#include "http/handler.h"
#include "net/event_loop.h"

#include <array>
#include <string>
#include <string_view>

namespace meerkat::http {

// Complete lines.
class AddedFields {
  public:
    virtual ~AddedFields() = default;
    // Those that the path asks for: a prepared answer holds them already.
    virtual void appendForPath(std::string &out) const = 0;
    // Those that the client asks for.
    virtual void appendForClient(std::string &out) const = 0;
};

class HttpService {
  public:
    HttpService(Handler &handler, net::EventLoop &loop, const Clock &clock) : handler(handler), loop(loop), clock(clock) {}

    Handler &handler;
    net::EventLoop &loop;
    const Clock &clock;
    ParseLimits limits;
    // So many bytes of a body have to come within the connection's time limit for it to begin anew.
    std::uint64_t bodyBytesPerLimit = 1;
    // The head of the request being served; its fields are large, so there is one for all. Nothing reads input while a handler runs.
    RequestHead head;
    // Where a short-lived answer is put together; empty, and the last one's is gone. What a large one took is given back.
    std::string &workspace() {
        if (m_workspace.capacity() > kKeptBytes) m_workspace = std::string();
        m_workspace.clear();
        return m_workspace;
    }

    // What belongs into the heads of the engine's own answers to the request under way; null: nothing more.
    const AddedFields *added = nullptr;

    // Null: every request passes.
    RequestGate *gate = nullptr;

    // "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", formatted once a second.
    std::string_view dateLine();
    static constexpr std::size_t kDateValueAt = 6;  // where the date begins in the line

  private:
    static constexpr std::size_t kKeptBytes = 256 * 1024;

    std::string m_workspace;
    std::int64_t m_dateSecond = -1;
    std::array<char, kDateValueAt + kDateLength + 2> m_dateLine{'D', 'a', 't', 'e', ':', ' '};
};

}  // namespace meerkat::http
