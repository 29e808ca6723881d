#include "os/trusted_roots.h"

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <wincrypt.h>

namespace meerkat::os {

TrustedRoots trustedRoots() {
    TrustedRoots roots;
    const HCERTSTORE store = CertOpenSystemStoreW(0, L"ROOT");
    if (!store) return roots;
    // Enumerating frees the certificate before.
    const CERT_CONTEXT *each = nullptr;
    while ((each = CertEnumCertificatesInStore(store, each)) != nullptr)
        if (each->dwCertEncodingType & X509_ASN_ENCODING)
            roots.der.emplace_back(reinterpret_cast<const char *>(each->pbCertEncoded), each->cbCertEncoded);
    CertCloseStore(store, 0);
    return roots;
}

}  // namespace meerkat::os
