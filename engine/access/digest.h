// Station: the texts of Digest access authentication (RFC 7616): challenges, and the answers of clients. From authenticator, into a 401's fields
// and out of an Authorization field. Pure functions of text.
#pragma once

#include "access/hash.h"
#include "http/request_parser.h"

#include <optional>
#include <string>
#include <string_view>

namespace meerkat::access {

// For which kinds of hash a password file has lines.
struct HashKinds {
    bool md5 = false;
    bool sha256 = false;
    bool operator==(const HashKinds &) const = default;
};

// "WWW-Authenticate: Digest …" with its line end, one for each kind, SHA-256 first (a client takes the first that it knows); MD5 alone where there
// is none. Quotes and backslashes in the realm are escaped.
std::string challengeFields(std::string_view realm, std::string_view nonce, HashKinds kinds, bool isStale);

// What an Authorization field says.
struct DigestAnswer {
    HashKind kind = HashKind::Md5;
    std::string user;
    std::string realm;
    std::string nonce;
    std::string uri;
    std::string cnonce;
    std::string qop;        // "auth", as sent
    std::string countText;  // eight hex digits, as sent
    std::uint32_t count = 0;
    std::string response;  // hex in lower case, as long as the kind has it
};

// Nothing if it is not Digest, breaks the grammar (RFC 9110 section 11.4: a parameter twice and the like), lacks something, or answers what we do
// not ask: another algorithm or qop, userhash=true. username* (RFC 8187, UTF-8) is decoded.
std::optional<DigestAnswer> parseDigestAnswer(std::string_view field);

// The response that a client has who knows the password. `passwordHash` is the hex digest of user:realm:password, of the answer's kind.
std::string expectedResponse(const DigestAnswer &answer, std::string_view passwordHash, std::string_view method);

// Whether the answer's uri names what the request asks for: the same bytes, where an absolute form stands for the path at that host.
bool isUriOf(std::string_view uri, const http::RequestHead &head);

}  // namespace meerkat::access
