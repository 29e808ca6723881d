#include "engine/http/request_samples.h"
#include "support/guard_page.h"

#include <QtTest>

using namespace meerkat::http;
using namespace meerkat::test;

namespace {

const ParseLimits kLimits;

void addGoodHeads() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("meaning");
    for (const GoodHead &head : goodHeads()) QTest::newRow(head.name) << toBytes(head.bytes) << QByteArray(head.meaning);
}

bool isInside(std::string_view view, std::string_view bytes) {
    return view.empty() || (view.data() >= bytes.data() && view.data() + view.size() <= bytes.data() + bytes.size());
}

// RFC 9110 section 5.6.2.
bool isTokenByte(int byte) {
    const QByteArray others = "!#$%&'*+-.^_`|~";
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte < 128 && byte > 0 && others.contains(static_cast<char>(byte)));
}

// A colon in a name and a line feed in a value end them, and the rest is another thing: those are told by what was read.
void verifyPiece(const QByteArray &before, const QByteArray &piece, const QByteArray &after, bool isAllowed) {
    const QByteArray bytes = before + piece + after;
    RequestHead head;
    const ParseOutcome outcome = parseRequestHead(toView(bytes), kLimits, head);
    const bool isComplete = outcome.state == ParseState::Complete && outcome.consumed == static_cast<std::size_t>(bytes.size());
    const bool isWhole = isComplete && describe(head).contains(piece);
    QVERIFY2(isWhole == isAllowed, bytes.toPercentEncoding().constData());
}

}  // namespace

class RequestParserTest : public QObject {
    Q_OBJECT

