// Station: a connection as a program's handler sees it. From the protocol, to the handler, and back through the spool of its answer.
#pragma once

#include "access/authenticator.h"
#include "http/http_client.h"
#include "http/http_protocol.h"
#include "http/response_writer.h"
#include "mongoose.h"
#include "os/file.h"
#include "server/endpoints.h"
#include "websocket/websocket_protocol.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::server {

class Program;

// A file that the program answers with.
struct ChosenFile {
    std::string name;
    os::OpenOutcome opened;
};

// What lasts from a request's first event to the end of its answer.
struct FaceRequest {
    http::ResponseWriter writer{1, false, true};
    std::string texts;  // what the view's text fields point into
    std::vector<mg_header> headers;
    std::optional<ChosenFile> file;
};

// The latest request, for a window that shows connections.
struct RequestText {
    std::string method;
    std::string target;
};

// Who sent the request, as far as it was asked. Kept from one request to the next for its memory alone.
struct Login {
    std::uint64_t request = 0;   // which one of the connection
    std::string user;            // whose password was right
    std::string triedFor;        // whose was wrong
    access::AuthOutcome latest;  // of the list asked last
    int wrong = 0;               // lists that found the password wrong, until one did not
};

// What its connection speaks now.
enum class Role : std::uint8_t { Request, WebSocket, Client };

// The mg_connection of the contract with what the engine keeps beside it: the connection's ownerState. Made when first needed, gone after MG_CLOSE.
class Face final : public net::Disposable, public mg_connection {
  public:
    Face(Program &program, net::Connection &connection, void *serverParam);
    static Face &of(mg_connection &view) { return static_cast<Face &>(view); }
    static const Face &of(const mg_connection &view) { return static_cast<const Face &>(view); }
    // Null if nothing was kept for it.
    static Face *find(const net::Connection &connection) { return static_cast<Face *>(connection.ownerState.get()); }

    // Text fields from a request. `uri` is its cleaned path.
    void show(const http::RequestHead &head, std::string_view uri, std::string_view query, bool hasQuery, std::string_view body);
    // An answer without a request that could be parsed.
    void showNothing();
    void forgetRequest();

    // As new, for the request of the protocol.
    void prepareRequest();
    // Where it comes from and goes to.
    void noteEndpoints();
    // Role::Client: what was answered. `uri` is the status as text, as programs of old find it.
    void showReply(const http::ResponseHead &head, std::span<char> body);

    // From now on it is a WebSocket: of the request stays what names it, in one piece of memory as short as can be.
    void becomeWebsocket();
    // The same for one that we opened, with the fields of the answer.
    void becomeWebsocketTo(std::string_view target, const http::MessageHead &answer);
    // Role::WebSocket: the request that it began with, around each event. `headers` is room for them.
    void showOpening(std::vector<mg_header> &headers);
    void hideOpening();
    std::string_view openingPath() const { return opening.get(); }

    // Role::Client only.
    http::HttpClient &client() const { return static_cast<http::HttpClient &>(*connection.protocol()); }
    // Role::WebSocket only.
    websocket::WebsocketProtocol &websocket() const {
        return static_cast<websocket::WebsocketProtocol &>(*connection.protocol());
    }
    // Role::Request only.
    http::HttpProtocol &http() const { return static_cast<http::HttpProtocol &>(*connection.protocol()); }

    // There is a request whose answer the handler may put together.
    bool canAnswer() const { return role == Role::Request && request && connection.isOpen() && !isClosed; }

    Program &program;
    net::Connection &connection;
    std::unique_ptr<FaceRequest> request;
    std::unique_ptr<RequestText> latest;  // while an observer is set
    std::unique_ptr<Login> login;         // once a request came with credentials
    std::unique_ptr<char[]> opening;      // Role::WebSocket: path, query, then names and values, each with its '\0'
    Role role = Role::Request;
    EndpointKind endpoint = EndpointKind::None;  // Role::WebSocket: who takes its messages
    std::uint8_t openingFields = 0;
    bool hasOpeningQuery = false;
    bool isOutgoing = false;
    bool isAuthorised = false;  // MG_AUTH was answered for the request under way
    bool isAnswering = false;   // MG_MORE: the handler is called until it is done
    bool isInRequest = false;   // MG_REQUEST is under way
    bool isInEvent = false;     // what it sends is taken when the event returns
    bool isTouched = false;     // sent from elsewhere: taken at the end of the pass
    bool isClosed = false;      // MG_CLOSE is under way or over: nothing more is sent

  private:
    char *roomForTexts(const http::MessageHead &head, std::size_t others);
    void showHead(const http::MessageHead &head, char *at, const char *body, std::size_t bodyBytes);
    void keepOpening(const std::vector<std::string_view> &texts);
};

}  // namespace meerkat::server
