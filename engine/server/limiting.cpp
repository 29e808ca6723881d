// The part of the server that says how much is enough: connections at the door, requests before they are looked at, and the pacer's rates.
#include "http/status.h"
#include "server/server.h"

namespace meerkat::server {

namespace {

// Nobody knows when a connection will be free: soon enough for a person, seldom enough for a program.
constexpr int kDoorRetrySeconds = 5;
constexpr int kTooManyOfYours = 429;
constexpr int kTooManyInAll = 503;
// A fatal internal_error (RFC 8446 section 6), which may come before everything else.
constexpr std::string_view kAlert("\x15\x03\x03\x00\x02\x02\x50", 7);

std::string retryField(int seconds) { return "Retry-After: " + std::to_string(seconds) + "\r\n"; }

std::string shortRefusal(int status, std::string_view dateLine) {
    std::string answer = "HTTP/1.1 " + std::to_string(status) + " ";
    answer.append(http::reasonPhrase(status)).append("\r\n").append(dateLine).append(retryField(kDoorRetrySeconds));
    return answer + "Content-Length: 0\r\nConnection: close\r\n\r\n";
}

}  // namespace

void Server::followLimits() {
    const Limits &limits = m_settings.limits;
    m_pacer.setRates(limits.connectionBytesPerSecond, limits.bytesPerSecond);
    m_loop->pacer = m_pacer.isLimiting() ? &m_pacer : nullptr;
    m_requestRates.setRate(limits.requestsPerSecondPerAddress);
    const bool countsHouseholds = limits.connectionsPerAddress != 0;
    if (countsHouseholds && !m_countsHouseholds) {
        for (const auto &connection : m_connections)
            if (connection->isCounted()) m_households.add(connection->peer());
    }
    if (!countsHouseholds) m_households.clear();
    m_countsHouseholds = countsHouseholds;
    placeGate();
}

// Requests pass by no gate where nobody would be held back.
void Server::placeGate() {
    http::RequestGate &gate = *this;
    m_service.gate = m_requestRates.isLimiting() || !m_turnedAway.isEmpty() ? &gate : nullptr;
}

// ---- the door ----

// 0: there is room for another.
int Server::refusalAtDoor(const os::Endpoint &peer) const {
    const Limits &limits = m_settings.limits;
    if (limits.connectionsPerAddress != 0 && m_households.of(peer) >= limits.connectionsPerAddress) return kTooManyOfYours;
    return limits.connections != 0 && m_letIn >= limits.connections ? kTooManyInAll : 0;
}

void Server::letIn(net::Connection &connection) {
    connection.setCounted(true);
    ++m_letIn;
    if (m_countsHouseholds) m_households.add(connection.peer());
}

void Server::turnAway(net::Connection &connection, int status) {
    m_turnedAway.add(connection, status, m_loop->nowMs());
    placeGate();
}

// Too many wait to be told already. Nothing is kept for it, so this is all it gets.
void Server::shutOut(os::SocketHandle socket, const os::Endpoint &peer, int status) {
    const bool isTls = m_identity.current() != nullptr;
    const std::string answer = isTls ? std::string(kAlert) : shortRefusal(status, m_service.dateLine());
    // What was asked is taken off the socket, since unread bytes would turn the closing into a reset that overtakes the answer.
    os::receive(socket, m_loop->scratch());
    const auto sent = os::sendBytes(socket, answer, false);
    os::shutdownWrite(socket);
    os::closeSocket(socket);
    if (isTls || !m_accessLog.isOpen()) return;
    http::AnswerRecord record;
    record.status = status;
    record.bytesSent = sent.state == os::IoState::Done ? sent.bytes : 0;
    record.isComplete = record.bytesSent == answer.size();
    m_accessLog.add(os::ipText(peer), {}, m_loop->wallSeconds(), record);
}

void Server::onConnectionClosed(net::Connection &connection) {
    m_closed.push_back(&connection);
    if (connection.isCounted()) {
        connection.setCounted(false);
        --m_letIn;
        if (m_countsHouseholds) m_households.remove(connection.peer());
    } else if (!m_turnedAway.isEmpty()) {
        m_turnedAway.remove(connection);
        placeGate();
    }
}

void Server::closeTurnedAway() {
    while (net::Connection *connection = m_turnedAway.firstDue(m_loop->nowMs())) connection->close();
}

// ---- the gate ----

http::RequestGate::Refusal Server::whyHeldBack(http::HttpProtocol &http) {
    if (const int status = m_turnedAway.statusOf(http.connection()); status != 0)
        return {status, retryField(kDoorRetrySeconds), true};
    const int seconds = m_requestRates.secondsToWait(http.connection().peer(), m_loop->nowUs());
    if (seconds == 0) return {};
    return {kTooManyOfYours, retryField(seconds), false};
}

void Server::onHeldBack(http::HttpProtocol &http, const http::RequestHead &head) {
    if (m_observer.on_observation) noteRequest(http, head);
}

}  // namespace meerkat::server
