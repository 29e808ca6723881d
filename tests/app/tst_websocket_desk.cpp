// Station: tests of WebSockets between window and engine: what is told, what is sent, and what answers by itself. The engine is in its thread.
#include "app/engine_client.h"

#include "support/served_folder.h"
#include "support/websocket_visitor.h"

#include <QProcess>
#include <QSignalSpy>
#include <QtTest>

using namespace meerkat::app;
using meerkat::test::WebsocketVisitor;

class TestWebsocketDesk : public QObject, private ServedFolder {
    Q_OBJECT

  private slots:
    void tellsMessagesThatComeAndGo();
    void sendsToOneAndToAll();
    void saysWhenNobodyIsReached();
    void closesWithCodeAndReason();
    void answersByRule();
    void followsChangedRulesAtOnce();
    void showsWhichConnectionsAreWebsockets();
    void cutsLongMessages();
    void dropsAndCountsWhatTheWindowDoesNotTake();
    void tellsOfOneThatWasCut();
    void refusesAPlaceThatIsNone();
    void talksToAClientThatIsNotOurs();

    void init() {
        makeFolder();
        ServerProfile served = profile();
        served.options["websocket_endpoints"] = "/echo=echo,/chat=broadcast,/=manual";
        served.options["websocket_subprotocols"] = "chat";
        m_client = std::make_unique<EngineClient>(served);
        m_messages.clear();
        connect(m_client.get(), &EngineClient::messagesHappened, this, [this](const std::vector<MessageRecord> &messages) {
            m_messages.insert(m_messages.end(), messages.begin(), messages.end());
        });
        m_client->setWatched(true);
        m_client->start();
        QTRY_COMPARE(m_client->state(), ServingState::Serving);
    }
    void cleanup() { m_client.reset(); }

  private:
    // A line each: "< 1 hello".
    QStringList told() const {
        QStringList lines;
        for (const MessageRecord &record : m_messages)
            lines << QStringLiteral("%1 %2 %3")
                         .arg(QLatin1String(record.isOutgoing ? ">" : "<"))
                         .arg(int(record.kind))
                         .arg(record.closeCode ? QString::number(record.closeCode)
                                               : QString::fromStdString(record.payload.substr(0, 30)));
        return lines;
    }

    std::unique_ptr<EngineClient> m_client;
    std::vector<MessageRecord> m_messages;
};

void TestWebsocketDesk::tellsMessagesThatComeAndGo() {
    WebsocketVisitor visitor(m_client->port(), "/echo?x=1");
    QVERIFY(visitor.isOpen());
    visitor.sendText("hello");
    QCOMPARE(visitor.next().second, QByteArray("hello"));
    visitor.send(0x89, "p");
    QTRY_COMPARE(told(), QStringList({"< 16 /echo?x=1", "< 1 hello", "> 1 hello", "< 9 p", "> 10 p"}));
    QCOMPARE(m_messages[1].wireBytes, 11u);
    QVERIFY(m_messages[1].atMs > 1'600'000'000'000);
    QCOMPARE(m_messages[1].connectionId, m_messages[0].connectionId);
}

void TestWebsocketDesk::sendsToOneAndToAll() {
    WebsocketVisitor one(m_client->port(), "/a"), two(m_client->port(), "/b");
    QVERIFY(one.isOpen() && two.isOpen());
    QTRY_COMPARE(m_messages.size(), std::size_t(2));
    QSignalSpy sent(m_client.get(), &EngineClient::messageSent);
    m_client->sendMessage({0, MessageKind::Text, "to all"});
    const quint64 second = m_messages[m_messages[0].payload == "/b" ? 0 : 1].connectionId;
    m_client->sendMessage({second, MessageKind::Binary, std::string("\0\1", 2)});
    m_client->sendMessage({second, MessageKind::Ping, "beat"});
    QCOMPARE(one.next(), qMakePair(0x81, QByteArray("to all")));
    QCOMPARE(two.next(), qMakePair(0x81, QByteArray("to all")));
    QCOMPARE(two.next(), qMakePair(0x82, QByteArray("\0\1", 2)));
    QCOMPARE(two.next(), qMakePair(0x89, QByteArray("beat")));
    QTRY_COMPARE(sent.size(), 3);
    QCOMPARE(sent[0].at(1).toInt(), 2);
    QCOMPARE(sent[1].at(1).toInt(), 1);
}

void TestWebsocketDesk::saysWhenNobodyIsReached() {
    QSignalSpy sent(m_client.get(), &EngineClient::messageSent);
    m_client->sendMessage({0, MessageKind::Text, "anybody"});
    m_client->sendMessage({999, MessageKind::Text, "you"});
    QTRY_COMPARE(sent.size(), 2);
    QCOMPARE(sent[0].at(1).toInt() + sent[1].at(1).toInt(), 0);
    EngineClient stopped(profile());
    QSignalSpy alone(&stopped, &EngineClient::messageSent);
    stopped.sendMessage({0, MessageKind::Text, "anybody"});
    QCOMPARE(alone.size(), 1);
}

void TestWebsocketDesk::closesWithCodeAndReason() {
    WebsocketVisitor visitor(m_client->port(), "/a");
    QVERIFY(visitor.isOpen());
    m_client->sendMessage({0, MessageKind::Close,
                           "\x0f\xa0"
                           "enough"});
    QCOMPARE(visitor.next(), qMakePair(0x88, QByteArray("\x0f\xa0"
                                                        "enough")));
    QTRY_VERIFY(told().contains("> 8 4000"));
}

