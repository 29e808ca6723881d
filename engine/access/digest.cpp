#include "access/digest.h"

#include "base/encodings.h"

#include <random>

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

std::string makeNonce() {
    std::random_device random;
    std::string bytes;
    for (int i = 0; i < 16; ++i) bytes.push_back(static_cast<char>(random()));
    return hexLower(bytes);
}

}  // namespace meerkat::access
