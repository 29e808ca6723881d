#include "support/digest_client.h"

#include <QCryptographicHash>
#include <QRegularExpression>

namespace meerkat::test {

namespace {

QByteArray hashOf(const QByteArray &text, bool isSha256) {
    return QCryptographicHash::hash(text, isSha256 ? QCryptographicHash::Sha256 : QCryptographicHash::Md5).toHex();
}

QByteArray valueIn(const QByteArray &challenge, const QString &name) {
    const QRegularExpression pattern(name + "=\"?([^\",]*)");
    return pattern.match(QString::fromUtf8(challenge)).captured(1).toUtf8();
}

}  // namespace

QByteArray passwordLine(const QByteArray &user, const QByteArray &realm, const QByteArray &password, bool isSha256) {
    const QByteArray key = user + ':' + realm + ':';
    return key + hashOf(key + password, isSha256) + '\n';
}

void DigestClient::read(const QByteArray &challenge) {
    realm = valueIn(challenge, "realm");
    nonce = valueIn(challenge, " nonce");
    isSha256 = valueIn(challenge, "algorithm") == "SHA-256";
    isStale = valueIn(challenge, "stale") == "true";
}

QByteArray DigestClient::answer(const QByteArray &uri, unsigned count, const QByteArray &method) const {
    const QByteArray nc = QByteArray::number(count, 16).rightJustified(8, '0');
    const QByteArray first = hashOf(user + ':' + realm + ':' + password, isSha256);
    const QByteArray second = hashOf(method + ':' + uri, isSha256);
    const QByteArray response = hashOf(first + ':' + nonce + ':' + nc + ':' + cnonce + ":auth:" + second, isSha256);
    return "Digest username=\"" + user + "\", realm=\"" + realm + "\", nonce=\"" + nonce + "\", uri=\"" + uri +
           "\", algorithm=" + (isSha256 ? "SHA-256" : "MD5") + ", qop=auth, nc=" + nc + ", cnonce=\"" + cnonce +
           "\", response=\"" + response + "\"";
}

QByteArray DigestClient::request(const QByteArray &uri, unsigned count, const QByteArray &method) const {
    return method + ' ' + uri + " HTTP/1.1\r\nHost: a\r\nAuthorization: " + answer(uri, count, method) + "\r\n\r\n";
}

}  // namespace meerkat::test
