// Station: one connection's TLS. Between os/socket and net/connection: ciphertext to the socket, plain bytes to the connection.
// Thread: engine. While idle it owns no buffer: records travel through the loop's TlsBuffers, and OpenSSL is given whole records only. What a
// record lacks and what the socket did not take is kept here, as many bytes as there are.
#pragma once

#include "net/tls_buffers.h"
#include "net/tls_context.h"
#include "os/file.h"
#include "os/socket.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_st;

namespace meerkat::net {

class EventLoop;

class TlsStream {
  public:
    // Null if there is not enough memory. The loop outlives the stream.
    static std::unique_ptr<TlsStream> forServer(EventLoop &loop, const TlsContext &context);
    // `host`: the name or IP address that the peer's certificate must be for; a name is sent along (SNI), an address never.
    static std::unique_ptr<TlsStream> forClient(EventLoop &loop, const TlsContext &context, std::string_view host);
    ~TlsStream();

    // The handshake is over: bytes can be sent.
    bool isReady() const { return m_isReady; }
    bool isClient() const { return m_isClient; }
    // Encrypted bytes wait for the socket: nothing more is to be encrypted.
    bool hasUnsent() const { return m_sent < m_unsent.size(); }
    // Plain bytes in what waits.
    std::uint64_t plainWaiting() const { return m_plainWaiting; }
    // The next receive tells how the input ended, without a look at the socket.
    bool hasVerdict() const { return m_verdict != os::IoState::Done; }
    // The input ended without close_notify: who reads until the end has not read everything.
    bool wasCut() const { return m_wasCut; }
    // After Failed: one sentence that says why. "" if the socket failed.
    const std::string &failure() const { return m_failure; }

    // The client's first message goes out. False: failed.
    bool start(os::SocketHandle socket);

    enum class Arrival : std::uint8_t { Nothing, Bytes, Ended, Failed, NotTls };
    struct Received {
        Arrival arrival = Arrival::Nothing;
        std::size_t bytes = 0;  // in `plain`: decrypted, or with NotTls as they came
    };
    // Takes what the socket has, goes on with the handshake and decrypts all of it; answers of the handshake go out in one write. `plain` holds more
    // than 17 KB. NotTls: the very first byte of a client is no handshake's.
    Received receive(os::SocketHandle socket, std::span<char> plain);

    struct Sent {
        os::IoState state = os::IoState::Done;
        std::uint64_t taken = 0;  // plain bytes that are encrypted now; the rest is the caller's to keep
        std::uint64_t plain = 0;  // plain bytes that went out whole, earlier ones included
    };
    // Encrypts and writes piece by piece, each in one call, as much as the socket takes. `more`: further bytes follow at once. `isLast`: close_notify
    // goes along behind the last byte.
    Sent send(os::SocketHandle socket, std::span<const os::IoSlice> slices, bool more, bool isLast);
    // A part of a file; Closed: it is shorter than that.
    Sent sendFile(os::SocketHandle socket, const os::File &file, std::uint64_t offset, std::uint64_t bytes, bool more);
    // What waits.
    Sent flush(os::SocketHandle socket, bool more = false);
    // close_notify, unless it went already; not waited for.
    void sendEnd(os::SocketHandle socket);

  private:
    TlsStream(TlsBuffers &buffers, ssl_st *ssl, bool isClient);

    bool takeWholeRecords(std::size_t bytes);
    Received decrypt(os::SocketHandle socket, std::span<char> plain);
    Received verdict() const;
    void noteResult(int result);
    void fail(std::string text);
    std::string whyNotAgreed() const;
    bool encrypt(std::string_view bytes);
    void sealEnd();
    os::IoState transmit(os::SocketHandle socket, bool more, Sent &sent);
    void keepUnsent(std::string_view waiting, std::size_t taken, bool isBehind);

    TlsBuffers &m_buffers;
    ssl_st *m_ssl;         // owned
    std::string m_held;    // the beginning of a record
    std::string m_unsent;  // encrypted
    std::string m_failure;
    std::string m_host;      // a client's
    std::size_t m_sent = 0;  // of m_unsent
    std::uint64_t m_plainWaiting = 0;
    os::IoState m_verdict = os::IoState::Done;
    bool m_isClient;
    bool m_isReady = false;
    bool m_isFresh = true;  // nothing has come yet
    bool m_wasCut = false;
    bool m_isEndSent = false;
};

}  // namespace meerkat::net
