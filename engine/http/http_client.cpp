#include "http/http_client.h"

#include <cerrno>

namespace meerkat::http {

struct HttpClient::Answer {
    std::string headBytes;  // what the head's views point into, once it is whole
    ResponseHead head;
    std::string body;
    BodyReader reader = BodyReader::none();
    BodyFraming framing = BodyFraming::None;
};

HttpClient::HttpClient(net::Connection &connection, HttpClientOwner &owner, const ClientLimits &limits)
    : m_connection(connection), m_owner(owner), m_limits(limits), m_connectError(ECONNRESET) {}

HttpClient::~HttpClient() = default;

// ---- the connection ----

void HttpClient::connected(int error) {
    // One that never got a socket hears of the error all the same.
    if (m_hasToldConnected || (error == 0 && !isSpeaking())) return;
    m_hasToldConnected = true;
    if (error != 0) {
        m_owner.onConnected(*this, error);
        return end(ClientEnd::NoConnect);
    }
    m_phase = Phase::Head;
    m_connection.touchLimit();
    m_owner.onConnected(*this, 0);
    if (!isSpeaking()) return;
    m_connection.resumeInput();
    // Told before, when it was too early to say so.
    if (isSpeaking() && m_connection.hasInputEnded()) onEndOfInput();
}

// The connection keeps the text.
void HttpClient::onSecureFailure(std::string_view) { connected(EPROTO); }

bool HttpClient::send(std::string_view bytes) {
    if (m_isMute || m_phase == Phase::Connecting || m_phase == Phase::Ended || !isSpeaking() || m_connection.isClosing())
        return false;
    if (m_phase != Phase::Switched) m_track.onWritten(bytes);
    m_connection.touchLimit();
    m_connection.sendCopy(bytes);
    return m_connection.isOpen();
}

bool HttpClient::wantsInput() const { return m_phase == Phase::Head || m_phase == Phase::Body; }

// ---- answers ----

std::size_t HttpClient::onBytes(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && wantsInput() && isSpeaking()) {
        const std::string_view rest = bytes.substr(used);
        const std::size_t taken = m_phase == Phase::Head ? onHeadBytes(rest) : onBodyBytes(rest);
        if (taken == 0) break;
        used += taken;
    }
    return m_phase == Phase::Ended ? bytes.size() : used;
}

// A head that comes byte by byte is looked at once a line, or its sender would have it parsed once a byte.
bool HttpClient::mustParse(std::string_view bytes) const {
    if (m_parsedBytes == 0 || bytes.size() >= m_limits.head.maxHeadBytes) return true;
    return bytes.substr(m_parsedBytes).find('\n') != std::string_view::npos;
}

std::size_t HttpClient::onHeadBytes(std::string_view bytes) {
    if (!m_track.expectsAnswer()) {
        end(ClientEnd::Unasked);
        return bytes.size();
    }
    if (!mustParse(bytes)) return 0;
    // The limit begins anew with a head, not with each byte of it.
    if (m_parsedBytes == 0) m_connection.touchLimit();
    if (!m_answer) m_answer = std::make_unique<Answer>();
    ParseOutcome outcome = parseResponseHead(bytes, m_limits.head, m_answer->head);
    std::string mended;
    if (outcome.state == ParseState::Refused && !(mended = unfolded(bytes.substr(0, m_limits.head.maxHeadBytes))).empty()) {
        bytes = mended;
        outcome = parseResponseHead(bytes, m_limits.head, m_answer->head);
    }
    if (outcome.state == ParseState::Refused) {
        end(ClientEnd::Refused);
        return bytes.size();
    }
    m_parsedBytes = outcome.state == ParseState::NeedMore ? bytes.size() : 0;
    if (outcome.state == ParseState::NeedMore) return 0;
    m_connection.touchLimit();
    if (m_answer->head.isInterim())
        onInterim();
    else
        beginAnswer(bytes.substr(0, outcome.consumed));
    return outcome.consumed;
}

void HttpClient::onInterim() {
    if (++m_interim > m_limits.maxInterim) end(ClientEnd::Refused);
}

void HttpClient::beginAnswer(std::string_view headBytes) {
    Answer &answer = *m_answer;
    answer.headBytes = headBytes;
    parseResponseHead(answer.headBytes, m_limits.head, answer.head);
    m_interim = 0;
    m_latestStatus = answer.head.status;
    answer.framing = bodyFraming(answer.head, m_track.next());
    m_phase = Phase::Body;
    if (answer.framing == BodyFraming::UntilClose) return;
    const std::uint64_t length = answer.framing == BodyFraming::Sized ? answer.head.contentLength : 0;
    if (length > m_limits.maxReplyBytes) return end(ClientEnd::TooLong);
    answer.reader = answer.framing == BodyFraming::Chunked ? BodyReader::chunked(m_limits.maxReplyBytes)
                                                           : BodyReader::sized(length, m_limits.maxReplyBytes);
    if (answer.reader.isComplete()) deliver();
}

