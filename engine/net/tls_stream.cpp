#include "net/tls_stream.h"

#include "net/event_loop.h"
#include "net/openssl.h"
#include "net/slice_reader.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <openssl/x509v3.h>

namespace meerkat::net {

namespace {

constexpr std::size_t kRecordHeadBytes = 5;
// The most that RFC 5246 section 6.2.3 lets a record's length say; OpenSSL refuses a longer one by its head alone.
constexpr std::size_t kMostRecordBytes = 16384 + 2048;
constexpr char kHandshakeRecord = 0x16;
// Answers of the handshake and to key updates, for a peer that reads none of them.
constexpr std::size_t kMostUnsentBytes = 1024 * 1024;

TlsBuffers &buffersOf(BIO *bio) { return *static_cast<TlsBuffers *>(BIO_get_data(bio)); }

int readInput(BIO *bio, char *place, std::size_t size, std::size_t *read) {
    std::string_view &input = buffersOf(bio).input;
    BIO_clear_retry_flags(bio);
    *read = std::min(size, input.size());
    if (*read == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    std::memcpy(place, input.data(), *read);
    input.remove_prefix(*read);
    return 1;
}

int writeOutput(BIO *bio, const char *bytes, std::size_t size, std::size_t *written) {
    buffersOf(bio).output.append(bytes, size);
    *written = size;
    return 1;
}

long control(BIO *, int command, long, void *) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

int initialise(BIO *bio) {
    BIO_set_init(bio, 1);
    return 1;
}

// OpenSSL's end of the loop's buffers: what it reads is in `input`, what it writes goes to `output`, so that it never waits for a socket.
BIO *newBio(TlsBuffers &buffers) {
    static BIO_METHOD *const method = [] {
        BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "meerkat");
        BIO_meth_set_read_ex(made, &readInput);
        BIO_meth_set_write_ex(made, &writeOutput);
        BIO_meth_set_ctrl(made, &control);
        BIO_meth_set_create(made, &initialise);
        return made;
    }();
    BIO *bio = BIO_new(method);
    if (bio) BIO_set_data(bio, &buffers);
    return bio;
}

SSL *newSsl(TlsBuffers &buffers, const TlsContext &context) {
    ERR_clear_error();
    SSL *ssl = SSL_new(context.native());
    BIO *bio = ssl ? newBio(buffers) : nullptr;
    if (!bio) {
        SSL_free(ssl);
        return nullptr;
    }
    SSL_set_bio(ssl, bio, bio);
    return ssl;
}

// Length of the whole records at the start of `bytes`; all of it if there is one that OpenSSL will refuse.
std::size_t wholeRecords(std::string_view bytes) {
    std::size_t whole = 0;
    while (bytes.size() - whole >= kRecordHeadBytes) {
        const auto byteAt = [&](std::size_t place) { return static_cast<unsigned char>(bytes[whole + place]); };
        const std::size_t length = static_cast<std::size_t>(byteAt(3) << 8 | byteAt(4));
        if (length > kMostRecordBytes) return bytes.size();
        if (bytes.size() - whole - kRecordHeadBytes < length) break;
        whole += kRecordHeadBytes + length;
    }
    return whole;
}

// The peer's certificate must be for this host. False: not enough memory.
bool expectHost(SSL *ssl, const std::string &host) {
    // A name that stands in the subject alone counts no longer (RFC 9110 section 4.3.4).
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    const std::string address = host.substr(0, host.find('%'));
    if (os::parseIp(address)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), address.c_str()) == 1;
    return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

// Without the brackets of an address and the dot that ends a name in the DNS alone.
std::string plainHost(std::string_view host) {
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
    return std::string(host);
}

std::string objection(long verdict) {
    switch (verdict) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "is signed by itself alone: if it is the right one, name it in ssl_ca_certificate";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return "is signed by an authority that is not trusted here: if it should be, name its certificate in ssl_ca_certificate";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "is for other names: the address may be mistyped, or somebody stands between";
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "has expired: its owner has to renew it, unless the clock of this computer is wrong";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "is not valid yet: the clock of this computer may be wrong";
    default:
        return std::string("cannot be trusted: ") + X509_verify_cert_error_string(verdict);
    }
}

}  // namespace

std::unique_ptr<TlsStream> TlsStream::forServer(EventLoop &loop, const TlsContext &context) {
    TlsBuffers &buffers = loop.tlsBuffers();
    SSL *ssl = newSsl(buffers, context);
    if (!ssl) return nullptr;
    SSL_set_accept_state(ssl);
    return std::unique_ptr<TlsStream>(new TlsStream(buffers, ssl, false));
}

