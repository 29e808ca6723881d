#include "support/tls_peer.h"

#include <openssl/err.h>

namespace meerkat::test {

TlsPeer::TlsPeer(TestServer &server, const TlsClient &client)
    : m_wire(server, client.receiveBuffer), m_context(SSL_CTX_new(TLS_client_method())), m_ssl(nullptr),
      m_in(BIO_new(BIO_s_mem())), m_out(BIO_new(BIO_s_mem())) {
    // Old versions and weak ciphers are offered too, for a server to refuse.
    SSL_CTX_set_security_level(m_context, 0);
    SSL_CTX_set_min_proto_version(m_context, client.lowest);
    SSL_CTX_set_max_proto_version(m_context, client.highest);
    if (client.ciphers12) SSL_CTX_set_cipher_list(m_context, client.ciphers12);
    SSL_CTX_set_session_cache_mode(m_context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(m_context, &TlsPeer::keepTicket);
    m_ssl = SSL_new(m_context);
    SSL_set_app_data(m_ssl, this);
    if (!client.alpn.isEmpty())
        SSL_set_alpn_protos(m_ssl, reinterpret_cast<const unsigned char *>(client.alpn.constData()),
                            static_cast<unsigned>(client.alpn.size()));
    if (client.session) SSL_set_session(m_ssl, client.session);
    SSL_set_bio(m_ssl, m_in, m_out);
    SSL_set_connect_state(m_ssl);
}

TlsPeer::~TlsPeer() {
    SSL_SESSION_free(m_ticket);
    SSL_free(m_ssl);
    SSL_CTX_free(m_context);
}

int TlsPeer::keepTicket(SSL *ssl, SSL_SESSION *session) {
    auto *peer = static_cast<TlsPeer *>(SSL_get_app_data(ssl));
    SSL_SESSION_free(peer->m_ticket);
    peer->m_ticket = session;
    return 1;
}

QByteArray TlsPeer::takeOutput() {
    QByteArray output(BIO_pending(m_out), '\0');
    if (!output.isEmpty()) BIO_read(m_out, output.data(), static_cast<int>(output.size()));
    return output;
}

void TlsPeer::receive() {
    const QByteArray came = m_wire.readSome();
    if (!came.isEmpty()) BIO_write(m_in, came.constData(), static_cast<int>(came.size()));
}

bool TlsPeer::shakeHands() {
    ERR_clear_error();
    for (;;) {
        const int result = SSL_do_handshake(m_ssl);
        const bool isWanting = result != 1 && SSL_get_error(m_ssl, result) == SSL_ERROR_WANT_READ;
        m_wire.send(takeOutput());
        if (result == 1) return true;
        if (!isWanting || m_wire.isClosed()) break;
        receive();
    }
    const int reason = ERR_GET_REASON(ERR_peek_error());
    if (reason > SSL_AD_REASON_OFFSET) m_alert = reason - SSL_AD_REASON_OFFSET;
    return false;
}

QByteArray TlsPeer::sealed(const QByteArray &bytes) {
    if (!bytes.isEmpty() && SSL_write(m_ssl, bytes.constData(), static_cast<int>(bytes.size())) != bytes.size())
        qFatal("not encrypted");
    return takeOutput();
}

TlsPeer &TlsPeer::send(const QByteArray &bytes) {
    m_wire.send(sealed(bytes));
    return *this;
}

void TlsPeer::decrypt() {
    static QByteArray part(64 * 1024, '\0');
    ERR_clear_error();
    for (;;) {
        const int got = SSL_read(m_ssl, part.data(), static_cast<int>(part.size()));
        if (got <= 0) {
            const int reason = ERR_GET_REASON(ERR_peek_error());
            if (reason > SSL_AD_REASON_OFFSET) m_alert = reason - SSL_AD_REASON_OFFSET;
            break;
        }
        m_plain.append(part.constData(), got);
    }
    // Tickets bring no output, key updates do.
    const QByteArray output = takeOutput();
    if (!output.isEmpty() && !m_wire.isClosed()) m_wire.send(output);
}

QByteArray TlsPeer::readToEnd() {
    while (!wasToldTheEnd() && !m_wire.isClosed() && m_alert == 0) {
        receive();
        decrypt();
    }
    return std::exchange(m_plain, {});
}

QByteArray TlsPeer::read(qsizetype bytes) {
    decrypt();
    while (m_plain.size() < bytes && !wasToldTheEnd() && !m_wire.isClosed() && m_alert == 0) {
        receive();
        decrypt();
    }
    const QByteArray taken = m_plain.left(bytes);
    m_plain.remove(0, taken.size());
    return taken;
}

Answer TlsPeer::readAnswer() {
    Answer answer;
    while (!answer.head.endsWith("\r\n\r\n")) {
        const QByteArray byte = read(1);
        if (byte.isEmpty()) return answer;
        answer.head += byte;
    }
    answer.status = answer.head.mid(9, 3).toInt();
    const QByteArray length = answer.field("Content-Length");
    answer.body = length.isNull() ? readToEnd() : read(length.toLongLong());
    return answer;
}

}  // namespace meerkat::test
