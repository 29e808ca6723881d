// Station: the methods that change a folder or ask for its properties. From server, before files are asked. RFC 4918 section 9, RFC 5789.
#pragma once

#include "http/request_parser.h"

namespace meerkat::dav {

// PUT, DELETE, PATCH, PROPFIND, PROPPATCH, MKCOL, COPY, MOVE, LOCK, UNLOCK: a server that does not offer them answers 405, not 501.
bool isDavMethod(const http::RequestHead &head);

}  // namespace meerkat::dav
