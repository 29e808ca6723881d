// Station: a request -> the variables that scripts and pages know it by. From server, to cgi_answer and ssi_page. RFC 3875 section 4.1.
#pragma once

#include "http/request_parser.h"
#include "os/socket.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::scripts {

// Names in capitals. In their order, so that two requests alike give the same environment.
using RequestVariables = std::map<std::string, std::string, std::less<>>;

struct RequestFacts {
    const http::RequestHead &head;
    os::Endpoint client;
    os::Endpoint server;
    bool isTls = false;
    std::string user;             // whose password was right; "" for nobody
    std::string_view asked = {};  // the target as the client sent it, where the head's is another one
};

// CONTENT_TYPE, QUERY_STRING, REMOTE_ADDR, REMOTE_PORT, REMOTE_USER and AUTH_TYPE, REQUEST_METHOD, REQUEST_URI, SERVER_*, HTTPS, and HTTP_* for each field
// but those that hold secrets (Authorization, Proxy-Authorization), Proxy, which programs take for a setting, Transfer-Encoding, which is
// undone, and those whose names have other characters than letters, digits and '-': with '_' one could pass for another. Fields of the same name are joined.
RequestVariables requestVariables(const RequestFacts &facts);

// Where a script is.
struct ScriptPlace {
    std::string root;                            // absolute path of the served folder
    std::string file;                            // absolute path of the script, links resolved
    std::string name;                            // its path for the client, decoded: "/dir/a.php"
    std::string pathInfo;                        // what follows that, decoded: "/more", or ""
    std::optional<std::uint64_t> contentLength;  // of the body that it gets
};

// With what a script learns of itself.
RequestVariables scriptVariables(RequestVariables request, const ScriptPlace &place);

// "NAME=value" for each, behind those that are inherited: what is there already is not said again, nor what can't be said ('=' or '\0').
std::vector<std::string> environmentOf(const RequestVariables &variables, std::vector<std::string> inherited);

}  // namespace meerkat::scripts
