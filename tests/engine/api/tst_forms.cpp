// Station: tests of mg_get_var, mg_parse_header and mg_parse_multipart: the sentences of the API's page, and bad use.
#include "support/scripted_peer.h"

#include <QTest>

#include <climits>
#include <vector>

using namespace meerkat::test;

namespace {

struct Asked {
    int length;
    QByteArray value;  // up to its '\0'
    bool operator==(const Asked &) const = default;
};

// A connection as a handler sees it, without one.
class FakeConnection {
  public:
    FakeConnection(const char *query, QByteArray content, const char *type = nullptr) : m_content(std::move(content)) {
        m_connection.query_string = query;
        m_connection.content = m_content.data();
        m_connection.content_len = static_cast<size_t>(m_content.size());
        m_header = {"content-type", type};
        m_connection.http_headers = &m_header;
        m_connection.num_headers = type ? 1 : 0;
    }
    // With a buffer of exactly that size, so that the address sanitizer sees a byte too much.
    Asked ask(const char *name, size_t size = 100) const {
        std::vector<char> buffer(size, '#');
        const int length = mg_get_var(&m_connection, name, buffer.data(), size);
        return {length, QByteArray(buffer.data())};
    }
    const mg_connection *get() const { return &m_connection; }

  private:
    QByteArray m_content;
    mg_header m_header{};
    mg_connection m_connection{};
};

const char kFormType[] = "application/x-www-form-urlencoded";

}  // namespace

class TestForms : public QObject {
    Q_OBJECT

  private slots:
    void bothPostBufferAndQueryStringAreInspected();
    void aFormVariableIsUrlDecodedAndWrittenToTheBuffer_data();
    void aFormVariableIsUrlDecodedAndWrittenToTheBuffer();
    void onErrorMinusOneIsReturnedIfTheVariableIsNotFound();
    void minusTwoIsReturnedIfTheBufferIsTooSmall();
    void aBodyThatIsNoFormIsNotInspected();
    void fetchesAVariablesValueFromAHeader();
    void returnsZeroIfAHeaderHasNoSuchVariable();
    void storesTheChunksNameAndFileName();
    void returnsTheBytesToSkipToTheNextChunk();
    void namesThatDoNotFitAreEmpty();
    void takesBadArguments();
    void answersARealForm();
};

void TestForms::bothPostBufferAndQueryStringAreInspected() {
    const FakeConnection connection("a=query&b=2", "a=body&c=3", kFormType);
    QCOMPARE(connection.ask("b"), (Asked{1, "2"}));
    QCOMPARE(connection.ask("c"), (Asked{1, "3"}));
    QCOMPARE(connection.ask("a"), (Asked{5, "query"}));
    QCOMPARE(FakeConnection(nullptr, "c=3").ask("c"), (Asked{1, "3"}));
    QCOMPARE(FakeConnection("c=3", {}).ask("c"), (Asked{1, "3"}));
}

void TestForms::aFormVariableIsUrlDecodedAndWrittenToTheBuffer_data() {
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("length");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("plain") << QByteArray("v=abc") << 3 << QByteArray("abc");
    QTest::newRow("plus and escapes") << QByteArray("v=a+b%2Bc") << 5 << QByteArray("a b+c");
    QTest::newRow("an embedded NUL keeps its length") << QByteArray("v=a%00b") << 3 << QByteArray("a");
    QTest::newRow("broken escapes stay") << QByteArray("v=%zz%4") << 5 << QByteArray("%zz%4");
    QTest::newRow("empty") << QByteArray("v=") << 0 << QByteArray("");
}

void TestForms::aFormVariableIsUrlDecodedAndWrittenToTheBuffer() {
    QFETCH(QByteArray, query);
    QFETCH(int, length);
    QFETCH(QByteArray, value);
    QCOMPARE(FakeConnection(query.constData(), {}).ask("v"), (Asked{length, value}));
    QCOMPARE(FakeConnection(nullptr, query).ask("v"), (Asked{length, value}));
    // Right into a buffer that just holds it.
    QCOMPARE(FakeConnection(query.constData(), {}).ask("v", size_t(length) + 1), (Asked{length, value}));
}

void TestForms::onErrorMinusOneIsReturnedIfTheVariableIsNotFound() {
    QCOMPARE(FakeConnection("a=1", "b=2").ask("c"), (Asked{-1, ""}));
    QCOMPARE(FakeConnection(nullptr, {}).ask("c"), (Asked{-1, ""}));
    QCOMPARE(FakeConnection("=1", {}).ask(""), (Asked{-1, ""}));
}

void TestForms::minusTwoIsReturnedIfTheBufferIsTooSmall() {
    const FakeConnection connection("a=abc", {});
    for (size_t size = 1; size <= 3; ++size) QCOMPARE(connection.ask("a", size), (Asked{-2, ""}));
    QCOMPARE(connection.ask("a", 4), (Asked{3, "abc"}));
    char byte = '#';
    QCOMPARE(mg_get_var(connection.get(), "a", &byte, 0), -2);
    QCOMPARE(byte, '#');
    QCOMPARE(mg_get_var(connection.get(), "a", nullptr, 10), -2);
}

void TestForms::aBodyThatIsNoFormIsNotInspected() {
    QCOMPARE(FakeConnection(nullptr, "{\"x\":\"&a=1\"}", "application/json").ask("a"), (Asked{-1, ""}));
    QCOMPARE(FakeConnection("a=2", "a=1", "multipart/form-data").ask("a"), (Asked{1, "2"}));
}

