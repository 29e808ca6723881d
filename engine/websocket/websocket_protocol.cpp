#include "websocket/websocket_protocol.h"

#include "websocket/utf8.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace meerkat::websocket {

namespace {

bool isText(std::uint8_t bits) { return static_cast<Opcode>(bits & kOpcodeBits) == Opcode::Text; }

std::string_view viewOf(std::span<const char> bytes) { return {bytes.data(), bytes.size()}; }

// What compressed bytes may be more than the message they stand for: a deflate encoder stores what does not shrink, with five bytes a block.
constexpr std::uint64_t roomForCompressed(std::uint64_t limit) { return limit + limit / 64 + 64; }

}  // namespace

// Room grows with what came, not with what was announced.
struct WebsocketProtocol::Unfinished {
    std::string bytes;  // of the message so far, unmasked; after the peer's close frame: its reason
    std::uint64_t frameBytes = 0;
    std::uint64_t frameLeft = 0;
    std::uint64_t wireBytes = 0;  // of its frames so far, the one under way included
    Mask mask{};
    std::uint8_t bits = 0;       // of the message's first frame
    std::uint8_t frameBits = 0;  // of the frame under way
    bool isInFrame = false;
    Utf8Validator utf8;
};

WebsocketProtocol::WebsocketProtocol(WebsocketService &service, net::Connection &connection, const WebsocketTerms &terms)
    : m_service(service), m_connection(connection), m_isClient(terms.role == Role::Client),
      m_isFrameMode(terms.mode == EventMode::Frame), m_compresses(terms.deflate.isAgreed),
      m_windowBits(static_cast<std::uint8_t>(terms.deflate.windowBits & 15)) {
    assert(!m_isFrameMode || !m_compresses);
}

WebsocketProtocol::~WebsocketProtocol() = default;

// ---- reading ----

// A client that has ended reads on until the server closes.
bool WebsocketProtocol::wantsInput() const { return (m_state != State::Ended || m_isClient) && !m_connection.hasQueue(); }

bool WebsocketProtocol::canProceed() const {
    return m_state != State::Ended && m_connection.isOpen() && !m_connection.hasQueue();
}

std::size_t WebsocketProtocol::onBytes(std::string_view bytes) {
    // The one place where the connection's memory is written to: see net::Protocol::onBytes.
    const std::span<char> all(const_cast<char *>(bytes.data()), bytes.size());
    m_isPinged = false;
    if (m_state == State::Open) m_connection.touchLimit();
    std::size_t used = 0;
    while (used < all.size() && canProceed()) {
        const auto rest = all.subspan(used);
        const std::size_t taken = m_unfinished && m_unfinished->isInFrame ? onPayload(rest) : onFrame(rest);
        if (taken == 0) break;
        used += taken;
        // Frames of one read are answered with one write, as far as the batch reaches.
        if (m_connection.isBatchFull()) m_connection.flush();
    }
    return m_state == State::Ended ? all.size() : used;
}

std::size_t WebsocketProtocol::onFrame(std::span<char> bytes) {
    FrameHead head;
    const FrameState state = parseFrameHead(viewOf(bytes), role(), m_compresses, head);
    if (state == FrameState::NeedMore) return 0;
    if (state == FrameState::Refused || !isInTurn(head)) {
        fail(kProtocolError, state == FrameState::Refused ? "malformed frame" : "frame out of turn");
        return bytes.size();
    }
    if (isControl(head.opcode())) return onControlFrame(head, bytes);
    if (head.payloadBytes > roomFor(head)) {
        fail(kMessageTooBig, "message too big");
        return bytes.size();
    }
    const bool isWhole = bytes.size() - head.headBytes >= head.payloadBytes;
    if (isWhole && head.isFinal() && !m_unfinished && m_state == State::Open) {
        ++m_service.counters.framesIn;
        const auto payload = bytes.subspan(head.headBytes, static_cast<std::size_t>(head.payloadBytes));
        if (head.isMasked) applyMask(payload, head.mask);
        handWhole(head.bits, payload, head.headBytes + head.payloadBytes);
        return head.headBytes + payload.size();
    }
    beginFrame(head);
    return head.headBytes;
}

// Continuation frames belong to a message that was begun, others begin one (RFC 6455 section 5.4).
bool WebsocketProtocol::isInTurn(const FrameHead &head) const {
    return isControl(head.opcode()) || (head.opcode() == Opcode::Continuation) == (m_unfinished != nullptr);
}

std::uint64_t WebsocketProtocol::roomFor(const FrameHead &head) const {
    const std::uint8_t first = m_unfinished ? m_unfinished->bits : head.bits;
    const std::uint64_t limit = first & kCompressedBit ? roomForCompressed(m_service.maxMessageBytes) : m_service.maxMessageBytes;
    const std::uint64_t held = m_unfinished ? m_unfinished->bytes.size() : 0;
    return limit > held ? limit - held : 0;
}

