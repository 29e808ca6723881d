// The part of a connection that is there only while sending is limited.
#include "net/connection.h"

namespace meerkat::net {

class Connection::Turn final : public Pace {
  public:
    Turn(Pacer &pacer, Connection &connection) : Pace(pacer), m_connection(connection) {}

  private:
    // In between its time limit ran on; where that ends before its turn comes it begins anew, since the peer is not to blame.
    void onTurn() override { m_connection.settle(); }

    Connection &m_connection;
};

// How many of the bytes that are to be written may go out now; where that is none, the connection is held until its turn.
std::uint64_t Connection::allowance(std::uint64_t wanted) {
    if (!isPaced() || wanted == 0) return UINT64_MAX;
    if (!m_turn) m_turn = std::make_unique<Turn>(*m_loop.pacer, *this);
    return m_loop.pacer->allowance(*m_turn, wanted, m_loop.nowUs());
}

void Connection::payFor(std::uint64_t bytes) {
    if (m_turn && m_loop.pacer) m_loop.pacer->charge(*m_turn, bytes);
}

// False: the batch may not go out whole. What may not waits in the queue, as if the socket were full.
bool Connection::maySendBatch() {
    BatchWriter &batch = m_loop.batch();
    // Nothing of it goes out now.
    if (m_tls && (!m_tls->isReady() || m_tls->hasUnsent())) return true;
    if (allowance(batch.bytes()) >= batch.bytes()) return true;
    queueRest(batch.slices(), 0);
    batch.clear();
    writeQueue();
    return false;
}

// What is left has to wait for its turn: then the socket is not asked to tell when it is writable.
void Connection::holdIfSpent() {
    if (!isHeld() && !hasUnsent() && !isShaking()) allowance(m_output->waiting());
}

}  // namespace meerkat::net
