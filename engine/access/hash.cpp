#include "access/hash.h"

#include "base/encodings.h"

#include <memory>
#include <openssl/evp.h>

namespace meerkat::access {

std::string md5Hex(std::initializer_list<std::string_view> texts) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    if (!context || EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr) != 1) return {};
    for (const auto text : texts) EVP_DigestUpdate(context.get(), text.data(), text.size());
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (EVP_DigestFinal_ex(context.get(), digest, &length) != 1) return {};
    return hexLower({reinterpret_cast<const char *>(digest), length});
}

}  // namespace meerkat::access