void TestWebsocketDesk::answersByRule() {
    ServerProfile changed = m_client->profile();
    changed.webSocket.rules = {
        {"off", "no", false}, {"", "everything", true}, {"time", "noon", true}, {"what time", "late", true}};
    m_client->setProfile(changed);
    WebsocketVisitor visitor(m_client->port(), "/a"), echo(m_client->port(), "/echo");
    QVERIFY(visitor.isOpen() && echo.isOpen());
    visitor.sendText("off");
    visitor.sendText("what time is it");
    visitor.send(0x82, QByteArray("\0time", 5));
    QCOMPARE(visitor.next(), qMakePair(0x81, QByteArray("noon")));
    QCOMPARE(visitor.next(), qMakePair(0x81, QByteArray("noon")));
    echo.sendText("time");
    QCOMPARE(echo.next(), qMakePair(0x81, QByteArray("time")));
    echo.send(0x89, "p");
    QCOMPARE(echo.next(), qMakePair(0x8a, QByteArray("p")));
}

void TestWebsocketDesk::followsChangedRulesAtOnce() {
    WebsocketVisitor visitor(m_client->port(), "/a");
    for (const QString &answer : {QStringLiteral("one"), QStringLiteral("two")}) {
        ServerProfile changed = m_client->profile();
        changed.webSocket.rules = {{"?", answer, true}};
        QSignalSpy states(m_client.get(), &EngineClient::stateChanged);
        m_client->setProfile(changed);
        visitor.sendText("?");
        // The message may have been quicker than the rule.
        QTRY_VERIFY_WITH_TIMEOUT((visitor.sendText("?"), visitor.next().second == answer.toUtf8()), 10000);
        QCOMPARE(states.size(), 0);
    }
}

void TestWebsocketDesk::showsWhichConnectionsAreWebsockets() {
    WebsocketVisitor visitor(m_client->port(), "/chat/room");
    QVERIFY(visitor.isOpen());
    const auto isSeen = [this] {
        const auto &rows = m_client->snapshot().connections;
        return rows.size() == 1 && rows[0].isWebSocket && rows[0].endpoint == "broadcast" && rows[0].target == "/chat/room";
    };
    QTRY_VERIFY(isSeen());
}

void TestWebsocketDesk::cutsLongMessages() {
    WebsocketVisitor visitor(m_client->port(), "/a");
    visitor.send(0x82, QByteArray(3'000'000, 'x'));
    QTRY_COMPARE(m_messages.size(), std::size_t(2));
    QCOMPARE(m_messages[1].payloadBytes, 3'000'000u);
    QCOMPARE(m_messages[1].payload.size(), kMostMessageBytes);
}

void TestWebsocketDesk::dropsAndCountsWhatTheWindowDoesNotTake() {
    WebsocketVisitor visitor(m_client->port(), "/echo");
    // More than fits into the ring, while this thread takes nothing.
    constexpr int kMany = 20000;
    QByteArray frames;
    for (int i = 0; i < kMany; ++i) frames += QByteArray("\x81\x81\0\0\0\0x", 7);
    visitor.sendRaw(frames);
    QTRY_VERIFY_WITH_TIMEOUT(m_client->snapshot().droppedMessages > 0 || m_messages.size() == 2 * kMany + 1, 20000);
    // What is dropped is counted: nothing is unaccounted for.
    QTRY_COMPARE_WITH_TIMEOUT(m_messages.size() + m_client->snapshot().droppedMessages, std::size_t(2 * kMany + 1), 20000);
}

void TestWebsocketDesk::tellsOfOneThatWasCut() {
    WebsocketVisitor visitor(m_client->port(), "/a");
    visitor.abort();
    QTRY_COMPARE(told(), QStringList({"< 16 /a", "< 17 1006"}));
}

void TestWebsocketDesk::refusesAPlaceThatIsNone() {
    QSignalSpy refusals(m_client.get(), &EngineClient::refused);
    ServerProfile changed = m_client->profile();
    changed.options["websocket_endpoints"] = "/a=shout";
    changed.webSocket.memoryMiB = 128;
    m_client->setProfile(changed);
    QTRY_COMPARE(refusals.size(), 1);
    QVERIFY2(m_client->refusal().sentence.contains("/a=shout"), qPrintable(m_client->refusal().sentence));
    QCOMPARE(m_client->profile().options.at("websocket_endpoints"), QStringLiteral("/echo=echo,/chat=broadcast,/=manual"));
    QCOMPARE(m_client->profile().webSocket.memoryMiB, 128);
}

void TestWebsocketDesk::talksToAClientThatIsNotOurs() {
    QProcess client;
    client.setProcessChannelMode(QProcess::MergedChannels);
    client.start("/usr/bin/python3", {qEnvironmentVariable("MEERKAT_SOURCE") + "/tests/system/websocket_client.py",
                                      QString::number(m_client->port()), "/echo"});
    QVERIFY(client.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(client.state() == QProcess::NotRunning, 100000);
    QVERIFY2(client.readAll().contains("all of it"), "the client said something else");
    QVERIFY(!m_messages.empty());
}

QTEST_GUILESS_MAIN(TestWebsocketDesk)
#include "tst_websocket_desk.moc"
