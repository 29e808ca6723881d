// Station: response bytes -> response head. From net/connection, to http_client. RFC 9112.
// Thread: any. Owns nothing: the views in the head point into the given bytes. A pure function of bytes.
#pragma once

#include "http/message_head.h"

namespace meerkat::http {

struct ResponseHead : MessageHead {
    int status = 0;           // three digits, 100 and up
    std::string_view reason;  // as sent; may be empty

    bool isInterim() const { return status < 200 && status != 101; }
};

struct ResponseLimits {
    std::size_t maxHeadBytes = 64 * 1024;  // over it 431 (also over kMaxHeaderFields)
};

// Parses one response head from the start of `bytes`; the request parser's manner in line ends, fields, empty lines before, and that a part is
// refused only as the whole is. Refused, with the status that says why, for a log: 400 malformed (also obs-fold, a second Content-Length or one
// that is no number, Content-Length together with Transfer-Encoding, Transfer-Encoding in 1.0, an item behind chunked or an empty one), 431, 501 (a
// transfer coding other than chunked: none was asked for), 505. A status line without reason may lack the space before it.
// A value that goes on in the next line (obs-fold) is refused here; unfolded() mends it.
ParseOutcome parseResponseHead(std::string_view bytes, const ResponseLimits &limits, ResponseHead &head);

// How the end of the body is known (RFC 9112 section 6.3).
enum class BodyFraming : std::uint8_t {
    None,        // to HEAD; 1xx, 204, 304
    Tunnel,      // none, and what follows the head is no HTTP: 101; 2xx to CONNECT
    Sized,       // contentLength
    Chunked,     //
    UntilClose,  // the connection's end is the body's
};
// `method`: of the request that is answered.
BodyFraming bodyFraming(const ResponseHead &head, Method method);

// The same bytes with the fold of each value that goes on in the next line replaced by spaces, as a user agent has to (RFC 9112 section 5.2); empty where there is
// none. A field has to come before it.
std::string unfolded(std::string_view head);

}  // namespace meerkat::http
