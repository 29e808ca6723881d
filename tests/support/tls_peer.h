// Station: the tests. A TLS client by OpenSSL over a scripted peer, so that a test says each byte that goes over the wire, and sees each that comes.
#pragma once

#include "support/scripted_peer.h"

#include <memory>

#include <openssl/ssl.h>

namespace meerkat::test {

// How a client differs from the usual one. It looks at no certificate.
struct TlsClient {
    int lowest = TLS1_2_VERSION;
    int highest = TLS1_3_VERSION;
    const char *ciphers12 = nullptr;
    QByteArray alpn = {};            // as the wire has it: each name behind its length
    SSL_SESSION *session = nullptr;  // to be resumed
    int receiveBuffer = 0;
};

class TlsPeer {
  public:
    explicit TlsPeer(TestServer &server, const TlsClient &client = {});
    ~TlsPeer();
    TlsPeer(const TlsPeer &) = delete;
    TlsPeer &operator=(const TlsPeer &) = delete;

    // To its end. False: refused; `alert` tells how.
    bool shakeHands();
    // Encrypted, not sent.
    QByteArray sealed(const QByteArray &bytes);
    TlsPeer &send(const QByteArray &bytes);
    // What came, decrypted, until the server has closed or said that this is all.
    QByteArray readToEnd();
    QByteArray read(qsizetype bytes);
    Answer readAnswer();
    // One reading from the socket.
    void receive();

    // close_notify came.
    bool wasToldTheEnd() const { return SSL_get_shutdown(m_ssl) & SSL_RECEIVED_SHUTDOWN; }
    // The number of the alert that refused, else 0.
    int alert() const { return m_alert; }
    bool isResumed() const { return SSL_session_reused(m_ssl); }
    // The latest ticket; null if none came. Freed with the peer.
    SSL_SESSION *ticket() const { return m_ticket; }
    SSL *ssl() const { return m_ssl; }
    ScriptedPeer &wire() { return m_wire; }
    // What OpenSSL wants to say now.
    QByteArray takeOutput();

  private:
    static int keepTicket(SSL *ssl, SSL_SESSION *session);
    void decrypt();

    ScriptedPeer m_wire;
    SSL_CTX *m_context;
    SSL *m_ssl;
    BIO *m_in;
    BIO *m_out;
    SSL_SESSION *m_ticket = nullptr;
    QByteArray m_plain;
    int m_alert = 0;
};

}  // namespace meerkat::test
