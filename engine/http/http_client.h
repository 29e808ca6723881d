// Station: one outgoing connection speaking HTTP/1.x. From net/connection through response_parser and body_reader, to its owner; what the owner
// writes goes out as it is. RFC 9112, the client's side: answers in each framing, several in a row, pipelined ones in order.
// Thread: engine.
//
// The way: whoever dialled makes the net::Connection, gives it this protocol with begin, and tells with connected(error) when it can be used: at once,
// or for TLS when the handshake has ended. Then onConnected, once; then as many onReply as there are answers; then onGone, once. Nothing is
// read before onConnected.
#pragma once

#include "http/body_reader.h"
#include "http/request_track.h"
#include "http/response_parser.h"
#include "net/connection.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace meerkat::http {

class HttpClient;

// Why a connection is over. All but the first two leave somebody without an answer.
enum class ClientEnd : std::uint8_t {
    Finished,   // nothing was owed: the owner closed, the server did between two answers, or it was idle for the time limit
    Switched,   // it went on to another protocol, or was a tunnel
    NoConnect,  // it never could be used: connected was told an error, or not called
    Cut,        // closed or reset before or in an answer
    TimedOut,   // nothing came for the time limit while an answer was owed
    Refused,    // what came is no HTTP/1 answer: malformed, a head over its limits, endless interim answers
    TooLong,    // an answer's body is over the limit
    Unasked,    // bytes came though nothing had been asked (RFC 9112 section 9.2)
};

class HttpClientOwner {
  public:
    virtual ~HttpClientOwner() = default;
    // 0, or an errno. Once for each client. On 0 the request is to be written with send, now or later. Comes from within connected, or right before onGone.
    virtual void onConnected(HttpClient &client, int error) = 0;
    // A whole answer; interim ones (1xx) are left out. `body` is decoded of its chunks, may be changed, a '\0' follows it in memory; head and body end
    // with the call. True: the connection goes on, as another request was or will be sent (it closes all the same when the server said so). False: it is closed.
    // 101, or 2xx to CONNECT: what the server sends from now on stays on the connection for the protocol that the owner
    // changes it to (net::Connection::changeProtocol), now or, having returned true, later. After a change onGone does not come.
    virtual bool onReply(HttpClient &client, const ResponseHead &head, std::span<char> body) = 0;
    // The connection is closed. The last call.
    virtual void onGone(HttpClient &client, ClientEnd end) = 0;
};

struct ClientLimits {
    ResponseLimits head = {};
    std::uint64_t maxReplyBytes = 64 * 1024 * 1024;  // of a body
    int maxInterim = 100;                            // 1xx before one answer
};

class HttpClient final : public net::Protocol {
  public:
    // The owner outlives the client.
    HttpClient(net::Connection &connection, HttpClientOwner &owner, const ClientLimits &limits);
    ~HttpClient() override;

    // The connection can be used (0) or not (an errno; it is closed). Called once, behind Connection::begin and not from within it.
    void connected(int error);

    // Raw bytes, done with on return; one or more requests or parts of them. From outside of a callback the connection's flush is due afterwards. False: nothing can be sent
    // any more, or not yet.
    bool send(std::string_view bytes);
    // It is about to end: nothing more can be sent.
    void refuseToSend() { m_isMute = true; }

    // A request was written, if only in part, and its answer is not whole yet.
    bool expectsAnswer() const { return m_track.expectsAnswer() || m_phase == Phase::Body; }

    net::Connection &connection() const { return m_connection; }

    // ---- net::Protocol ----
    void onSecured() override { connected(0); }
    void onSecureFailure(std::string_view failure) override;
    std::size_t onBytes(std::string_view bytes) override;
    void onEndOfInput() override;
    void onDrained() override;
    void onTimeLimit() override;
    void onClosed() override;
    bool wantsInput() const override;
    bool awaitsAnswer() const override { return expectsAnswer(); }
    net::ProtocolStatus status() const override;

  private:
    enum class Phase : std::uint8_t { Connecting, Head, Body, Switched, Ended };
    struct Answer;

    bool isSpeaking() const { return m_connection.isOpen() && m_connection.protocol() == this; }
    bool mustParse(std::string_view bytes) const;
    std::size_t onHeadBytes(std::string_view bytes);
    std::size_t onBodyBytes(std::string_view bytes);
    void onInterim();
    void beginAnswer(std::string_view headBytes);
    void appendBody(std::string_view data);
    void deliver();
    void end(ClientEnd why);
    ClientEnd endNow() const;

    net::Connection &m_connection;
    HttpClientOwner &m_owner;
    const ClientLimits m_limits;
    RequestTrack m_track;
    std::unique_ptr<Answer> m_answer;  // from its first byte to its delivery
    std::size_t m_parsedBytes = 0;     // of an unfinished head
    int m_interim = 0;                 // 1xx since the last answer
    int m_latestStatus = 0;
    int m_connectError;  // what is told if it ends before it was connected
    Phase m_phase = Phase::Connecting;
    ClientEnd m_end = ClientEnd::Finished;  // set with Phase::Ended
    bool m_hasToldConnected = false;
    bool m_isMute = false;
};

}  // namespace meerkat::http
