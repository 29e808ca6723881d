#include "http/http_protocol.h"

#include <algorithm>
#include <utility>

namespace meerkat::http {

namespace {

// A body that nobody wants is read so far, for the sake of the connection; a longer one ends it.
constexpr std::uint64_t kDiscardedBodyBytes = 64 * 1024;
constexpr std::size_t kMostOfALine = 1024;  // of one that is refused, for the records

// What is no line yet, or a very long one, as far as it is worth keeping.
std::string_view beginningOfLine(std::string_view bytes) {
    const std::size_t start = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
    return bytes.substr(start, std::min(bytes.substr(start).find_first_of("\r\n"), kMostOfALine));
}

}  // namespace

// ---- reading ----

bool HttpProtocol::wantsInput() const {
    switch (m_phase) {
    case Phase::Head:
        return !m_connection.hasQueue();
    // An exchange may need the rest of the body before it has more to send.
    case Phase::Body:
        return !isSinkFull() && (!m_connection.hasQueue() || exchange());
    // The end of input tells that nobody waits for the answer any more.
    case Phase::TakenOver:
    case Phase::Awaited:
        return !m_connection.hasLeftovers();
    case Phase::Sending:
    case Phase::Ended:
    case Phase::Upgraded:
        return false;
    }
    return false;
}

bool HttpProtocol::canProceed() const {
    if (!m_connection.isOpen()) return false;
    if (m_phase == Phase::Body) return !isSinkFull();
    return m_phase == Phase::Head && !m_connection.isBatchFull() && !m_connection.hasQueue();
}

std::size_t HttpProtocol::onBytes(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && canProceed()) {
        const std::string_view rest = bytes.substr(used);
        const std::size_t taken = m_phase == Phase::Head ? onHeadBytes(rest) : onBodyBytes(rest);
        if (taken == 0) break;
        used += taken;
    }
    return m_phase == Phase::Ended ? bytes.size() : used;
}

// A head that comes byte by byte is looked at once a line, or an attacker would have it parsed once a byte.
bool HttpProtocol::mustParse(std::string_view bytes) const {
    if (m_parsedBytes == 0 || bytes.size() > m_service.limits.maxTargetBytes) return true;
    return bytes.substr(m_parsedBytes).find('\n') != std::string_view::npos;
}

std::size_t HttpProtocol::onHeadBytes(std::string_view bytes) {
    if (!mustParse(bytes)) return 0;
    const auto outcome = parseRequestHead(bytes, m_service.limits, m_service.head);
    if (outcome.state == ParseState::Complete) {
        m_parsedBytes = 0;
        m_connection.touchLimit();
        beginRequest(bytes.substr(0, outcome.consumed));
        return outcome.consumed;
    }
    if (outcome.state == ParseState::Refused) {
        m_beganUs = m_service.loop.nowUs();
        m_bytesBefore = m_connection.bytesSent();
        if (m_service.handler.wantsRecords()) unfinished().headBytes = beginningOfLine(bytes);
        refuseUnread(outcome.refusalStatus);
        return bytes.size();
    }
    if (m_parsedBytes == 0) m_connection.touchLimit();
    m_parsedBytes = static_cast<std::uint32_t>(bytes.size());
    return 0;
}

void HttpProtocol::beginRequest(std::string_view headBytes) {
    const RequestHead &head = m_service.head;
    ++m_requests;
    m_beganUs = m_service.loop.nowUs();
    m_bytesBefore = m_connection.bytesSent() + m_connection.bytesWaiting();
    m_minorVersion = static_cast<std::uint8_t>(head.minorVersion);
    m_isHeadRequest = head.method == Method::Head;
    m_keepsAlive = head.keepAlive;
    m_lingers = false;
    m_hasAnswered = false;
    if (m_service.gate && isHeldBack(headBytes)) return;
    if (head.isChunked || head.contentLength > 0) return beginBody(headBytes);
    m_hasHead = true;
    m_service.handler.onRequest(*this, head, {});
    m_hasHead = false;
    keepHeadForRecord(headBytes);
}

// True: it may not pass, and is answered.
bool HttpProtocol::isHeldBack(std::string_view headBytes) {
    const RequestHead &head = m_service.head;
    const RequestGate::Refusal refusal = m_service.gate->whyHeldBack(*this);
    if (refusal.status == 0) return false;
    m_service.gate->onHeldBack(*this, head);
    // A body is not waited for; what follows could then not be told from a request.
    const bool hasBody = head.isChunked || head.contentLength > 0;
    m_lingers = hasBody || refusal.endsConnection;
    if (m_lingers) m_keepsAlive = false;
    m_hasHead = true;
    refuse(refusal.status, refusal.fields);
    m_hasHead = false;
    keepHeadForRecord(headBytes);
    return true;
}

