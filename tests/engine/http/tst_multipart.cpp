// Station: tests of multipart/form-data: chunks, names, what is cut, what is hostile.
#include "http/multipart.h"

#include "support/guard_page.h"

#include <QElapsedTimer>
#include <QTest>

using namespace meerkat;

namespace {

QByteArray bytes(std::string_view text) { return QByteArray(text.data(), static_cast<qsizetype>(text.size())); }

// "name|file|data" of each chunk.
QByteArrayList chunksOf(std::string_view body) {
    QByteArrayList chunks;
    while (true) {
        const auto chunk = http::firstChunk(body);
        if (chunk.consumed == 0 || chunk.consumed > body.size()) return chunks;
        chunks.append(bytes(chunk.name) + "|" + bytes(chunk.fileName) + "|" + bytes(chunk.data));
        body.remove_prefix(chunk.consumed);
    }
}

std::string part(const std::string &disposition, const std::string &data) {
    return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + data + "\r\n";
}

// What firefox and curl send, in outline.
const std::string kForm = part("name=\"text\"", "one\r\ntwo") +
                          "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a b.bin\"\r\n"
                          "Content-Type: application/octet-stream\r\n\r\n" +
                          std::string("\0\r\n--bc\r\n\r\n\xff--b", 15) + "\r\n--b--\r\n";

}  // namespace

class TestMultipart : public QObject {
    Q_OBJECT

  private slots:
    void findsEachChunk();
    void findsNamesAndData_data();
    void findsNamesAndData();
    void findsNoChunk_data();
    void findsNoChunk();
    void findsAChunkOnlyWhenItsEndIsThere();
    void takesTimeThatGrowsWithTheBody_data();
    void takesTimeThatGrowsWithTheBody();
};

void TestMultipart::findsEachChunk() {
    const QByteArrayList expected{"text||one\r\ntwo", QByteArray("f|a b.bin|") + QByteArray("\0\r\n--bc\r\n\r\n\xff--b", 15)};
    QCOMPARE(chunksOf(kForm), expected);
}

