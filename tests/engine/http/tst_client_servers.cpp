// Station: tests of dialer and http_client together, against servers that others wrote (Python's) and against our own, over real time.
#include "engine/http/client_house.h"
#include "net/dialer.h"
#include "support/test_server.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

using namespace meerkat;
using namespace meerkat::test;

namespace {

// A program that asks one server, request by request, and keeps what comes.
class Agent final : public net::DialOwner, public net::ConnectionOwner, public http::HttpClientOwner {
  public:
    struct Reply {
        int status;
        QByteArray body;
        QByteArray type;
    };

    Agent() : m_loop(std::move(*net::EventLoop::create(m_clock))), m_dialer(*m_loop, m_clock) {}
    ~Agent() override {
        if (m_connection) m_connection->close();
        reap();
    }

    // One connection; each request is written when the answer to the one before is there. `meanwhile` runs the server under test.
    void ask(std::string_view host, quint16 port, const QByteArrayList &requests, const std::function<void()> &meanwhile = {}) {
        m_requests = requests;
        m_isOver = false;
        m_dialer.dial(host, port, *this);
        QDeadlineTimer deadline(20000);
        while (!m_isOver && !deadline.hasExpired()) {
            const std::int64_t due = m_dialer.untilDueMs();
            m_loop->runOnce(due < 0 ? 5 : static_cast<int>(qMin<std::int64_t>(due, 5)));
            m_dialer.advance();
            reap();
            if (meanwhile) meanwhile();
        }
    }

    std::vector<Reply> replies;
    int error = -1;  // of the latest connect
    QByteArray ending;

    void onDialled(std::uint64_t, const net::DialOutcome &outcome) override {
        error = outcome.error;
        m_isOver = error != 0;
        if (m_isOver) return;
        m_connection = std::make_unique<net::Connection>(*m_loop, *this, outcome.socket, outcome.peer, 1);
        auto owned = std::make_unique<http::HttpClient>(*m_connection, *this, http::ClientLimits{});
        http::HttpClient &client = *owned;
        m_connection->begin(std::move(owned));
        client.connected(0);
    }
    void onConnected(http::HttpClient &client, int code) override {
        error = code;
        sendNext(client);
    }
    bool onReply(http::HttpClient &client, const http::ResponseHead &head, std::span<char> body) override {
        const std::string_view type = head.find("Content-Type").value_or("");
        replies.push_back({head.status, QByteArray(body.data(), static_cast<qsizetype>(body.size())),
                           QByteArray(type.data(), static_cast<qsizetype>(type.size()))});
        return sendNext(client);
    }
    void onGone(http::HttpClient &, http::ClientEnd end) override {
        ending = nameOf(end);
        m_isOver = true;
    }

    void onConnectionClosed(net::Connection &) override { m_isClosed = true; }
    net::TimerList &idleLimit() override { return m_idle; }
    net::TimerList &lingerLimit() override { return m_linger; }

  private:
    bool sendNext(http::HttpClient &client) {
        if (m_requests.isEmpty()) return false;
        const QByteArray request = m_requests.takeFirst();
        return client.send({request.constData(), static_cast<std::size_t>(request.size())});
    }
    void reap() {
        if (std::exchange(m_isClosed, false)) {
            m_connection->protocol()->onClosed();
            m_loop->dispose(std::move(m_connection));
        }
        m_loop->finishPass();
    }

    SystemClock m_clock;
    std::unique_ptr<net::EventLoop> m_loop;
    net::Dialer m_dialer;
    net::TimerList m_idle{30000};
    net::TimerList m_linger{2000};
    std::unique_ptr<net::Connection> m_connection;
    QByteArrayList m_requests;
    bool m_isClosed = false;
    bool m_isOver = false;
};

QByteArray request(const char *method, const char *target, const char *fields = "") {
    return QByteArray(method) + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}

// Python's http.server on a port of its choice; gone with its scope.
class PythonServer {
  public:
    PythonServer(const QString &folder, const QString &protocol) {
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start("python3",
                        {"-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder, "--protocol", protocol});
        while (m_process.waitForReadyRead(10000)) {
            // "Serving HTTP on 127.0.0.1 port 40000 (…"
            m_said += m_process.readAll();
            const qsizetype at = m_said.indexOf(" port ");
            if (at < 0 || !m_said.contains('(')) continue;
            port = m_said.sliced(at + 6).split(' ').first().toUShort();
            return;
        }
    }
    ~PythonServer() {
        m_process.kill();
        m_process.waitForFinished();
    }
    quint16 port = 0;

  private:
    QProcess m_process;
    QByteArray m_said;
};

}  // namespace

class ClientServersTest : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase() {
        os::prepareSockets();
        m_page = QByteArray("<p>hello\n").repeated(20000);
        QFile file(m_folder.filePath("page.html"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(m_page) == m_page.size());
    }

