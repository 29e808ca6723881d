// Station: tests of the whole room against other people's WebSockets: Debian's python3-websockets and python3-websocket at the other end.
#include "engine/websocket/frame_peer.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <vector>

#include <fcntl.h>

using namespace meerkat;
using namespace meerkat::test;
using websocket::Opcode;

namespace {

// The system's own Python: its packages belong to that one.
QString python() { return QStandardPaths::findExecutable("python3", {"/usr/bin"}); }

QString script(const char *name) { return qEnvironmentVariable("MEERKAT_SOURCE", ".") + "/tests/system/" + name; }

// A head taken apart; what is behind it is left in `bytes`.
struct AnswerHead {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> texts;
    std::vector<http::HeaderField> fields;
};
void readHead(std::string &bytes, AnswerHead &head) {
    const auto end = bytes.find("\r\n\r\n");
    const QByteArrayList lines = toBytes(std::string_view(bytes).substr(0, end)).split('\n');
    bytes.erase(0, end + 4);
    head.status = lines[0].mid(9, 3).toInt();
    for (const QByteArray &line : lines.mid(1)) {
        const auto colon = line.indexOf(':');
        head.texts.emplace_back(line.left(colon).toStdString(), line.mid(colon + 1).trimmed().toStdString());
    }
    for (const auto &[name, value] : head.texts) head.fields.push_back({name, value});
}

}  // namespace

class TestWebsocketPeers : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void servesOtherClients();
    void speaksToAnotherServer_data();
    void speaksToAnotherServer();

  private:
    template <class Condition>
    bool pollUntil(Condition condition) {
        QDeadlineTimer deadline(30000);
        while (!condition() && !deadline.hasExpired()) m_host->poll(2);
        return condition();
    }
    // Says it as a client and waits for what comes back.
    Frame ask(Opcode opcode, const QByteArray &payload);

    std::vector<Frame> m_heard;
    bool m_echoes = false;
    std::unique_ptr<WebsocketHost> m_host;
};

void TestWebsocketPeers::initTestCase() {
    QProcess process;
    process.start(python(), {"-c", "import websockets, websocket"});
    if (!process.waitForFinished() || process.exitCode() != 0)
        QFAIL("python3-websockets and python3-websocket are not here: installers/setup.sh --tests brings them");
    m_host = std::make_unique<WebsocketHost>([this](auto &websocket, std::uint8_t bits, auto payload) {
        const auto opcode = static_cast<Opcode>(bits & websocket::kOpcodeBits);
        m_heard.push_back({bits, copyOf(payload)});
        return !m_echoes || isControl(opcode) || websocket.send(opcode, {payload.data(), payload.size()});
    });
    m_host->subprotocols = "chat";
}

void TestWebsocketPeers::servesOtherClients() {
    m_echoes = true;
    QProcess client;
    client.setProcessChannelMode(QProcess::MergedChannels);
    client.start(python(), {script("websocket_client.py"), QString::number(m_host->port())});
    QVERIFY(client.waitForStarted());
    QDeadlineTimer deadline(90000);
    while (client.state() != QProcess::NotRunning && !deadline.hasExpired()) {
        m_host->poll(2);
        client.waitForFinished(0);
    }
    const QByteArray said = client.readAll();
    QVERIFY2(client.exitStatus() == QProcess::NormalExit && client.exitCode() == 0, said.constData());
    QVERIFY2(said.contains("all of it"), said.constData());
}

Frame TestWebsocketPeers::ask(Opcode opcode, const QByteArray &payload) {
    m_heard.clear();
    m_host->latest()->send(opcode, toView(payload));
    m_host->latest()->connection().flush();
    // Pings of the other end come between.
    if (!pollUntil([&] { return !m_heard.empty() && (m_heard.back().bits & 15) < 9; })) return {};
    return m_heard.back();
}

void TestWebsocketPeers::speaksToAnotherServer_data() {
    QTest::addColumn<bool>("offersDeflate");
    QTest::newRow("compressed") << true;
    QTest::newRow("as it is") << false;
}

void TestWebsocketPeers::speaksToAnotherServer() {
    QFETCH(bool, offersDeflate);
    m_echoes = false;
    QProcess server;
    server.start(python(), {script("websocket_server.py")});
    QVERIFY(server.waitForReadyRead(20000));
    const quint16 port = server.readLine().trimmed().toUShort();
    auto socket = os::connectTo(os::loopback(port));
    websocket::ClientHandshake handshake;
    handshake.host = "127.0.0.1:" + std::to_string(port);
    handshake.target = "/";
    handshake.subprotocols = "soap, chat";
    handshake.offersDeflate = offersDeflate;
    os::sendBytes(socket, *websocket::requestHead(handshake), false);
    std::string bytes;
    while (bytes.find("\r\n\r\n") == std::string::npos) {
        const auto more = os::receiveAll(socket, 1);
        QVERIFY(!more.empty());
        bytes += more;
    }
    AnswerHead head;
    readHead(bytes, head);
    QVERIFY(bytes.empty());
    const auto terms = websocket::checkAnswer(handshake, head.status, head.fields);
    QVERIFY2(bool(terms), terms ? "" : terms.failure().text.c_str());
    QCOMPARE(terms->subprotocol, std::string("chat"));
    QCOMPARE(terms->deflate.isAgreed, offersDeflate);
    // As every socket of the engine's own is.
    fcntl(static_cast<int>(os::SocketHandle(socket)), F_SETFL, O_NONBLOCK);
    m_host->adopt(socket.release(), {websocket::Role::Client, websocket::EventMode::Message, terms->deflate});

    for (const qsizetype size : {0, 1, 125, 126, 4096, 65535, 65536, 1'000'000}) {
        const QByteArray text = QByteArray("gr\xc3\xbc\xc3\x9f ").repeated(size / 8 + 1).left(size - size % 8);
        QVERIFY(ask(Opcode::Text, text) == (Frame{0x81, text}));
        QVERIFY(ask(Opcode::Binary, QByteArray(size, '\xff')) == (Frame{0x82, QByteArray(size, '\xff')}));
    }
    QCOMPARE(ask(Opcode::Text, "fragments"), (Frame{0x81, "fragments joined"}));
    QCOMPARE(ask(Opcode::Text, "ping"), (Frame{0x81, "ponged"}));
    QCOMPARE(ask(Opcode::Text, "close 4321"), (Frame{0x88, closePayload(4321, "as you wish")}));
    const int goneBefore = m_host->gone;
    QVERIFY(pollUntil([&] { return m_host->gone > goneBefore || m_host->connections() == 0; }));
    server.closeWriteChannel();
    server.waitForFinished();
}

QTEST_GUILESS_MAIN(TestWebsocketPeers)
#include "tst_websocket_peers_posix.moc"