void TestMultipart::findsNamesAndData_data() {
    QTest::addColumn<std::string>("body");
    QTest::addColumn<QByteArrayList>("chunks");
    const std::string end = "--b--\r\n";
    const auto row = [](const char *title, const std::string &body, const QByteArrayList &chunks) {
        QTest::newRow(title) << body << chunks;
    };
    row("empty data", part("name=\"a\"", "") + end, {"a||"});
    row("a name without quotes", part("name=a", "x") + end, {"a||x"});
    row("an escaped quote", part("name=\"a\\\"b\"", "x") + end, {"a\"b||x"});
    row("a path with backslashes", part("name=\"f\"; filename=\"C:\\dir\\a.txt\"", "x") + end, {"f|C:\\dir\\a.txt|x"});
    row("doubled backslashes", part("name=\"f\"; filename=\"a\\\\b\"", "x") + end, {"f|a\\b|x"});
    row("a semicolon and a name in a name", part("name=\"f\"; filename=\"; name=x\"", "x") + end, {"f|; name=x|x"});
    row("the file's name first", part("filename=\"n\"; name=\"f\"", "x") + end, {"f|n|x"});
    row("UTF-8", part("name=\"\xC3\xA4\"", "x") + end, {"\xC3\xA4||x"});
    row("header names in any case", "--b\r\ncONTENT-dISPOSITION:form-data;NAME=\"a\"\r\n\r\nx\r\n" + end, {"a||x"});
    row("another header first", "--b\r\nX: name=\"no\"\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n" + end,
        {"a||x"});
    row("a continued header", "--b\r\nContent-Disposition: form-data;\r\n\tname=\"a\"\r\n\r\nx\r\n" + end, {"a||x"});
    row("no headers", "--b\r\n\r\nx\r\n" + end, {"||x"});
    row("headers alone", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n" + end, {"a||"});
    row("headers and a blank line alone", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + end, {"a||"});
    row("blanks behind the boundary", "--b \t\r\n\r\nx\r\n--b  \r\n\r\ny\r\n" + end, {"||x", "||y"});
    row("line ends before the first boundary", "\r\n\r\n--b\r\n\r\nx\r\n" + end, {"||x"});
    row("a boundary of dashes", "------x-\r\n\r\ny\r\n------x---\r\n", {"||y"});
    row("a longer line that begins as the boundary", "--b\r\n\r\nx\r\n--bb\r\ny\r\n" + end, {"||x\r\n--bb\r\ny"});
    row("an epilogue", "--b\r\n\r\nx\r\n--b--\r\nbehind\r\n\r\nit", {"||x"});
    row("no line end behind the last boundary", "--b\r\n\r\nx\r\n--b--", {"||x"});
    row("a blank line in the data", "--b\r\nA: b\r\n\r\n\r\n\r\n\r\n" + end, {"||\r\n\r\n"});
}

void TestMultipart::findsNamesAndData() {
    QFETCH(std::string, body);
    QTEST(chunksOf(body), "chunks");
}

void TestMultipart::findsNoChunk_data() {
    QTest::addColumn<std::string>("body");
    QTest::newRow("nothing") << std::string();
    QTest::newRow("the closing boundary") << std::string("--b--\r\n");
    QTest::newRow("no boundary") << std::string("a=1&b=2");
    QTest::newRow("dashes alone") << std::string("--\r\n\r\nx\r\n--\r\n");
    QTest::newRow("bare line feeds") << std::string("--b\n\nx\n--b--\n");
    QTest::newRow("a line feed in the boundary") << std::string("--b\nc\r\n\r\nx\r\n--b\nc--\r\n");
    QTest::newRow("no second boundary") << std::string("--b\r\n\r\nx\r\n");
    QTest::newRow("the second boundary not on a line of its own") << std::string("--b\r\n\r\nx--b--\r\n");
}

void TestMultipart::findsNoChunk() {
    QFETCH(std::string, body);
    QCOMPARE(chunksOf(body), QByteArrayList());
}

void TestMultipart::findsAChunkOnlyWhenItsEndIsThere() {
    test::GuardPage page(512);
    const QByteArrayList whole = chunksOf(kForm);
    qsizetype count = 0;
    for (std::size_t length = 0; length <= kForm.size(); ++length) {
        const QByteArrayList chunks = chunksOf(page.beforeGuard(std::string_view(kForm).substr(0, length)));
        QCOMPARE(chunks, whole.mid(0, chunks.size()));
        QVERIFY(chunks.size() >= count);
        count = chunks.size();
    }
    QCOMPARE(count, whole.size());
}

void TestMultipart::takesTimeThatGrowsWithTheBody_data() {
    QTest::addColumn<std::string>("begin");
    QTest::addColumn<std::string>("piece");
    const std::string boundary(300'000, 'a');
    QTest::newRow("a very long boundary, nearly met") << "--" + boundary + "\r\n" << std::string("\r\n--aaaaaaaaaaaaaaaa");
    QTest::newRow("boundaries without an end") << std::string("--b\r\n") << std::string("\r\n--b x");
    QTest::newRow("boundaries with many blanks") << std::string("--b\r\n") << "\r\n--b" + std::string(1000, ' ');
    QTest::newRow("line ends") << std::string("--b\r\n") << std::string("\r\n");
    QTest::newRow("small chunks") << std::string("--b\r\n\r\n") << std::string("\r\n--b\r\n\r\n");
    QTest::newRow("headers") << std::string("--b\r\n") << std::string("Content-Disposition:\r\n");
    QTest::newRow("continued headers") << std::string("--b\r\nContent-Disposition: a") << std::string("\r\n \"");
    QTest::newRow("dashes") << std::string() << std::string("-");
}

void TestMultipart::takesTimeThatGrowsWithTheBody() {
    QFETCH(std::string, begin);
    QFETCH(std::string, piece);
    std::string body = begin;
    while (body.size() < 1'000'000) body += piece;
    QElapsedTimer timer;
    timer.start();
    chunksOf(body);
    chunksOf(body + "\r\n--b--\r\n");
    QVERIFY2(timer.elapsed() < 10'000, "2 MB in seconds");
}

QTEST_GUILESS_MAIN(TestMultipart)
#include "tst_multipart.moc"
