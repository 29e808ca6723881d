// Station: the tests of limits. Clients that wait for nothing, each from an address of 127/8 of its own, and a server for them. Linux alone has all of
// these addresses.
#pragma once

#include "support/temporary_site.h"
#include "support/test_server.h"

#include <QElapsedTimer>
#include <QProcess>

#include <functional>
#include <memory>

#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace meerkat::test {

inline const QByteArray kGetSmall = "GET /small HTTP/1.1\r\nHost: a\r\n\r\n";
inline const QByteArray kGetLarge = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";

// A client from an address of its own that does not wait for anything.
class Client {
  public:
    explicit Client(const TestServer &server, const QByteArray &from = "127.0.0.1", int receiveBuffer = 0)
        : m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const sockaddr_in own = address(from, 0), there = address("127.0.0.1", server.port());
        if (receiveBuffer) setsockopt(m_socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
        // The port is picked when the connection is made: a bound address would use one up for everybody.
        const int on = 1;
        setsockopt(m_socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        if (bind(m_socket, reinterpret_cast<const sockaddr *>(&own), sizeof own) != 0) qFatal("%s: not bound", from.constData());
        if (connect(m_socket, reinterpret_cast<const sockaddr *>(&there), sizeof there) != 0) qFatal("not connected");
        fcntl(m_socket, F_SETFL, O_NONBLOCK);
    }
    ~Client() { close(m_socket); }
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    void send(const QByteArray &bytes) const {
        if (::send(m_socket, bytes.constData(), static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL) != bytes.size())
            qFatal("not sent");
    }
    // What has come by now.
    void read() {
        static QByteArray part(256 * 1024, '\0');
        ssize_t got = 0;
        while ((got = recv(m_socket, part.data(), static_cast<std::size_t>(part.size()), 0)) > 0) {
            received += got;
            if (head.size() < 4096) head += part.left(qMin<qsizetype>(got, 4096));
        }
        isClosed = isClosed || got == 0 || (got < 0 && errno != EAGAIN);
    }
    int status() const { return head.mid(9, 3).toInt(); }

    qint64 received = 0;
    QByteArray head;  // how it begins
    bool isClosed = false;

  private:
    static sockaddr_in address(const QByteArray &ip, quint16 port) {
        sockaddr_in made{};
        made.sin_family = AF_INET;
        made.sin_port = htons(port);
        inet_pton(AF_INET, ip.constData(), &made.sin_addr);
        return made;
    }
    int m_socket;
};

inline QByteArray addressOf(int number) {
    return "127." + QByteArray::number(1 + number / 65536) + '.' + QByteArray::number(number / 256 % 256) + '.' +
           QByteArray::number(number % 256);
}

// small, and large, which is longer than any test.
inline void fillSite(const TemporarySite &site) {
    site.write("small", "small");
    site.writeSparse("large", qint64{1} << 30, "end");
}

inline std::unique_ptr<TestServer> serve(const TemporarySite &site, const QByteArray &name = {}, const QByteArray &value = {},
                                         const TestServer::Handler &handler = {}) {
    auto server = std::make_unique<TestServer>(handler);
    server->set("document_root", site.path().toUtf8());
    if (!name.isEmpty()) server->set(name.constData(), value);
    return server;
}

// For so long: the server serves, all read.
inline void run(TestServer &server, int ms, const QList<Client *> &clients) {
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < ms) {
        server.poll(1);
        for (Client *client : clients) client->read();
    }
}

inline bool waitFor(TestServer &server, Client &client, const std::function<bool()> &condition) {
    return server.pollUntil([&] { return client.read(), condition(); });
}

// The status of the answer.
inline int ask(TestServer &server, Client &client, const QByteArray &request = kGetSmall) {
    client.head.clear();
    client.send(request);
    waitFor(server, client, [&] { return client.head.contains("\r\n\r\n") || client.isClosed; });
    return client.status();
}

inline QByteArray curl(TestServer &server, const QStringList &arguments) {
    QProcess process;
    process.start("curl", QStringList{"-sS", "-k", "--max-time", "60"} + arguments);
    while (process.state() != QProcess::NotRunning) {
        server.poll(1);
        process.waitForFinished(0);
    }
    return process.readAllStandardOutput() + process.readAllStandardError();
}

}  // namespace meerkat::test
