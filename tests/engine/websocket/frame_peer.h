// Station: tests of websocket_protocol. The other end of a connection that speaks WebSocket from its first byte: says and reads frames, and
// drives the host meanwhile.
#pragma once

#include "engine/os/loopback_pair.h"
#include "support/websocket_host.h"

#include <QByteArray>
#include <QDeadlineTimer>

#include <array>
#include <cstdint>

namespace meerkat::test {

inline std::string_view toView(const QByteArray &bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }
inline QByteArray toBytes(std::string_view text) { return {text.data(), static_cast<qsizetype>(text.size())}; }
inline QByteArray copyOf(std::span<const char> bytes) { return {bytes.data(), static_cast<qsizetype>(bytes.size())}; }

// A frame as a client sends it, or, unmasked, as a server does.
inline QByteArray frameBytes(std::uint8_t bits, const QByteArray &payload, bool isMasked = true) {
    const websocket::Mask mask{'\x37', '\xfa', '\x21', '\x3d'};
    std::array<char, websocket::kMaxFrameHeadBytes> head;
    const auto headBytes =
        websocket::writeFrameHead(head, bits, static_cast<std::uint64_t>(payload.size()), isMasked ? &mask : nullptr);
    QByteArray body = payload;
    if (isMasked) websocket::applyMask({body.data(), static_cast<std::size_t>(body.size())}, mask);
    return QByteArray(head.data(), static_cast<qsizetype>(headBytes)) + body;
}

inline QByteArray closePayload(int code, const QByteArray &reason = {}) {
    return QByteArray(1, static_cast<char>(code >> 8)) + QByteArray(1, static_cast<char>(code & 0xff)) + reason;
}

struct Frame {
    int bits = -1;  // -1: there was none
    QByteArray payload;
    bool operator==(const Frame &) const = default;
};

class FramePeer {
  public:
    // The engine takes the other end.
    explicit FramePeer(WebsocketHost &host, const websocket::WebsocketTerms &terms = {}) : m_host(host), m_terms(terms) {
        auto pair = os::newPair();
        m_socket = std::move(pair.client);
        websocket = &host.adopt(pair.server.release(), terms);
    }

    FramePeer &sendRaw(const QByteArray &bytes) {
        qsizetype sent = 0;
        QDeadlineTimer deadline(20000);
        while (sent < bytes.size() && !deadline.hasExpired()) {
            m_host.poll();
            if (!os::waitFor(m_socket, POLLOUT, 0)) continue;
            const auto piece = static_cast<std::size_t>(qMin<qsizetype>(16 * 1024, bytes.size() - sent));
            const auto outcome = os::sendBytes(m_socket, {bytes.constData() + sent, piece}, false);
            if (outcome.state != os::IoState::Done) break;
            sent += static_cast<qsizetype>(outcome.bytes);
        }
        m_host.poll();
        return *this;
    }
    FramePeer &send(int bits, const QByteArray &payload = {}) {
        return sendRaw(frameBytes(static_cast<std::uint8_t>(bits), payload, m_terms.role == websocket::Role::Server));
    }
    // Compressed frames are returned as they came.
    Frame read() {
        websocket::FrameHead head;
        const auto receiver = m_terms.role == websocket::Role::Server ? websocket::Role::Client : websocket::Role::Server;
        const auto isWhole = [&] {
            const auto state = websocket::parseFrameHead(toView(m_received), receiver, m_terms.deflate.isAgreed, head);
            if (state == websocket::FrameState::Refused) qFatal("the engine sent a malformed frame");
            return state == websocket::FrameState::Complete &&
                   static_cast<std::uint64_t>(m_received.size()) >= head.headBytes + head.payloadBytes;
        };
        if (!fillUntil(isWhole)) return {};
        QByteArray payload = m_received.mid(head.headBytes, static_cast<qsizetype>(head.payloadBytes));
        websocket::applyMask({payload.data(), static_cast<std::size_t>(payload.size())}, head.mask);
        m_received.remove(0, head.headBytes + static_cast<qsizetype>(head.payloadBytes));
        return {head.bits, payload};
    }
    // True if the engine closed its end and nothing but that came.
    bool readsEnd() {
        fillUntil([] { return false; });
        return m_isEnded && m_received.isEmpty();
    }
    void halfClose() { os::shutdownWrite(m_socket); }
    void close() { m_socket.close(); }
    os::SocketHandle socket() const { return m_socket; }

    // Of the engine's end; null once it is gone.
    websocket::WebsocketProtocol *websocket = nullptr;

  private:
    template <class Condition>
    bool fillUntil(Condition condition) {
        QDeadlineTimer deadline(20000);
        std::array<char, 65536> part;
        while (!condition() && !m_isEnded && !deadline.hasExpired()) {
            m_host.poll();
            if (!os::waitFor(m_socket, POLLIN, 1)) continue;
            const auto outcome = os::receive(m_socket, part);
            m_isEnded = outcome.state == os::IoState::Closed || outcome.state == os::IoState::Failed;
            if (outcome.state == os::IoState::Done) m_received.append(part.data(), static_cast<qsizetype>(outcome.bytes));
        }
        return condition();
    }

    WebsocketHost &m_host;
    websocket::WebsocketTerms m_terms;
    os::OwnedSocket m_socket;
    QByteArray m_received;
    bool m_isEnded = false;
};

}  // namespace meerkat::test