void TestForms::fetchesAVariablesValueFromAHeader() {
    char value[12];
    const char *header = "x=123, y=345, z=\"other value\"";
    QCOMPARE(mg_parse_header(header, "x", value, sizeof value), 3);
    QCOMPARE(QByteArray(value), QByteArray("123"));
    QCOMPARE(mg_parse_header(header, "Z", value, sizeof value), 11);
    QCOMPARE(QByteArray(value), QByteArray("other value"));
    QCOMPARE(mg_parse_header(header, "z", value, 11), 0);
    QCOMPARE(QByteArray(value), QByteArray());
}

void TestForms::returnsZeroIfAHeaderHasNoSuchVariable() {
    char value[10] = "before";
    QCOMPARE(mg_parse_header("x=1", "y", value, sizeof value), 0);
    QCOMPARE(QByteArray(value), QByteArray());
    QCOMPARE(mg_parse_header("", "y", value, sizeof value), 0);
}

namespace {

const QByteArray kUpload = "--xyz\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n"
                           "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n" +
                           QByteArray("1\0"
                                      "2",
                                      3) +
                           "\r\n--xyz--\r\n";

struct Chunk {
    char name[20] = "before", file[20] = "before";
    const char *data = "before";
    int length = 99;
    int skip = 0;
    Chunk(const char *from, qsizetype size) {
        skip = mg_parse_multipart(from, int(size), name, sizeof name, file, sizeof file, &data, &length);
    }
    QByteArray bytes() const { return QByteArray(data, length); }
};

}  // namespace

void TestForms::storesTheChunksNameAndFileName() {
    const Chunk first(kUpload.data(), kUpload.size());
    QCOMPARE(first.name, "note");
    QCOMPARE(first.file, "");
    QCOMPARE(first.bytes(), QByteArray("hello"));
    const Chunk second(kUpload.data() + first.skip, kUpload.size() - first.skip);
    QCOMPARE(second.name, "file");
    QCOMPARE(second.file, "a.txt");
    QCOMPARE(second.bytes(), QByteArray("1\0"
                                        "2",
                                        3));
}

void TestForms::returnsTheBytesToSkipToTheNextChunk() {
    const Chunk first(kUpload.data(), kUpload.size());
    QVERIFY(kUpload.mid(first.skip).startsWith("--xyz\r\n"));
    const Chunk second(kUpload.data() + first.skip, kUpload.size() - first.skip);
    const qsizetype skipped = first.skip + second.skip;
    QCOMPARE(kUpload.mid(skipped), QByteArray("--xyz--\r\n"));
    const Chunk none(kUpload.data() + skipped, kUpload.size() - skipped);
    QCOMPARE(none.skip, 0);
    QCOMPARE(none.name, "");
    QCOMPARE(none.file, "");
    QVERIFY(!none.data);
    QCOMPARE(none.length, 0);
}

void TestForms::namesThatDoNotFitAreEmpty() {
    char name[4] = "###", file[5] = "####";
    const char *data = nullptr;
    int length = 0;
    QByteArray body = kUpload;
    body.replace("a.txt", QByteArray("a\0txt", 5));
    const int skip = mg_parse_multipart(body, int(body.size()), name, sizeof name, file, sizeof file, &data, &length);
    QVERIFY(skip > 0);
    QCOMPARE(name, "");
    QCOMPARE(length, 5);
    char room[20] = "#";
    QVERIFY(mg_parse_multipart(body.data() + skip, int(body.size()) - skip, name, 4, room, 20, &data, &length) > 0);
    // A name that says one thing to us and another to the file system.
    QCOMPARE(room, "");
}

void TestForms::takesBadArguments() {
    char buffer[10] = "before";
    const FakeConnection connection("a=1", "b=2");
    QCOMPARE(mg_get_var(nullptr, "a", buffer, sizeof buffer), -1);
    QCOMPARE(mg_get_var(connection.get(), nullptr, buffer, sizeof buffer), -1);
    QCOMPARE(QByteArray(buffer), QByteArray());
    QCOMPARE(mg_parse_header(nullptr, "a", buffer, sizeof buffer), 0);
    QCOMPARE(mg_parse_header("a=1", nullptr, buffer, sizeof buffer), 0);
    QCOMPARE(mg_parse_header("a=1", "a", nullptr, sizeof buffer), 0);
    QCOMPARE(mg_parse_header("a=1", "a", buffer, 0), 0);
    const char *data = nullptr;
    int length = 0;
    QCOMPARE(mg_parse_multipart(nullptr, 5, buffer, 10, buffer, 10, &data, &length), 0);
    for (const int size : {0, -1, INT_MIN}) {
        QCOMPARE(mg_parse_multipart(kUpload, size, buffer, 10, buffer, 10, &data, &length), 0);
        QVERIFY(mg_parse_multipart(kUpload, int(kUpload.size()), buffer, size, buffer, size, &data, &length) > 0);
    }
    QVERIFY(mg_parse_multipart(kUpload, int(kUpload.size()), nullptr, 10, nullptr, 10, nullptr, nullptr) > 0);
}

void TestForms::answersARealForm() {
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        if (event != MG_REQUEST) return event == MG_AUTH;
        char a[20], b[20];
        mg_get_var(connection, "a", a, sizeof a);
        mg_get_var(connection, "b", b, sizeof b);
        mg_printf_data(connection, "%s %s", a, b);
        return MG_TRUE;
    });
    const Answer answer =
        ask(server, "POST /x?a=1%202 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\nContent-Type: "
                    "application/x-www-form-urlencoded\r\n\r\nb=3+4");
    QCOMPARE(answer.body, QByteArray("1 2 3 4"));
}

QTEST_GUILESS_MAIN(TestForms)
#include "tst_forms.moc"
