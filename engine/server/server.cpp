#include "server/server.h"

#include "dav/methods.h"
#include "files/folder_json.h"
#include "files/folder_page.h"
#include "http/status.h"
#include "os/memory.h"
#include "server/rewriting.h"
#include "websocket/handshake.h"

#include <algorithm>
#include <optional>

namespace meerkat::server {

namespace {

// How long a listener without descriptors waits before it tries again.
constexpr int kPausedListenerMs = 100;
// How far from the longest silent connection one is looked for that waits for nothing.
constexpr int kIdleCandidates = 64;

// How often it is looked for uploads that nobody goes on with.
constexpr std::int64_t kExpiryMs = 60'000;

// Fewer closed connections are not worth the work of giving their memory back.
constexpr std::size_t kManyConnections = 1000;
constexpr int kReturnMemoryMs = 100;

constexpr std::string_view kSpeaksTls =
    "Everything here is encrypted. Please write https:// in front of the address, not http://.";

const Clock &systemClock() {
    static const SystemClock clock;
    return clock;
}

}  // namespace

std::unique_ptr<Server> Server::create(void *serverParam) {
    os::prepareSockets();
    auto loop = net::EventLoop::create(systemClock());
    if (!loop) return nullptr;
    return std::unique_ptr<Server>(new Server(std::move(*loop), serverParam));
}

Server::Server(std::unique_ptr<net::EventLoop> loop, void *serverParam)
    : m_loop(std::move(loop)), m_guard(systemClock(), m_settings.guard), m_service(*this, *m_loop, systemClock()),
      m_scripts(*m_loop, m_settings.files, m_guard, m_settings.scripts, *this),
      m_files(*m_loop, m_settings.files, m_scripts, *this), m_dav(*this, systemClock()), m_pieces(systemClock()),
      m_leftovers(m_pieces, systemClock()), m_program(serverParam, *this), m_identity(systemClock()) {
    followSettings();
}

Server::~Server() {
    const Busy busy(*this);
    end();
    closeConnections(0);
    reap();
    m_accessLog.flush(m_loop->nowMs());
    m_hexdump.flush();
    m_loop->tap = nullptr;
}

// ---- one iteration ----

int Server::poll(int milliseconds) {
    if (isBusy()) return static_cast<int>(m_connections.size());
    const Busy busy(*this);
    // What was sent between two polls does not wait for the next thing to happen.
    m_program.flushTouched();
    const int limit = m_closed.empty() ? waitLimit(milliseconds) : 0;
    m_program.beginPass();
    m_loop->runOnce(limit);
    if (m_outgoing) m_outgoing->advance();
    if (m_dav.isBusy()) m_dav.advance();
    if (m_leftovers.isBusy()) m_leftovers.advance();
    if (!m_pieces.isEmpty() && m_settings.files.root) m_pieces.expire(*m_settings.files.root);
    m_scripts.advance();
    if (m_pacer.isAnybodyWaiting()) m_pacer.advance(m_loop->nowUs());
    expire(m_idle);
    expire(m_linger);
    if (!m_turnedAway.isEmpty()) closeTurnedAway();
    pollProgram();
    const bool isQuiet = m_closed.empty();
    reap();
    if (isQuiet && m_goneSinceReturn > kManyConnections) returnMemory();
    const bool isRested = m_listener && m_loop->nowMs() - m_listener->pausedMs() >= kPausedListenerMs;
    if (isRested || (m_listener && !isQuiet)) m_listener->resume();
    m_accessLog.flush(m_loop->nowMs());
    m_hexdump.flush();
    return static_cast<int>(m_connections.size());
}

int Server::waitLimit(int milliseconds) const {
    std::int64_t limit = milliseconds < 0 ? INT32_MAX : milliseconds;
    for (const auto *list : {&m_idle, &m_linger}) {
        const std::int64_t due = list->untilDueMs(m_loop->nowMs());
        if (due >= 0) limit = std::min(limit, due);
    }
    for (const std::int64_t due : {m_outgoing ? m_outgoing->untilDueMs() : -1, m_scripts.untilDueMs()})
        if (due >= 0) limit = std::min(limit, due);
    if (m_pacer.isAnybodyWaiting()) limit = std::min(limit, m_pacer.untilDueMs(m_loop->nowUs()));
    if (!m_turnedAway.isEmpty()) limit = std::min(limit, m_turnedAway.untilDueMs(m_loop->nowMs()));
    if (m_program.hasMoreNow() || m_dav.isBusy() || m_leftovers.isBusy()) limit = 0;
    if (!m_pieces.isEmpty()) limit = std::min<std::int64_t>(limit, kExpiryMs);
    if (m_listener && m_listener->isPaused()) limit = std::min<std::int64_t>(limit, kPausedListenerMs);
    if (m_goneSinceReturn > kManyConnections) limit = std::min<std::int64_t>(limit, kReturnMemoryMs);
    return limit == INT32_MAX ? -1 : static_cast<int>(limit);
}

void Server::expire(net::TimerList &list) {
    while (net::TimerNode *node = list.takeDue(m_loop->nowMs())) static_cast<net::Connection *>(node)->onLimitDue();
}

void Server::pollProgram() {
    m_program.flushTouched();
    if (!m_program.isPresent()) return m_program.endAnswers();
    if (m_program.wants(MG_POLL)) {
        // Nothing is accepted or reaped meanwhile, so the places stay.
        for (std::size_t i = 0; i < m_connections.size(); ++i) m_program.poll(*m_connections[i]);
    } else {
        const auto answering = m_program.answering();
        for (Face *face : answering) m_program.poll(face->connection);
    }
    m_program.flushTouched();
}

void Server::reap() {
    // An MG_CLOSE handler may close others, and send to others, which may fail.
    do {
        const auto closed = std::exchange(m_closed, {});
        for (net::Connection *connection : closed) {
            connection->protocol()->onClosed();
            ++m_goneSinceReturn;
            m_goneRequests += connection->protocol()->status().requests;
            m_goneReceived += connection->bytesReceived();
            m_goneSent += connection->bytesSent();
            const std::size_t place = connection->placeInList;
            m_loop->dispose(std::move(m_connections[place]));
            if (place + 1 < m_connections.size()) {
                m_connections[place] = std::move(m_connections.back());
                m_connections[place]->placeInList = place;
            }
            m_connections.pop_back();
        }
        m_program.flushTouched();
    } while (!m_closed.empty());
    m_loop->finishPass();
}

// After a crowd has left, in the first pass in which nobody else does, what it used goes back to the system.
void Server::returnMemory() {
    m_goneSinceReturn = 0;
    m_connections.shrink_to_fit();
    os::releaseFreeMemory();
}

// ---- connections ----

void Server::onAccepted(os::SocketHandle socket, const os::Endpoint &peer) {
    if (!m_settings.admitted.admits(peer)) return os::closeSocket(socket);
    const int refusal = refusalAtDoor(peer);
    if (refusal != 0 && m_turnedAway.isFull()) return shutOut(socket, peer, refusal);
    ++m_accepted;
    net::Connection &connection = keepConnection(socket, peer);
    refusal == 0 ? letIn(connection) : turnAway(connection, refusal);
    connection.prepare(std::make_unique<http::HttpProtocol>(m_service, connection));
    if (m_observer.on_observation) observe(MG_OBSERVED_OPENED, connection);
    welcome(connection);
}

net::Connection &Server::keepConnection(os::SocketHandle socket, const os::Endpoint &peer) {
    net::ConnectionOwner &owner = *this;
    m_connections.push_back(std::make_unique<net::Connection>(*m_loop, owner, socket, peer, ++m_latestId));
    m_connections.back()->placeInList = m_connections.size() - 1;
    return *m_connections.back();
}

bool Server::freeDescriptor() {
    int candidates = kIdleCandidates;
    for (net::TimerNode *node = m_idle.first(); node && candidates > 0; node = m_idle.after(*node), --candidates) {
        auto &connection = *static_cast<net::Connection *>(node);
        // Only a client between two requests expects that: a WebSocket or a connection of ours waits for something.
        const Face *face = Face::find(connection);
        if (face && face->role != Role::Request) continue;
        if (connection.protocol()->status().activity != net::Activity::Idle || connection.bytesWaiting() > 0) continue;
        connection.close();
        return true;
    }
    return false;
}

int Server::closeConnections(std::uint64_t id) {
    int count = 0;
    for (const auto &connection : m_connections) {
        if (id != 0 && connection->id() != id) continue;
        if (!connection->isOpen() && !connection->isAwaited()) continue;
        connection->close();
        ++count;
    }
    // Otherwise the iteration under way does it.
    if (isBusy()) return count;
    const Busy busy(*this);
    reap();
    return count;
}

void Server::end() {
    m_program.end();
    closeListener();
    // The answer under way still goes out as far as the socket takes it at once.
    for (const auto &connection : m_connections) {
        const Face *face = Face::find(*connection);
        if (!face || !face->isInEvent) connection->close();
    }
}

// ---- requests ----

http::BodyDecision Server::onBodyAnnounced(http::HttpProtocol &http, const http::RequestHead &head) {
    if (m_program.isEnding()) http.connection().close();
    if (http.connection().isPlainOnTls()) {
        redirectToTls(http, head);
        return {};
    }
    if (!m_program.isPresent()) return placeForBody(http, head);
    // A client without a password is not asked to send its whole body first.
    const bool isAuthorised = m_program.authorises(http, head);
    if (!isAuthorised) askForPassword(http);
    m_program.awaitBody(http);
    if (!isAuthorised) return {};
    const bool isForMemory = head.contentLength <= m_settings.maxRequestBodyBytes && m_program.wants(MG_REQUEST);
    const bool isUpload = isForDisk(head) || isForm(head);
    const bool isStreamed = !isForMemory && (isUpload || leadsToScript(head));
    if (isStreamed) return onBodyOverflow(http, head);
    return {http::BodyPlan::Buffer, m_settings.maxRequestBodyBytes, {}, isUpload};
}

// Where the engine alone answers.
http::BodyDecision Server::placeForBody(http::HttpProtocol &http, const http::RequestHead &head) {
    if (isForDisk(head)) return beginUpload(http, head);
    if (isForm(head) && !leadsToScript(head)) return beginForm(http, head);
    return isForScripts(head) ? beginScript(http, head) : bodyForDav(http, head);
}

void Server::onRequest(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) {
    if (m_program.isEnding()) return http.connection().close();
    if (m_observer.on_observation) noteRequest(http, head);
    if (http.connection().isPlainOnTls()) return redirectToTls(http, head);
    if (http::BodySink *sink = http.bodySink()) return sink->finish(http);
    if (!m_program.isPresent()) return serve(http, head, body);
    // Who asks for a WebSocket where nobody takes messages gets a plain answer, as RFC 9110 section 7.8 allows.
    if (m_program.wants(MG_REQUEST) && websocket::asksForWebsocket(head)) return upgrade(http, head);
    if (!isDeclined(http, head, body)) return;
    serve(http, head, body);
    m_program.endRequest(http);
}

// Nobody has answered after the program had its MG_REQUEST.
bool Server::isDeclined(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) {
    switch (m_program.onRequest(http, head, body)) {
    case Program::Verdict::Answered:
        return false;
    case Program::Verdict::BadTarget:
        http.refuse(400);
        break;
    case Program::Verdict::Unauthorised:
        askForPassword(http);
        break;
    case Program::Verdict::Declined:
        return true;
    case Program::Verdict::File:
        sendChosen(http, head);
        break;
    }
    m_program.endRequest(http);
    return false;
}

void Server::sendChosen(http::HttpProtocol &http, const http::RequestHead &head) {
    ChosenFile file = m_program.takeFile(http);
    m_files.sendOpened(http, head, file.name, std::move(file.opened));
}

// The engine's own answer.
void Server::serve(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) {
    std::optional<Serving> serving;
    const bool hasLines = m_program.isPresent() && !m_program.linesFor(http).empty();
    if ((m_hasRules || hasLines) && !serving.emplace(*this, head).begin(http)) return;
    if (!letsPass(http, head)) return;
    if (!m_settings.endpoints.isEmpty() && openEndpoint(http, head)) return;
    if (runScript(http, head, body)) return;
    if (head.method == http::Method::Options) return sendOptions(http);
    if ((access::changesFiles(head.methodName) || isForm(head)) && !isOfThisSite(http, head)) return;
    if (head.method == http::Method::Put && takesFiles()) return upload(http, head, body);
    if (isForm(head)) return serveForm(http, head, body);
    if (isGivingUp(head)) return giveUpPiece(http, head);
    if (dav::isDavMethod(head)) return serveDav(http, head, body);
    if (!holdsIf(http, head)) return;
    m_files.serve(http, head);
}

void Server::onRefused(http::HttpProtocol &http, int status, std::string_view fields) {
    if (isAnsweredByProgram(http, status) || !http.connection().isOpen() || isSentOn(http, status)) return;
    const http::RequestHead *head = http.head();
    if (head && files::prefersJson(head->find("Accept").value_or("")))
        return http.sendWhole(status, "Content-Type: application/json\r\n" + std::string(fields),
                              files::errorJson(status, m_sentence));
    std::string all =
        "Content-Type: text/html; charset=utf-8\r\nContent-Security-Policy: " + std::string(files::pagePolicy()) + "\r\n";
    all.append(fields);
    const std::string_view sentence = status == 400 && http.connection().isPlainOnTls() ? kSpeaksTls : m_sentence;
    http.sendWhole(status, all, files::errorPage(status, http::reasonPhrase(status), sentence, head && isForm(*head)));
}

void Server::gone(net::Connection &connection) {
    m_program.onClosed(connection);
    const Face *face = Face::find(connection);
    const bool isWebsocket = face && face->role == Role::WebSocket;
    if (isWebsocket && face->endpoint == EndpointKind::Broadcast) m_rooms.leave(face->openingPath(), connection);
    if (!m_observer.on_observation || (face && face->isOutgoing)) return;
    observe(MG_OBSERVED_CLOSED, connection, "", isWebsocket ? face->websocket().peerCloseCode() : 0);
}

void Server::iterate(mg_handler_t func, void *param) {
    for (std::size_t i = 0; i < m_connections.size(); ++i) m_program.visit(*m_connections[i], func, param);
    m_program.endVisits();
    if (isBusy()) return;
    const Busy busy(*this);
    m_program.flushTouched();
    reap();
}

mg_connection *Server::next(const mg_connection *after) {
    // Another server's connection has no place here.
    if (after && &Face::of(*after).program != &m_program) return nullptr;
    std::size_t place = after ? Face::of(*after).connection.placeInList + 1 : 0;
    while (place < m_connections.size() && !m_connections[place]->isOpen()) ++place;
    return place < m_connections.size() ? &m_program.faceOf(*m_connections[place]) : nullptr;
}

mg_connection *Server::find(std::uint64_t id) {
    const auto found = std::find_if(m_connections.begin(), m_connections.end(),
                                    [&](const auto &connection) { return connection->id() == id && connection->isOpen(); });
    return found == m_connections.end() ? nullptr : &m_program.faceOf(**found);
}

}  // namespace meerkat::server