    void talksToPython_data();
    void talksToPython();
    void talksToOurOwnServer();
    void takesWhatOurOwnServerStreams();
    void hearsThatNobodyListens();

  private:
    QTemporaryDir m_folder;
    QByteArray m_page;
};

void ClientServersTest::talksToPython_data() {
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<int>("replies");
    // With 1.0 each connection has one answer, which ends with it.
    QTest::newRow("HTTP/1.0") << "HTTP/1.0" << 1;
    QTest::newRow("HTTP/1.1") << "HTTP/1.1" << 4;
}

void ClientServersTest::talksToPython() {
    QFETCH(QString, protocol);
    QFETCH(int, replies);
    if (QStandardPaths::findExecutable("python3").isEmpty()) QFAIL("python3 is not here: installers/setup.sh --tests brings it");
    PythonServer server(m_folder.path(), protocol);
    QVERIFY(server.port != 0);
    Agent agent;
    agent.ask("localhost", server.port,
              {request("GET", "/page.html"), request("HEAD", "/page.html"), request("GET", "/"), request("GET", "/nothing")});
    QCOMPARE(agent.error, 0);
    QCOMPARE(agent.replies.size(), static_cast<std::size_t>(replies));
    QCOMPARE(agent.replies[0].status, 200);
    QVERIFY(agent.replies[0].body == m_page);
    QCOMPARE(agent.replies[0].type, QByteArray("text/html"));
    if (replies == 1) return;
    QCOMPARE(agent.replies[1].status, 200);
    QCOMPARE(agent.replies[1].body, QByteArray());
    QVERIFY(agent.replies[2].body.contains("page.html"));
    QCOMPARE(agent.replies[3].status, 404);
    QCOMPARE(agent.ending, QByteArray("finished"));
}

void ClientServersTest::talksToOurOwnServer() {
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event != MG_REQUEST || QByteArray(connection->uri) != "/echo") return MG_FALSE;
        mg_send_header(connection, "Content-Type", "text/plain");
        mg_send_data(connection, connection->content, static_cast<int>(connection->content_len));
        return MG_TRUE;
    });
    server.set("document_root", m_folder.path().toUtf8());
    Agent agent;
    agent.ask("localhost", server.port(),
              {request("GET", "/page.html"), request("HEAD", "/page.html"), request("GET", "/nothing"),
               request("POST", "/echo", "Content-Length: 5\r\n") + "hello",
               request("POST", "/echo", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n",
               request("GET", "/page.html", "Range: bytes=3-7\r\nConnection: close\r\n")},
              [&] { server.poll(); });
    QCOMPARE(agent.error, 0);
    QCOMPARE(agent.replies.size(), 6U);
    QVERIFY(agent.replies[0].body == m_page);
    QCOMPARE(agent.replies[1].body, QByteArray());
    QCOMPARE(agent.replies[1].status, 200);
    QCOMPARE(agent.replies[2].status, 404);
    QCOMPARE(agent.replies[3].body, QByteArray("hello"));
    QCOMPARE(agent.replies[4].body, QByteArray("abc"));
    QCOMPARE(agent.replies[5].status, 206);
    QCOMPARE(agent.replies[5].body, QByteArray("hello"));
    QCOMPARE(agent.ending, QByteArray("finished"));
}

void ClientServersTest::takesWhatOurOwnServerStreams() {
    int calls = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event != MG_REQUEST && event != MG_POLL) return MG_FALSE;
        if (event == MG_POLL && calls == 0) return MG_FALSE;
        mg_printf_data(connection, "part %d;", calls++);
        return calls == 20 ? MG_TRUE : MG_MORE;
    });
    Agent agent;
    agent.ask("127.0.0.1", server.port(), {request("GET", "/")}, [&] { server.poll(); });
    QCOMPARE(agent.replies.size(), 1U);
    QVERIFY(agent.replies[0].body.startsWith("part 0;part 1;"));
    QVERIFY(agent.replies[0].body.endsWith("part 19;"));
}

void ClientServersTest::hearsThatNobodyListens() {
    quint16 port = 0;
    {
        TestServer server;
        port = server.port();
    }
    Agent agent;
    agent.ask("localhost", port, {request("GET", "/")});
    QCOMPARE(agent.error, ECONNREFUSED);
    QVERIFY(agent.replies.empty());
}

QTEST_GUILESS_MAIN(ClientServersTest)
#include "tst_client_servers.moc"
