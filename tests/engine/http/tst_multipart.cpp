// Station: tests of multipart/form-data: chunks, names, what is cut, what is hostile.
#include "http/multipart_reader.h"

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

// The same by the reader that gets a body piece by piece: "name|file|data" of each part, and how it ended.
class Parts final : public http::PartTaker {
  public:
    int beginPart(const http::PartHead &head) override {
        m_part = bytes(head.name) + "|" + bytes(head.fileName) + (head.isFile ? "|" : "|-|");
        return refuses == "begin" ? 507 : 0;
    }
    int takePart(std::string_view data) override {
        longest = std::max(longest, data.size());
        m_part += bytes(data);
        return refuses == "take" ? 507 : 0;
    }
    int endPart() override {
        parts.append(m_part);
        return refuses == "end" ? 507 : 0;
    }
    QByteArrayList parts;
    QByteArray refuses;
    std::size_t longest = 0;

  private:
    QByteArray m_part;
};

const std::string kFormType = "multipart/form-data; boundary=b";

// `cut`: how many bytes come at first; then all of the rest.
QByteArrayList readInTwo(const std::string &body, std::size_t cut) {
    auto reader = http::MultipartReader::of(kFormType);
    Parts parts;
    int status = reader->read(std::string_view(body).substr(0, cut), parts);
    if (status == 0) status = reader->read(std::string_view(body).substr(cut), parts);
    const QByteArray end = status != 0 ? QByteArray::number(status) : QByteArray(reader->isComplete() ? "end" : "more");
    return parts.parts + QByteArrayList{end};
}

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
    void readsABodyAsItComes_data();
    void readsABodyAsItComes();
    void readsABodyByteByByte();
    void stopsWhereItsTakerDoes_data();
    void stopsWhereItsTakerDoes();
    void keepsLittleOfALongBody();
    void knowsItsBoundary_data();
    void knowsItsBoundary();
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

void TestMultipart::readsABodyAsItComes_data() {
    QTest::addColumn<std::string>("body");
    QTest::addColumn<QByteArrayList>("parts");
    const std::string end = "--b--\r\n";
    const auto row = [](const char *title, const std::string &body, const QByteArrayList &parts) {
        QTest::newRow(title) << body << parts;
    };
    const QByteArray odd("\0\r\n--bc\r\n\r\n\xff--b", 15);
    row("a field and a file", kForm, {"text||-|one\r\ntwo", "f|a b.bin|" + odd, "end"});
    row("an empty file", part("name=\"f\"; filename=\"\"", "") + end, {"f||", "end"});
    row("data that looks like a boundary", part("name=f", "\r\n--b\r\r\n--b-\r\n--bb--\r\n-") + end,
        {"f||-|\r\n--b\r\r\n--b-\r\n--bb--\r\n-", "end"});
    row("line ends in the data", part("name=f", "\r\r\n\n\r\n\r") + end, {"f||-|\r\r\n\n\r\n\r", "end"});
    row("a preamble", "hello\r\n" + part("name=f", "x") + end, {"f||-|x", "end"});
    row("an epilogue", part("name=f", "x") + end + part("name=g", "y"), {"f||-|x", "end"});
    row("no line end behind the last boundary", part("name=f", "x") + "--b--", {"f||-|x", "end"});
    row("blanks behind a boundary", "--b \t\r\nContent-Disposition: form-data; name=f\r\n\r\nx\r\n--b--", {"f||-|x", "end"});
    row("a part without a head", "--b\r\n\r\nx\r\n--b--", {"||-|x", "end"});
    row("a part without a head or data", "--b\r\n\r\n\r\n--b--", {"||-|", "end"});
    row("nothing but the end", end, {"end"});
    row("cut in the data", part("name=f", "x") + part("name=g", "y").substr(0, 48), {"f||-|x", "more"});
    row("cut before the end", part("name=f", "x"), {"more"});
    row("no boundary", "hello", {"more"});
    row("a head without an end", "--b\r\n" + std::string(20'000, 'x'), {"400"});
}

void TestMultipart::readsABodyAsItComes() {
    QFETCH(std::string, body);
    QFETCH(QByteArrayList, parts);
    for (std::size_t cut = 0; cut <= body.size(); ++cut) QCOMPARE(readInTwo(body, cut), parts);
}

void TestMultipart::readsABodyByteByByte() {
    auto reader = http::MultipartReader::of(kFormType);
    Parts parts;
    for (const char c : kForm) QCOMPARE(reader->read({&c, 1}, parts), 0);
    QVERIFY(reader->isComplete());
    QCOMPARE(parts.parts + QByteArrayList{"end"}, readInTwo(kForm, 0));
}

void TestMultipart::stopsWhereItsTakerDoes_data() {
    QTest::addColumn<QByteArray>("where");
    for (const char *where : {"begin", "take", "end"}) QTest::newRow(where) << QByteArray(where);
}

void TestMultipart::stopsWhereItsTakerDoes() {
    auto reader = http::MultipartReader::of(kFormType);
    Parts parts;
    QFETCH(QByteArray, where);
    parts.refuses = where;
    QCOMPARE(reader->read(kForm, parts), 507);
    QCOMPARE(parts.parts.size(), where == "end" ? 1 : 0);
}

// What can't be told yet is no more than a boundary, however the body is cut.
void TestMultipart::keepsLittleOfALongBody() {
    auto reader = http::MultipartReader::of(kFormType);
    Parts parts;
    const std::string piece(1000, '\r');
    QCOMPARE(reader->read("--b\r\n\r\n\r\n", parts), 0);
    for (int i = 0; i < 100; ++i) QCOMPARE(reader->read(piece, parts), 0);
    QVERIFY(parts.longest >= 990 && parts.longest < 1010);
    QCOMPARE(reader->read("\r\n--b--", parts), 0);
    QCOMPARE(parts.parts.first().size(), 100'000 + 4 + 2);
}

void TestMultipart::knowsItsBoundary_data() {
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<bool>("isKnown");
    QTest::newRow("a plain one") << QByteArray("multipart/form-data; boundary=----WebKitFormBoundaryA") << true;
    QTest::newRow("in quotes") << QByteArray("Multipart/Form-Data;boundary=\"a b\"") << true;
    QTest::newRow("behind another parameter") << QByteArray("multipart/form-data; charset=utf-8; boundary=a") << true;
    QTest::newRow("70 characters") << QByteArray("multipart/form-data; boundary=") + QByteArray(70, 'x') << true;
    QTest::newRow("71 characters") << QByteArray("multipart/form-data; boundary=") + QByteArray(71, 'x') << false;
    QTest::newRow("none") << QByteArray("multipart/form-data") << false;
    QTest::newRow("an empty one") << QByteArray("multipart/form-data; boundary=\"\"") << false;
    QTest::newRow("ends in a blank") << QByteArray("multipart/form-data; boundary=\"a \"") << false;
    QTest::newRow("another multipart") << QByteArray("multipart/mixed; boundary=a") << false;
    QTest::newRow("another type") << QByteArray("text/plain; boundary=a") << false;
}

void TestMultipart::knowsItsBoundary() {
    QFETCH(QByteArray, type);
    QTEST(http::MultipartReader::of({type.constData(), static_cast<std::size_t>(type.size())}).has_value(), "isKnown");
}

QTEST_GUILESS_MAIN(TestMultipart)
#include "tst_multipart.moc"