std::unique_ptr<TlsStream> TlsStream::forClient(EventLoop &loop, const TlsContext &context, std::string_view host) {
    TlsBuffers &buffers = loop.tlsBuffers();
    SSL *ssl = newSsl(buffers, context);
    if (!ssl) return nullptr;
    std::unique_ptr<TlsStream> stream(new TlsStream(buffers, ssl, true));
    stream->m_host = plainHost(host);
    SSL_set_connect_state(ssl);
    if (!expectHost(ssl, stream->m_host)) return nullptr;
    return stream;
}

TlsStream::TlsStream(TlsBuffers &buffers, ssl_st *ssl, bool isClient) : m_buffers(buffers), m_ssl(ssl), m_isClient(isClient) {}

TlsStream::~TlsStream() { SSL_free(m_ssl); }

// ---- reading ----

bool TlsStream::start(os::SocketHandle socket) {
    ERR_clear_error();
    m_buffers.output.clear();
    noteResult(SSL_do_handshake(m_ssl));
    Sent sent;
    transmit(socket, false, sent);
    return m_verdict != os::IoState::Failed;
}

TlsStream::Received TlsStream::receive(os::SocketHandle socket, std::span<char> plain) {
    if (hasVerdict()) return verdict();
    const std::size_t held = m_held.size();
    // Decrypted bytes are fewer than encrypted ones: what is taken now fits.
    const auto place = std::span(m_buffers.received).first(std::min(m_buffers.received.size(), plain.size()));
    assert(place.size() > held);
    const auto outcome = os::receive(socket, place.subspan(held));
    if (outcome.state == os::IoState::WouldBlock) return {};
    if (outcome.state != os::IoState::Done) {
        m_wasCut = true;
        m_verdict = outcome.state;
        if (!m_isReady) fail("The connection was closed in the middle of the TLS handshake");
        return verdict();
    }
    if (m_isFresh && !m_isClient && place[0] != kHandshakeRecord) {
        std::memcpy(plain.data(), place.data(), outcome.bytes);
        return {Arrival::NotTls, outcome.bytes};
    }
    m_isFresh = false;
    if (!takeWholeRecords(outcome.bytes)) return {};
    return decrypt(socket, plain);
}

// From what was held and what came behind it. False: no record is whole.
bool TlsStream::takeWholeRecords(std::size_t bytes) {
    const std::size_t held = m_held.size();
    char *place = m_buffers.received.data();
    std::memcpy(place, m_held.data(), held);
    const std::string_view all(place, held + bytes);
    const std::size_t whole = wholeRecords(all);
    if (whole == 0) {
        m_held.append(all.substr(held));
        return false;
    }
    std::string(all.substr(whole)).swap(m_held);
    m_buffers.input = all.substr(0, whole);
    return true;
}

TlsStream::Received TlsStream::decrypt(os::SocketHandle socket, std::span<char> plain) {
    ERR_clear_error();
    m_buffers.output.clear();
    std::size_t got = 0;
    while (!m_buffers.input.empty() && !hasVerdict()) {
        std::size_t bytes = 0;
        const int result = SSL_read_ex(m_ssl, plain.data() + got, plain.size() - got, &bytes);
        if (!m_isReady && SSL_is_init_finished(m_ssl)) m_isReady = true;
        if (result == 1)
            got += bytes;
        else
            noteResult(result);
    }
    m_buffers.input = {};
    if (!m_buffers.output.empty()) {
        Sent sent;
        const os::IoState state = transmit(socket, false, sent);
        if (state == os::IoState::Failed || state == os::IoState::Closed) m_verdict = os::IoState::Failed;
    }
    if (got > 0) return {Arrival::Bytes, got};
    return hasVerdict() ? verdict() : Received{};
}

TlsStream::Received TlsStream::verdict() const {
    return {m_verdict == os::IoState::Closed ? Arrival::Ended : Arrival::Failed, 0};
}

void TlsStream::noteResult(int result) {
    switch (SSL_get_error(m_ssl, result)) {
    case SSL_ERROR_NONE:
    case SSL_ERROR_WANT_READ:
        return;
    case SSL_ERROR_ZERO_RETURN:
        m_verdict = os::IoState::Closed;
        return;
    default:
        fail(m_isClient ? whyNotAgreed() : std::string());
        ERR_clear_error();
    }
}

void TlsStream::fail(std::string text) {
    m_verdict = os::IoState::Failed;
    m_failure = std::move(text);
}

std::string TlsStream::whyNotAgreed() const {
    const long verdict = SSL_get_verify_result(m_ssl);
    if (verdict != X509_V_OK) return "The certificate of " + m_host + " " + objection(verdict);
    const int reason = ERR_GET_REASON(ERR_peek_error());
    const std::string words = takeOpensslReason();
    if (reason == SSL_R_WRONG_VERSION_NUMBER) return m_host + " does not speak TLS there: try it without, or at another port";
    return "TLS with " + m_host + " failed: " + (words.empty() ? "no reason was given" : words);
}