// What can't be parsed is a request as well.
void HttpProtocol::refuseUnread(int status) {
    const auto refusal = m_service.gate ? m_service.gate->whyHeldBack(*this) : RequestGate::Refusal{};
    refusal.status == 0 ? refuseAndClose(status) : refuseAndClose(refusal.status, refusal.fields);
}

// An answer that outlives the callback is recorded when it ends.
void HttpProtocol::keepHeadForRecord(std::string_view headBytes) {
    const bool outlives = m_phase == Phase::Sending || isAtWork();
    const bool isWanted = m_service.handler.wantsRecords() || exchange() || m_phase == Phase::Awaited;
    if (outlives && isWanted && unfinished().headBytes.empty()) m_unfinished->headBytes = headBytes;
}

void HttpProtocol::beginBody(std::string_view headBytes) {
    const RequestHead &head = m_service.head;
    const bool keepsAlive = m_keepsAlive;
    m_lingers = true;
    m_hasHead = true;
    // An answer given now leaves the body unread: what follows on the connection could not be told from a request.
    m_keepsAlive = false;
    BodyDecision decision = m_service.handler.onBodyAnnounced(*this, head);
    const bool isTooLong = head.contentLength > kDiscardedBodyBytes || head.expectsContinue;
    if (!m_hasAnswered && decision.plan == BodyPlan::Discard && isTooLong) m_service.handler.onRequest(*this, head, {});
    if (!m_hasAnswered && decision.plan != BodyPlan::Discard && head.contentLength > decision.limit) refuse(413);
    m_hasHead = false;
    if (m_hasAnswered) return keepHeadForRecord(headBytes);
    m_keepsAlive = keepsAlive;
    expectBody(headBytes, std::move(decision));
}

void HttpProtocol::expectBody(std::string_view headBytes, BodyDecision decision) {
    const RequestHead &head = m_service.head;
    const bool keepsBody = decision.plan == BodyPlan::Buffer;
    Unfinished &request = unfinished();
    request.headBytes = headBytes;
    request.keepsBody = keepsBody;
    request.isDiscarded = decision.plan == BodyPlan::Discard;
    request.sink = std::move(decision.sink);
    if (decision.mayOverflow) request.overflowAt = std::exchange(decision.limit, UINT64_MAX);
    const std::uint64_t limit = decision.plan == BodyPlan::Discard ? kDiscardedBodyBytes : decision.limit;
    request.reader = head.isChunked ? BodyReader::chunked(limit) : BodyReader::sized(head.contentLength, limit);
    // Room is made for what came, not for what was announced: an announcement costs its sender nothing.
    if (head.expectsContinue && head.minorVersion >= 1) m_connection.sendBorrowed("HTTP/1.1 100 Continue\r\n\r\n");
    m_phase = Phase::Body;
}

std::size_t HttpProtocol::onBodyBytes(std::string_view bytes) {
    const auto outcome = m_unfinished->reader.read(bytes);
    if (outcome.state == BodyState::Refused) {
        const bool isTooLong = outcome.refusalStatus == 413;
        isTooLong && m_unfinished->isDiscarded ? answerEarly() : refuseBody(outcome.refusalStatus);
        return bytes.size();
    }
    // Were each byte enough, a sender of one a minute would hold the connection for as long as it likes.
    if (m_unfinished->reader.bodyBytes() >= m_unfinished->touchAtBytes) {
        m_connection.touchLimit();
        m_unfinished->touchAtBytes = m_unfinished->reader.bodyBytes() + m_service.bodyBytesPerLimit;
    }
    const std::uint64_t kept = m_unfinished->body.size() + outcome.data.size();
    if (m_unfinished->keepsBody && kept > m_unfinished->overflowAt && !streamInstead()) return bytes.size();
    if (const int status = keepBody(outcome.data); status != 0) {
        refuseBody(status);
        return bytes.size();
    }
    if (outcome.state == BodyState::Complete) {
        finishBody();
    } else if (isSinkFull()) {
        // The client does as it is told: it is not to be blamed for dawdling.
        m_connection.stopLimit();
    }
    return outcome.consumed;
}

// 0, or why it can't be kept.
int HttpProtocol::keepBody(std::string_view bytes) {
    if (m_unfinished->keepsBody) m_unfinished->body.append(bytes);
    return m_unfinished->sink && !bytes.empty() ? m_unfinished->sink->take(bytes) : 0;
}

