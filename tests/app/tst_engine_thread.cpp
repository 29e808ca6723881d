// A real engine on its thread: what a front end can ask for, and what it hears of it. Worth running under the thread sanitizer.
#include "app/engine_thread.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

#include <optional>

using namespace meerkat::app;

namespace {

constexpr qint64 kBigBytes = 64 << 20;

void writeFile(const QString &path, const QByteArray &content) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

// One GET on a connection that stays open; the body of the answer.
QByteArray get(QTcpSocket &socket, const QByteArray &target) {
    socket.write("GET " + target + " HTTP/1.1\r\nHost: test\r\nUser-Agent: tester\r\n\r\n");
    QByteArray answer;
    const auto isWhole = [&] {
        answer += socket.readAll();
        const auto head = answer.indexOf("\r\n\r\n");
        static const QRegularExpression lengthField("Content-Length: (\\d+)");
        const auto length = lengthField.match(QString::fromLatin1(answer.left(head))).captured(1).toLongLong();
        return head >= 0 && answer.size() >= head + 4 + length;
    };
    if (!QTest::qWaitFor(isWhole)) return "no answer";
    return answer.mid(answer.indexOf("\r\n\r\n") + 4);
}

QByteArray getOnce(quint16 port, const QByteArray &target) {
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    if (!socket.waitForConnected()) return "no connection";
    return get(socket, target);
}

bool isListening(quint16 port) {
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    return socket.waitForConnected();
}

}  // namespace

class TestEngineThread : public QObject {
    Q_OBJECT

  private slots:
    void servesAFolderOnAFreePort();
    void servesOnTheFirstPortThatIsFree();
    void recordsEachRequest();
    void changesTheFolderAndKeepsConnections();
    void movesToAnotherPort();
    void opensItsOwnPortToTheNetworkAndBack();
    void showsARunningDownload();
    void sendsUntilTheVisitorHasItAll();
    void sendsNoSnapshotsThatNobodyAskedFor();
    void closesOneConnection();
    void stopsAndCutsConnections();
    void servesAgainAfterAStop();
    void tellsWhenTheFolderVanishesAndReturns();
    void servesAFolderMadeAnew();

    void tellsATakenPort();
    void tellsAMissingFolder();
    void keepsServingWhenTheNewPortIsTaken();

    void endsWhileADownloadRuns();
    void endsAtOnceWhenNothingWasAsked();
    void takesCommandsPostedBeforeItRuns();
    void answersEveryCommandOfARush();

    void init();

  private:
    StartServing wanted(const QString &folder = {}, std::vector<std::uint16_t> ports = {0}) const;
    template <class T>
    std::optional<T> await(EngineThread &engine);
    quint16 start(EngineThread &engine);

    std::unique_ptr<QTemporaryDir> m_folder;
    QVector<Event> m_passedOver;  // what await() met on its way
};

void TestEngineThread::init() {
    m_passedOver.clear();
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    writeFile(m_folder->filePath("a.txt"), "first");
    QVERIFY(QDir(m_folder->path()).mkpath("other"));
    writeFile(m_folder->filePath("other/a.txt"), "second");
    QFile big(m_folder->filePath("big.bin"));
    QVERIFY(big.open(QIODevice::WriteOnly) && big.resize(kBigBytes));
}

StartServing TestEngineThread::wanted(const QString &folder, std::vector<std::uint16_t> ports) const {
    StartServing command;
    command.address = "127.0.0.1";
    command.ports = std::move(ports);
    command.options = {{"document_root", (folder.isEmpty() ? m_folder->path() : folder).toStdString()}};
    return command;
}

template <class T>
std::optional<T> TestEngineThread::await(EngineThread &engine) {
    std::optional<T> found;
    const auto hasCome = [&] {
        Event event;
        while (!found && engine.take(event)) {
            if (auto *wanted = std::get_if<T>(&event)) {
                found = std::move(*wanted);
            } else {
                m_passedOver.append(std::move(event));
            }
        }
        return found.has_value();
    };
    (void)QTest::qWaitFor(hasCome, 10000);
    return found;
}

quint16 TestEngineThread::start(EngineThread &engine) {
    engine.post(wanted());
    const auto started = await<Started>(engine);
    return started ? started->port : quint16(0);
}

void TestEngineThread::servesAFolderOnAFreePort() {
    EngineThread engine;
    engine.post(wanted());
    const auto started = await<Started>(engine);
    QVERIFY(started && started->port != 0);
    QCOMPARE(started->address, std::string("127.0.0.1"));
    QCOMPARE(getOnce(started->port, "/a.txt"), QByteArray("first"));
}

