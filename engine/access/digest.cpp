#include "access/digest.h"

#include "access/hash.h"
#include "base/encodings.h"

namespace meerkat::access {

std::string challengeField(std::string_view realm, std::string_view nonce) {
    std::string quoted;
    for (const char c : realm) {
        if (c == '"' || c == '\\') quoted.push_back('\\');
        quoted.push_back(c);
    }
    return "WWW-Authenticate: Digest realm=\"" + quoted + "\", qop=\"auth\", algorithm=MD5, nonce=\"" + std::string(nonce) +
           "\"\r\n";
}

std::string makeNonce() { return hexLower(randomBytes(16)); }

}  // namespace meerkat::access
