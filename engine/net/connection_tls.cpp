// The part of a connection that is there only over TLS.
#include "net/connection.h"

namespace meerkat::net {

namespace {

// Bytes of a file that one connection may write in one pass: as many as are encrypted for one write.
constexpr std::uint64_t kFileBudget = TlsBuffers::kPieceBytes;

}  // namespace

void Connection::beginTls(std::unique_ptr<TlsStream> tls, std::unique_ptr<Protocol> protocol) {
    prepare(std::move(protocol));
    beginTls(std::move(tls));
}

void Connection::beginTls(std::unique_ptr<TlsStream> tls) {
    if (!isOpen()) return;
    m_tls = std::move(tls);
    if (!m_tls) return close();
    touchLimit();
    if (m_tls->isClient() && !m_tls->start(m_socket)) {
        onHandshakeFailed();
        return settle();
    }
    readOnce();
}

void Connection::attachTls(os::SocketHandle socket, const os::Endpoint &peer, std::unique_ptr<TlsStream> tls) {
    attach(socket, peer);
    m_tls = std::move(tls);
    if (!m_tls) return close();
    if (!m_tls->start(m_socket)) onHandshakeFailed();
    settle();
}

os::IoOutcome Connection::receiveSecured(std::span<char> plain) {
    const bool wasShaking = isShaking();
    const auto received = m_tls->receive(m_socket, plain);
    if (wasShaking && m_tls->isReady()) {
        m_inCallback = true;
        m_protocol->onSecured();
        m_inCallback = false;
        if (!isOpen()) return {os::IoState::WouldBlock};
    }
    switch (received.arrival) {
    case TlsStream::Arrival::Nothing:
        return {os::IoState::WouldBlock};
    case TlsStream::Arrival::Bytes:
        return {os::IoState::Done, received.bytes};
    case TlsStream::Arrival::Ended:
        return {os::IoState::Closed};
    case TlsStream::Arrival::NotTls:
        m_isPlainOnTls = true;
        m_tls.reset();
        // It was meant for a client whom nobody overhears.
        m_output.reset();
        return {os::IoState::Done, received.bytes};
    case TlsStream::Arrival::Failed:
        break;
    }
    if (!isShaking()) return {os::IoState::Failed};
    onHandshakeFailed();
    return {os::IoState::WouldBlock};
}

// The alert that says why must not be overtaken by a reset.
void Connection::onHandshakeFailed() {
    m_inCallback = true;
    m_protocol->onSecureFailure(m_tls->failure());
    m_inCallback = false;
    m_output.reset();
    if (m_loop.batch().owner == this) m_loop.batch().clear();
    if (isOpen() && !m_isLingering) {
        m_lingerAfterDrain = !m_tls->isClient() && !m_tls->wasCut();
        finishClosing();
    }
}

void Connection::takeVerdict() {
    const auto outcome = receiveSecured({});
    if (outcome.state == os::IoState::Closed) return endInput();
    if (outcome.state == os::IoState::Failed) close();
}

// ---- writing ----

void Connection::writeBatchSecured(bool more) {
    BatchWriter &batch = m_loop.batch();
    TlsStream::Sent sent;
    if (m_tls->isReady() && !m_tls->hasUnsent()) sent = m_tls->send(m_socket, batch.slices(), more, m_closeWhenDrained && !more);
    m_bytesSent += sent.plain;
    if (m_turn) payFor(sent.taken);
    if (m_loop.tap) tapSlices(batch.slices(), sent.taken);
    if (sent.state == os::IoState::Failed || sent.state == os::IoState::Closed) return onWriteFailed();
    if (sent.taken < batch.bytes()) queueRest(batch.slices(), static_cast<std::size_t>(sent.taken));
    // What is encrypted but not sent keeps the protocol waiting like any other.
    if (m_tls->hasUnsent()) queue();
    batch.clear();
}

// What is encrypted is as good as sent: it is paid for once.
os::IoState Connection::encryptQueue(std::uint64_t &written) {
    const std::uint64_t waiting = m_output->waiting();
    const std::uint64_t allowed = allowance(waiting);
    if (allowed == 0) return os::IoState::Done;
    const os::IoState state = m_output->writeSecured(*m_tls, m_socket, {allowed, kFileBudget}, written);
    if (m_turn) payFor(waiting - m_output->waiting());
    return state;
}

void Connection::writeQueueSecured() {
    auto sent = m_tls->flush(m_socket, m_output && !m_output->isEmpty());
    if (sent.state == os::IoState::Done && m_output && m_tls->isReady()) sent.state = encryptQueue(sent.plain);
    m_bytesSent += sent.plain;
    if (sent.plain && isLinked()) touchLimit();
    if (sent.state == os::IoState::Failed || sent.state == os::IoState::Closed) onWriteFailed();
}

}  // namespace meerkat::net
