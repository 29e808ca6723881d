// Station: HTTP -> WebSocket. From http's request head, to whoever makes a websocket_protocol; and the same for the client's side.
// RFC 6455 section 4, RFC 7692 section 5. Thread: any; pure but for the random key.
#pragma once

#include "base/result.h"
#include "http/request_parser.h"
#include "websocket/deflate.h"

#include <span>
#include <string>
#include <string_view>

namespace meerkat::websocket {

// ---- the server's side ----

// The request wants to become a WebSocket: Connection and Upgrade say so. What else is right or wrong, answerHandshake tells.
bool asksForWebsocket(const http::RequestHead &head);

struct HandshakeSettings {
    std::string_view subprotocols;  // comma list of those the server knows
    bool allowsDeflate = true;
    std::string_view extraFields;  // complete lines for the answer
};

struct HandshakeOutcome {
    int refusalStatus = 0;           // 0: accepted. 400, 405 or 426
    std::string_view refusalFields;  // complete lines that belong to the refusal
    std::string answer;              // the whole head of the 101 answer
    std::string_view subprotocol;    // the first of the client's that the server knows; empty if none. Points into the request
    DeflateTerms deflate;
};
HandshakeOutcome answerHandshake(const http::RequestHead &head, const HandshakeSettings &settings);

// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
std::string acceptKey(std::string_view key);

// ---- the client's side ----

struct ClientHandshake {
    std::string host;          // with its port where that is not the scheme's own
    std::string target;        // begins with '/'
    std::string subprotocols;  // comma list that is offered; may be empty
    std::string extraFields;   // complete lines
    bool offersDeflate = true;
    std::string key;  // made by requestHead
};
// The whole request head; makes a new key. A failure if a part would break out of its place in the head (injection), or randomness is not to be had.
Result<std::string> requestHead(ClientHandshake &handshake);

struct AnswerTerms {
    std::string subprotocol;  // the one that the server chose; may be empty
    DeflateTerms deflate;
};
// Checks an answer's status and fields. The failure says what is wrong; the connection is to be closed then.
Result<AnswerTerms> checkAnswer(const ClientHandshake &handshake, int status, std::span<const http::HeaderField> fields);

}  // namespace meerkat::websocket
