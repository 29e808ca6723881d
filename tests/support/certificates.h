// Station: the tests. Keys and certificates, made by the program openssl.
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QStringList>

namespace meerkat::test {

// What the program says on standard output; it must succeed.
inline QByteArray openssl(const QStringList &arguments, const QByteArray &input = {}) {
    QProcess process;
    process.start("openssl", arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60000) || process.exitCode() != 0)
        qFatal("openssl %s: %s", qPrintable(arguments.join(' ')), process.readAllStandardError().constData());
    return process.readAllStandardOutput();
}

// Kinds as `openssl genpkey` names them.
inline QByteArray newKey(const QStringList &kind = {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"}) {
    return openssl(QStringList{"genpkey"} + kind);
}

// Signed by its own key, for localhost and 127.0.0.1.
inline QByteArray newCertificate(const QByteArray &key, const QStringList &more = {"-days", "30"}) {
    return openssl(QStringList{"req", "-x509", "-key", "/dev/stdin", "-subj", "/CN=localhost", "-addext",
                               "subjectAltName=DNS:localhost,IP:127.0.0.1"} +
                       more,
                   key);
}

// One PEM text as ssl_certificate takes it.
inline QByteArray newIdentity() {
    const QByteArray key = newKey();
    return key + newCertificate(key);
}

}  // namespace meerkat::test
