// Station: tests of message_text, message_line and websocket_places.
#include "ui/models/message_line.h"
#include "ui/models/message_text.h"
#include "ui/models/websocket_places.h"

#include <QTest>

using namespace meerkat;
using namespace meerkat::ui;

class TestMessageText : public QObject {
    Q_OBJECT

  private slots:
    void tellsTextFromBytes_data();
    void tellsTextFromBytes();
    void writesHexadecimalLines();
    void indentsJson_data();
    void indentsJson();
    void readsHexadecimalDigits_data();
    void readsHexadecimalDigits();
    void knowsWhatCloseCodesMean();
    void tellsHowMuchWasCompressed();
    void cutsLongPreviews();
    void writesAndReadsLines_data();
    void writesAndReadsLines();
    void refusesLinesThatAreNoMessages_data();
    void refusesLinesThatAreNoMessages();
    void readsAndWritesPlaces();
    void saysWhatIsWrongWithAPlace_data();
    void saysWhatIsWrongWithAPlace();
};

void TestMessageText::tellsTextFromBytes_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isCut");
    QTest::addColumn<bool>("isText");
    QTest::newRow("nothing") << QByteArray() << false << true;
    QTest::newRow("words") << QByteArray("a\tb\r\n") << false << true;
    QTest::newRow("umlauts") << QByteArray("Größe €😀") << false << true;
    QTest::newRow("a zero") << QByteArray("a\0b", 3) << false << false;
    QTest::newRow("no UTF-8") << QByteArray("\xff\xfe") << false << false;
    QTest::newRow("half a character") << QByteArray("a\xf0\x9f\x98") << false << false;
    QTest::newRow("half a character where it was cut") << QByteArray("a\xf0\x9f\x98") << true << true;
    QTest::newRow("one of three") << QByteArray("a\xe2") << true << true;
    QTest::newRow("whole where it was cut") << QByteArray("a€") << true << true;
}

void TestMessageText::tellsTextFromBytes() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, isCut);
    QFETCH(bool, isText);
    QCOMPARE(isReadable({bytes.constData(), static_cast<std::size_t>(bytes.size())}, isCut), isText);
}

void TestMessageText::writesHexadecimalLines() {
    QCOMPARE(hexText(std::string_view("Hello, meerkat!\n\x00z", 18)),
             QStringLiteral("00000000  48 65 6c 6c 6f 2c 20 6d  65 65 72 6b 61 74 21 0a  Hello, meerkat!.\n"
                            "00000010  00 7a                                             .z\n"));
    QCOMPARE(hexText({}), QString());
}

void TestMessageText::indentsJson_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("pretty");  // null: it is none
    QTest::newRow("order and numbers stay") << QByteArray(R"({"b":1.50,"a":[12345678901234567890,true],"c":{},"d":[ ]})")
                                            << QStringLiteral(
                                                   "{\n  \"b\": 1.50,\n  \"a\": [\n    12345678901234567890,\n    true\n  ],\n"
                                                   "  \"c\": {},\n  \"d\": []\n}");
    QTest::newRow("marks within texts") << QByteArray(R"(["a,{\"b\\", "c:d"])")
                                        << QStringLiteral("[\n  \"a,{\\\"b\\\\\",\n  \"c:d\"\n]");
    QTest::newRow("white space goes") << QByteArray(" {\n \"a\" : 1 }\n") << QStringLiteral("{\n  \"a\": 1\n}");
    QTest::newRow("words") << QByteArray("hello") << QString();
    QTest::newRow("cut") << QByteArray("{\"a\":") << QString();
    QTest::newRow("nothing") << QByteArray() << QString();
}

void TestMessageText::indentsJson() {
    QFETCH(QByteArray, json);
    QFETCH(QString, pretty);
    QCOMPARE(prettyJson({json.constData(), static_cast<std::size_t>(json.size())}).value_or(QString()), pretty);
}

void TestMessageText::readsHexadecimalDigits_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isHex");
    QTest::newRow("pairs") << "48 65\n6C" << QByteArray("Hel") << true;
    QTest::newRow("together") << "48656c" << QByteArray("Hel") << true;
    QTest::newRow("as in C") << "0x48, 0x00" << QByteArray("H\0", 2) << true;
    QTest::newRow("nothing") << "" << QByteArray() << true;
    QTest::newRow("half a pair") << "48 6" << QByteArray() << false;
    QTest::newRow("words") << "hello" << QByteArray() << false;
}

void TestMessageText::readsHexadecimalDigits() {
    QFETCH(QString, text);
    QFETCH(QByteArray, bytes);
    QFETCH(bool, isHex);
    const auto read = bytesOfHex(text);
    QCOMPARE(read.has_value(), isHex);
    if (isHex) QCOMPARE(*read, bytes);
}

void TestMessageText::knowsWhatCloseCodesMean() {
    QSet<QString> meanings;
    for (const int code :
         {1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 3000, 4000, 2000})
        meanings << closeCodeMeaning(code);
    QCOMPARE(meanings.size(), 18);
    Message close;
    close.kind = app::MessageKind::Close;
    close.closeCode = 1001;
    close.payload = "\x03\xe9"
                    "lunch";
    close.payloadBytes = close.payload.size();
    QCOMPARE(messagePreview(close), QStringLiteral("1001 Going away: the page was left, or the server stops: “lunch”"));
}

