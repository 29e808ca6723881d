#include "net/connection.h"

#include "net/traffic_tap.h"
#include "os/send_queue.h"

#include <cstring>

namespace meerkat::net {

namespace {

// Bytes of a file that one connection may write in one pass: so few that readers take turns while the pages are warm, and no more than three of the
// largest segments there are (65,464 bytes, on the loopback), since a rest would travel as a small segment of its own. Measured: half
// the CPU time of 8 MB at a time.
constexpr std::uint64_t kFileBudget = 3 * 65'464;
// How much one connection may do in one pass: a program that always has more to send comes again in the next.
constexpr int kStepsAtOnce = 24;

}  // namespace

Connection::Connection(EventLoop &loop, ConnectionOwner &owner, os::SocketHandle socket, const os::Endpoint &peer,
                       std::uint64_t id)
    : m_loop(loop), m_owner(owner), m_id(id), m_openedMs(loop.nowMs()), m_socket(socket), m_peer(peer) {}

Connection::~Connection() {
    if (m_loop.batch().owner == this) m_loop.batch().clear();
    if (isOpen()) {
        if (m_isWatched) m_loop.forget(m_socket);
        os::closeSocket(m_socket);
    }
}

void Connection::prepare(std::unique_ptr<Protocol> protocol) {
    m_protocol = std::move(protocol);
    m_isAwaited = m_isOurs = !isOpen();
}

void Connection::begin() {
    touchLimit();
    if (isOpen()) readOnce();
}

void Connection::begin(std::unique_ptr<Protocol> protocol) {
    prepare(std::move(protocol));
    begin();
}

void Connection::attach(os::SocketHandle socket, const os::Endpoint &peer) {
    m_socket = socket;
    m_peer = peer;
    m_isAwaited = false;
    m_openedMs = m_loop.nowMs();
    touchLimit();
}

void Connection::changeProtocol(std::unique_ptr<Protocol> protocol) {
    class Retired final : public Disposable {
      public:
        explicit Retired(std::unique_ptr<Protocol> old) : m_old(std::move(old)) {}

      private:
        std::unique_ptr<Protocol> m_old;
    };
    m_loop.dispose(std::make_unique<Retired>(std::move(m_protocol)));
    m_protocol = std::move(protocol);
    resumeInput();
}

// ---- reading ----

void Connection::onReady(std::uint8_t events) {
    if (!isOpen()) return;
    if (m_isLingering) return drainLingering();
    if ((events & os::kReadable) && (m_interest & os::kReadable)) return readOnce();
    // Neither reading nor writing was asked for, so this is the peer's reset: errors come as both. One alone was noticed before the interest changed.
    constexpr std::uint8_t both = os::kReadable | os::kWritable;
    if (m_interest == os::kNothing && (events & both) == both) return close();
    if (events & os::kWritable) settle();
}

void Connection::readOnce() {
    const auto scratch = m_loop.scratch();
    const std::size_t held = m_leftovers ? m_leftovers->size() : 0;
    const auto outcome = m_tls ? receiveSecured(scratch.subspan(held)) : os::receive(m_socket, scratch.subspan(held));
    if (outcome.state == os::IoState::Failed) return close();
    if (outcome.state == os::IoState::Done) {
        m_bytesReceived += outcome.bytes;
        if (m_loop.tap) m_loop.tap->onTraffic(*this, Direction::Received, {scratch.data() + held, outcome.bytes});
        if (held) {
            std::memcpy(scratch.data(), m_leftovers->data(), held);
            m_leftovers.reset();
        }
        deliver({scratch.data(), held + outcome.bytes});
    } else if (outcome.state == os::IoState::Closed) {
        endInput();
    }
    settle();
}

void Connection::endInput() {
    m_inputEnded = true;
    m_inCallback = true;
    m_protocol->onEndOfInput();
    m_inCallback = false;
}

void Connection::deliver(std::string_view bytes) {
    m_inCallback = true;
    Protocol *speaker = nullptr;
    // A changed protocol gets what its predecessor left.
    while (isOpen() && !bytes.empty() && speaker != m_protocol.get()) {
        speaker = m_protocol.get();
        bytes.remove_prefix(speaker->onBytes(bytes));
    }
    m_inCallback = false;
    if (isOpen()) keepLeftovers(bytes);
}

void Connection::keepLeftovers(std::string_view bytes) {
    if (bytes.empty())
        m_leftovers.reset();
    else
        m_leftovers = std::make_unique<std::string>(bytes);
}

void Connection::deliverLeftovers() {
    const auto held = std::move(m_leftovers);
    deliver(*held);
}

void Connection::resumeInput() {
    m_resumeWanted = true;
    if (!m_inCallback) settle();
}

void Connection::drainLingering() {
    const auto outcome = os::receive(m_socket, m_loop.scratch());
    if (outcome.state == os::IoState::Done) m_bytesReceived += outcome.bytes;
    if (outcome.state == os::IoState::Closed || outcome.state == os::IoState::Failed) close();
}

// ---- writing ----

void Connection::gatherHere() {
    BatchWriter &batch = m_loop.batch();
    if (batch.owner && batch.owner != this) batch.owner->writeBatch(false);
    batch.owner = this;
    m_owesDrained = true;
}

void Connection::sendBorrowed(std::string_view bytes) {
    if (!takesOutput() || bytes.empty()) return;
    if (m_output) return m_output->append(bytes);
    gatherHere();
    if (!m_loop.batch().canBorrow()) {
        writeBatch(true);
        if (isOpen()) sendBorrowed(bytes);
        return;
    }
    m_loop.batch().borrow(bytes);
}

void Connection::sendCopy(std::string_view bytes) {
    if (!takesOutput() || bytes.empty()) return;
    if (m_output) return m_output->append(bytes);
    gatherHere();
    if (m_loop.batch().canCopy(bytes.size())) return m_loop.batch().copy(bytes);
    // Too long for the arena: no second copy is made of what the socket takes.
    sendAtOnce(bytes);
}

void Connection::sendAtOnce(std::string_view bytes) {
    if (!takesOutput() || bytes.empty()) return;
    if (m_output) return m_output->append(bytes);
    gatherHere();
    if (!m_loop.batch().canBorrow()) writeBatch(true);
    if (!isOpen()) return;
    if (m_output) return m_output->append(bytes);
    gatherHere();
    m_loop.batch().borrow(bytes);
    writeBatch(false);
}

void Connection::sendFile(const os::File &file, std::uint64_t offset, std::uint64_t bytes) {
    if (!takesOutput() || bytes == 0) return;
    if (m_loop.batch().owner == this) writeBatch(true);
    if (!isOpen()) return;
    m_owesDrained = true;
    queue().setFile(file, offset, bytes);
}

void Connection::flush() {
    if (m_inCallback) {
        if (m_loop.batch().owner == this) writeBatch(false);
    } else {
        settle();
    }
}

OutputQueue &Connection::queue() {
    if (!m_output) m_output = std::make_unique<OutputQueue>();
    return *m_output;
}

void Connection::queueRest(std::span<const os::IoSlice> slices, std::size_t sent) {
    for (const auto &slice : slices) {
        const std::size_t skipped = sent < slice.size ? sent : slice.size;
        sent -= skipped;
        if (skipped < slice.size) queue().append({slice.data + skipped, slice.size - skipped});
    }
}

void Connection::writeBatch(bool more) {
    if (isPaced() && !maySendBatch()) return;
    if (m_tls) return writeBatchSecured(more);
    BatchWriter &batch = m_loop.batch();
    const auto outcome = os::sendSlices(m_socket, batch.slices(), more);
    if (outcome.state == os::IoState::Done || outcome.state == os::IoState::WouldBlock) {
        const std::size_t taken = outcome.state == os::IoState::Done ? outcome.bytes : 0;
        m_bytesSent += taken;
        if (m_turn) payFor(taken);
        if (m_loop.tap) tapSlices(batch.slices(), taken);
        if (taken < batch.bytes()) queueRest(batch.slices(), taken);
        batch.clear();
        return;
    }
    onWriteFailed();
}

// The peer takes no more. What it said before that is still to be read where the protocol waits for it: the answer to a request it did not hear out.
void Connection::onWriteFailed() {
    if (m_loop.batch().owner == this) m_loop.batch().clear();
    if (m_inputEnded || !m_protocol->awaitsAnswer()) return close();
    m_isWriteBroken = true;
    m_output.reset();
}

void Connection::writeQueue() {
    if (isHeld()) return;
    if (m_loop.tap && m_output) return writeQueueTapped();
    writeQueueOnce();
    dropEmptyQueue();
}

void Connection::writeQueueOnce() { m_tls ? writeQueueSecured() : writeQueuePlain(); }

void Connection::dropEmptyQueue() {
    if (m_output && m_output->isEmpty() && !hasUnsent()) m_output.reset();
}

void Connection::writeQueuePlain() {
    const std::uint64_t allowed = allowance(m_output->waiting());
    if (allowed == 0) return;
    std::uint64_t written = 0;
    const auto state = m_output->write(m_socket, {allowed, kFileBudget}, m_loop.scratch(), written);
    m_bytesSent += written;
    if (m_turn) payFor(written);
    if (written && isLinked()) touchLimit();
    if (state == os::IoState::Failed || state == os::IoState::Closed) onWriteFailed();
}

std::uint64_t Connection::bytesHeld() const { return isOpen() ? os::unconfirmedBytes(m_socket) : 0; }

std::uint64_t Connection::bytesWaiting() const {
    const BatchWriter &batch = m_loop.batch();
    return (batch.owner == this ? batch.bytes() : 0) + (m_output ? m_output->waiting() : 0) + (m_tls ? m_tls->plainWaiting() : 0);
}

// ---- after each callback ----

// One thing that is to be done now; false if there is none.
bool Connection::settleStep() {
    if (m_loop.batch().owner == this) {
        writeBatch(false);
        return isOpen();
    }
    if (m_output || !isOpen()) return false;
    if (m_closeWhenDrained) {
        finishClosing();
        return false;
    }
    if (m_owesDrained) {
        m_owesDrained = false;
        m_inCallback = true;
        m_protocol->onDrained();
        m_inCallback = false;
        return true;
    }
    if (m_resumeWanted && m_leftovers && m_protocol->wantsInput()) {
        m_resumeWanted = false;
        deliverLeftovers();
        return true;
    }
    if (owesVerdict() && m_protocol->wantsInput()) {
        takeVerdict();
        return true;
    }
    return false;
}

void Connection::settle() {
    if ((m_output || hasUnsent()) && isOpen()) writeQueue();
    int steps = 0;
    while (isOpen() && !m_isLingering && steps < kStepsAtOnce && settleStep()) {
        ++steps;
        // A file range just begun: its first part goes out with its head. A socket that left bytes behind is full, and is not asked again.
        if (m_output && isOpen() && m_output->bytesLeft() == 0 && !hasUnsent()) writeQueue();
    }
    if (isOpen() && m_loop.batch().owner == this) writeBatch(false);
    if (!isOpen()) return;
    if (m_output && isPaced()) holdIfSpent();
    // A peer that does not read is not waited for longer than one that does not write.
    if (m_output && !isLinked()) touchLimit();
    updateInterest();
}

void Connection::updateInterest() {
    if (m_isLingering) return;
    std::uint8_t interest = os::kNothing;
    // What was left is served before anything else is read, the end of input too.
    const bool isBehind = (m_leftovers && (m_resumeWanted || m_owesDrained)) || (owesVerdict() && m_protocol->wantsInput());
    if (!m_inputEnded && !isBehind && (isShaking() || m_protocol->wantsInput())) interest |= os::kReadable;
    if (hasUnsent() || ((m_output || m_owesDrained || isBehind) && !isShaking() && !isHeld())) interest |= os::kWritable;
    if (m_isWatched && interest == m_interest) return;
    m_interest = interest;
    const bool accepted = m_isWatched ? m_loop.change(m_socket, interest, *this) : m_loop.watch(m_socket, interest, *this);
    m_isWatched = m_isWatched || accepted;
    if (!accepted) close();
}

// ---- closing ----

void Connection::closeWhenDrained(bool lingering) {
    if (!isOpen() || m_isLingering) return;
    m_closeWhenDrained = true;
    m_lingerAfterDrain = m_lingerAfterDrain || lingering;
    if (!m_inCallback) settle();
}

void Connection::finishClosing() {
    if (m_tls) m_tls->sendEnd(m_socket);
    if (!m_lingerAfterDrain || m_inputEnded) return close();
    m_isLingering = true;
    m_leftovers.reset();
    os::shutdownWrite(m_socket);
    m_owner.lingerLimit().touch(*this, m_loop.nowMs());
    m_interest = os::kReadable;
    const bool accepted =
        m_isWatched ? m_loop.change(m_socket, os::kReadable, *this) : m_loop.watch(m_socket, os::kReadable, *this);
    m_isWatched = m_isWatched || accepted;
    if (!accepted) close();
}

void Connection::close() {
    if (m_isAwaited) {
        m_isAwaited = false;
        return m_owner.onConnectionClosed(*this);
    }
    if (!isOpen()) return;
    if (m_loop.batch().owner == this) m_loop.batch().clear();
    if (m_isWatched) m_loop.forget(m_socket);
    os::closeSocket(m_socket);
    m_socket = os::kNoSocket;
    m_output.reset();
    m_turn.reset();
    unlink();
    m_owner.onConnectionClosed(*this);
}

void Connection::touchLimit() {
    if (isOpen() && !m_isLingering) m_owner.idleLimit().touch(*this, m_loop.nowMs());
}

void Connection::touchClosingLimit() {
    if (isOpen() && !m_isLingering) m_owner.lingerLimit().touch(*this, m_loop.nowMs());
}

void Connection::onLimitDue() {
    if (m_isLingering) return close();
    // It waits for us.
    if (isHeld()) return touchLimit();
    m_inCallback = true;
    m_protocol->onTimeLimit();
    m_inCallback = false;
    settle();
}

}  // namespace meerkat::net