void TestEngineThread::servesOnTheFirstPortThatIsFree() {
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    EngineThread engine;
    engine.post(wanted({}, {taken.serverPort(), 0}));
    const auto started = await<Started>(engine);
    QVERIFY(started && started->port != taken.serverPort());
    QCOMPARE(getOnce(started->port, "/a.txt"), QByteArray("first"));
}

void TestEngineThread::recordsEachRequest() {
    EngineThread engine;
    const quint16 port = start(engine);
    QTcpSocket visitor;
    visitor.connectToHost(QHostAddress::LocalHost, port);
    visitor.write("GET /b HTTP/1.1\r\nHost: test\r\nCookie: id=secret1\r\nAuthorization: Basic c2VjcmV0Mg==\r\n\r\n");
    const auto secret = await<RequestRecord>(engine);
    QVERIFY(secret);
    QCOMPARE(secret->headers, std::string("Host: test\r\nCookie: \u2026\r\nAuthorization: Basic \u2026\r\n"));
    getOnce(port, "/a.txt?x=1");
    const auto record = await<RequestRecord>(engine);
    QVERIFY(record);
    QCOMPARE(record->method, std::string("GET"));
    QCOMPARE(record->target, std::string("/a.txt?x=1"));
    QCOMPARE(record->userAgent, std::string("tester"));
    QCOMPARE(record->remoteIp, std::string("127.0.0.1"));
    QCOMPARE(record->status, 200);
    QVERIFY(record->bytesSent > 5);
    QVERIFY(record->isComplete);
    QCOMPARE(record->headers, std::string("Host: test\r\nUser-Agent: tester\r\n"));
    QVERIFY(std::abs(record->endedMs - QDateTime::currentMSecsSinceEpoch()) < 60'000);
}

void TestEngineThread::changesTheFolderAndKeepsConnections() {
    EngineThread engine;
    const quint16 port = start(engine);
    QTcpSocket visitor;
    visitor.connectToHost(QHostAddress::LocalHost, port);
    QCOMPARE(get(visitor, "/a.txt"), QByteArray("first"));
    engine.post(wanted(m_folder->filePath("other"), {port}));
    QCOMPARE(await<Started>(engine)->port, port);
    QCOMPARE(get(visitor, "/a.txt"), QByteArray("second"));
}

void TestEngineThread::movesToAnotherPort() {
    EngineThread engine;
    const quint16 port = start(engine);
    quint16 next = 0;
    {
        QTcpServer free;
        QVERIFY(free.listen(QHostAddress::LocalHost));
        next = free.serverPort();
    }
    engine.post(wanted({}, {next}));
    QCOMPARE(await<Started>(engine)->port, next);
    QCOMPARE(getOnce(next, "/a.txt"), QByteArray("first"));
    QVERIFY(!isListening(port));
}

// The engine itself holds the port that it is to listen on more widely: only it can make room.
void TestEngineThread::opensItsOwnPortToTheNetworkAndBack() {
    EngineThread engine;
    const quint16 port = start(engine);
    StartServing wide = wanted({}, {port});
    wide.address = "";
    engine.post(wide);
    const auto opened = await<Started>(engine);
    QVERIFY(opened);
    QCOMPARE(opened->port, port);
    QCOMPARE(opened->address, std::string());
    QCOMPARE(getOnce(port, "/a.txt"), QByteArray("first"));
    engine.post(wanted({}, {port}));
    const auto closed = await<Started>(engine);
    QVERIFY(closed);
    QCOMPARE(closed->port, port);
    QCOMPARE(getOnce(port, "/a.txt"), QByteArray("first"));
}

void TestEngineThread::showsARunningDownload() {
    EngineThread engine;
    const quint16 port = start(engine);
    engine.post(WatchConnections{20});
    QTcpSocket slow;
    slow.setReadBufferSize(4096);
    slow.connectToHost(QHostAddress::LocalHost, port);
    QVERIFY(slow.waitForConnected());
    slow.write("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
    std::optional<Snapshot> snapshot;
    const auto isSending = [&] {
        snapshot = await<Snapshot>(engine);
        return snapshot && snapshot->connections.size() == 1 && snapshot->connections[0].state == ConnectionState::Sending;
    };
    QVERIFY(QTest::qWaitFor(isSending));
    const ConnectionRow &row = snapshot->connections[0];
    QCOMPARE(row.method, std::string("GET"));
    QCOMPARE(row.target, std::string("/big.bin"));
    QCOMPARE(row.status, 200);
    QCOMPARE(row.remoteIp, std::string("127.0.0.1"));
    QCOMPARE(row.remotePort, slow.localPort());
    QCOMPARE(row.answerBytes, static_cast<std::uint64_t>(kBigBytes));
    QVERIFY(row.answerSent < row.answerBytes);
#ifndef Q_OS_WIN
    // Without what waits in this machine's buffers for a visitor who does not read.
    QVERIFY(row.bytesSent < snapshot->counters.bytesSent);
    QCOMPARE(snapshot->bytesDelivered, row.bytesSent);
#endif
    QCOMPARE(snapshot->counters.connectionsOpen, 1u);
    QCOMPARE(snapshot->counters.connectionsAccepted, 1u);
    // Numbers move while the visitor reads.
    const std::uint64_t before = row.answerSent;
    slow.setReadBufferSize(0);
    const auto hasMoved = [&] {
        slow.readAll();
        snapshot = await<Snapshot>(engine);
        return snapshot->connections[0].answerSent > before;
    };
    QVERIFY(QTest::qWaitFor(hasMoved));
}

// An answer that went into this machine's buffers whole is under way all the same.
void TestEngineThread::sendsUntilTheVisitorHasItAll() {
#ifdef Q_OS_WIN
    QSKIP("Windows does not tell what its buffers hold");
#endif
    constexpr qint64 kBytes = 400'000;
    writeFile(m_folder->filePath("some.bin"), QByteArray(kBytes, 'x'));
    EngineThread engine;
    const quint16 port = start(engine);
    engine.post(WatchConnections{20});
    QTcpSocket slow;
    slow.setSocketOption(QAbstractSocket::ReceiveBufferSizeSocketOption, 4096);
    slow.setReadBufferSize(1024);
    slow.connectToHost(QHostAddress::LocalHost, port);
    QVERIFY(slow.waitForConnected());
    slow.write("GET /some.bin HTTP/1.1\r\nHost: test\r\n\r\n");
    std::optional<Snapshot> snapshot;
    const auto isTaken = [&] {
        snapshot = await<Snapshot>(engine);
        return snapshot && snapshot->counters.bytesSent > static_cast<std::uint64_t>(kBytes);
    };
    QVERIFY(QTest::qWaitFor(isTaken));
    QCOMPARE(snapshot->connections[0].state, ConnectionState::Sending);
    QVERIFY(snapshot->bytesDelivered < static_cast<std::uint64_t>(kBytes));
    slow.setReadBufferSize(0);
    const auto isOver = [&] {
        slow.readAll();
        snapshot = await<Snapshot>(engine);
        return snapshot && snapshot->connections[0].state == ConnectionState::Idle;
    };
    QVERIFY(QTest::qWaitFor(isOver, 10000));
    QCOMPARE(snapshot->bytesDelivered, snapshot->counters.bytesSent);
}

void TestEngineThread::sendsNoSnapshotsThatNobodyAskedFor() {
    EngineThread engine;
    const quint16 port = start(engine);
    getOnce(port, "/a.txt");
    engine.post(StopServing{});
    QVERIFY(await<Stopped>(engine));
    Event event;
    while (engine.take(event)) m_passedOver.append(event);
    QVERIFY(!m_passedOver.isEmpty());  // the request's record
    for (const Event &passed : m_passedOver) QVERIFY(!std::holds_alternative<Snapshot>(passed));
}

void TestEngineThread::closesOneConnection() {
    EngineThread engine;
    const quint16 port = start(engine);
    QTcpSocket first, second;
    first.connectToHost(QHostAddress::LocalHost, port);
    second.connectToHost(QHostAddress::LocalHost, port);
    QCOMPARE(get(first, "/a.txt"), QByteArray("first"));
    QCOMPARE(get(second, "/a.txt"), QByteArray("first"));
    engine.post(WatchConnections{20});
    const auto snapshot = await<Snapshot>(engine);
    QCOMPARE(snapshot->connections.size(), 2u);
    for (const ConnectionRow &row : snapshot->connections) {
        if (row.remotePort == first.localPort()) engine.post(CloseConnection{row.id});
    }
    QTRY_COMPARE(first.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(get(second, "/a.txt"), QByteArray("first"));
}

void TestEngineThread::stopsAndCutsConnections() {
    EngineThread engine;
    const quint16 port = start(engine);
    QTcpSocket visitor;
    visitor.connectToHost(QHostAddress::LocalHost, port);
    QCOMPARE(get(visitor, "/a.txt"), QByteArray("first"));
    engine.post(StopServing{});
    QVERIFY(await<Stopped>(engine));
    QTRY_COMPARE(visitor.state(), QAbstractSocket::UnconnectedState);
    QVERIFY(!isListening(port));
}

void TestEngineThread::servesAgainAfterAStop() {
    EngineThread engine;
    const quint16 port = start(engine);
    engine.post(StopServing{});
    QVERIFY(await<Stopped>(engine));
    engine.post(wanted({}, {port}));
    QCOMPARE(await<Started>(engine)->port, port);
    QCOMPARE(getOnce(port, "/a.txt"), QByteArray("first"));
}

void TestEngineThread::tellsWhenTheFolderVanishesAndReturns() {
    EngineThread engine;
    const QString folder = m_folder->filePath("other"), elsewhere = m_folder->filePath("moved");
    engine.post(wanted(folder));
    QVERIFY(await<Started>(engine));
    QVERIFY(QDir().rename(folder, elsewhere));
    const auto gone = await<FolderReachable>(engine);
    QVERIFY(gone && gone->trouble == TroubleKind::FolderMissing);
    writeFile(folder, "no folder");
    const auto replaced = await<FolderReachable>(engine);
    QVERIFY(replaced && replaced->trouble == TroubleKind::FolderIsFile);
    QVERIFY(QFile::remove(folder));
    QVERIFY(QDir().rename(elsewhere, folder));
    auto back = await<FolderReachable>(engine);
    if (back && back->trouble == TroubleKind::FolderMissing) back = await<FolderReachable>(engine);  // seen between the two
    QVERIFY(back && !back->trouble);
}

void TestEngineThread::servesAFolderMadeAnew() {
    EngineThread engine;
    const QString folder = m_folder->filePath("other");
    engine.post(wanted(folder));
    const quint16 port = await<Started>(engine)->port;
    QCOMPARE(getOnce(port, "/a.txt"), QByteArray("second"));
    QVERIFY(QDir(folder).removeRecursively());
    QVERIFY(await<FolderReachable>(engine));
    QVERIFY(QDir().mkpath(folder));
    writeFile(folder + "/a.txt", "made anew");
    QVERIFY(await<FolderReachable>(engine));
    QCOMPARE(getOnce(port, "/a.txt"), QByteArray("made anew"));
}

void TestEngineThread::tellsATakenPort() {
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    EngineThread engine;
    engine.post(wanted({}, {taken.serverPort()}));
    const auto failed = await<Failed>(engine);
    QVERIFY(failed);
    QCOMPARE(failed->kind, TroubleKind::PortTaken);
    QCOMPARE(failed->port, taken.serverPort());
    QCOMPARE(failed->option, std::string("listening_port"));
    QVERIFY(!failed->keptServing);
}

void TestEngineThread::tellsAMissingFolder() {
    EngineThread engine;
    engine.post(wanted(m_folder->filePath("nowhere")));
    const auto failed = await<Failed>(engine);
    QVERIFY(failed);
    QCOMPARE(failed->kind, TroubleKind::FolderMissing);
    QCOMPARE(failed->option, std::string("document_root"));
    QVERIFY(!failed->keptServing);
}

void TestEngineThread::keepsServingWhenTheNewPortIsTaken() {
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    EngineThread engine;
    const quint16 port = start(engine);
    engine.post(wanted(m_folder->filePath("other"), {taken.serverPort()}));
    const auto failed = await<Failed>(engine);
    QVERIFY(failed && failed->keptServing);
    QCOMPARE(getOnce(port, "/a.txt"), QByteArray("first"));
}

void TestEngineThread::endsWhileADownloadRuns() {
    QTcpSocket slow;
    slow.setReadBufferSize(4096);
    {
        EngineThread engine;
        const quint16 port = start(engine);
        slow.connectToHost(QHostAddress::LocalHost, port);
        QVERIFY(slow.waitForConnected());
        slow.write("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
        QTRY_VERIFY(slow.bytesAvailable() > 0);
    }
    slow.setReadBufferSize(0);
    QTRY_VERIFY((slow.readAll(), slow.state() == QAbstractSocket::UnconnectedState));
}

void TestEngineThread::endsAtOnceWhenNothingWasAsked() {
    for (int i = 0; i < 200; ++i) EngineThread engine;
    for (int i = 0; i < 200; ++i) {
        EngineThread engine;
        engine.post(WatchConnections{1});
    }
}

void TestEngineThread::takesCommandsPostedBeforeItRuns() {
    for (int i = 0; i < 100; ++i) {
        EngineThread engine;
        engine.post(wanted());
        QVERIFY(await<Started>(engine));
    }
}

void TestEngineThread::answersEveryCommandOfARush() {
    constexpr int kRounds = 300;
    EngineThread engine;
    for (int i = 0; i < kRounds; ++i) {
        engine.post(wanted(i % 3 == 2 ? m_folder->filePath("nowhere") : QString()));
        engine.post(StopServing{});
    }
    for (int i = 0; i < kRounds; ++i) {
        if (i % 3 == 2) {
            QVERIFY(await<Failed>(engine));
        } else {
            QVERIFY(await<Started>(engine));
        }
        QVERIFY(await<Stopped>(engine));
    }
    QVERIFY(m_passedOver.isEmpty());  // so they came in the order of the commands
}

QTEST_GUILESS_MAIN(TestEngineThread)
#include "tst_engine_thread.moc"