std::size_t HttpClient::onBodyBytes(std::string_view bytes) {
    m_connection.touchLimit();
    if (m_answer->framing == BodyFraming::UntilClose) {
        appendBody(bytes);
        return bytes.size();
    }
    const BodyOutcome outcome = m_answer->reader.read(bytes);
    if (outcome.state == BodyState::Refused) {
        end(outcome.refusalStatus == 413 ? ClientEnd::TooLong : ClientEnd::Refused);
        return bytes.size();
    }
    appendBody(outcome.data);
    if (outcome.state == BodyState::Complete) deliver();
    return outcome.consumed;
}

void HttpClient::appendBody(std::string_view data) {
    if (data.size() > m_limits.maxReplyBytes - m_answer->body.size()) return end(ClientEnd::TooLong);
    m_answer->body.append(data);
}

void HttpClient::deliver() {
    const auto answer = std::move(m_answer);
    const bool isTunnel = answer->framing == BodyFraming::Tunnel;
    m_track.takeNext();
    m_phase = isTunnel ? Phase::Switched : Phase::Head;
    const bool goesOn = m_owner.onReply(*this, answer->head, {answer->body.data(), answer->body.size()});
    if (!isSpeaking()) return;
    m_connection.touchLimit();
    if (!goesOn) return end(isTunnel ? ClientEnd::Switched : ClientEnd::Finished);
    const bool isLast = !answer->head.keepAlive || answer->framing == BodyFraming::UntilClose;
    if (isLast && !isTunnel) end(endNow());
}

// ---- endings ----

// How it ends if it is closed in this moment, and not by the owner.
ClientEnd HttpClient::endNow() const {
    switch (m_phase) {
    case Phase::Connecting:
        return ClientEnd::NoConnect;
    case Phase::Head:
    case Phase::Body:
        return expectsAnswer() ? ClientEnd::Cut : ClientEnd::Finished;
    case Phase::Switched:
        return ClientEnd::Switched;
    case Phase::Ended:
        break;
    }
    return m_end;
}

void HttpClient::end(ClientEnd why) {
    m_end = why;
    m_phase = Phase::Ended;
    // Whoever has its answer and still does not read what was asked (an upload that was refused) is not waited for.
    if (why != ClientEnd::Finished || m_connection.hasQueue()) return m_connection.close();
    m_connection.closeWhenDrained(false);
}

void HttpClient::onEndOfInput() {
    if (m_phase == Phase::Connecting || m_phase == Phase::Ended) return;
    // Over TLS somebody else could have cut it there.
    const bool isTheEnd = m_phase == Phase::Body && m_answer->framing == BodyFraming::UntilClose && !m_connection.wasInputCut();
    if (isTheEnd) return deliver();
    end(endNow());
}

void HttpClient::onDrained() {}

void HttpClient::onTimeLimit() {
    if (m_phase == Phase::Ended) return m_connection.close();
    if (m_phase == Phase::Connecting) m_connectError = ETIMEDOUT;
    const ClientEnd why = endNow();
    end(why == ClientEnd::Cut ? ClientEnd::TimedOut : why);
}

void HttpClient::onClosed() {
    m_end = endNow();
    m_phase = Phase::Ended;
    m_answer.reset();
    if (!m_hasToldConnected) {
        m_hasToldConnected = true;
        m_owner.onConnected(*this, m_connectError);
    }
    m_owner.onGone(*this, m_end);
}

net::ProtocolStatus HttpClient::status() const {
    using net::Activity;
    net::ProtocolStatus status;
    status.latestStatus = m_latestStatus;
    status.requests = m_track.requests();
    if (m_connection.isClosing())
        status.activity = Activity::Closing;
    else if (m_connection.hasQueue())
        status.activity = Activity::Sending;
    else if (m_answer)
        status.activity = Activity::Reading;
    else if (expectsAnswer())
        status.activity = Activity::Handling;
    if (m_phase == Phase::Body && m_answer) {
        status.answerLength = m_answer->head.contentLength;
        status.answerSent = m_answer->body.size();
    }
    return status;
}

}  // namespace meerkat::http
