// The half of websocket_protocol.h that sends and closes.
#include "websocket/websocket_protocol.h"

#include "websocket/utf8.h"

#include <array>
#include <string>
#include <utility>

namespace meerkat::websocket {

namespace {

// Up to here a frame is copied to be written together with what else the callback sends; a longer one is written at once from where it lies.
constexpr std::size_t kCopiedBytes = 4096;

}  // namespace

// ---- sending ----

bool WebsocketProtocol::send(Opcode opcode, std::string_view payload, bool isFinal) {
    if (!isOpen() || !isKnown(opcode)) return false;
    if (isControl(opcode)) {
        if (payload.size() > kMaxControlBytes || !isFinal) return false;
        if (opcode == Opcode::Close) return sendClosePayload(payload);
        if (opcode == Opcode::Pong) m_hasPonged = true;
        tellSent(firstByteOf(opcode), payload, sendFrame(firstByteOf(opcode), payload));
        return true;
    }
    if ((opcode == Opcode::Continuation) != m_sendsFragments) return false;
    m_sendsFragments = !isFinal;
    sendMessage(opcode, payload, isFinal);
    return true;
}

void WebsocketProtocol::sendMessage(Opcode opcode, std::string_view payload, bool isFinal) {
    if (isFinal) {
        ++m_messagesOut;
        ++m_service.counters.messagesOut;
    }
    const bool isWhole = isFinal && opcode != Opcode::Continuation;
    const std::string_view smaller = m_compresses && isWhole ? m_service.compressed(payload, m_windowBits) : std::string_view{};
    const std::uint8_t bits = firstByteOf(opcode, isFinal);
    tellSent(bits, payload, smaller.empty() ? sendFrame(bits, payload) : sendFrame(bits | kCompressedBit, smaller));
}

bool WebsocketProtocol::sendPrepared(PreparedFrame &frame) {
    // A mask is for one receiver alone, and other windows need another form.
    const bool isShared = !m_isClient && (!m_compresses || m_windowBits == kMaxWindowBits);
    const bool isData = !isControl(frame.opcode());
    if (!isShared || !isData) return send(frame.opcode(), frame.payload());
    if (!isOpen() || m_sendsFragments) return false;
    ++m_messagesOut;
    ++m_service.counters.messagesOut;
    ++m_service.counters.framesOut;
    const std::string_view bytes = m_compresses ? frame.compressed(m_service) : frame.plain();
    m_connection.sendAtOnce(bytes);
    tellSent(firstByteOf(frame.opcode()), frame.payload(), bytes.size());
    return true;
}

// Whoever is told may send: nothing of this object is looked at behind it.
void WebsocketProtocol::tellSent(std::uint8_t bits, std::string_view payload, std::uint64_t wireBytes) {
    if (m_service.watcher) m_service.watcher->onSeen(*this, {true, bits, payload, wireBytes});
}

std::uint64_t WebsocketProtocol::sendFrame(std::uint8_t bits, std::string_view payload) {
    ++m_service.counters.framesOut;
    std::array<char, kMaxFrameHeadBytes> head;
    std::string masked;
    Mask mask;
    if (m_isClient) {
        mask = m_service.nextMask();
        masked = m_service.takeBuffer();
        masked = payload;
        applyMask(masked, mask);
        payload = masked;
    }
    const std::size_t headBytes = writeFrameHead(head, bits, payload.size(), m_isClient ? &mask : nullptr);
    m_connection.sendCopy({head.data(), headBytes});
    if (payload.size() <= kCopiedBytes)
        m_connection.sendCopy(payload);
    else
        m_connection.sendAtOnce(payload);
    const std::uint64_t frameBytes = headBytes + payload.size();
    if (m_isClient) m_service.giveBuffer(std::move(masked));
    return frameBytes;
}

// ---- closing ----

bool WebsocketProtocol::close(unsigned code, std::string_view reason) {
    if (!isOpen() || (code != 0 && !isSendableCloseCode(code)) || (code == 0 && !reason.empty())) return false;
    // Before anybody is told, who may want to send: nothing can be sent behind it.
    m_state = State::CloseSent;
    writeClose(code, reason);
    if (m_state == State::CloseSent) dropUnfinished();
    m_connection.touchClosingLimit();
    return true;
}

bool WebsocketProtocol::sendClosePayload(std::string_view payload) {
    const auto message = readClosePayload(payload);
    return message && isUtf8(message->reason) && close(message->code, message->reason);
}

void WebsocketProtocol::writeClose(unsigned code, std::string_view reason) {
    const std::string payload = closePayload(code, reason);
    tellSent(firstByteOf(Opcode::Close), payload, sendFrame(firstByteOf(Opcode::Close), payload));
}

}  // namespace meerkat::websocket
