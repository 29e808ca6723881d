// Station: whom this system trusts. From the system, to net/tls_context's clients. One file a system.
#pragma once

#include <string>
#include <vector>

namespace meerkat::os {

// One of the two, or neither if nothing was found.
struct TrustedRoots {
    std::string bundleFile;        // PEM
    std::vector<std::string> der;  // certificates that the system hands out one by one
};

TrustedRoots trustedRoots();

}  // namespace meerkat::os
