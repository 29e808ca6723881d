#include "server/face.h"

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

// Appends with a '\0'; room was reserved, so earlier pointers stay.
const char *keep(std::string &texts, std::string_view text) {
    const std::size_t at = texts.size();
    texts.append(text).push_back('\0');
    return texts.data() + at;
}

std::size_t roomFor(const http::RequestHead &head, std::string_view uri, std::string_view query) {
    std::size_t room = head.methodName.size() + uri.size() + query.size() + 16;
    for (const auto &field : head.headers()) room += field.name.size() + field.value.size() + 2;
    return room;
}

}  // namespace

Face::Face(Program &itsProgram, net::Connection &itsConnection, void *serverParam)
    : mg_connection{}, program(itsProgram), connection(itsConnection) {
    server_param = serverParam;
    copyIp(remote_ip, connection.peer());
    remote_port = connection.peer().port;
    const os::Endpoint local = connection.local();
    copyIp(local_ip, local);
    local_port = local.port;
}

void Face::show(const http::RequestHead &head, std::string_view cleanUri, std::string_view query, bool hasQuery,
                std::string_view body) {
    request = std::make_unique<FaceRequest>(http());
    std::string &texts = request->texts;
    texts.reserve(roomFor(head, cleanUri, query));
    request_method = keep(texts, head.methodName);
    uri = keep(texts, cleanUri);
    http_version = head.minorVersion == 0 ? "1.0" : "1.1";
    query_string = hasQuery ? keep(texts, query) : nullptr;
    request->headers.reserve(head.fieldCount);
    for (const auto &field : head.headers()) request->headers.push_back({keep(texts, field.name), keep(texts, field.value)});
    num_headers = static_cast<int>(head.fieldCount);
    http_headers = request->headers.data();
    // The body is the connection's own buffer until the answer ends: the contract lets a handler write into it.
    content = body.data() ? const_cast<char *>(body.data()) : const_cast<char *>(keep(texts, {}));
    content_len = body.size();
    status_code = 0;
}

void Face::showNothing() {
    forgetRequest();
    request = std::make_unique<FaceRequest>(http());
}

void Face::forgetRequest() {
    request_method = uri = http_version = query_string = nullptr;
    http_headers = nullptr;
    num_headers = 0;
    content = nullptr;
    content_len = 0;
    request.reset();
    isAuthorised = isAnswering = false;
}

}  // namespace meerkat::server
