// Station: what the server keeps for a connection beside its protocol. Made when first needed.
#pragma once

#include "http/handler.h"
#include "server/face.h"

#include <memory>
#include <string>

namespace meerkat::server {

// The latest request, for a window that shows connections.
struct RequestText {
    std::string method;
    std::string target;
};

class Program;

struct Visitor final : http::HandlerState {
    std::unique_ptr<Face> face;
    std::unique_ptr<RequestText> latest;
    Program *program = nullptr;

    static Visitor &of(http::HttpProtocol &http) {
        if (!http.handlerState) http.handlerState = std::make_unique<Visitor>();
        return static_cast<Visitor &>(*http.handlerState);
    }
    // Null if nothing was kept.
    static Visitor *find(const http::HttpProtocol &http) { return static_cast<Visitor *>(http.handlerState.get()); }
};

}  // namespace meerkat::server
