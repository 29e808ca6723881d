// Station: tests of the limits over real sockets: bytes a second, connections, requests a second. Addresses of 127/8 are the many clients.
#include "support/certificates.h"
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>

#include <memory>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace meerkat::test;

namespace {

constexpr int kWindowMs = 2000;
const QByteArray kGetSmall = "GET /small HTTP/1.1\r\nHost: a\r\n\r\n";
const QByteArray kGetLarge = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";

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

QByteArray addressOf(int number) {
    return "127." + QByteArray::number(1 + number / 65536) + '.' + QByteArray::number(number / 256 % 256) + '.' +
           QByteArray::number(number % 256);
}

// A server with that limit, and what its client asks for.
struct Paced {
    QByteArray option;
    int rate;
    QByteArray request;
};

struct LogLine {
    QByteArray target;
    QByteArray remoteIp;
    int status;
};
void keepRequest(void *lines, const mg_observation *seen) {
    if (seen->kind == MG_OBSERVED_REQUEST)
        static_cast<QList<LogLine> *>(lines)->append({seen->target, seen->remote_ip, seen->status});
}

// Sends as much as it can: a stream, or messages of a WebSocket.
int sendMuch(mg_connection *connection, mg_event event) {
    static const QByteArray piece(64 * 1024, 'x');
    if (event == MG_AUTH) return MG_TRUE;
    if (event == MG_REQUEST && connection->is_websocket) {
        for (int i = 0; i < 400; ++i)
            mg_websocket_write(connection, WEBSOCKET_OPCODE_BINARY, piece.constData(), static_cast<std::size_t>(piece.size()));
        return MG_TRUE;
    }
    if (QByteArray(connection->uri) != "/stream") return MG_FALSE;
    if (event == MG_REQUEST) return MG_MORE;
    if (event == MG_POLL && mg_pending_bytes(connection) < 256 * 1024)
        mg_send_data(connection, piece.constData(), static_cast<int>(piece.size()));
    return MG_FALSE;
}

}  // namespace

class TestLimits : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void keepsBytesPerSecond_data();
    void keepsBytesPerSecond();
    void servesCurlAtItsRate_data();
    void servesCurlAtItsRate();
    void sharesTheRateAlike();
    void holdsAnAnswerWithoutWork();
    void doesNotBlameWhoHasToWait();
    void changesTheRateWhileItServes();
    void limitsRequests();
    void limitsRequestsThatArePipelinedOrWrong();
    void refusesABodyWithoutReadingIt();
    void limitsConnectionsInAll();
    void limitsConnectionsOfAnAddress();
    void countsWhoWasThereBefore();
    void saysSoOverTls();
    void keepsNobodyForLong();
    void holdsItsMemoryAgainstManyAddresses();
    void asksTheHandlerForThePage();

  private:
    std::unique_ptr<TestServer> serve(const QByteArray &name = {}, const QByteArray &value = {},
                                      int (*handler)(mg_connection *, mg_event) = nullptr) {
        auto server = std::make_unique<TestServer>(handler ? TestServer::Handler(handler) : TestServer::Handler());
        server->set("document_root", m_site.path().toUtf8());
        if (!name.isEmpty()) server->set(name.constData(), value);
        return server;
    }
    // For so long: the server serves, all read. Returns how often the server was called.
    static int run(TestServer &server, int ms, const QList<Client *> &clients) {
        QElapsedTimer timer;
        timer.start();
        int polls = 0;
        for (; timer.elapsed() < ms; ++polls) {
            server.poll(1);
            for (Client *client : clients) client->read();
        }
        return polls;
    }
    static bool waitFor(TestServer &server, Client &client, const std::function<bool()> &condition) {
        return server.pollUntil([&] { return client.read(), condition(); });
    }
    static int ask(TestServer &server, Client &client, const QByteArray &request = kGetSmall) {
        client.head.clear();
        client.send(request);
        waitFor(server, client, [&] { return client.head.contains("\r\n\r\n") || client.isClosed; });
        return client.status();
    }
    QByteArray curl(TestServer &server, const QStringList &arguments) const;

    TemporarySite m_site;
    QByteArray m_identity;
};

