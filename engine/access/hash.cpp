#include "access/hash.h"

#include "base/encodings.h"

#include <cstdlib>
#include <memory>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace meerkat::access {

namespace {

unsigned char *writable(std::string &bytes) { return reinterpret_cast<unsigned char *>(bytes.data()); }
const unsigned char *readable(std::string_view bytes) { return reinterpret_cast<const unsigned char *>(bytes.data()); }

}  // namespace

std::string hashHex(HashKind kind, std::span<const std::string_view> texts) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const EVP_MD *algorithm = kind == HashKind::Md5 ? EVP_md5() : EVP_sha256();
    if (!context || EVP_DigestInit_ex(context.get(), algorithm, nullptr) != 1) return {};
    for (const auto text : texts) EVP_DigestUpdate(context.get(), text.data(), text.size());
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (EVP_DigestFinal_ex(context.get(), digest, &length) != 1) return {};
    return hexLower({reinterpret_cast<const char *>(digest), length});
}

std::string macOf(std::string_view key, std::string_view text) {
    std::string mac(EVP_MAX_MD_SIZE, '\0');
    unsigned int length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), readable(text), text.size(), writable(mac), &length);
    mac.resize(length);
    return mac;
}

// Without random bytes every secret could be guessed: there is nothing to go on with.
std::string randomBytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(writable(bytes), static_cast<int>(count)) != 1) std::abort();
    return bytes;
}

bool equalsInConstantTime(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace meerkat::access
