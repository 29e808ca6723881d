// Station: PEM text -> private key and certificates. From a file or local_authority, to tls_context.
#pragma once

#include "base/result.h"
#include "net/openssl.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::net {

struct Credentials {
    OwnedKey key;
    OwnedCertificate certificate;         // the one that the key belongs to
    std::vector<OwnedCertificate> chain;  // the others, in the order of the text
};

// One private key and at least one certificate that it belongs to, in any order; blocks of other kinds are passed over. `name` stands for the text in the
// failure: one sentence that says what is wrong and what to do.
Result<Credentials> readCredentials(std::string_view pem, std::string_view name);
// The certificates alone; at least one.
Result<std::vector<OwnedCertificate>> readCertificates(std::string_view pem, std::string_view name);

// A PEM file's text. The failure names the file, the reason and what to do.
Result<std::string> readPemFile(std::string_view path);

}  // namespace meerkat::net
