// Station: the program's event handler. From server when a request is whole or a pass ends, to the handler, and its answers back to http_protocol.
// Keeps the order that the contract promises: MG_AUTH once, MG_REQUEST once, MG_POLL while the answer goes on, MG_CLOSE once.
#pragma once

#include "server/face.h"

#include <cstdio>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace meerkat::server {

// Who knows realm and nonces: the server.
class PasswordChecker {
  public:
    virtual ~PasswordChecker() = default;
    // mg_authorize_digest: whether the credentials of the connection's request are those of a line of the file.
    virtual bool isAuthorised(Face &face, std::FILE *file) = 0;
};

class Program {
  public:
    Program(void *serverParam, PasswordChecker &checker) : passwordChecker(checker), m_serverParam(serverParam) {}

    PasswordChecker &passwordChecker;
    mg_server *handle = nullptr;  // the server, as the program knows it

    void setHandler(mg_handler_t handler) { m_handler = handler; }
    void setMask(unsigned int mask) { m_mask = mask; }
    bool isPresent() const { return m_handler != nullptr; }
    bool wants(mg_event event) const { return m_handler && (m_mask & MG_EVENT_BIT(event)) && (!m_isEnding || isOfEnding(event)); }
    // Its server is about to be destroyed: it hears of nothing but that.
    void end() { m_isEnding = true; }
    bool isEnding() const { return m_isEnding; }
    // A handler is on the stack: nothing may be destroyed.
    bool isInEvent() const { return m_depth > 0; }

    enum class Verdict { Declined, Unauthorised, BadTarget, Answered, File };
    // MG_AUTH for a request whose body is still to come. False: refused.
    bool authorises(http::HttpProtocol &http, const http::RequestHead &head);
    // The body is being read: the request is not shown meanwhile.
    void awaitBody(http::HttpProtocol &http);
    Verdict onRequest(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body);
    // MG_AUTH of a request for a WebSocket. Declined: nothing stands in its way.
    Verdict onUpgrade(http::HttpProtocol &http, const http::RequestHead &head);
    // What the handler wants in the answer's head, as complete lines.
    std::string upgradeFields(http::HttpProtocol &http);
    void beginWebsocket(http::HttpProtocol &http);
    // One that is not the program's. False: the target has no path.
    bool beginEndpoint(http::HttpProtocol &http, const http::RequestHead &head, EndpointKind kind);
    // MG_REQUEST for each message. False: the connection is to be closed.
    bool onMessage(websocket::WebsocketProtocol &websocket, std::uint8_t bits, std::span<char> payload);

    // MG_CONNECT with 0 or an errno. False: the handler wants the connection to end.
    // `why`: in words, where there is more to say than the errno does.
    bool onConnected(Face &face, int error, std::string_view why = {});
    // MG_REPLY. False as above.
    bool onReply(Face &face, const http::ResponseHead &head, std::span<char> body);

    // Verdict::File: what the handler chose.
    // Header lines from MG_AUTH for an answer of the engine's own; good until the request ends.
    std::string_view linesFor(http::HttpProtocol &http) const;
    ChosenFile takeFile(http::HttpProtocol &http);
    // MG_HTTP_ERROR. True: the handler has answered.
    bool onError(http::HttpProtocol &http, int status);
    // The engine has answered in the program's stead: the request is not shown any longer.
    void endRequest(http::HttpProtocol &http);
    void onClosed(net::Connection &connection);

    // MG_POLL to one connection.
    void poll(net::Connection &connection);
    // Connections whose answer goes on: they are polled whatever the mask says.
    const std::vector<Face *> &answering() const { return m_answering; }
    // Nobody is left to go on with them.
    void endAnswers();
    // A handler produced bytes that the socket took: it may have more at once.
    bool hasMoreNow() const { return m_hasMoreNow; }
    void beginPass() { m_hasMoreNow = false; }
    // Sends what was spooled from outside of a connection's own event.
    void flushTouched();
    // Something was sent on it: it goes out with the event under way, or at the end of the pass.
    void touch(Face &face);

    // For mg_iterate_over_connections.
    void visit(net::Connection &connection, mg_handler_t func, void *param);
    void endVisits() { m_shared = {}; }

    // One request's memory serves the next: an answer made at once allocates nothing.
    std::unique_ptr<FaceRequest> takeSpare() { return m_spare ? std::move(m_spare) : std::make_unique<FaceRequest>(); }
    void keepSpare(std::unique_ptr<FaceRequest> request);
    // The connection's face; made if there is none.
    Face &faceOf(net::Connection &connection);

    // ---- the sending side of the C interface ----
    int sendStatus(Face &face, int status);
    int sendHeader(Face &face, std::string_view name, std::string_view value);
    int sendData(Face &face, std::string_view bytes);
    int sendRaw(Face &face, std::string_view bytes);
    // Within MG_REQUEST, nothing being sent yet. False: there is no such regular file, or it is too late.
    bool sendFile(Face &face, std::string_view path);
    // One WebSocket frame; returns its payload's bytes and at least 1, or 0 if none was taken.
    int sendFrame(Face &face, int opcode, std::string_view payload, bool isFinal);

  private:
    static bool isOfEnding(mg_event event) { return event == MG_CONNECT || event == MG_CLOSE; }
    bool show(Face &face, const http::RequestHead &head, std::string_view body);
    int call(Face &face, mg_event event);
    bool askAuthorised(Face &face);
    void finish(Face &face, bool isPolled);
    void goOn(Face &face);
    void stopAnswering(Face &face);
    void endForTruePoll(Face &face);
    std::size_t pump(Face &face);

    // The message of the visits under way: one that goes to many is made once.
    struct SharedMessage {
        const char *data = nullptr;
        std::size_t size = 0;
        std::optional<websocket::PreparedFrame> frame;
    };

    bool sendShared(Face &face, websocket::Opcode opcode, std::string_view payload);
    std::vector<mg_header> &roomForHeaders();

    void *m_serverParam;
    mg_handler_t m_handler = nullptr;
    unsigned int m_mask = MG_ALL_EVENTS;
    int m_depth = 0;
    int m_visits = 0;
    bool m_isSharing = false;  // m_shared is being sent
    bool m_hasMoreNow = false;
    bool m_isEnding = false;
    SharedMessage m_shared;
    std::deque<std::vector<mg_header>> m_headerRooms;  // one for each event within another
    std::unique_ptr<FaceRequest> m_spare;
    std::vector<Face *> m_answering;
    std::vector<Face *> m_touched;
};

}  // namespace meerkat::server
