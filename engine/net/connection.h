// Station: one socket. From os/, to the protocol it speaks, and back through the loop's batch writer and its output queue.
// Thread: engine. Lives from accept until the end of the pass in which it was closed.
//
// Reading: into the loop's scratch buffer; only what the protocol leaves is copied. Writing: what a callback sends is gathered and goes
// out in one call when the callback ends; what the socket does not take waits in the output queue, and only then is writable asked for.
// What the loop's pacer does not allow yet waits there too.
#pragma once

#include "net/event_loop.h"
#include "net/output_queue.h"
#include "net/pacer.h"
#include "net/protocol.h"
#include "net/timer_list.h"
#include "net/tls_stream.h"

#include <memory>
#include <string>

namespace meerkat::net {

class Connection;

// Whoever accepted the connection.
class ConnectionOwner {
  public:
    virtual ~ConnectionOwner() = default;
    // The socket is closed and its protocol was told; the owner hands the object to EventLoop::dispose. Called once.
    virtual void onConnectionClosed(Connection &connection) = 0;
    // Where the connection waits for its next request, its next byte or a reader; and where it waits to see the peer close.
    virtual TimerList &idleLimit() = 0;
    virtual TimerList &lingerLimit() = 0;
};

class Connection final : public Pollable, public TimerNode {
  public:
    Connection(EventLoop &loop, ConnectionOwner &owner, os::SocketHandle socket, const os::Endpoint &peer, std::uint64_t id);
    ~Connection() override;

    // What it speaks from begin on; one that we make has no socket yet, and is not open before attach. close tells the owner all the same.
    void prepare(std::unique_ptr<Protocol> protocol);
    // First bytes are often there already: they are served before the poller hears of the socket.
    void begin();
    void begin(std::unique_ptr<Protocol> protocol);
    // The caller tells the protocol, and then flushes.
    void attach(os::SocketHandle socket, const os::Endpoint &peer);
    // The same over TLS: the protocol is told by onSecured or onSecureFailure.
    void attachTls(os::SocketHandle socket, const os::Endpoint &peer, std::unique_ptr<TlsStream> tls);
    bool isAwaited() const { return m_isAwaited; }
    // The owner's mark.
    bool isCounted() const { return m_isCounted; }
    void setCounted(bool isCounted) { m_isCounted = isCounted; }
    // The same over TLS, as server or as client (the stream knows). The protocol hears onSecured before its first bytes, or onSecureFailure. What it
    // sends before is kept until then. A null stream (no memory for one) closes.
    void beginTls(std::unique_ptr<TlsStream> tls);
    void beginTls(std::unique_ptr<TlsStream> tls, std::unique_ptr<Protocol> protocol);
    bool isTls() const { return m_tls != nullptr; }
    // Why TLS did not come about, in words; "" if it did, or was not tried.
    std::string_view secureFailure() const { return m_tls ? std::string_view(m_tls->failure()) : std::string_view{}; }
    // A client that spoke plainly where TLS was expected: the protocol gets its bytes, and answers plainly.
    bool isPlainOnTls() const { return m_isPlainOnTls; }
    // After onEndOfInput over TLS: the peer did not say that this was all. A body that only the end delimits is cut.
    bool wasInputCut() const { return m_tls && m_tls->wasCut(); }
    // Another protocol from now on; the old one lives until the pass ends. Bytes left over go to the new one.
    void changeProtocol(std::unique_ptr<Protocol> protocol);
    Protocol *protocol() const { return m_protocol.get(); }

    // `bytes` must live until the callback under way has returned, or flush.
    void sendBorrowed(std::string_view bytes);
    void sendCopy(std::string_view bytes);
    // Written before it returns, behind all that was gathered; only what the socket does not take is copied. For much at once.
    void sendAtOnce(std::string_view bytes);
    // Behind everything sent so far. The file is borrowed until onDrained or onClosed.
    void sendFile(const os::File &file, std::uint64_t offset, std::uint64_t bytes);
    // Writes what was gathered. Called by the connection itself at the end of each callback; others call it after sending from elsewhere.
    void flush();
    // Something was sent that no callback of this connection will write.
    bool hasGathered() const { return m_loop.batch().owner == this && !m_inCallback; }
    // The same, or what was sent is more than the socket took: flush has to see to the rest.
    bool owesFlush() const {
        return hasGathered() || (!m_inCallback && isOpen() && (m_output || hasUnsent()) && (m_interest & os::kWritable) == 0);
    }
    bool isBatchFull() const { return m_loop.batch().isFull(); }
    // From onDrained: nothing was sent this time, but more is to come; onDrained is called again.
    void owesMore() { m_owesDrained = true; }

    // Sends what waits, then closes. `lingering`: the peer's unread bytes are drained first, so that a reset does not overtake the answer.
    void closeWhenDrained(bool lingering);
    // At once; what waits is lost.
    void close();
    bool isOpen() const { return m_socket != os::kNoSocket; }
    bool isClosing() const { return m_closeWhenDrained || m_isLingering || !isOpen(); }

