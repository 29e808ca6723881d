#include "net/tls_context.h"

#include "net/credentials.h"
#include "os/trusted_roots.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <openssl/core_names.h>
#include <openssl/rand.h>
#include <openssl/sslerr.h>

namespace meerkat::net {

namespace {

constexpr const char *kCiphers12 = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
                                   "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char *kCiphers13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char *kGroups = "X25519:P-256:P-384:P-521";
// As ALPN lists it (RFC 7301): each name behind its length.
constexpr unsigned char kHttp11[] = "\x08http/1.1";
constexpr unsigned int kHttp11Bytes = sizeof kHttp11 - 1;

// Its place in the client's list; empty if it is not there.
std::string_view findProtocol(std::string_view list, std::string_view wanted) {
    while (!list.empty()) {
        const auto size = static_cast<unsigned char>(list[0]);
        const std::string_view name = list.substr(1, size);
        if (name == wanted) return name;
        list.remove_prefix(std::min<std::size_t>(list.size(), size + std::size_t{1}));
    }
    return {};
}

// A client that offers only other protocols would not understand our answers (RFC 7301 section 3.2).
int chooseProtocol(SSL *, const unsigned char **chosen, unsigned char *chosenBytes, const unsigned char *offered,
                   unsigned int bytes, void *) {
    const std::string_view list(reinterpret_cast<const char *>(offered), bytes);
    std::string_view name = findProtocol(list, "http/1.1");
    if (name.empty()) name = findProtocol(list, "http/1.0");
    if (name.empty()) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = reinterpret_cast<const unsigned char *>(name.data());
    *chosenBytes = static_cast<unsigned char>(name.size());
    return SSL_TLSEXT_ERR_OK;
}

// Fetched once: OpenSSL would look the name up for each ticket.
const EVP_CIPHER *ticketCipher() {
    static const EVP_CIPHER *const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr);
    return cipher;
}

bool setMac(EVP_MAC_CTX *mac, const TicketKey &key) {
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, const_cast<unsigned char *>(key.macKey.data()), key.macKey.size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

int makeTicket(TicketKeys &keys, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac) {
    const TicketKey *key = keys.current();
    if (!key || RAND_bytes(iv, EVP_CIPHER_get_iv_length(ticketCipher())) != 1) return -1;
    std::copy(key->name.begin(), key->name.end(), name);
    return EVP_EncryptInit_ex2(cipher, ticketCipher(), key->cipherKey.data(), iv, nullptr) == 1 && setMac(mac, *key) ? 1 : -1;
}

// 0: a full handshake; 1: the session goes on; 2: and the client gets a new ticket: its old one had the key before, or is used up, as TLS 1.3
// has each used once (RFC 8446 appendix C.4).
int openTicket(const SSL *ssl, TicketKeys &keys, const unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
               EVP_MAC_CTX *mac) {
    const TicketKey *key = keys.find({name, std::tuple_size_v<decltype(TicketKey::name)>});
    if (!key) return 0;
    if (EVP_DecryptInit_ex2(cipher, ticketCipher(), key->cipherKey.data(), iv, nullptr) != 1 || !setMac(mac, *key)) return -1;
    return keys.isCurrent(*key) && SSL_version(ssl) < TLS1_3_VERSION ? 1 : 2;
}

int onTicket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int isNew) {
    auto *keys = static_cast<TicketKeys *>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    return isNew ? makeTicket(*keys, name, iv, cipher, mac) : openTicket(ssl, *keys, name, iv, cipher, mac);
}

SSL_CTX *newContext(const SSL_METHOD *method) {
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(method);
    if (!context) return nullptr;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, kCiphers12);
    SSL_CTX_set_ciphersuites(context, kCiphers13);
    SSL_CTX_set1_groups_list(context, kGroups);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_PRIORITIZE_CHACHA);
    // An idle connection has no buffers. The chain is what the file holds: OpenSSL would look for one at each handshake.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return context;
}

Failure noMemory() { return {"TLS cannot be prepared: " + takeOpensslReason()}; }

void prepareServer(SSL_CTX *context, TicketKeys &keys) {
    static constexpr unsigned char kSessions[] = "meerkat";
    SSL_CTX_set_session_id_context(context, kSessions, sizeof kSessions - 1);
    SSL_CTX_set_app_data(context, &keys);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &onTicket);
    SSL_CTX_set_timeout(context, static_cast<long>(TicketKeys::kLifeSeconds));
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_alpn_select_cb(context, &chooseProtocol, nullptr);
}

