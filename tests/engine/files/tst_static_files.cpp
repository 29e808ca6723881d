// Station: tests of files/static_files and file_cache over real sockets: files, conditions, ranges, and what changes on the disk.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

using namespace meerkat::test;

namespace {

const QDateTime kLongAgo(QDate(1994, 11, 6), QTime(8, 49, 37), Qt::UTC);
const QByteArray kLongAgoText = "Sun, 06 Nov 1994 08:49:37 GMT";
const QByteArray kBefore = "Sun, 06 Nov 1994 08:49:36 GMT", kAfter = "Sun, 06 Nov 1994 08:49:38 GMT";

QByteArray request(const QByteArray &target, const QByteArray &fields = {}, const QByteArray &method = "GET") {
    return method + ' ' + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

}  // namespace

class TestStaticFiles : public QObject {
    Q_OBJECT

  private slots:
    void init() {
        m_site = std::make_unique<TemporarySite>();
        m_server = std::make_unique<TestServer>();
        m_server->set("document_root", m_site->path().toUtf8());
        m_site->write("small.txt", "0123456789");
        m_site->write("large.bin", QByteArray("0123456789").repeated(20'000));
        m_site->write("empty", "");
        for (const char *name : {"small.txt", "large.bin", "empty"}) m_site->setModified(name, kLongAgo);
    }
    void sendsAFileWithWhatIsKnownOfIt_data() { rowsOfFiles(); }
    void sendsAFileWithWhatIsKnownOfIt();
    void tellsNoChangeInTheFuture();
    void keepsItsOwnNameForItself();
    void evaluatesConditions_data();
    void evaluatesConditions();
    void sendsRanges_data();
    void sendsRanges();
    void sendsSeveralRanges();
    void sendsRangesBeyondFourGigabytes();
    void answersHeadOfALargeFileWithoutItsBody();
    void seesAChangeAtTheNextRequest_data();
    void seesAChangeAtTheNextRequest();
    void sendsASmallFileFromMemoryWithTheSameHead();
    void endsTheConnectionWhenAFileShrinks();
    void doesNotGiveOutAFolderThatWasMovedAway();
    void answersSixteenPipelinedFilesInOrder();

  private:
    static void rowsOfFiles() {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("small") << QByteArray("small.txt");
        QTest::newRow("large") << QByteArray("large.bin");
        QTest::newRow("empty") << QByteArray("empty");
    }
    Answer get(const QByteArray &target, const QByteArray &fields = {}) { return ask(*m_server, request(target, fields)); }
    // The cache takes no file that was changed just now: by a clock of whole seconds it could change unnoticed.
    void letSettle() {
        const qint64 start = QDateTime::currentSecsSinceEpoch();
        m_server->pollUntil([&] { return QDateTime::currentSecsSinceEpoch() >= start + 3; });
    }

    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestStaticFiles::sendsAFileWithWhatIsKnownOfIt() {
    QFETCH(QByteArray, name);
    QFile file(m_site->path(name));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    const Answer got = get("/" + name);
    QCOMPARE(got.status, 200);
    QVERIFY(got.body == bytes);
    QCOMPARE(got.field("Content-Length"), QByteArray::number(bytes.size()));
    QCOMPARE(got.field("Last-Modified"), kLongAgoText);
    QCOMPARE(got.field("Accept-Ranges"), QByteArray("bytes"));
    QVERIFY(got.field("ETag").startsWith('"') && got.field("ETag").endsWith('"'));
    QVERIFY(!got.field("Content-Type").isEmpty());
    QCOMPARE(get("/" + name + "?a=b").body.size(), bytes.size());
    QCOMPARE(get("http://h/" + name).body.size(), bytes.size());
}

// RFC 9110 section 8.8.2.1: never later than Date.
void TestStaticFiles::tellsNoChangeInTheFuture() {
    m_site->write("future.txt", "later");
    m_site->setModified("future.txt", QDateTime::currentDateTimeUtc().addYears(3));
    for (int round = 0; round < 2; ++round) {
        const Answer got = get("/future.txt");
        QCOMPARE(got.status, 200);
        QCOMPARE(got.field("Last-Modified"), got.field("Date"));
        QCOMPARE(get("/future.txt", "If-None-Match: " + got.field("ETag") + "\r\n").status, 304);
        if (round == 0) letSettle();
    }
}

void TestStaticFiles::keepsItsOwnNameForItself() {
    m_site->write(".meerkat/icon.svg", "mine");
    QVERIFY(!get("/").body.contains("href=\"./.meerkat/\"") && !get("/").body.contains(">.meerkat<"));
    QVERIFY(get("/.meerkat/icon.svg").body != "mine");
    QCOMPARE(get("/.meerkat/icon.svg").status, 200);
}

void TestStaticFiles::evaluatesConditions_data() {
    QTest::addColumn<QByteArray>("fields");  // TAG stands for the file's
    QTest::addColumn<int>("status");
    const auto row = [](const char *words, const QByteArray &fields, int status) { QTest::newRow(words) << fields << status; };
    row("If-None-Match with the tag", "If-None-Match: TAG\r\n", 304);
    row("If-None-Match with the weak tag", "If-None-Match: W/TAG\r\n", 304);
    row("If-None-Match in a list", "If-None-Match: \"x\", TAG\r\n", 304);
    row("If-None-Match on two lines", "If-None-Match: \"x\"\r\nIf-None-Match: TAG\r\n", 304);
    row("If-None-Match with a star", "If-None-Match: *\r\n", 304);
    row("If-None-Match with another", "If-None-Match: \"x\"\r\n", 200);
    row("If-Modified-Since then", "If-Modified-Since: " + kLongAgoText + "\r\n", 304);
    row("If-Modified-Since later", "If-Modified-Since: " + kAfter + "\r\n", 304);
    row("If-Modified-Since earlier", "If-Modified-Since: " + kBefore + "\r\n", 200);
    row("If-Modified-Since that is no date", "If-Modified-Since: then\r\n", 200);
    row("the tag counts more than the date", "If-None-Match: \"x\"\r\nIf-Modified-Since: " + kAfter + "\r\n", 200);
    row("If-Match with the tag", "If-Match: TAG\r\n", 200);
    row("If-Match with the weak tag", "If-Match: W/TAG\r\n", 412);
    row("If-Match with another", "If-Match: \"x\"\r\n", 412);
    row("If-Match with a star", "If-Match: *\r\n", 200);
    row("If-Unmodified-Since then", "If-Unmodified-Since: " + kLongAgoText + "\r\n", 200);
    row("If-Unmodified-Since earlier", "If-Unmodified-Since: " + kBefore + "\r\n", 412);
    row("If-Match counts more than If-Unmodified-Since", "If-Match: TAG\r\nIf-Unmodified-Since: " + kBefore + "\r\n", 200);
    row("a failed If-Match comes before If-None-Match", "If-Match: \"x\"\r\nIf-None-Match: TAG\r\n", 412);
    row("two ranges in two fields", "Range: bytes=0-1\r\nRange: bytes=3-4\r\n", 200);
    row("If-Range with the tag", "Range: bytes=0-1\r\nIf-Range: TAG\r\n", 206);
    row("If-Range with the weak tag", "Range: bytes=0-1\r\nIf-Range: W/TAG\r\n", 200);
    row("If-Range with another", "Range: bytes=0-1\r\nIf-Range: \"x\"\r\n", 200);
    row("If-Range with the date", "Range: bytes=0-1\r\nIf-Range: " + kLongAgoText + "\r\n", 206);
    row("If-Range with a later date", "Range: bytes=0-1\r\nIf-Range: " + kAfter + "\r\n", 200);
    row("a range of what is known already", "Range: bytes=0-1\r\nIf-None-Match: TAG\r\n", 304);
}

void TestStaticFiles::evaluatesConditions() {
    QFETCH(QByteArray, fields);
    QFETCH(int, status);
    for (const QByteArray name : {"/small.txt", "/large.bin"}) {
        const QByteArray tag = get(name).field("ETag");
        const Answer got = get(name, QByteArray(fields).replace("TAG", tag));
        QCOMPARE(got.status, status);
        if (status == 304) {
            QCOMPARE(got.field("ETag"), tag);
            QVERIFY(got.field("Content-Length").isNull());
        }
    }
}

void TestStaticFiles::sendsRanges_data() {
    QTest::addColumn<QByteArray>("range");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("contentRange");
    const auto row = [](const char *words, const char *range, int status, const char *body, const char *contentRange) {
        QTest::newRow(words) << QByteArray(range) << status << QByteArray(body) << QByteArray(contentRange);
    };
    row("the first byte", "bytes=0-0", 206, "0", "bytes 0-0/10");
    row("some in the middle", "bytes=3-5", 206, "345", "bytes 3-5/10");
    row("to the end", "bytes=7-", 206, "789", "bytes 7-9/10");
    row("a suffix", "bytes=-2", 206, "89", "bytes 8-9/10");
    row("a suffix longer than all", "bytes=-20", 206, "0123456789", "bytes 0-9/10");
    row("beyond the end", "bytes=8-100", 206, "89", "bytes 8-9/10");
    row("behind the end", "bytes=10-", 416, nullptr, "bytes */10");
    row("an empty suffix", "bytes=-0", 416, nullptr, "bytes */10");
    row("another unit", "lines=0-1", 200, "0123456789", "");
    row("backwards", "bytes=5-3", 200, "0123456789", "");
    row("nonsense", "bytes=x", 200, "0123456789", "");
}

void TestStaticFiles::sendsRanges() {
    QFETCH(QByteArray, range);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, contentRange);
    const Answer got = get("/small.txt", "Range: " + range + "\r\n");
    QCOMPARE(got.status, status);
    QCOMPARE(got.field("Content-Range"), contentRange);
    if (!body.isNull()) QCOMPARE(got.body, body);
    // HEAD knows no ranges.
    const Answer head = ask(*m_server, request("/small.txt", "Range: " + range + "\r\n", "HEAD"));
    QCOMPARE(head.status, 200);
    QCOMPARE(head.field("Content-Length"), QByteArray("10"));
    QCOMPARE(get("/empty", "Range: bytes=0-0\r\n").status, 416);
}

void TestStaticFiles::sendsSeveralRanges() {
    ScriptedPeer peer(*m_server);
    for (const QByteArray name : {"/small.txt", "/large.bin"}) {
        const Answer got = peer.send(request(name, "Range: bytes=1-2,5-5,-1\r\n")).readAnswer();
        QCOMPARE(got.status, 206);
        const QByteArray type = got.field("Content-Type");
        QVERIFY(type.startsWith("multipart/byteranges; boundary="));
        const QByteArray line = "\r\n--" + type.mid(type.indexOf('=') + 1);
        QCOMPARE(got.body.count(line), 4);
        QVERIFY(got.body.contains("Content-Range: bytes 1-2/"));
        QVERIFY(got.body.contains("\r\n\r\n12" + line + "\r\n"));
        QVERIFY(got.body.contains("\r\n\r\n5" + line + "\r\n"));
        QVERIFY(got.body.endsWith("\r\n\r\n9" + line + "--\r\n"));
    }
    QCOMPARE(peer.readUntilQuiet(), QByteArray());
}

void TestStaticFiles::sendsRangesBeyondFourGigabytes() {
    const qint64 size = 5'000'000'000;
    m_site->writeSparse("huge", size, "the end");
    QCOMPARE(get("/huge", "Range: bytes=-7\r\n").body, QByteArray("the end"));
    const Answer got = get("/huge", "Range: bytes=4999999990-4999999996\r\n");
    QCOMPARE(got.body, QByteArray(3, '\0') + "the ");
    QCOMPARE(got.field("Content-Range"), QByteArray("bytes 4999999990-4999999996/5000000000"));
    QCOMPARE(get("/huge", "Range: bytes=5000000000-\r\n").status, 416);
    QCOMPARE(ask(*m_server, request("/huge", {}, "HEAD")).field("Content-Length"), QByteArray("5000000000"));
}

void TestStaticFiles::answersHeadOfALargeFileWithoutItsBody() {
    ScriptedPeer peer(*m_server);
    peer.send(request("/large.bin", {}, "HEAD") + request("/small.txt", {}, "HEAD") + request("/small.txt"));
    QCOMPARE(peer.readAnswer(true).field("Content-Length"), QByteArray("200000"));
    QCOMPARE(peer.readAnswer(true).field("Content-Length"), QByteArray("10"));
    QCOMPARE(peer.readAnswer().body, QByteArray("0123456789"));
}

void TestStaticFiles::seesAChangeAtTheNextRequest_data() {
    QTest::addColumn<bool>("isSettled");
    QTest::newRow("just written") << false;
    QTest::newRow("in the cache") << true;
}

void TestStaticFiles::seesAChangeAtTheNextRequest() {
    QFETCH(bool, isSettled);
    m_site->write("d/index.htm", "old index");
    m_site->write("d/page", "old");
    if (isSettled) letSettle();
    const auto body = [&](const QByteArray &target) { return get(target).body; };
    QCOMPARE(body("/d/page"), QByteArray("old"));
    QCOMPARE(body("/d/page"), QByteArray("old"));
    m_site->write("d/page", "new");
    QCOMPARE(body("/d/page"), QByteArray("new"));
    m_site->write("d/page", "longer");
    QCOMPARE(body("/d/page"), QByteArray("longer"));
    m_site->write("d/other", "put in place");
    QVERIFY(m_site->remove("d/page") && QFile::rename(m_site->path("d/other"), m_site->path("d/page")));
    QCOMPARE(body("/d/page"), QByteArray("put in place"));
    m_site->remove("d/page");
    QCOMPARE(get("/d/page").status, 404);
    QCOMPARE(body("/d/"), QByteArray("old index"));
    m_site->write("d/index.html", "earlier index");
    QCOMPARE(body("/d/"), QByteArray("earlier index"));
    m_site->remove("d/index.html");
    QCOMPARE(body("/d/"), QByteArray("old index"));
    m_site->remove("d/index.htm");
    QVERIFY(body("/d/").contains("<html"));
}

void TestStaticFiles::sendsASmallFileFromMemoryWithTheSameHead() {
    letSettle();
    ScriptedPeer peer(*m_server);
    const Answer first = peer.send(request("/small.txt")).readAnswer(), second = peer.send(request("/small.txt")).readAnswer();
    const auto withoutDate = [](const Answer &answer) { return QByteArray(answer.head).replace(answer.field("Date"), ""); };
    QCOMPARE(withoutDate(second), withoutDate(first));
    QCOMPARE(second.body, first.body);
    const Answer closed = peer.send(request("/small.txt", "Connection: close\r\n")).readAnswer();
    QCOMPARE(closed.field("Connection"), QByteArray("close"));
    QCOMPARE(closed.body, first.body);
}

void TestStaticFiles::endsTheConnectionWhenAFileShrinks() {
    m_site->write("shrinking", QByteArray(20'000'000, 'x'));
    ScriptedPeer peer(*m_server, 8192);
    peer.send(request("/shrinking"));
    QVERIFY(QFile::resize(m_site->path("shrinking"), 1'000'000));
    const QByteArray all = peer.readToEnd();
    QVERIFY(peer.isClosed());
    QVERIFY(all.size() < 20'000'000);
}

void TestStaticFiles::answersSixteenPipelinedFilesInOrder() {
    ScriptedPeer peer(*m_server);
    QByteArray requests;
    for (int i = 0; i < 16; ++i) requests += request(i % 3 == 0 ? "/large.bin" : i % 3 == 1 ? "/small.txt" : "/none");
    peer.send(requests);
    for (int i = 0; i < 16; ++i) {
        const Answer got = peer.readAnswer();
        QCOMPARE(got.status, i % 3 == 2 ? 404 : 200);
        if (got.status == 200) QCOMPARE(got.body.size(), i % 3 == 0 ? 200'000 : 10);
    }
}

void TestStaticFiles::doesNotGiveOutAFolderThatWasMovedAway() {
    m_site->write("shared/a.txt", "old");
    m_server->set("document_root", m_site->path("shared").toUtf8());
    QCOMPARE(get("/a.txt").status, 200);

    QVERIFY(QDir().rename(m_site->path("shared"), m_site->path("hidden")));
    QTRY_COMPARE(get("/a.txt").status, 503);

    // Another folder of that name is served in its place.
    m_site->write("shared/a.txt", "new");
    QTRY_COMPARE(get("/a.txt").body, QByteArray("new"));
}

QTEST_GUILESS_MAIN(TestStaticFiles)
#include "tst_static_files.moc"
