// Station: request bytes -> request head. From net/connection, to http_protocol. RFC 9112.
// Thread: any. Owns nothing: the views in the head point into the given bytes. A pure function of bytes.
#pragma once

#include "http/message_head.h"

namespace meerkat::http {

struct RequestHead : MessageHead {
    Method method = Method::Other;
    std::string_view methodName;
    std::string_view target;  // as sent
    bool expectsContinue = false;
    bool hasConditions = false;  // any of If, If-*, Range: the slow path of files
    std::string_view host;       // with its port; of an absolute target, else of Host; empty if absent (HTTP/1.0) or sent empty
};

struct ParseLimits {
    std::size_t maxTargetBytes = 16 * 1024;  // over it 414
    std::size_t maxHeadBytes = 64 * 1024;    // over it 431 (also over kMaxHeaderFields)
};

// Parses one request head from the start of `bytes`. Fills `head` (every member but `fields` beyond fieldCount is reset).
// Refused: 400 malformed (control characters, space before a colon, obs-fold, a name that is no token, a target that url.h does not know
// or that is not for this method, a missing Host in 1.1, a second or wrong one in any, a second Content-Length, be it equal, or one that is
// no number, Content-Length together with Transfer-Encoding, Transfer-Encoding in 1.0, a transfer coding list whose last is not chunked, with
// chunked twice or with an empty item), 414, 417 (an expectation other than 100-continue), 431, 501 (a transfer coding other than chunked, a
// method of more than 64 bytes), 505 (HTTP/2.0 and others). A minor version over 1 counts as 1. HTTP/1.0 knows neither Expect nor upgrades.
// One bare LF as line end is accepted in the head as RFC 9112 section 2.2 allows; a bare CR is refused. Up to four empty lines before the
// request line are skipped. Refuses as early as the bytes allow: a limit counts also while more would be needed. What is refused in a part
// is refused with the same status in the whole. When Refused, methodName and target are what was read of them, for the log; the other
// members mean something only when Complete.
ParseOutcome parseRequestHead(std::string_view bytes, const ParseLimits &limits, RequestHead &head);

}  // namespace meerkat::http
