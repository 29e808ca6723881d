#include "os/trusted_roots.h"

#include <array>
#include <unistd.h>

namespace meerkat::os {

// OpenSSL knows one place, that of the system on which it was built.
TrustedRoots trustedRoots() {
    constexpr std::array kPlaces{
        "/etc/ssl/certs/ca-certificates.crt",      // Debian, Arch, Gentoo
        "/etc/pki/tls/certs/ca-bundle.crt",        // Fedora
        "/etc/ssl/ca-bundle.pem",                  // openSUSE
        "/etc/ssl/cert.pem",                       // macOS, Alpine, FreeBSD, OpenBSD
        "/usr/local/share/certs/ca-root-nss.crt",  // FreeBSD before
    };
    for (const char *place : kPlaces)
        if (access(place, R_OK) == 0) return {place, {}};
    return {};
}

}  // namespace meerkat::os