    // Hands left-over bytes to the protocol again: it wants input once more.
    void resumeInput();
    // The time limit starts anew (touchLimit), or does not run (stopLimit): a program is at work.
    void touchLimit();
    void stopLimit() { unlink(); }
    // Instead of its own limit the owner's for a peer that is to close runs from now on; onTimeLimit tells when it is over.
    void touchClosingLimit();
    void onLimitDue();

    EventLoop &loop() const { return m_loop; }
    std::uint64_t id() const { return m_id; }
    const os::Endpoint &peer() const { return m_peer; }
    os::Endpoint local() const { return os::localEndpoint(m_socket); }
    std::uint64_t bytesReceived() const { return m_bytesReceived; }
    // Taken by the system; of TLS the plain bytes.
    std::uint64_t bytesSent() const { return m_bytesSent; }
    // Gathered or waiting in the queue.
    std::uint64_t bytesWaiting() const;
    // Of these, what the peer has not confirmed yet, as far as the system tells. A system call.
    std::uint64_t bytesHeld() const;
    std::int64_t openedMs() const { return m_openedMs; }
    bool hasLeftovers() const { return m_leftovers != nullptr; }
    // What came and was not used yet.
    std::string_view leftovers() const { return m_leftovers ? std::string_view(*m_leftovers) : std::string_view(); }
    bool hasQueue() const { return m_output != nullptr; }
    bool hasInputEnded() const { return m_inputEnded; }

    std::size_t placeInList = 0;             // the owner's
    std::unique_ptr<Disposable> ownerState;  // the owner's; goes with the connection

    void onReady(std::uint8_t events) override;

  private:
    void readOnce();
    void deliver(std::string_view bytes);
    void keepLeftovers(std::string_view bytes);
    void deliverLeftovers();
    void drainLingering();
    void settle();
    bool settleStep();
    void writeBatch(bool more);
    void writeQueue();
    void writeQueueOnce();
    void writeQueuePlain();
    void dropEmptyQueue();
    void onWriteFailed();
    bool takesOutput() const { return isOpen() && !m_isLingering && !m_isWriteBroken; }
    void queueRest(std::span<const os::IoSlice> slices, std::size_t sent);
    void updateInterest();
    void finishClosing();
    // ---- connection_tap.cpp ----
    void tapSlices(std::span<const os::IoSlice> slices, std::uint64_t bytes) const;
    struct TappedQueue;
    void tapQueue(const TappedQueue &before) const;
    void writeQueueTapped();
    // ---- connection_paced.cpp ----
    class Turn;
    // One that we made is the program's: it knows what it sends.
    bool isPaced() const { return m_loop.pacer && !m_isOurs; }
    bool isHeld() const { return m_turn && m_turn->isWaiting(); }
    std::uint64_t allowance(std::uint64_t wanted);
    void payFor(std::uint64_t bytes);
    bool maySendBatch();
    void holdIfSpent();
    // ---- connection_tls.cpp ----
    os::IoOutcome receiveSecured(std::span<char> plain);
    void onHandshakeFailed();
    void writeBatchSecured(bool more);
    void writeQueueSecured();
    os::IoState encryptQueue(std::uint64_t &written);
    // The handshake is under way: the protocol has no say in what is read or written.
    bool isShaking() const { return m_tls && !m_tls->isReady(); }
    bool hasUnsent() const { return m_tls && !m_isWriteBroken && m_tls->hasUnsent(); }
    // Decryption came upon the end of the input behind bytes that were delivered.
    bool owesVerdict() const { return m_tls && m_tls->hasVerdict() && !m_inputEnded; }
    void takeVerdict();

    OutputQueue &queue();
    void endInput();
    void gatherHere();

    EventLoop &m_loop;
    ConnectionOwner &m_owner;
    std::unique_ptr<Protocol> m_protocol;
    std::unique_ptr<OutputQueue> m_output;
    std::unique_ptr<std::string> m_leftovers;
    std::unique_ptr<TlsStream> m_tls;
    std::unique_ptr<Pace> m_turn;  // once it was sent something while sending is limited
    std::uint64_t m_id;
    std::uint64_t m_bytesReceived = 0;
    std::uint64_t m_bytesSent = 0;
    std::int64_t m_openedMs;
    os::SocketHandle m_socket;
    os::Endpoint m_peer;
    std::uint8_t m_interest = os::kNothing;
    bool m_isWatched : 1 = false;
    bool m_isAwaited : 1 = false;  // its socket
    bool m_isOurs : 1 = false;     // the program opened it
    bool m_isCounted : 1 = false;
    bool m_inCallback : 1 = false;
    bool m_closeWhenDrained : 1 = false;
    bool m_lingerAfterDrain : 1 = false;
    bool m_isLingering : 1 = false;
    bool m_inputEnded : 1 = false;
    bool m_resumeWanted : 1 = false;
    bool m_owesDrained : 1 = false;  // something was sent since the protocol last heard onDrained
    bool m_isPlainOnTls : 1 = false;
    bool m_isWriteBroken : 1 = false;  // nothing more goes out, but what has come is read
};

}  // namespace meerkat::net
