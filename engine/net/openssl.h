// Station: inside net/ only. OpenSSL's objects with one owner each, and its error queue in words.
#pragma once

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace meerkat::net {

template <auto release>
struct Releaser {
    template <class T>
    void operator()(T *object) const {
        release(object);
    }
};

using OwnedKey = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using OwnedCertificate = std::unique_ptr<X509, Releaser<X509_free>>;
// The certificates in it are borrowed.
inline void releaseStack(STACK_OF(X509) * stack) { sk_X509_free(stack); }
using BorrowingStack = std::unique_ptr<STACK_OF(X509), Releaser<releaseStack>>;
using OwnedBio = std::unique_ptr<BIO, Releaser<BIO_free_all>>;

// What OpenSSL says about the failure that began it all, "" if nothing. Empties the queue.
inline std::string takeOpensslReason() {
    const unsigned long code = ERR_peek_error();
    const char *reason = code ? ERR_reason_error_string(code) : nullptr;
    std::string text = reason ? reason : "";
    ERR_clear_error();
    return text;
}

}  // namespace meerkat::net
