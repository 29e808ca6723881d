// Station: the tests. A visitor with a WebSocket, for what runs in a thread of its own: a socket whose frames are written and read here.
#pragma once

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QTcpSocket>
#include <QTest>

namespace meerkat::test {

class WebsocketVisitor {
  public:
    // Shakes hands; isOpen() tells whether that went well.
    WebsocketVisitor(quint16 port, const QByteArray &target) {
        m_socket.connectToHost(QStringLiteral("127.0.0.1"), port);
        m_socket.write("GET " + target +
                       " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        QByteArray head;
        while (!head.endsWith("\r\n\r\n") && (m_socket.bytesAvailable() > 0 || m_socket.waitForReadyRead(10000)))
            head += m_socket.read(1);
        m_isOpen = head.startsWith("HTTP/1.1 101 ");
    }
    bool isOpen() const { return m_isOpen; }
    QByteArray name() const { return "127.0.0.1:" + QByteArray::number(m_socket.localPort()); }

    void send(int bits, const QByteArray &payload) {
        QByteArray frame(1, static_cast<char>(bits));
        if (payload.size() < 126)
            frame += static_cast<char>(0x80 | payload.size());
        else if (payload.size() < 65536)
            frame += '\xfe' + QByteArray(1, static_cast<char>(payload.size() >> 8)) + static_cast<char>(payload.size() & 255);
        else
            frame += '\xff' + QByteArray(5, '\0') + static_cast<char>(payload.size() >> 16) +
                     static_cast<char>((payload.size() >> 8) & 255) + static_cast<char>(payload.size() & 255);
        m_socket.write(frame + QByteArray(4, '\0') + payload);
        m_socket.flush();
    }
    void sendText(const QByteArray &text) { send(0x81, text); }
    void sendRaw(const QByteArray &frames) { m_socket.write(frames); }
    // First byte and payload of the next frame; -1 if none came in ten seconds.
    QPair<int, QByteArray> next() {
        const auto waits = [this](qsizetype bytes) {
            return QTest::qWaitFor([&] { return m_socket.bytesAvailable() >= bytes; }, 10000);
        };
        if (!waits(2)) return {-1, {}};
        const QByteArray head = m_socket.read(2);
        qsizetype size = head[1] & 127;
        if (size >= 126) {
            const qsizetype more = size == 126 ? 2 : 8;
            if (!waits(more)) return {-1, {}};
            size = 0;
            for (const char c : m_socket.read(more)) size = size * 256 + static_cast<unsigned char>(c);
        }
        if (!waits(size)) return {-1, {}};
        return {static_cast<unsigned char>(head[0]), m_socket.read(size)};
    }
    void abort() { m_socket.abort(); }

  private:
    QTcpSocket m_socket;
    bool m_isOpen = false;
};

}  // namespace meerkat::test
