// Station: who the server is over TLS. From the option ssl_certificate, to each accepted connection. Keeps up with what changes: the file on the
// disk, the addresses of this machine, the end of a certificate.
#pragma once

#include "base/clock.h"
#include "net/local_authority.h"
#include "net/tls_context.h"
#include "os/file.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace meerkat::server {

class TlsIdentity {
  public:
    // `names`: whom a certificate of our own is for, asked now and then.
    explicit TlsIdentity(const Clock &clock, std::function<net::LocalNames()> names = net::localNames);

    // A PEM file, `auto` for a certificate of our own, "" for plain connections. `folder`: where the local authority lives, "" for the system's place.
    // "" on success, else a sentence; the old identity then stays.
    std::string set(std::string_view value, std::string_view folder);
    // What `set` would say of a file, with nothing changed. That a certificate of our own can be made is seen only when it is.
    std::string check(std::string_view value);
    bool isAuto() const { return m_authority != nullptr; }

    // What a connection accepted now speaks; null: plain. Looks once a second at most whether something changed; what cannot be used leaves the
    // old one in force, and `takeTrouble` tells.
    const net::TlsContext *current();
    // Once for each change that was not taken: why; and once for a certificate that visitors will object to. Else "".
    std::string takeTrouble() { return std::exchange(m_trouble, {}); }

    // The local authority's certificate as PEM; "" unless the identity is `auto`.
    std::string_view authorityPem() const { return m_authority ? std::string_view(m_authority->certificatePem()) : ""; }

  private:
    std::string setFile(std::string_view path);
    std::string setAuto(std::string_view folder);
    Result<std::unique_ptr<net::TlsContext>> issue(const net::LocalNames &names);
    void take(std::unique_ptr<net::TlsContext> context);
    void lookAtFile();
    void lookAtNames();

    const Clock &m_clock;
    std::function<net::LocalNames()> m_askNames;
    net::TicketKeys m_keys;
    std::unique_ptr<net::TlsContext> m_context;
    std::unique_ptr<net::LocalAuthority> m_authority;
    net::LocalNames m_names;  // of the certificate in use
    std::string m_path;
    os::FileInfo m_seen;  // of the file when it was last looked at
    std::string m_trouble;
    std::int64_t m_lookedUs = 0;
    std::int64_t m_issuedSeconds = 0;
};

}  // namespace meerkat::server
