// Station: the tests. A client that says exactly the bytes it is told, over a real socket of the loopback, and drives the server under test
// in the same thread while it waits.
#pragma once

#include "os/native_sockets.h"
#include "support/test_server.h"

#include <QByteArray>

#include <functional>

namespace meerkat::test {

// An answer taken apart.
struct Answer {
    int status = 0;
    QByteArray head;  // with its blank line
    QByteArray body;  // chunks joined
    // Of the first field of that name; null if there is none.
    QByteArray field(const QByteArray &name) const;
};

class ScriptedPeer {
  public:
    // `receiveBuffer`: bytes that the system keeps for a peer that does not read; 0 leaves that to it.
    explicit ScriptedPeer(TestServer &server, int receiveBuffer = 0);
    ScriptedPeer(const ScriptedPeer &) = delete;
    ScriptedPeer &operator=(const ScriptedPeer &) = delete;
    ~ScriptedPeer() { close(); }

    // In one write where the socket takes it.
    ScriptedPeer &send(const QByteArray &bytes);
    // Without driving the server meanwhile: for what the system's buffers hold.
    void sendUnseen(const QByteArray &bytes);
    void halfClose();
    void close();
    // The server sees a reset.
    void reset();

    // Each reads on behind what an earlier one took.
    QByteArray read(qsizetype bytes);
    // Until the server has closed; isClosed tells whether it did.
    QByteArray readToEnd();
    // What comes next, at least a byte unless the server has closed.
    QByteArray readSome();
    // Until nothing came in ten polls of a millisecond.
    QByteArray readUntilQuiet();
    // One whole answer: by its Content-Length, its chunks, or to the end. `toHead`: there is no body.
    Answer readAnswer(bool toHead = false);
    bool isClosed() const { return m_isClosed; }
    bool waitUntilClosed();
    // Asks the system alone, without a poll of the server.
    bool hasBytesWaiting() const;
    quint16 port() const;

  private:
    bool fill();
    QByteArray take(qsizetype bytes);
    bool fillUntil(const std::function<bool()> &condition);
    QByteArray readChunks();

    TestServer &m_server;
    os::SocketHandle m_socket = os::kNoSocket;
    QByteArray m_received;
    bool m_isClosed = false;
};

// What a client gets that says this, on a connection of its own.
Answer ask(TestServer &server, const QByteArray &request);

}  // namespace meerkat::test
