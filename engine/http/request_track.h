// Station: bytes that a program writes to a server -> which requests are among them. From http_client, which has to know what an answer answers.
// Thread: engine. Judges nothing and changes nothing: the program answers for what it writes. A resumable machine.
#pragma once

#include "http/body_reader.h"
#include "http/message_head.h"

#include <deque>
#include <string>
#include <string_view>

namespace meerkat::http {

// Requests whose heads are written and that have no answer yet, in order. Bodies (Content-Length, chunked) are passed over, so that nothing
// in one is taken for a request.
class RequestTrack {
  public:
    void onWritten(std::string_view bytes);

    // Something was asked that has no answer: a head, or the beginning of one.
    bool expectsAnswer() const { return !m_methods.empty() || !m_head.empty() || m_phase == Phase::Lost; }
    // What the next answer answers; Other if only the beginning of a head was written.
    Method next() const { return m_methods.empty() ? Method::Other : m_methods.front(); }
    void takeNext();
    std::uint64_t requests() const { return m_requests; }

  private:
    enum class Phase : std::uint8_t { Head, Body, Lost };

    std::size_t onHeadBytes(std::string_view bytes);
    std::size_t onBodyBytes(std::string_view bytes);
    void onHead();
    void onField(std::string_view line);
    void lose();

    std::deque<Method> m_methods;
    std::string m_head;  // of an unfinished head, up to a limit
    BodyReader m_body = BodyReader::none();
    std::uint64_t m_requests = 0;
    Phase m_phase = Phase::Head;  // Lost: what follows can't be told apart, and may ask for answers
};

}  // namespace meerkat::http