void WebsocketProtocol::beginFrame(const FrameHead &head) {
    if (!m_unfinished) {
        m_unfinished = std::make_unique<Unfinished>();
        m_unfinished->bits = head.bits;
    }
    m_unfinished->frameBits = head.bits;
    m_unfinished->frameBytes = m_unfinished->frameLeft = head.payloadBytes;
    m_unfinished->wireBytes += head.headBytes + head.payloadBytes;
    m_unfinished->mask = head.mask;
    m_unfinished->isInFrame = true;
    if (head.payloadBytes == 0) finishFrame();
}

std::size_t WebsocketProtocol::onPayload(std::span<char> bytes) {
    Unfinished &message = *m_unfinished;
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(message.frameLeft, bytes.size()));
    const auto piece = bytes.first(taken);
    const std::uint64_t offset = message.frameBytes - message.frameLeft;
    message.frameLeft -= taken;
    // Nobody waits any more for what comes behind our close frame.
    if (m_state == State::Open) {
        if (!m_isClient) applyMask(piece, message.mask, offset);
        message.bytes.append(piece.data(), piece.size());
        if (!isGoodSoFar(viewOf(piece))) {
            fail(kInvalidData, "text is not UTF-8");
            return bytes.size();
        }
    }
    if (message.frameLeft == 0) finishFrame();
    return taken;
}

bool WebsocketProtocol::isGoodSoFar(std::string_view piece) {
    const bool isPlainText = isText(m_unfinished->bits) && !(m_unfinished->bits & kCompressedBit);
    return !isPlainText || m_unfinished->utf8.accept(piece);
}

void WebsocketProtocol::finishFrame() {
    ++m_service.counters.framesIn;
    m_unfinished->isInFrame = false;
    const bool isFinal = m_unfinished->frameBits & kFinBit;
    if (m_state != State::Open) {
        if (isFinal) m_unfinished.reset();
        return;
    }
    const bool isCut = isText(m_unfinished->bits) && !m_unfinished->utf8.isComplete();
    if (isFinal && isCut) return fail(kInvalidData, "text is not UTF-8");
    if (m_isFrameMode) return finishPart();
    if (isFinal) finishMessage();
}

// Frame mode: what is remembered of the message is that it goes on.
void WebsocketProtocol::finishPart() {
    const std::uint8_t bits = m_unfinished->frameBits;
    std::string bytes = std::exchange(m_unfinished->bytes, {});
    const std::uint64_t wireBytes = std::exchange(m_unfinished->wireBytes, 0);
    if (bits & kFinBit) m_unfinished.reset();
    hand(bits, bytes, wireBytes);
}

void WebsocketProtocol::finishMessage() {
    const auto message = std::move(m_unfinished);
    const auto bits = static_cast<std::uint8_t>(message->bits | kFinBit);
    if (bits & kCompressedBit) return handInflated(bits, message->bytes, message->wireBytes);
    hand(bits, message->bytes, message->wireBytes);
}

// A final frame that came in one piece.
void WebsocketProtocol::handWhole(std::uint8_t bits, std::span<char> payload, std::uint64_t wireBytes) {
    if (bits & kCompressedBit) return handInflated(bits, viewOf(payload), wireBytes);
    if (isText(bits) && !isUtf8(viewOf(payload))) return fail(kInvalidData, "text is not UTF-8");
    hand(bits, payload, wireBytes);
}

void WebsocketProtocol::handInflated(std::uint8_t bits, std::string_view compressed, std::uint64_t wireBytes) {
    std::string message = m_service.takeBuffer();
    switch (m_service.inflater().inflate(compressed, m_service.maxMessageBytes, isText(bits), message)) {
    case InflateState::Whole:
        hand(static_cast<std::uint8_t>(bits & ~kCompressedBit), message, wireBytes);
        break;
    case InflateState::TooLong:
        fail(kMessageTooBig, "message too big");
        break;
    case InflateState::Broken:
        fail(kInvalidData, "compressed data is broken");
        break;
    case InflateState::NoText:
        fail(kInvalidData, "text is not UTF-8");
        break;
    case InflateState::NoMemory:
        fail(kInternalError, "out of memory");
        break;
    }
    m_service.giveBuffer(std::move(message));
}

void WebsocketProtocol::hand(std::uint8_t bits, std::span<char> payload, std::uint64_t wireBytes) {
    if (bits & kFinBit) {
        ++m_messagesIn;
        ++m_service.counters.messagesIn;
    }
    if (!callHandler(bits, payload, wireBytes)) close(kNormalClosure);
}

bool WebsocketProtocol::callHandler(std::uint8_t bits, std::span<char> payload, std::uint64_t wireBytes) {
    if (m_service.watcher) {
        m_service.watcher->onSeen(*this, {false, bits, viewOf(payload), wireBytes});
        if (!m_connection.isOpen()) return true;
    }
    // The byte behind may be the next frame's first.
    char *const behind = payload.data() + payload.size();
    const char kept = *behind;
    *behind = '\0';
    const bool goesOn = m_service.handler.onMessage(*this, bits, payload);
    *behind = kept;
    return goesOn;
}

