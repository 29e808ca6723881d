// Station: tests of the limits over real sockets: connections, in all and of an address, and requests a second.
#include "engine/server/limits_house.h"
#include "support/certificates.h"
#include "support/scripted_peer.h"

#include <QTest>

#include <vector>

using namespace meerkat::test;

namespace {

struct LogLine {
    QByteArray target;
    QByteArray remoteIp;
    int status;
};
void keepRequest(void *lines, const mg_observation *seen) {
    if (seen->kind == MG_OBSERVED_REQUEST)
        static_cast<QList<LogLine> *>(lines)->append({seen->target, seen->remote_ip, seen->status});
}

}  // namespace

class TestLimits : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase() { fillSite(m_site); }
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
    TemporarySite m_site;
};

void TestLimits::limitsRequests() {
    const auto server = serve(m_site, "max_requests_per_second_per_address", "1");
    QList<LogLine> seen;
    const mg_observer observer{keepRequest, &seen};
    mg_set_observer(server->get(), &observer);
    server->set("access_log_file", m_site.path("log").toUtf8());
    Client client(*server), other(*server, "127.0.0.2");
    QCOMPARE(ask(*server, client), 200);
    QCOMPARE(ask(*server, client), 429);
    QVERIFY2(client.head.contains("\r\nRetry-After: 1\r\n"), client.head.constData());
    QCOMPARE(ask(*server, other), 200);
    // The connection is kept, and another one is no way around.
    QVERIFY(!client.isClosed);
    Client second(*server);
    QCOMPARE(ask(*server, second), 429);
    QCOMPARE(seen.size(), qsizetype{4});
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
    const auto server = serve(m_site, "max_requests_per_second_per_address", "5");
    ScriptedPeer peer(*server);
    peer.send(QByteArray(kGetSmall).repeated(8));
    QList<int> statuses;
    for (int i = 0; i < 8; ++i) statuses.append(peer.readAnswer().status);
    QCOMPARE(statuses, (QList<int>{200, 200, 200, 200, 200, 429, 429, 429}));
    for (const auto &[status, request] : {std::pair{400, QByteArray("GET / there HTTP/1.1\r\n\r\n")},
                                          {404, QByteArray("GET /none HTTP/1.1\r\nHost: a\r\n\r\n")}}) {
        const auto strict = serve(m_site, "max_requests_per_second_per_address", "1");
        Client one(*strict), two(*strict);
        QCOMPARE(ask(*strict, one, request), status);
        QCOMPARE(ask(*strict, two, "nonsense\r\n\r\n"), 429);
        QVERIFY(two.head.contains("\r\nRetry-After: 1\r\n"));
        QVERIFY(waitFor(*strict, two, [&] { return two.isClosed; }));
    }
}

void TestLimits::refusesABodyWithoutReadingIt() {
    const auto server = serve(m_site, "max_requests_per_second_per_address", "1");
    Client client(*server), second(*server);
    QCOMPARE(ask(*server, client), 200);
    QCOMPARE(ask(*server, second, "POST /small HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 100000000\r\n\r\n"),
             429);
    QVERIFY(second.head.contains("\r\nConnection: close\r\n"));
    QVERIFY(waitFor(*server, second, [&] { return second.isClosed; }));
}

void TestLimits::limitsConnectionsInAll() {
    const auto server = serve(m_site, "max_connections", "2");
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
    const auto server = serve(m_site, "max_connections_per_address", "2");
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
    const auto server = serve(m_site);
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
    const auto server = serve(m_site, "max_connections", "1");
    const TemporarySite keys;
    keys.write("identity.pem", newIdentity());
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
    QVERIFY(timer.elapsed() < 6000);
}

// A crowd that says nothing, or half of something, keeps neither places nor others.
void TestLimits::keepsNobodyForLong() {
    const auto server = serve(m_site, "max_connections", "1");
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
    QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
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
    QVERIFY2(timer.elapsed() < 6000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(ask(*server, first), 200);
    server->set("access_log_file", "");
    QFile log(m_site.path("crowd.log"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    QVERIFY(log.readAll().count("\" 503 ") > 100);
}

void TestLimits::holdsItsMemoryAgainstManyAddresses() {
    const auto server = serve(m_site, "max_requests_per_second_per_address", "2");
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
    const auto server =
        serve(m_site, "max_requests_per_second_per_address", "1", [](mg_connection *connection, mg_event event) -> int {
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
