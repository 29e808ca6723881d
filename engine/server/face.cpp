#include "server/face.h"

#include "base/text.h"
#include "server/program.h"

#include <algorithm>
#include <cstring>

namespace meerkat::server {

namespace {

void copyIp(char (&out)[48], const os::Endpoint &endpoint) {
    const std::string text = os::ipText(endpoint);
    const std::size_t length = std::min(text.size(), sizeof out - 1);
    std::memcpy(out, text.data(), length);
    out[length] = '\0';
}

// Puts the text there with a '\0', and moves on behind it.
const char *keep(char *&at, std::string_view text) {
    char *const begin = at;
    at = std::copy(text.begin(), text.end(), begin);
    *at++ = '\0';
    return begin;
}

}  // namespace

Face::Face(Program &itsProgram, net::Connection &itsConnection, void *serverParam)
    : mg_connection{}, program(itsProgram), connection(itsConnection) {
    server_param = serverParam;
    noteEndpoints();
}

void Face::noteEndpoints() {
    copyIp(remote_ip, connection.peer());
    remote_port = connection.peer().port;
    const os::Endpoint local = connection.local();
    copyIp(local_ip, local);
    local_port = local.port;
}

void Face::prepareRequest() {
    if (!request) request = program.takeSpare();
    request->file.reset();
}

void Face::show(const http::RequestHead &head, std::string_view cleanUri, std::string_view query, bool hasQuery,
                std::string_view body) {
    prepareRequest();
    request->writer.reset(http().minorVersion(), http().isHeadRequest(), http().keepsAlive());
    const std::size_t named = head.methodName.size() + cleanUri.size() + query.size() + 3;
    char *at = roomForTexts(head, named);
    request_method = keep(at, head.methodName);
    uri = keep(at, cleanUri);
    query_string = hasQuery ? keep(at, query) : nullptr;
    showHead(head, at, body.data(), body.size());
    status_code = 0;
}

void Face::showReply(const http::ResponseHead &head, std::span<char> body) {
    prepareRequest();
    const std::string status = std::to_string(head.status);
    char *at = roomForTexts(head, status.size() + 1);
    uri = keep(at, status);
    showHead(head, at, body.data(), body.size());
    status_code = head.status;
}

// For fields, other texts of that size with their '\0', and an empty body.
char *Face::roomForTexts(const http::MessageHead &head, std::size_t others) {
    std::size_t room = others + 1;
    for (const auto &field : head.headers()) room += field.name.size() + field.value.size() + 2;
    request->texts.resize(room);
    return request->texts.data();
}

void Face::showHead(const http::MessageHead &head, char *at, const char *body, std::size_t bodyBytes) {
    http_version = head.minorVersion == 0 ? "1.0" : "1.1";
    request->headers.resize(head.fieldCount);
    for (std::size_t i = 0; i < head.fieldCount; ++i)
        request->headers[i] = {keep(at, head.fields[i].name), keep(at, head.fields[i].value)};
    num_headers = static_cast<int>(head.fieldCount);
    http_headers = request->headers.data();
    // The body is the connection's own buffer until the answer ends: the contract lets a handler write into it.
    content = const_cast<char *>(body ? body : keep(at, {}));
    content_len = bodyBytes;
}

void Face::showNothing() {
    forgetRequest();
    prepareRequest();
    request->writer.reset(http().minorVersion(), http().isHeadRequest(), http().keepsAlive());
}

namespace {

// What of a request for a WebSocket says nothing once there is one.
bool isOfHandshake(std::string_view name) {
    return equalsIgnoringCase(name, "Connection") || equalsIgnoringCase(name, "Upgrade") ||
           (startsWithIgnoringCase(name, "Sec-WebSocket-") && !equalsIgnoringCase(name, "Sec-WebSocket-Protocol"));
}

}  // namespace

void Face::becomeWebsocket() {
    std::vector<std::string_view> texts{uri, query_string ? query_string : ""};
    hasOpeningQuery = query_string != nullptr;
    for (const auto &header : request->headers)
        if (!isOfHandshake(header.name)) texts.insert(texts.end(), {header.name, header.value});
    keepOpening(texts);
}

void Face::becomeWebsocketTo(std::string_view target, const http::MessageHead &answer) {
    const std::size_t mark = target.find('?');
    hasOpeningQuery = mark != std::string_view::npos;
    std::vector<std::string_view> texts{target.substr(0, mark), hasOpeningQuery ? target.substr(mark + 1) : std::string_view{}};
    for (const auto &field : answer.headers())
        if (!isOfHandshake(field.name)) texts.insert(texts.end(), {field.name, field.value});
    keepOpening(texts);
}

void Face::keepOpening(const std::vector<std::string_view> &texts) {
    std::size_t room = 0;
    for (const auto text : texts) room += text.size() + 1;
    opening = std::make_unique_for_overwrite<char[]>(room);
    char *at = opening.get();
    for (const auto text : texts) keep(at, text);
    openingFields = static_cast<std::uint8_t>(texts.size() / 2 - 1);
    role = Role::WebSocket;
    login.reset();
    forgetRequest();
    is_websocket = 1;
}

void Face::showOpening(std::vector<mg_header> &headers) {
    auto next = [at = static_cast<const char *>(opening.get())]() mutable {
        const char *text = at;
        at += std::strlen(at) + 1;
        return text;
    };
    request_method = "GET";
    http_version = "1.1";
    uri = next();
    const char *query = next();
    query_string = hasOpeningQuery ? query : nullptr;
    headers.clear();
    for (int i = 0; i < openingFields; ++i) {
        const char *name = next();
        headers.push_back({name, next()});
    }
    num_headers = openingFields;
    http_headers = headers.data();
}

void Face::hideOpening() {
    request_method = uri = http_version = query_string = nullptr;
    http_headers = nullptr;
    num_headers = 0;
    content = nullptr;
    content_len = 0;
    wsbits = 0;
}

void Face::forgetRequest() {
    request_method = uri = http_version = query_string = nullptr;
    http_headers = nullptr;
    num_headers = 0;
    content = nullptr;
    content_len = 0;
    if (request) program.keepSpare(std::move(request));
    isAuthorised = isAnswering = false;
}

}  // namespace meerkat::server
