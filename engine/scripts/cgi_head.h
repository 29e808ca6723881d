// Station: what a script writes -> the head of its answer. From cgi_answer. RFC 3875 section 6. A pure function of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::scripts {

struct CgiField {
    std::string_view name;   // a token
    std::string_view value;  // without white space around it, and without control characters
};

struct CgiHead {
    int status = 200;              // of Status; 302 where there is a Location and no Status
    std::vector<CgiField> fields;  // for the client: without Status, Content-Length, and what is between server and client alone
    std::optional<std::uint64_t> contentLength;  // as the script promises
};

enum class CgiHeadState : std::uint8_t { NeedMore, Complete, Refused };
struct CgiHeadOutcome {
    CgiHeadState state = CgiHeadState::NeedMore;
    std::size_t consumed = 0;  // bytes of the head with its blank line; 0 unless Complete
};

inline constexpr std::size_t kLongestCgiHead = 64 * 1024;

// Lines end in LF, CRLF counts too. Refused: a line that is no field (a folded one too), a name that is no token, a control character, a status that is
// no number from 200 to 599, a second Status, Location or Content-Length, a length that is no number, none of Content-Type, Status and Location, more than
// kLongestCgiHead bytes or 100 fields. The views in `head` point into `bytes`.
CgiHeadOutcome parseCgiHead(std::string_view bytes, CgiHead &head);

}  // namespace meerkat::scripts