Failure notUsable(std::string_view name) {
    const unsigned long code = ERR_peek_error();
    const int reason = ERR_GET_REASON(code);
    const std::string words = takeOpensslReason();
    const std::string file(name);
    if (reason == SSL_R_EE_KEY_TOO_SMALL || reason == SSL_R_CA_KEY_TOO_SMALL)
        return {file + " holds a key that is too weak for TLS (" + words + "): make one of 2048 bits (RSA) or P-256"};
    if (reason == SSL_R_CA_MD_TOO_WEAK)
        return {file + " holds a certificate whose signature is too weak for TLS (" + words + "): have it signed with SHA-256"};
    return {file + " cannot be used (" + words + "): make a key and a certificate of another kind, RSA or ECDSA"};
}

std::string dateOf(const ASN1_TIME *time) {
    tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unknown day";
    std::array<char, 16> text{};
    return {text.data(), strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

std::string objectionTo(const X509 *certificate, std::string_view name) {
    const ASN1_TIME *end = X509_get0_notAfter(certificate);
    const ASN1_TIME *begin = X509_get0_notBefore(certificate);
    if (X509_cmp_current_time(end) < 0)
        return std::string(name) + " holds a certificate that expired on " + dateOf(end) +
               ": browsers will warn until it is renewed";
    if (X509_cmp_current_time(begin) > 0)
        return std::string(name) + " holds a certificate that is valid from " + dateOf(begin) +
               " on: browsers will warn until then";
    return {};
}

bool trust(SSL_CTX *context, const std::vector<OwnedCertificate> &certificates) {
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    for (const auto &each : certificates)
        if (X509_STORE_add_cert(store, each.get()) != 1) return false;
    return true;
}

// What the system trusts. A root that OpenSSL cannot read is one that is not trusted.
void trustSystem(SSL_CTX *context) {
    const os::TrustedRoots roots = os::trustedRoots();
    for (const auto &der : roots.der) {
        const auto *bytes = reinterpret_cast<const unsigned char *>(der.data());
        const OwnedCertificate root(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
        if (root) X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root.get());
    }
    const auto bundle = readPemFile(roots.bundleFile);
    auto certificates = bundle ? readCertificates(*bundle, roots.bundleFile) : bundle.failure();
    if (certificates) trust(context, *certificates);
    if (!certificates && roots.der.empty()) SSL_CTX_set_default_verify_paths(context);
    ERR_clear_error();
}

}  // namespace

TlsContext::~TlsContext() { SSL_CTX_free(m_native); }

Result<std::unique_ptr<TlsContext>> TlsContext::forServer(std::string_view pem, std::string_view name, TicketKeys &keys) {
    const auto credentials = readCredentials(pem, name);
    if (!credentials) return credentials.failure();
    SSL_CTX *native = newContext(TLS_server_method());
    if (!native) return noMemory();
    std::unique_ptr<TlsContext> context(new TlsContext(native));
    prepareServer(native, keys);
    const BorrowingStack chain(sk_X509_new_null());
    for (const auto &each : credentials->chain) sk_X509_push(chain.get(), each.get());
    if (SSL_CTX_use_cert_and_key(native, credentials->certificate.get(), credentials->key.get(), chain.get(), 1) != 1)
        return notUsable(name);
    context->m_warning = objectionTo(credentials->certificate.get(), name);
    return context;
}

Result<std::unique_ptr<TlsContext>> TlsContext::forServerFile(std::string_view path, TicketKeys &keys) {
    auto pem = readPemFile(path);
    if (!pem) return pem.failure();
    auto context = forServer(*pem, "The file '" + std::string(path) + "'", keys);
    OPENSSL_cleanse(pem->data(), pem->size());
    return context;
}

Result<std::unique_ptr<TlsContext>> TlsContext::forClient(std::string_view caFile) {
    SSL_CTX *native = newContext(TLS_client_method());
    if (!native) return noMemory();
    std::unique_ptr<TlsContext> context(new TlsContext(native));
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_alpn_protos(native, kHttp11, kHttp11Bytes);
    if (caFile.empty()) {
        trustSystem(native);
        return context;
    }
    const auto pem = readPemFile(caFile);
    if (!pem) return pem.failure();
    const auto certificates = readCertificates(*pem, "The file '" + std::string(caFile) + "'");
    if (!certificates) return certificates.failure();
    if (!trust(native, *certificates)) return noMemory();
    return context;
}

}  // namespace meerkat::net