void TestLimits::initTestCase() {
    m_site.write("small", "small");
    m_site.writeSparse("large", qint64{1} << 30, "end");
    m_site.write("million", QByteArray(1'000'000, 'x'));
    m_identity = newIdentity();
}

QByteArray TestLimits::curl(TestServer &server, const QStringList &arguments) const {
    QProcess process;
    process.start("curl", QStringList{"-sS", "-k", "--max-time", "60"} + arguments);
    while (process.state() != QProcess::NotRunning) {
        server.poll(1);
        process.waitForFinished(0);
    }
    return process.readAllStandardOutput() + process.readAllStandardError();
}

// ---- bytes a second ----

void TestLimits::keepsBytesPerSecond_data() {
    const QByteArray each = "max_connection_bytes_per_second", all = "max_bytes_per_second";
    const QByteArray upgrade = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                               "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
                               "\x81\x81\1\1\1\1\1";
    QTest::addColumn<QList<Paced>>("sides");
    QTest::newRow("slow ones side by side") << QList<Paced>{{each, 10'000, kGetLarge},
                                                            {all, 10'000, kGetLarge},
                                                            {each, 1'000'000, kGetLarge},
                                                            {each, 2'000'000, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"},
                                                            {each, 2'000'000, upgrade}};
    QTest::newRow("100 MB each") << QList<Paced>{{each, 100'000'000, kGetLarge}};
    QTest::newRow("100 MB in all") << QList<Paced>{{all, 100'000'000, kGetLarge}};
}

void TestLimits::keepsBytesPerSecond() {
    QFETCH(QList<Paced>, sides);
    double least = 0;
    // A machine that is busy with other things may be slower, but never faster.
    for (int tries = 0; tries < 3 && least < 0.9; ++tries) {
        std::vector<std::unique_ptr<TestServer>> servers;
        std::vector<std::unique_ptr<Client>> clients;
        for (const Paced &side : sides) {
            servers.push_back(serve(side.option, QByteArray::number(side.rate), sendMuch));
            clients.push_back(std::make_unique<Client>(*servers.back()));
            clients.back()->send(side.request);
        }
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < kWindowMs) {
            for (const auto &server : servers) server->poll(servers.size() == 1);
            for (const auto &client : clients) client->read();
        }
        least = 1;
        for (std::size_t i = 0; i < clients.size(); ++i) {
            const int rate = sides[static_cast<qsizetype>(i)].rate;
            const double got = static_cast<double>(clients[i]->received) * 1000 / static_cast<double>(timer.elapsed()) / rate;
            QVERIFY2(got < 1.1, qPrintable(QString("%1 of %2").arg(got).arg(rate)));
            least = std::min(least, got);
        }
    }
    QVERIFY2(least > 0.9, qPrintable(QString::number(least)));
}

void TestLimits::servesCurlAtItsRate_data() {
    QTest::addColumn<bool>("isTls");
    QTest::addColumn<QByteArray>("option");
    QTest::newRow("plain, each") << false << QByteArray("max_connection_bytes_per_second");
    QTest::newRow("TLS, each") << true << QByteArray("max_connection_bytes_per_second");
    QTest::newRow("TLS in all") << true << QByteArray("max_bytes_per_second");
}

void TestLimits::servesCurlAtItsRate() {
    QFETCH(bool, isTls);
    QFETCH(QByteArray, option);
    const auto server = serve(option, "1000000");
    const TemporarySite keys;
    keys.write("identity.pem", m_identity);
    if (isTls) server->set("ssl_certificate", keys.path("identity.pem").toUtf8());
    const QString url = QString("%1://127.0.0.1:%2/million").arg(isTls ? "https" : "http").arg(server->port());
    const QByteArray said = curl(*server, {"-o", "/dev/null", "-w", "%{size_download} %{time_total}", url});
    QCOMPARE(said.split(' ').first(), QByteArray("1000000"));
    const double seconds = said.split(' ').last().toDouble();
    QVERIFY2(seconds > 0.85 && seconds < 1.4, said.constData());
}

void TestLimits::sharesTheRateAlike() {
    const auto server = serve("max_bytes_per_second", "20000000");
    Client one(*server), two(*server), three(*server), deaf(*server, "127.0.0.1", 4096), late(*server);
    for (const Client *client : {&one, &two, &three, &deaf}) client->send(kGetLarge);
    run(*server, 500, {&one, &two, &three});
    // Who asks for little meanwhile does not stand behind all that the others want.
    QElapsedTimer timer;
    timer.start();
    late.send(kGetSmall);
    while (!late.head.endsWith("small") && timer.elapsed() < 5000) run(*server, 1, {&one, &two, &three, &late});
    QVERIFY2(timer.elapsed() < 300, qPrintable(QString::number(timer.elapsed())));
    const qint64 before[] = {one.received, two.received, three.received};
    timer.restart();
    run(*server, kWindowMs, {&one, &two, &three});
    const double share = 20000.0 * static_cast<double>(timer.elapsed()) / 3;
    const double got[] = {static_cast<double>(one.received - before[0]), static_cast<double>(two.received - before[1]),
                          static_cast<double>(three.received - before[2])};
    for (const double bytes : got)
        QVERIFY2(bytes > share * 0.85 && bytes < share * 1.15, qPrintable(QString("%1 of %2").arg(bytes).arg(share)));
}

// While it waits for its turn the loop sleeps.
void TestLimits::holdsAnAnswerWithoutWork() {
    const auto server = serve("max_connection_bytes_per_second", "10000");
    Client client(*server);
    client.send(kGetLarge);
    run(*server, 100, {&client});
    QElapsedTimer timer;
    timer.start();
    int polls = 0;
    for (; timer.elapsed() < 1000; ++polls) {
        server->poll(1000);
        client.read();
    }
    QVERIFY2(polls <= 45, qPrintable(QString::number(polls)));
}

// Twenty that share 1000 bytes a second have their turn seldom: that is no silence of theirs.
void TestLimits::doesNotBlameWhoHasToWait() {
    const auto server = serve("max_bytes_per_second", "1000");
    server->set("idle_timeout_ms", "300");
    std::vector<std::unique_ptr<Client>> clients;
    QList<Client *> all;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<Client>(*server));
        clients.back()->send(kGetLarge);
        all.append(clients.back().get());
    }
    run(*server, 2500, all);
    for (const auto &client : clients) QVERIFY(!client->isClosed);
    // One that does not read is still closed in the end.
    server->set("max_bytes_per_second", "0");
    const Client deaf(*server, "127.0.0.1", 4096);
    deaf.send(kGetLarge);
    QVERIFY(server->pollUntil([&] { return server->counters().connections_open == 0; }));
}

