// Station: the tests. The client's side of Digest (RFC 7616), with hashes that are not the engine's.
#pragma once

#include <QByteArray>

namespace meerkat::test {

// The line of a password file; hash.size() tells its kind.
QByteArray passwordLine(const QByteArray &user, const QByteArray &realm, const QByteArray &password, bool isSha256 = false);

struct DigestClient {
    QByteArray user = "ana";
    QByteArray password = "secret";
    QByteArray cnonce = "0a4f113b";
    // From a challenge:
    QByteArray realm;
    QByteArray nonce;
    bool isSha256 = false;
    bool isStale = false;

    // From the value of a WWW-Authenticate field, as the engine writes it.
    void read(const QByteArray &challenge);
    // The value of an Authorization field.
    QByteArray answer(const QByteArray &uri, unsigned count = 1, const QByteArray &method = "GET") const;
    // The whole request, with the field.
    QByteArray request(const QByteArray &uri, unsigned count = 1, const QByteArray &method = "GET") const;
};

}  // namespace meerkat::test
