#include "support/scripted_peer.h"

#include "engine/os/loopback_pair.h"

#include <QDeadlineTimer>

namespace meerkat::test {

namespace {

constexpr int kDeadlineMs = 20000;
constexpr int kQuietPolls = 10;
// A blocking socket that says it is writable takes so much at once.
constexpr qsizetype kPiece = 16 * 1024;

}  // namespace

QByteArray Answer::field(const QByteArray &name) const {
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).compare(name, Qt::CaseInsensitive) == 0) return line.mid(colon + 1).trimmed();
    }
    return {};
}

ScriptedPeer::ScriptedPeer(TestServer &server, int receiveBuffer) : m_server(server) {
    os::NativeAddress address = os::toNative(os::loopback(server.port()));
    const auto made = ::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    m_socket = static_cast<os::SocketHandle>(made);
    if (receiveBuffer)
        setsockopt(made, SOL_SOCKET, SO_RCVBUF, reinterpret_cast<const char *>(&receiveBuffer), sizeof receiveBuffer);
    if (connect(made, address.pointer(), address.bytes) != 0) qFatal("the server under test does not listen");
}

ScriptedPeer &ScriptedPeer::send(const QByteArray &bytes) {
    QDeadlineTimer deadline(kDeadlineMs);
    qsizetype sent = 0;
    while (sent < bytes.size() && !deadline.hasExpired()) {
        m_server.poll();
        if (!os::waitFor(m_socket, POLLOUT, 0)) {
            fill();
            continue;
        }
        const auto piece = static_cast<std::size_t>(qMin(kPiece, bytes.size() - sent));
        const auto outcome = os::sendBytes(m_socket, {bytes.constData() + sent, piece}, false);
        if (outcome.state != os::IoState::Done) break;
        sent += static_cast<qsizetype>(outcome.bytes);
    }
    m_server.poll();
    return *this;
}

void ScriptedPeer::sendUnseen(const QByteArray &bytes) {
    const auto outcome = os::sendBytes(m_socket, {bytes.constData(), static_cast<std::size_t>(bytes.size())}, false);
    if (outcome.state != os::IoState::Done || static_cast<qsizetype>(outcome.bytes) != bytes.size()) qFatal("not sent at once");
}

void ScriptedPeer::halfClose() { os::shutdownWrite(m_socket); }

void ScriptedPeer::close() {
    if (m_socket != os::kNoSocket) os::closeSocket(std::exchange(m_socket, os::kNoSocket));
}

void ScriptedPeer::reset() {
    if (m_socket != os::kNoSocket) os::resetSocket(std::exchange(m_socket, os::kNoSocket));
}

bool ScriptedPeer::hasBytesWaiting() const { return os::waitFor(m_socket, POLLIN, 0); }

quint16 ScriptedPeer::port() const { return os::localEndpoint(m_socket).port; }

// True if something came.
bool ScriptedPeer::fill() {
    static std::string part(256 * 1024, '\0');
    if (m_isClosed || !os::waitFor(m_socket, POLLIN, 0)) return false;
    const auto outcome = os::receive(m_socket, part);
    m_isClosed = outcome.state == os::IoState::Closed || outcome.state == os::IoState::Failed;
    if (outcome.state != os::IoState::Done) return m_isClosed;
    m_received.append(part.data(), static_cast<qsizetype>(outcome.bytes));
    return true;
}

bool ScriptedPeer::fillUntil(const std::function<bool()> &condition) {
    QDeadlineTimer deadline(kDeadlineMs);
    while (!condition() && !m_isClosed && !deadline.hasExpired()) {
        m_server.poll(fill() ? 0 : 1);
    }
    return condition();
}

QByteArray ScriptedPeer::take(qsizetype bytes) {
    const QByteArray taken = m_received.left(bytes);
    m_received.remove(0, taken.size());
    return taken;
}

QByteArray ScriptedPeer::read(qsizetype bytes) {
    fillUntil([&] { return m_received.size() >= bytes; });
    return take(bytes);
}

QByteArray ScriptedPeer::readToEnd() {
    fillUntil([&] { return m_isClosed; });
    return std::exchange(m_received, {});
}

QByteArray ScriptedPeer::readSome() {
    fillUntil([&] { return !m_received.isEmpty(); });
    return std::exchange(m_received, {});
}

bool ScriptedPeer::waitUntilClosed() {
    return fillUntil([&] { return m_isClosed; });
}

QByteArray ScriptedPeer::readUntilQuiet() {
    for (int quiet = 0; quiet < kQuietPolls && !m_isClosed;) {
        m_server.poll(1);
        quiet = fill() ? 0 : quiet + 1;
    }
    return std::exchange(m_received, {});
}

QByteArray ScriptedPeer::readChunks() {
    QByteArray body;
    while (fillUntil([&] { return m_received.contains("\r\n"); })) {
        const qsizetype lineEnd = m_received.indexOf("\r\n");
        const qsizetype size = take(lineEnd + 2).trimmed().toLongLong(nullptr, 16);
        body += read(size);
        read(2);
        if (size == 0) break;
    }
    return body;
}

Answer ScriptedPeer::readAnswer(bool toHead) {
    Answer answer;
    if (!fillUntil([&] { return m_received.contains("\r\n\r\n"); })) return answer;
    answer.head = take(m_received.indexOf("\r\n\r\n") + 4);
    answer.status = answer.head.mid(9, 3).toInt();
    if (toHead || answer.status < 200 || answer.status == 204 || answer.status == 304) return answer;
    if (answer.field("Transfer-Encoding") == "chunked")
        answer.body = readChunks();
    else if (!answer.field("Content-Length").isNull())
        answer.body = read(answer.field("Content-Length").toLongLong());
    else
        answer.body = readToEnd();
    return answer;
}

Answer ask(TestServer &server, const QByteArray &request) {
    ScriptedPeer peer(server);
    return peer.send(request).readAnswer(request.startsWith("HEAD "));
}

}  // namespace meerkat::test