void TestLimits::changesTheRateWhileItServes() {
    const auto server = serve();
    Client client(*server, "127.0.0.1", 65536);
    client.send(kGetLarge);
    run(*server, 100, {&client});
    const auto rateFor = [&](const char *option, const QByteArray &value) {
        server->set(option, value);
        // What was on its way already.
        run(*server, 100, {&client});
        const qint64 before = client.received;
        QElapsedTimer timer;
        timer.start();
        run(*server, 500, {&client});
        return static_cast<double>(client.received - before) * 1000 / static_cast<double>(timer.elapsed());
    };
    const double slow = rateFor("max_connection_bytes_per_second", "100000");
    QVERIFY2(slow > 70'000 && slow < 130'000, qPrintable(QString::number(slow)));
    const double faster = rateFor("max_connection_bytes_per_second", "1000000");
    QVERIFY2(faster > 800'000 && faster < 1'200'000, qPrintable(QString::number(faster)));
    const double bound = rateFor("max_bytes_per_second", "500000");
    QVERIFY2(bound > 400'000 && bound < 600'000, qPrintable(QString::number(bound)));
    rateFor("max_bytes_per_second", "");
    const double free = rateFor("max_connection_bytes_per_second", "0");
    QVERIFY2(free > 3'000'000, qPrintable(QString::number(free)));
}

// ---- requests ----

void TestLimits::limitsRequests() {
    const auto server = serve("max_requests_per_second_per_address", "3");
    QList<LogLine> seen;
    const mg_observer observer{keepRequest, &seen};
    mg_set_observer(server->get(), &observer);
    server->set("access_log_file", m_site.path("log").toUtf8());
    Client client(*server), other(*server, "127.0.0.2");
    for (int i = 0; i < 3; ++i) QCOMPARE(ask(*server, client), 200);
    QCOMPARE(ask(*server, client), 429);
    QVERIFY2(client.head.contains("\r\nRetry-After: 1\r\n"), client.head.constData());
    QCOMPARE(ask(*server, other), 200);
    // The connection is kept, and another one is no way around.
    QVERIFY(!client.isClosed);
    Client second(*server);
    QCOMPARE(ask(*server, second), 429);
    QCOMPARE(seen.size(), qsizetype{6});
    QCOMPARE(seen.last().status, 429);
    QCOMPARE(seen.last().target, QByteArray("/small"));
    bool isTaken = false;
    QVERIFY(server->pollUntil([&] { return isTaken = isTaken || ask(*server, client) == 200; }));
    server->set("max_requests_per_second_per_address", "0");
    for (int i = 0; i < 20; ++i) QCOMPARE(ask(*server, client), 200);
    server->set("access_log_file", "");
    QFile log(m_site.path("log"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArray lines = log.readAll();
    QVERIFY2(lines.contains("127.0.0.1 - - [") && lines.contains("\"GET /small HTTP/1.1\" 429 "), lines.constData());
}

void TestLimits::limitsRequestsThatArePipelinedOrWrong() {
    const auto server = serve("max_requests_per_second_per_address", "5");
    ScriptedPeer peer(*server);
    peer.send(QByteArray(kGetSmall).repeated(8));
    QList<int> statuses;
    for (int i = 0; i < 8; ++i) statuses.append(peer.readAnswer().status);
    QCOMPARE(statuses, (QList<int>{200, 200, 200, 200, 200, 429, 429, 429}));
    const auto strict = serve("max_requests_per_second_per_address", "2");
    Client one(*strict), two(*strict), three(*strict);
    QCOMPARE(ask(*strict, one, "GET / there HTTP/1.1\r\n\r\n"), 400);
    QCOMPARE(ask(*strict, two, "GET /none HTTP/1.1\r\nHost: a\r\n\r\n"), 404);
    QCOMPARE(ask(*strict, three, "nonsense\r\n\r\n"), 429);
    QVERIFY(three.head.contains("\r\nRetry-After: 1\r\n"));
    QVERIFY(waitFor(*strict, three, [&] { return three.isClosed; }));
}

void TestLimits::refusesABodyWithoutReadingIt() {
    const auto server = serve("max_requests_per_second_per_address", "1");
    Client client(*server), second(*server);
    QCOMPARE(ask(*server, client), 200);
    QCOMPARE(ask(*server, second, "POST /small HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 100000000\r\n\r\n"),
             429);
    QVERIFY(second.head.contains("\r\nConnection: close\r\n"));
    QVERIFY(waitFor(*server, second, [&] { return second.isClosed; }));
}

// ---- connections ----

void TestLimits::limitsConnectionsInAll() {
    const auto server = serve("max_connections", "2");
    QList<LogLine> seen;
    const mg_observer observer{keepRequest, &seen};
    mg_set_observer(server->get(), &observer);
    auto one = std::make_unique<Client>(*server);
    Client two(*server, "127.0.0.2"), three(*server, "127.0.0.3"), four(*server, "127.0.0.4");
    QCOMPARE(ask(*server, *one), 200);
    QCOMPARE(ask(*server, two), 200);
    QCOMPARE(ask(*server, three), 503);
    QVERIFY2(three.head.contains("\r\nRetry-After: 5\r\n") && three.head.contains("\r\nConnection: close\r\n"),
             three.head.constData());
    QVERIFY(waitFor(*server, three, [&] { return three.isClosed; }));
    QCOMPARE(seen.last().status, 503);
    QCOMPARE(seen.last().remoteIp, QByteArray("127.0.0.3"));
    // It gets as little for what can't be parsed.
    QCOMPARE(ask(*server, four, "nonsense\r\n\r\n"), 503);
    QCOMPARE(ask(*server, *one), 200);
    one.reset();
    QVERIFY(server->pollUntil([&] { return server->counters().connections_open == 1; }));
    Client five(*server);
    QCOMPARE(ask(*server, five), 200);
    const QByteArray said = curl(*server, {"-o", "/dev/null", "-w", "%{http_code} %header{retry-after}",
                                           QString("http://127.0.0.1:%1/small").arg(server->port())});
    QVERIFY2(said == "503 5" || said.startsWith("503 %header"), said.constData());
    server->set("max_connections", "0");
    Client six(*server);
    QCOMPARE(ask(*server, six), 200);
}

void TestLimits::limitsConnectionsOfAnAddress() {
    const auto server = serve("max_connections_per_address", "2");
    server->set("max_connections", "3");
    auto one = std::make_unique<Client>(*server);
    Client two(*server), three(*server), other(*server, "127.0.0.2"), fourth(*server, "127.0.0.3");
    QCOMPARE(ask(*server, *one), 200);
    QCOMPARE(ask(*server, two), 200);
    QCOMPARE(ask(*server, three), 429);
    QVERIFY(three.head.contains("\r\nRetry-After: 5\r\n"));
    QCOMPARE(ask(*server, other), 200);
    QCOMPARE(ask(*server, fourth), 503);
    one.reset();
    QVERIFY(server->pollUntil([&] { return server->counters().connections_open <= 2; }));
    Client again(*server);
    QCOMPARE(ask(*server, again), 200);
}

void TestLimits::countsWhoWasThereBefore() {
    const auto server = serve();
    auto one = std::make_unique<Client>(*server), two = std::make_unique<Client>(*server);
    QCOMPARE(ask(*server, *one), 200);
    QCOMPARE(ask(*server, *two), 200);
    server->set("max_connections_per_address", "2");
    Client three(*server), other(*server, "127.0.0.2");
    QCOMPARE(ask(*server, three), 429);
    QCOMPARE(ask(*server, other), 200);
    // Nobody is sent away who is there.
    server->set("max_connections", "1");
    QCOMPARE(ask(*server, *one), 200);
    QCOMPARE(ask(*server, *two), 200);
    server->set("max_connections", "0");
    one.reset();
    two.reset();
    QVERIFY(server->pollUntil([&] { return server->counters().connections_open == 1; }));
    Client again(*server), more(*server), most(*server);
    QCOMPARE(ask(*server, again), 200);
    QCOMPARE(ask(*server, more), 200);
    QCOMPARE(ask(*server, most), 429);
}

void TestLimits::saysSoOverTls() {
    const auto server = serve("max_connections", "1");
    const TemporarySite keys;
    keys.write("identity.pem", m_identity);
    server->set("ssl_certificate", keys.path("identity.pem").toUtf8());
    const QString url = QString("https://127.0.0.1:%1/small").arg(server->port());
    QCOMPARE(curl(*server, {"-w", " %{http_code}", url}), QByteArray("small 200"));
    const Client holder(*server);
    QVERIFY(server->pollUntil([&] { return server->counters().connections_open == 1; }));
    QCOMPARE(curl(*server, {"-o", "/dev/null", "-w", "%{http_code}", url}), QByteArray("503"));
    // One that does not even shake hands is gone soon.
    Client silent(*server, "127.0.0.2");
    QElapsedTimer timer;
    timer.start();
    QVERIFY(waitFor(*server, silent, [&] { return silent.isClosed; }));
    QVERIFY(timer.elapsed() < 4000);
}

// A crowd that says nothing, or half of something, keeps neither places nor others.
void TestLimits::keepsNobodyForLong() {
    const auto server = serve("max_connections", "1");
    server->set("access_log_file", m_site.path("crowd.log").toUtf8());
    Client first(*server);
    QCOMPARE(ask(*server, first), 200);
    std::vector<std::unique_ptr<Client>> crowd;
    for (int i = 0; i < 400; ++i) {
        crowd.push_back(std::make_unique<Client>(*server, addressOf(i)));
        if (i % 3 == 1) crowd.back()->send("GET /small HTTP/1.1\r\nHos");
        if (i % 3 == 2 && i > 300) crowd.back()->send(kGetSmall);
        server->poll();
        QVERIFY(server->counters().connections_open <= 257);
    }
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(ask(*server, first), 200);
    QVERIFY2(timer.elapsed() < 500, qPrintable(QString::number(timer.elapsed())));
    // Those for whom there was no place to listen to them got their answer at once.
    Client &last = *crowd.back();
    QVERIFY(waitFor(*server, last, [&] { return last.isClosed; }));
    QCOMPARE(last.status(), 503);
    QVERIFY(last.head.contains("\r\nRetry-After: 5\r\n"));
    // The others are worn down, whatever they drip.
    while (server->counters().connections_open > 1 && timer.elapsed() < 8000) {
        run(*server, 100, {});
        for (int i = 1; i < 200; i += 3) {
            crowd[static_cast<std::size_t>(i)]->read();
            if (!crowd[static_cast<std::size_t>(i)]->isClosed) crowd[static_cast<std::size_t>(i)]->send("x");
        }
    }
    QVERIFY2(timer.elapsed() < 4000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(ask(*server, first), 200);
    server->set("access_log_file", "");
    QFile log(m_site.path("crowd.log"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    QVERIFY(log.readAll().count("\" 503 ") > 100);
}

void TestLimits::holdsItsMemoryAgainstManyAddresses() {
    const auto server = serve("max_requests_per_second_per_address", "2");
    server->set("max_connections_per_address", "5");
    server->set("max_connection_bytes_per_second", "1000000");
    Client hog(*server, "127.0.0.9");
    for (int i = 0; i < 2; ++i) QCOMPARE(ask(*server, hog), 200);
    for (int i = 0; i < 10'000; ++i) {
        Client visitor(*server, addressOf(i));
        visitor.send(kGetSmall);
        if (i % 100 == 0) QVERIFY(waitFor(*server, visitor, [&] { return visitor.status() == 200; }));
        server->poll();
        // Whoever asks too often is known all the time.
        if (i % 1000 == 500) {
            int refused = 0;
            for (int tries = 0; tries < 4; ++tries) refused += ask(*server, hog) == 429;
            QVERIFY(refused >= 1);
        }
    }
    QVERIFY(server->pollUntil([&] { return server->counters().connections_open == 1; }));
    QVERIFY(server->counters().requests > 9000);
}

void TestLimits::asksTheHandlerForThePage() {
    const auto server = serve("max_requests_per_second_per_address", "1", [](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event != MG_HTTP_ERROR || connection->status_code != 429) return MG_FALSE;
        mg_send_status(connection, 429);
        mg_printf_data(connection, "slowly, %s", connection->uri);
        return MG_TRUE;
    });
    ScriptedPeer peer(*server);
    QCOMPARE(peer.send(kGetSmall).readAnswer().status, 200);
    const Answer answer = peer.send(kGetSmall).readAnswer();
    QCOMPARE(answer.status, 429);
    QCOMPARE(answer.body, QByteArray("slowly, /small"));
}

QTEST_GUILESS_MAIN(TestLimits)
#include "tst_limits_linux.moc"
