// Station: what the TLS connections of one role have in common. From a PEM file or the system's trusted roots, to net/tls_stream.
// TLS 1.2 and 1.3, ECDHE with AEAD, X25519 and P-256; no renegotiation, no compression. May be destroyed while its connections live.
#pragma once

#include "base/result.h"
#include "net/ticket_keys.h"

#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace meerkat::net {

class TlsContext {
  public:
    // From one PEM text with private key, certificate and the chain behind it, in any order of key and certificates. `name` stands for it in a
    // failure: one sentence that says what is wrong with what, and what to do.
    static Result<std::unique_ptr<TlsContext>> forServer(std::string_view pem, std::string_view name, TicketKeys &keys);
    static Result<std::unique_ptr<TlsContext>> forServerFile(std::string_view path, TicketKeys &keys);
    // Verifies who answers: by the certificates in `caFile`, or, where that is "", by those that the system trusts.
    static Result<std::unique_ptr<TlsContext>> forClient(std::string_view caFile);
    ~TlsContext();

    // A certificate that is served although clients will object (expired, not valid yet): one sentence, else "".
    const std::string &warning() const { return m_warning; }
    ssl_ctx_st *native() const { return m_native; }

  private:
    explicit TlsContext(ssl_ctx_st *native) : m_native(native) {}

    ssl_ctx_st *m_native;  // owned
    std::string m_warning;
};

}  // namespace meerkat::net