  private slots:
    void acceptsAHead_data() { addGoodHeads(); }
    void acceptsAHead() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, meaning);
        RequestHead head;
        const ParseOutcome outcome = parseRequestHead(toView(bytes), kLimits, head);
        QCOMPARE(outcome.state, ParseState::Complete);
        QCOMPARE(outcome.consumed, static_cast<std::size_t>(bytes.size()));
        QCOMPARE(outcome.refusalStatus, 0);
        QCOMPARE(describe(head), meaning);
    }

    void asksForMoreAtEverySplit_data() { addGoodHeads(); }
    void asksForMoreAtEverySplit() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, meaning);
        GuardPage guard(4096);
        RequestHead head;
        for (qsizetype size = 0; size < bytes.size(); ++size) {
            for (const std::string_view part :
                 {guard.beforeGuard(toView(bytes.first(size))), guard.afterGuard(toView(bytes.first(size)))}) {
                const ParseOutcome outcome = parseRequestHead(part, kLimits, head);
                QVERIFY2(outcome.state == ParseState::NeedMore, qPrintable(QString::number(size)));
                QCOMPARE(outcome.consumed, 0U);
                QCOMPARE(outcome.refusalStatus, 0);
            }
        }
        QCOMPARE(parseRequestHead(guard.beforeGuard(toView(bytes)), kLimits, head).state, ParseState::Complete);
        QCOMPARE(describe(head), meaning);
        QCOMPARE(parseRequestHead(guard.afterGuard(toView(bytes)), kLimits, head).state, ParseState::Complete);
        QCOMPARE(describe(head), meaning);
    }

    void consumesOnlyItsOwnBytes_data() { addGoodHeads(); }
    void consumesOnlyItsOwnBytes() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, meaning);
        const QByteArrayList followers = {
            "G", "\r", "\n", "\r\n\r\n", QByteArray(1, '\0'), " x: y\r\n\r\n", "\xff", bytes, QByteArray(100, 'x')};
        RequestHead head;
        for (const QByteArray &follower : followers) {
            const QByteArray more = bytes + follower;
            const ParseOutcome outcome = parseRequestHead(toView(more), kLimits, head);
            QCOMPARE(outcome.state, ParseState::Complete);
            QCOMPARE(outcome.consumed, static_cast<std::size_t>(bytes.size()));
            QCOMPARE(describe(head), meaning);
        }
    }

    void viewsPointIntoTheBytes_data() { addGoodHeads(); }
    void viewsPointIntoTheBytes() {
        QFETCH(QByteArray, bytes);
        RequestHead head;
        parseRequestHead(toView(bytes), kLimits, head);
        QVERIFY(isInside(head.methodName, toView(bytes)));
        QVERIFY(isInside(head.target, toView(bytes)));
        QVERIFY(isInside(head.host, toView(bytes)));
        for (const HeaderField &field : head.headers()) {
            QVERIFY(isInside(field.name, toView(bytes)));
            QVERIFY(isInside(field.value, toView(bytes)));
        }
    }

    // Sixteen bytes are searched at a time: whatever ends a piece must be found at each place of a block.
    void findsEveryPlaceInABlock() {
        RequestHead head;
        for (std::size_t length = 1; length <= 70; ++length) {
            const std::string name(length, 'n');
            const std::string value(length, 'v');
            const std::string target = "/" + std::string(length, 't');
            const std::string bytes = "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + name + ": " + value + "\r\n\r\n";
            QCOMPARE(parseRequestHead(bytes, kLimits, head).consumed, bytes.size());
            QCOMPARE(head.target, target);
            QCOMPARE(head.fields[1].name, name);
            QCOMPARE(head.fields[1].value, value);
        }
    }

    // Every byte at every place of pieces that are shorter and longer than a block.
    void knowsEveryByteAtEveryPlace() {
        const QByteArray around = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        for (int byte = 0; byte < 256; ++byte) {
            for (qsizetype place = 0; place < 20; ++place) {
                QByteArray piece = around.first(20);
                piece[place] = static_cast<char>(byte);
                verifyPiece("GET / HTTP/1.1\r\nHost: a\r\nB: \"", piece, "\"\r\n\r\n",
                            byte == '\t' || (byte >= ' ' && byte != 0x7f));
                verifyPiece("GET / HTTP/1.1\r\nHost: a\r\n", 'N' + piece, ": b\r\n\r\n", isTokenByte(byte));
                verifyPiece("GET /", piece, " HTTP/1.1\r\nHost: a\r\n\r\n", byte > ' ' && byte != 0x7f && byte != '#');
                verifyPiece("", 'M' + piece, " / HTTP/1.1\r\nHost: a\r\n\r\n", isTokenByte(byte));
            }
        }
    }

    void knowsTheMethod_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("method");
        const std::pair<const char *, Method> rows[] = {
            {"GET", Method::Get},        {"HEAD", Method::Head},     {"POST", Method::Post},       {"PUT", Method::Put},
            {"DELETE", Method::Delete},  {"TRACE", Method::Trace},   {"OPTIONS", Method::Options}, {"get", Method::Other},
            {"PROPFIND", Method::Other}, {"GEX", Method::Other},     {"HEAP", Method::Other},      {"TRACK", Method::Other},
            {"DELETF", Method::Other},   {"CONNECX", Method::Other}, {"G", Method::Other},
        };
        for (const auto &[name, method] : rows) QTest::newRow(name) << QByteArray(name) << static_cast<int>(method);
    }
    void knowsTheMethod() {
        QFETCH(QByteArray, name);
        QFETCH(int, method);
        RequestHead head;
        const QByteArray bytes = name + " / HTTP/1.1\r\nHost: a\r\n\r\n";
        QCOMPARE(parseRequestHead(toView(bytes), kLimits, head).state, ParseState::Complete);
        QCOMPARE(static_cast<int>(head.method), method);
        QCOMPARE(toBytes(head.methodName), name);
    }

    void findsAFieldInAnyCase() {
        RequestHead head;
        parseRequestHead("GET / HTTP/1.1\r\nHost: a\r\nAccept: first\r\naccept: second\r\nEmpty:\r\n\r\n", kLimits, head);
        QCOMPARE(head.find("ACCEPT"), std::optional<std::string_view>("first"));
        QCOMPARE(head.find("Empty"), std::optional<std::string_view>(""));
        QVERIFY(!head.find("Accep"));
        QVERIFY(!head.find(""));
    }

    void startsAfreshWithAUsedHead() {
        RequestHead head;
        parseRequestHead("POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nRange: x\r\nConnection: close\r\n\r\n", kLimits,
                         head);
        parseRequestHead(
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\nConnection: upgrade\r\n\r\n",
            kLimits, head);
        parseRequestHead("GET /b HTTP/1.1\r\nHost:\r\n\r\n", kLimits, head);
        QCOMPARE(describe(head), QByteArray("GET /b 1.1 [Host=]"));
        QCOMPARE(head.contentLength, 0U);
        QCOMPARE(head.method, Method::Get);
    }

    void leavesUnusedFieldsAlone() {
        RequestHead head;
        head.fields[50].name = "untouched";
        parseRequestHead("GET / HTTP/1.1\r\nHost: a\r\n\r\n", kLimits, head);
        QCOMPARE(head.fields[50].name, std::string_view("untouched"));
    }
};

QTEST_GUILESS_MAIN(RequestParserTest)
#include "tst_request_parser.moc"
