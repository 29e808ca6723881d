// Station: what WebDAV has to know of its surroundings. From dav/, to the server that wires it.
#pragma once

#include "http/http_protocol.h"
#include "os/file.h"

#include <string>
#include <string_view>

namespace meerkat::dav {

class Share {
  public:
    virtual ~Share() = default;

    // Null: nothing is served. Valid until the callback under way ends.
    virtual const os::Root *root() const = 0;
    // Whether writing is offered at all: locks are spoken of only then.
    virtual bool isWritable() const = 0;
    virtual bool listsFolders() const = 0;
    // What people call what is shared.
    virtual std::string_view title() const = 0;
    // Any name of a path ("/a/b", also "a/b") is nobody's to see. The engine's own names among them.
    virtual bool hides(std::string_view path) const = 0;
    // The folder ("a/b", below the root) has readers of its own: who may see what is above may not see what is in it.
    virtual bool isGuardedApart(const os::Root &root, const std::string &folder) const = 0;
    virtual std::string_view typeOf(std::string_view name) const = 0;
    // Who sent the request under way; "" where nobody was asked.
    virtual std::string userOf(const http::HttpProtocol &http) const = 0;
    // No descriptor is left. True if one was given back.
    virtual bool freeDescriptor() = 0;
    // The program has answered in place of an error of ours.
    virtual bool isAnsweredByProgram(http::HttpProtocol &http, int status) = 0;
    // The Allow field, a whole line.
    virtual std::string_view allowedFields() const = 0;
};

}  // namespace meerkat::dav