// ---- control frames ----

std::size_t WebsocketProtocol::onControlFrame(const FrameHead &head, std::span<char> bytes) {
    const auto frameBytes = static_cast<std::size_t>(head.headBytes + head.payloadBytes);
    if (bytes.size() < frameBytes) return 0;
    ++m_service.counters.framesIn;
    const auto payload = bytes.subspan(head.headBytes, static_cast<std::size_t>(head.payloadBytes));
    if (head.isMasked) applyMask(payload, head.mask);
    if (head.opcode() == Opcode::Close)
        onClose(payload, frameBytes);
    else if (m_state == State::Open && head.opcode() == Opcode::Ping)
        onPing(payload, frameBytes);
    else if (m_state == State::Open && !callHandler(head.bits, payload, frameBytes))
        close(kNormalClosure);
    return frameBytes;
}

// Pings are not read while output waits, so pongs never pile up.
void WebsocketProtocol::onPing(std::span<char> payload, std::uint64_t wireBytes) {
    m_hasPonged = false;
    const bool goesOn = callHandler(firstByteOf(Opcode::Ping), payload, wireBytes);
    if (!m_hasPonged) send(Opcode::Pong, viewOf(payload));
    if (!goesOn) close(kNormalClosure);
}

void WebsocketProtocol::onClose(std::span<char> payload, std::uint64_t wireBytes) {
    const auto message = readClosePayload(viewOf(payload));
    if (!message) return fail(kProtocolError, "malformed close frame");
    if (!isUtf8(message->reason)) return fail(kInvalidData, "the reason is not UTF-8");
    m_peerCloseCode = (message->code ? message->code : unsigned{kNoStatus}) & 0xFFFF;
    keepReason(message->reason);
    callHandler(firstByteOf(Opcode::Close), payload, wireBytes);
    if (!m_connection.isOpen()) return;
    const bool isAsked = m_state == State::Open;
    m_state = State::Ended;
    if (isAsked) writeClose(message->code, {});
    end();
}

// What comes of a message under way still has to be told from the peer's close frame.
void WebsocketProtocol::dropUnfinished() {
    if (m_unfinished) std::string().swap(m_unfinished->bytes);
}

void WebsocketProtocol::keepReason(std::string_view reason) {
    m_unfinished.reset();
    if (reason.empty()) return;
    m_unfinished = std::make_unique<Unfinished>();
    m_unfinished->bytes = reason;
}

std::string_view WebsocketProtocol::peerCloseReason() const {
    return m_peerCloseCode != kAbnormal && m_unfinished ? std::string_view(m_unfinished->bytes) : std::string_view{};
}

// ---- endings ----

// What the peer does is not to be understood any more: it is told why, and nothing of it is looked at again (section 7.1.7).
void WebsocketProtocol::fail(CloseCode code, std::string_view reason) {
    const bool isToBeTold = m_state == State::Open;
    m_state = State::Ended;
    if (isToBeTold) writeClose(code, reason);
    m_unfinished.reset();
    m_connection.closeWhenDrained(true);
}

// Both have said that they close. The server is the one to end the TCP connection (section 7.1.1).
void WebsocketProtocol::end() {
    m_state = State::Ended;
    if (!m_isClient) return m_connection.closeWhenDrained(true);
    m_connection.touchClosingLimit();
}

void WebsocketProtocol::onEndOfInput() {
    m_state = State::Ended;
    m_connection.closeWhenDrained(false);
}

void WebsocketProtocol::onDrained() {
    // While output waited, the limit was that of a reader.
    if (m_state != State::Open) m_connection.touchClosingLimit();
    if (m_connection.hasLeftovers()) m_connection.resumeInput();
}

void WebsocketProtocol::onTimeLimit() {
    // A reader that does not read, a peer that does not close, one that did not answer a ping.
    if (m_state != State::Open || m_connection.hasQueue() || m_isPinged) return m_connection.close();
    m_isPinged = true;
    send(Opcode::Ping, {});
    m_connection.touchLimit();
}

void WebsocketProtocol::onClosed() {
    m_state = State::Ended;
    m_service.handler.onGone(*this);
}

net::ProtocolStatus WebsocketProtocol::status() const {
    net::ProtocolStatus status;
    status.latestStatus = 101;
    status.requests = m_messagesIn;
    if (m_state != State::Open || m_connection.isClosing())
        status.activity = net::Activity::Closing;
    else if (m_connection.hasQueue())
        status.activity = net::Activity::Sending;
    else if (m_unfinished)
        status.activity = net::Activity::Reading;
    return status;
}

}  // namespace meerkat::websocket
