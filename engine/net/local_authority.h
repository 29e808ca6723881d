// Station: certificates of our own, for `ssl_certificate auto`. From the names and addresses of this machine, to net/tls_context.
// A local authority is made once and kept in a folder; whoever trusts its certificate trusts every certificate that it issues, for as long as it
// is there. What it issues lives in memory only.
#pragma once

#include "base/result.h"
#include "os/socket.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace meerkat::net {

// Whom a certificate is for; sorted, without doubles.
struct LocalNames {
    std::vector<std::string> names;      // DNS names
    std::vector<std::string> addresses;  // as text
    bool operator==(const LocalNames &) const = default;
};
// localhost, the host name, the host name in .local, and every address of this machine, the loopback's first of all.
LocalNames localNames();
LocalNames localNamesFrom(std::string_view hostName, const std::vector<os::Endpoint> &addresses);

// The system's place for them: the user's settings folder, /tls. "" if there is none.
std::string defaultAuthorityFolder();

class LocalAuthority {
  public:
    static constexpr int kLeafDays = 397;                             // no browser takes more
    static constexpr int kAuthorityDays = 10 * 365;                   // then browsers have to be told of a new one
    static constexpr const char *kKeyFile = "authority.pem";          // key and certificate, for the user alone
    static constexpr const char *kCertificateFile = "authority.crt";  // to be handed out

    // Reads the authority in `folder`, or makes folder and authority: whole or not at all; of two programs that do so at once, both end with the same one.
    // One that is past its end is replaced. Fails with a sentence that names the file.
    static Result<std::unique_ptr<LocalAuthority>> open(std::string_view folder, std::int64_t wallSeconds);
    ~LocalAuthority();

    // Its certificate as PEM: what a browser is told to trust.
    const std::string &certificatePem() const { return m_certificatePem; }
    // A new key and a certificate for these, as PEM, valid from a day ago on.
    Result<std::string> issue(const LocalNames &names, std::int64_t wallSeconds) const;

  private:
    LocalAuthority(evp_pkey_st *key, x509_st *certificate);

    evp_pkey_st *m_key;      // owned
    x509_st *m_certificate;  // owned
    std::string m_certificatePem;
};

}  // namespace meerkat::net