// False: it was answered.
bool HttpProtocol::streamInstead() {
    const RequestHead *head = rereadHead();
    const bool keepsAlive = m_keepsAlive;
    // As in beginBody: an answer given now leaves a part of the body unread.
    m_keepsAlive = false;
    m_hasHead = true;
    BodyDecision decision = m_service.handler.onBodyOverflow(*this, *head);
    if (!m_hasAnswered && !decision.sink) refuse(413);
    m_hasHead = false;
    if (m_hasAnswered) return false;
    m_keepsAlive = keepsAlive;
    m_unfinished->keepsBody = false;
    m_unfinished->sink = std::move(decision.sink);
    const std::string kept = std::exchange(m_unfinished->body, {});
    const int status = keepBody(kept);
    if (status != 0) refuseBody(status);
    return status == 0;
}

// Only here is it seen that a body without a length is too long to be read for nothing.
void HttpProtocol::answerEarly() {
    const RequestHead *head = rereadHead();
    m_keepsAlive = false;
    m_hasHead = true;
    m_service.handler.onRequest(*this, *head, {});
    m_hasHead = false;
}

void HttpProtocol::refuseBody(int status) {
    m_unfinished->sink.reset();
    // Behind an answer that was begun there is no place for another.
    if (m_hasAnswered) return m_connection.close();
    m_hasHead = rereadHead() != nullptr;
    refuseAndClose(status);
    m_hasHead = false;
}

void HttpProtocol::finishBody() {
    const RequestHead *head = rereadHead();
    m_phase = Phase::Head;
    m_lingers = false;
    m_hasHead = true;
    // The body stays where it is: a handler that takes over reads it until its answer ends.
    m_service.handler.onRequest(*this, *head, m_unfinished ? std::string_view(m_unfinished->body) : std::string_view{});
    m_hasHead = false;
}

const RequestHead *HttpProtocol::rereadHead() {
    if (!m_unfinished || m_unfinished->headBytes.empty()) return nullptr;
    const auto outcome = parseRequestHead(m_unfinished->headBytes, m_service.limits, m_service.head);
    return outcome.state == ParseState::Complete ? &m_service.head : nullptr;
}

HttpProtocol::Unfinished &HttpProtocol::unfinished() {
    if (!m_unfinished) m_unfinished = std::make_unique<Unfinished>();
    return *m_unfinished;
}

// ---- endings ----

void HttpProtocol::onEndOfInput() {
    switch (m_phase) {
    case Phase::Head:
        m_phase = Phase::Ended;
        return m_connection.closeWhenDrained(false);
    case Phase::Body:
    case Phase::TakenOver:
    case Phase::Awaited:
        return m_connection.close();
    case Phase::Sending:
        m_keepsAlive = false;
        return;
    case Phase::Ended:
    case Phase::Upgraded:
        return;
    }
}

void HttpProtocol::onTimeLimit() {
    const bool isDawdling = (m_phase == Phase::Head && m_parsedBytes > 0) || m_phase == Phase::Body;
    if (!isDawdling || m_connection.hasQueue()) return m_connection.close();
    if (m_phase == Phase::Body && m_hasAnswered) return m_connection.close();
    m_connection.touchLimit();
    if (m_phase == Phase::Head) {
        m_beganUs = m_service.loop.nowUs();
        m_bytesBefore = m_connection.bytesSent();
        if (m_service.handler.wantsRecords()) unfinished().headBytes = beginningOfLine(m_connection.leftovers());
    }
    m_hasHead = m_phase == Phase::Body && rereadHead() != nullptr;
    refuseAndClose(408);
    m_hasHead = false;
}

void HttpProtocol::onClosed() {
    const bool isCut = m_phase == Phase::Body || m_phase == Phase::Sending || isAtWork();
    if (isCut && m_service.handler.wantsRecords()) record(false);
    m_phase = Phase::Ended;
    dismissExchange();
    m_service.handler.onGone(*this);
}

net::Activity HttpProtocol::activity() const {
    using net::Activity;
    if (m_connection.isClosing()) return Activity::Closing;
    if (m_phase == Phase::Sending || m_connection.hasQueue()) return Activity::Sending;
    if (isAtWork() || m_hasHead) return Activity::Handling;
    if (m_phase == Phase::Body || m_parsedBytes > 0) return Activity::Reading;
    return Activity::Idle;
}

net::ProtocolStatus HttpProtocol::status() const {
    net::ProtocolStatus status;
    status.activity = activity();
    status.latestStatus = m_status;
    status.requests = m_requests;
    status.answerLength = m_answerLength;
    status.answerSent = answerSent();
    return status;
}

}  // namespace meerkat::http