void TestMessageText::tellsHowMuchWasCompressed() {
    Message message;
    message.payloadBytes = 1000;
    message.wireBytes = 250;
    QCOMPARE(messageSizeText(message), QStringLiteral("1.0\u00a0kB, travelled as 250\u00a0B (compressed to 25 %)"));
    message.wireBytes = 1006;
    QCOMPARE(messageSizeText(message), QStringLiteral("1.0\u00a0kB"));
}

void TestMessageText::cutsLongPreviews() {
    const std::string text(5000, 'a');
    Message message;
    message.payload = text;
    message.payloadBytes = text.size();
    QVERIFY(messagePreview(message).size() < 300 && messagePreview(message).endsWith(u'…'));
    std::string umlauts;
    for (int i = 0; i < 500; ++i) umlauts += "ä";
    for (std::size_t start = 0; start < 2; ++start) {
        const std::string shifted = std::string(start, 'x') + umlauts;
        message.payload = shifted;
        message.payloadBytes = shifted.size();
        QVERIFY(!messagePreview(message).contains(QChar::ReplacementCharacter));
    }
}

void TestMessageText::writesAndReadsLines_data() {
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("isOutgoing");
    QTest::newRow("text") << QByteArray("Grüße \"x\"\n\0", 12) << 1 << true;
    QTest::newRow("bytes") << QByteArray("\xff\x00\x80", 3) << 2 << false;
    QTest::newRow("close") << QByteArray("\x03\xe8") << 8 << false;
    QTest::newRow("opened") << QByteArray("/chat") << 16 << false;
    QTest::newRow("lost") << QByteArray() << 17 << false;
}

void TestMessageText::writesAndReadsLines() {
    QFETCH(QByteArray, payload);
    QFETCH(int, kind);
    QFETCH(bool, isOutgoing);
    app::MessageRecord record;
    record.atMs = 1777777777123;
    record.connectionId = 42;
    record.kind = static_cast<app::MessageKind>(kind);
    record.isOutgoing = isOutgoing;
    record.closeCode = kind == 8 ? 1000 : 0;
    record.payload = payload.toStdString();
    record.payloadBytes = 5000;
    record.wireBytes = 100;
    const QByteArray line = lineOf(record);
    QCOMPARE(line.count('\n'), 1);
    const auto read = messageOfLine(line);
    QVERIFY(read);
    QCOMPARE(read->atMs, record.atMs);
    QCOMPARE(read->connectionId, record.connectionId);
    QVERIFY(read->kind == record.kind && read->isOutgoing == record.isOutgoing && read->closeCode == record.closeCode);
    QCOMPARE(read->payload, record.payload);
    QCOMPARE(read->payloadBytes, record.payloadBytes);
    QCOMPARE(read->wireBytes, record.wireBytes);
}

void TestMessageText::refusesLinesThatAreNoMessages_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("words") << QByteArray("hello");
    QTest::newRow("a list") << QByteArray("[1]");
    QTest::newRow("another object") << QByteArray("{\"a\":1}");
    QTest::newRow("no such kind") << QByteArray(R"({"time":"2026-01-01T00:00:00Z","kind":"shout"})");
    QTest::newRow("no time") << QByteArray(R"({"kind":"text","text":"a"})");
    QTest::newRow("cut") << QByteArray(R"({"time":"2026-01-01T00:00:00Z","kind":"te)");
}

void TestMessageText::refusesLinesThatAreNoMessages() {
    QFETCH(QByteArray, line);
    QVERIFY(!messageOfLine(line));
    const auto odd =
        messageOfLine(R"({"time":"2026-01-01T00:00:00Z","kind":"text","connection":-5,"bytes":"x","closeCode":1e99})");
    QVERIFY(odd && odd->connectionId == 0 && odd->payloadBytes == 0 && odd->closeCode == 0);
}

void TestMessageText::readsAndWritesPlaces() {
    const QVector<WebSocketPlace> places = placesOf(" /chat = broadcast,/a=b=echo,**=manual");
    QCOMPARE(places, QVector<WebSocketPlace>({{"/chat", "broadcast"}, {"/a=b", "echo"}, {"**", "manual"}}));
    QCOMPARE(optionOf(places), QStringLiteral("/chat=broadcast,/a=b=echo,**=manual"));
    QCOMPARE(optionOf({{"chat", "echo"}, {"", "echo"}, {"/ok", "echo"}}), QStringLiteral("/ok=echo"));
    QCOMPARE(placesOf({}), QVector<WebSocketPlace>());
    for (const QString &kind : placeKinds()) QVERIFY(!placeKindText(kind).isEmpty());
}

void TestMessageText::saysWhatIsWrongWithAPlace_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("a path") << "/chat" << true;
    QTest::newRow("everything") << "**" << true;
    QTest::newRow("two") << "/a|/b" << true;
    QTest::newRow("nothing") << " " << false;
    QTest::newRow("no slash") << "chat" << false;
    QTest::newRow("no slash in the second") << "/a|b" << false;
    QTest::newRow("a comma") << "/a,/b" << false;
}

void TestMessageText::saysWhatIsWrongWithAPlace() {
    QFETCH(QString, pattern);
    QFETCH(bool, isGood);
    QCOMPARE(placeTrouble(pattern).isEmpty(), isGood);
}

QTEST_GUILESS_MAIN(TestMessageText)
#include "tst_message_text.moc"