// ---- writing ----

bool TlsStream::encrypt(std::string_view bytes) {
    std::size_t written = 0;
    // The output takes all, so OpenSSL does not stop half way.
    if (SSL_write_ex(m_ssl, bytes.data(), bytes.size(), &written) == 1 && written == bytes.size()) return true;
    fail("TLS broke down while sending: " + takeOpensslReason());
    return false;
}

TlsStream::Sent TlsStream::send(os::SocketHandle socket, std::span<const os::IoSlice> slices, bool more, bool isLast) {
    SliceReader reader(slices);
    Sent sent;
    ERR_clear_error();
    while (!reader.isAtEnd() && sent.state == os::IoState::Done && !hasUnsent()) {
        m_buffers.output.clear();
        std::uint64_t piece = 0;
        while (!reader.isAtEnd() && piece < TlsBuffers::kPieceBytes) {
            const std::string_view bytes = reader.next(TlsBuffers::kPieceBytes - piece, m_buffers.plain);
            if (!encrypt(bytes)) return {os::IoState::Failed, sent.taken, sent.plain};
            piece += bytes.size();
        }
        sent.taken += piece;
        m_plainWaiting += piece;
        if (isLast && reader.isAtEnd()) sealEnd();
        sent.state = transmit(socket, more || !reader.isAtEnd(), sent);
    }
    if (hasUnsent() && sent.state == os::IoState::Done) sent.state = os::IoState::WouldBlock;
    return sent;
}

TlsStream::Sent TlsStream::sendFile(os::SocketHandle socket, const os::File &file, std::uint64_t offset, std::uint64_t bytes,
                                    bool more) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, TlsBuffers::kPieceBytes));
    const auto read = file.readAt(offset, std::span(m_buffers.plain).first(wanted));
    if (!read) return {os::IoState::Failed, 0, 0};
    if (*read == 0) return {os::IoState::Closed, 0, 0};
    const os::IoSlice slice{m_buffers.plain.data(), *read};
    return send(socket, {&slice, 1}, more || *read < bytes, false);
}

TlsStream::Sent TlsStream::flush(os::SocketHandle socket, bool more) {
    Sent sent;
    m_buffers.output.clear();
    if (hasUnsent()) sent.state = transmit(socket, more, sent);
    return sent;
}

void TlsStream::sealEnd() {
    if (m_isEndSent || !m_isReady || m_verdict == os::IoState::Failed) return;
    m_isEndSent = true;
    SSL_shutdown(m_ssl);
    ERR_clear_error();
}

void TlsStream::sendEnd(os::SocketHandle socket) {
    if (m_isEndSent || !m_isReady) return;
    m_buffers.output.clear();
    sealEnd();
    Sent sent;
    transmit(socket, false, sent);
}

// What waited, then the output. What the socket does not take is kept.
os::IoState TlsStream::transmit(os::SocketHandle socket, bool more, Sent &sent) {
    std::string &output = m_buffers.output;
    const bool isBehind = hasUnsent();
    if (isBehind) m_unsent.append(output);
    const std::string_view waiting = isBehind ? std::string_view(m_unsent).substr(m_sent) : std::string_view(output);
    if (waiting.empty()) return os::IoState::Done;
    const auto outcome = os::sendBytes(socket, waiting, more);
    if (outcome.state != os::IoState::Done && outcome.state != os::IoState::WouldBlock) return outcome.state;
    const std::size_t taken = outcome.state == os::IoState::Done ? outcome.bytes : 0;
    // The last byte tells of the rest; before it a share is as good as any count.
    const std::uint64_t plain =
        taken == waiting.size() ? m_plainWaiting
                                : static_cast<std::uint64_t>(static_cast<double>(m_plainWaiting) * static_cast<double>(taken) /
                                                             static_cast<double>(waiting.size()));
    m_plainWaiting -= plain;
    sent.plain += plain;
    keepUnsent(waiting, taken, isBehind);
    if (m_unsent.size() - m_sent > kMostUnsentBytes) return os::IoState::Failed;
    return hasUnsent() ? os::IoState::WouldBlock : os::IoState::Done;
}

void TlsStream::keepUnsent(std::string_view waiting, std::size_t taken, bool isBehind) {
    if (taken == waiting.size()) {
        std::string().swap(m_unsent);
        m_sent = 0;
    } else if (isBehind) {
        m_sent += taken;
    } else {
        m_unsent.assign(waiting.substr(taken));
        m_sent = 0;
    }
}

}  // namespace meerkat::net
