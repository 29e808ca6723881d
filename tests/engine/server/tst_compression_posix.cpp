// Station: tests of compressed answers over real sockets: which coding, with which tag, and never mixed with ranges. Read again by gzip, brotli, zstd and curl.
#include "files/coded_copies.h"
#include "support/digest_client.h"
#include "support/scripted_peer.h"
#include "support/settled_sites.h"
#include "support/temporary_site.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTest>

#include <memory>

using namespace meerkat::test;

namespace {

QByteArray run(const QString &program, const QStringList &arguments, const QByteArray &input) {
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    return process.waitForFinished() && process.exitCode() == 0 ? process.readAllStandardOutput() : QByteArray("(failed)");
}

QByteArray decoded(const Answer &answer) {
    const QByteArray coding = answer.field("Content-Encoding");
    if (coding == "gzip") return run("gzip", {"-dc"}, answer.body);
    if (coding == "br") return run("brotli", {"-dc"}, answer.body);
    if (coding == "zstd") return run("zstd", {"-dc"}, answer.body);
    return answer.body;
}

QByteArray text(qsizetype size) {
    QByteArray made;
    for (qint64 i = 0; made.size() < size; ++i) made += "Line " + QByteArray::number(i * i) + " of a text.\n";
    return made.left(size);
}

// So many megabytes that get a little shorter; what repeats is further away than gzip looks.
QByteArray noiseOf(int megabytes) {
    QByteArray block(1'000'000, '\0');
    for (char &c : block) c = char('a' + QRandomGenerator::global()->bounded(32));
    return block.repeated(megabytes);
}

}  // namespace

class TestCompression : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void init();
    void compressesWhatTheClientTakes_data();
    void compressesWhatTheClientTakes();
    void leavesOtherThingsAsTheyAre_data();
    void leavesOtherThingsAsTheyAre();
    void givesEachCodingItsTag();
    void answersConditionsByTheCoding();
    void sendsRangesOfTheFileAlone();
    void tellsTheSameInAHead_data();
    void tellsTheSameInAHead();
    void speaksToOldClients();
    void streamsWhatIsLong_data();
    void streamsWhatIsLong();
    void waitsForASlowReader();
    void cutsAStreamWhoseFileShrinks();
    void answersOthersWhileItCompresses();
    void keepsCopiesWithinTheirLimit();
    void noticesAChangedFile();
    void prefersACopyBesideTheFile_data();
    void prefersACopyBesideTheFile();
    void takesNoCopyThatDoesNotCount_data();
    void takesNoCopyThatDoesNotCount();
    void noticesCopiesThatComeAndGo();
    void compressesPages();
    void keepsSecretsOutOfCompressedPages();
    void leavesAProgramsAnswersAlone();
    void takesTheTagOfACodingInAnUpload();
    void canBeSwitchedOff();
    void isReadByCurl();

  private:
    Answer get(const QByteArray &target, const QByteArray &fields = {}) {
        return ask(*m_server, "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
    }
    Answer getAs(const QByteArray &codings, const QByteArray &target, const QByteArray &fields = {}) {
        return get(target, "Accept-Encoding: " + codings + "\r\n" + fields);
    }
    void settle(const QString &name, int days = -1) const {
        m_site->setModified(name, QDateTime::currentDateTime().addDays(days));
    }

    // More than there are tests and rows.
    std::unique_ptr<SettledSites> m_sites;
    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestCompression::initTestCase() {
    const QByteArray gzip = run("gzip", {"-c"}, "by gzip"), brotli = run("brotli", {"-c"}, "by br"),
                     zstd = run("zstd", {"-c"}, "by zstd");
    const QDateTime longAgo = QDateTime::currentDateTime().addDays(-3);
    m_sites = std::make_unique<SettledSites>(60, [&](const TemporarySite &site) {
        site.write("a.js", text(20'000));
        // Other texts, so that it is seen whose it is. Short ones have copies too.
        site.write("b.svg", "<svg/>");
        site.write("b.svg.gz", gzip);
        site.write("b.svg.br", brotli);
        site.write("b.svg.zst", zstd);
        for (const char *name : {"a.js", "b.svg", "b.svg.gz", "b.svg.br", "b.svg.zst"}) site.setModified(name, longAgo);
    });
}

void TestCompression::init() {
    m_server = std::make_unique<TestServer>();
    m_site = m_sites->take();
    QVERIFY(m_site);
    m_server->set("document_root", m_site->path().toUtf8());
}

void TestCompression::compressesWhatTheClientTakes_data() {
    QTest::addColumn<QByteArray>("codings");
    QTest::addColumn<QByteArray>("coding");
    QTest::newRow("gzip") << QByteArray("gzip") << QByteArray("gzip");
    QTest::newRow("a browser's") << QByteArray("gzip, deflate, br, zstd") << QByteArray("br");
    QTest::newRow("rather gzip") << QByteArray("br;q=0.5, gzip") << QByteArray("gzip");
    QTest::newRow("anything") << QByteArray("*") << QByteArray("br");
    QTest::newRow("two lines") << QByteArray("deflate\r\nAccept-Encoding: gzip") << QByteArray("gzip");
    QTest::newRow("what can't be made") << QByteArray("zstd, deflate") << QByteArray();
    QTest::newRow("refused") << QByteArray("gzip;q=0") << QByteArray();
    QTest::newRow("rather as it is") << QByteArray("identity, gzip;q=0.5") << QByteArray();
    QTest::newRow("nothing") << QByteArray("") << QByteArray();
}

void TestCompression::compressesWhatTheClientTakes() {
    QFETCH(QByteArray, codings);
    QFETCH(QByteArray, coding);
    for (const bool isSettled : {true, false}) {
        if (!isSettled) m_site->write("a.js", text(20'000));
        for (int i = 0; i < 2; ++i) {
            const Answer answer = getAs(codings, "/a.js");
            QCOMPARE(answer.status, 200);
            QCOMPARE(answer.field("Content-Encoding"), coding);
            QCOMPARE(answer.field("Vary"), QByteArray("Accept-Encoding"));
            QCOMPARE(answer.field("Content-Type"), QByteArray("text/javascript; charset=utf-8"));
            QCOMPARE(answer.field("Content-Length").toLongLong(), answer.body.size());
            QVERIFY(decoded(answer) == text(20'000));
        }
    }
}

void TestCompression::leavesOtherThingsAsTheyAre_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("varies");
    QTest::newRow("a picture") << QByteArray("a.png") << 5000 << false;
    QTest::newRow("what is packed") << QByteArray("a.zip") << 5000 << false;
    QTest::newRow("what is short") << QByteArray("a.txt") << 1000 << true;
    QTest::newRow("what is empty") << QByteArray("a.css") << 0 << true;
}

void TestCompression::leavesOtherThingsAsTheyAre() {
    QFETCH(QByteArray, name);
    QFETCH(int, size);
    QFETCH(bool, varies);
    m_site->write(name, text(size));
    settle(name);
    for (int i = 0; i < 2; ++i) {
        const Answer answer = getAs("gzip, br", "/" + name);
        QVERIFY(answer.body == text(size));
        QCOMPARE(answer.head.count("Content-Encoding"), 0);
        QCOMPARE(answer.head.count("Vary"), qsizetype(varies));
    }
    // What gets no shorter is sent as it is.
    QByteArray noise(5000, '\0');
    for (char &c : noise) c = char(QRandomGenerator::global()->generate());
    m_site->write("noise.txt", noise);
    QVERIFY(getAs("gzip", "/noise.txt").body == noise);
}

void TestCompression::givesEachCodingItsTag() {
    QSet<QByteArray> tags;
    for (const char *codings : {"gzip", "br", "identity"}) {
        const Answer answer = getAs(codings, "/a.js");
        tags.insert(answer.field("ETag"));
        QCOMPARE(getAs(codings, "/a.js").field("ETag"), answer.field("ETag"));
    }
    QCOMPARE(tags.size(), 3);
    QVERIFY(tags.contains(get("/a.js").field("ETag")));
}

void TestCompression::answersConditionsByTheCoding() {
    for (const bool isSettled : {true, false}) {
        if (!isSettled) m_site->write("a.js", text(20'000));
        const QByteArray plain = get("/a.js").field("ETag"), gzip = getAs("gzip", "/a.js").field("ETag");
        const Answer same = getAs("gzip", "/a.js", "If-None-Match: " + gzip + "\r\n");
        QCOMPARE(same.status, 304);
        QCOMPARE(same.field("ETag"), gzip);
        QCOMPARE(same.field("Vary"), QByteArray("Accept-Encoding"));
        QCOMPARE(same.head.count("Content-Encoding"), 0);
        // What the client has is another one's bytes.
        QCOMPARE(getAs("gzip", "/a.js", "If-None-Match: " + plain + "\r\n").status, 200);
        QCOMPARE(get("/a.js", "If-None-Match: " + gzip + "\r\n").status, 200);
        QCOMPARE(get("/a.js", "If-None-Match: " + plain + "\r\n").status, 304);
        QCOMPARE(getAs("gzip", "/a.js", "If-Match: " + plain + "\r\n").status, 412);
    }
}

void TestCompression::sendsRangesOfTheFileAlone() {
    const QByteArray whole = text(20'000);
    for (const bool isSettled : {true, false}) {
        if (!isSettled) m_site->write("a.js", text(20'000));
        const QByteArray plain = get("/a.js").field("ETag"), gzip = getAs("gzip", "/a.js").field("ETag");
        const Answer part = getAs("gzip, br", "/a.js", "Range: bytes=10-19\r\n");
        QCOMPARE(part.status, 206);
        QVERIFY(part.body == whole.mid(10, 10));
        QCOMPARE(part.field("ETag"), plain);
        QCOMPARE(part.field("Vary"), QByteArray("Accept-Encoding"));
        QCOMPARE(part.head.count("Content-Encoding"), 0);
        QCOMPARE(getAs("gzip", "/a.js", "Range: bytes=10-19\r\nIf-Range: " + plain + "\r\n").status, 206);
        // A part of the file does not go with bytes of its compressed copy.
        const Answer other = getAs("gzip", "/a.js", "Range: bytes=10-19\r\nIf-Range: " + gzip + "\r\n");
        QCOMPARE(other.status, 200);
        QVERIFY(other.body == whole);
        QCOMPARE(getAs("gzip", "/a.js").head.count("Accept-Ranges"), 0);
        QCOMPARE(get("/a.js").field("Accept-Ranges"), QByteArray("bytes"));
    }
}

void TestCompression::tellsTheSameInAHead_data() {
    QTest::addColumn<int>("size");
    QTest::newRow("small") << 20'000;
    QTest::newRow("at once") << 120'000;
    QTest::newRow("streamed") << 3'000'000;
}

void TestCompression::tellsTheSameInAHead() {
    QFETCH(int, size);
    m_site->write("a.js", text(size));
    const auto withoutDate = [](Answer answer) { return answer.head.remove(answer.head.indexOf("Date:"), 37); };
    for (const char *codings : {"gzip", "br", "identity"}) {
        const QByteArray rest = " /a.js HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + QByteArray(codings) + "\r\n\r\n";
        const Answer head = ask(*m_server, "HEAD" + rest), whole = ask(*m_server, "GET" + rest);
        QCOMPARE(withoutDate(head), withoutDate(whole));
    }
    ScriptedPeer peer(*m_server);
    const QByteArray head = "HEAD /a.js HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n";
    peer.send(head + head);
    QCOMPARE(peer.readAnswer(true).status, 200);
    QCOMPARE(peer.readAnswer(true).status, 200);
}

void TestCompression::speaksToOldClients() {
    m_site->write("long.txt", text(3'000'000));
    for (const char *name : {"/a.js", "/long.txt"}) {
        ScriptedPeer peer(*m_server);
        peer.send("GET " + QByteArray(name) + " HTTP/1.0\r\nConnection: keep-alive\r\nAccept-Encoding: gzip\r\n\r\n");
        const Answer answer = peer.readAnswer();
        QCOMPARE(answer.field("Transfer-Encoding"), QByteArray());
        QVERIFY(decoded(answer) == text(name[1] == 'a' ? 20'000 : 3'000'000));
        QVERIFY(name[1] == 'a' || peer.isClosed());
    }
}

void TestCompression::streamsWhatIsLong_data() {
    QTest::addColumn<QByteArray>("coding");
    QTest::newRow("gzip") << QByteArray("gzip");
    QTest::newRow("brotli") << QByteArray("br");
}

void TestCompression::streamsWhatIsLong() {
    QFETCH(QByteArray, coding);
    const QByteArray whole = text(5'000'000);
    m_site->write("long.txt", whole);
    ScriptedPeer peer(*m_server);
    const QByteArray request = "GET /long.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + coding + "\r\n\r\n";
    peer.send(request + request);
    for (int i = 0; i < 2; ++i) {
        const Answer answer = peer.readAnswer();
        QCOMPARE(answer.field("Transfer-Encoding"), QByteArray("chunked"));
        QCOMPARE(answer.field("Content-Encoding"), coding);
        QVERIFY(decoded(answer) == whole);
    }
    // One whose copy is short enough is made once.
    m_site->write("longish.txt", text(1'000'000));
    letSettle();
    const Answer first = getAs(coding, "/longish.txt"), second = getAs(coding, "/longish.txt");
    QVERIFY(first.field("Content-Length").isEmpty());
    QCOMPARE(second.field("Content-Length").toLongLong(), second.body.size());
    QVERIFY(first.body == second.body && first.field("ETag") == second.field("ETag"));
    QVERIFY(decoded(second) == text(1'000'000));
}

// For who does not read nothing is made.
void TestCompression::waitsForASlowReader() {
    const QByteArray noise = noiseOf(20);
    m_site->write("long.txt", noise);
    ScriptedPeer peer(*m_server, 8192);
    peer.send("GET /long.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    for (int i = 0; i < 200; ++i) m_server->poll(1);
    const mg_counters counters = m_server->counters();
    QVERIFY2(counters.bytes_sent < 6'000'000, QByteArray::number(counters.bytes_sent));
    const Answer answer = peer.readAnswer();
    QVERIFY(decoded(answer) == noise);
}

void TestCompression::cutsAStreamWhoseFileShrinks() {
    const QByteArray noise = noiseOf(20);
    m_site->write("long.txt", noise);
    ScriptedPeer peer(*m_server, 8192);
    peer.send("GET /long.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    for (int i = 0; i < 20; ++i) m_server->poll(1);
    QVERIFY(QFile::resize(m_site->path("long.txt"), 1000));
    QVERIFY(!peer.readToEnd().endsWith("0\r\n\r\n"));
    QVERIFY(peer.isClosed());
}

void TestCompression::answersOthersWhileItCompresses() {
    m_site->write("long.txt", text(1'000'000).repeated(40));
    ScriptedPeer slow(*m_server), other(*m_server);
    slow.send("GET /long.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    m_server->poll(10);
    for (int i = 0; i < 5; ++i) QCOMPARE(other.send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().status, 404);
    QVERIFY(m_server->counters().bytes_sent < 4'000'000);
    QVERIFY(decoded(slow.readAnswer()) == text(1'000'000).repeated(40));
}

void TestCompression::keepsCopiesWithinTheirLimit() {
    QVERIFY(mg_set_option(m_server->get(), "compression_cache_bytes", "much"));
    const auto name = [](int i) { return "t" + QByteArray::number(i) + ".txt"; };
    QByteArray noise(250'000, '\0');
    for (char &c : noise) c = char('a' + QRandomGenerator::global()->bounded(16));
    for (int i = 0; i < 6; ++i) m_site->write(name(i), noise.mid(i));
    letSettle();
    for (const char *limit : {"0", "300000", "16777216"}) {
        m_server->set("compression_cache_bytes", limit);
        for (int i = 0; i < 12; ++i) QVERIFY(decoded(getAs("gzip", "/" + name(i % 6))) == noise.mid(i % 6));
    }
    meerkat::files::CodedCopies copies;
    meerkat::os::FileInfo info;
    copies.setLimit(1000);
    for (info.id = 0; info.id < 100; ++info.id) {
        copies.keep(info, meerkat::http::Coding::Gzip, std::make_shared<const std::string>(300, 'x'));
        QVERIFY(copies.bytes() <= 1000);
        QVERIFY(copies.find(info, meerkat::http::Coding::Gzip));
        QVERIFY(!copies.find(info, meerkat::http::Coding::Brotli));
    }
    copies.keep(info, meerkat::http::Coding::Gzip, std::make_shared<const std::string>(1001, 'x'));
    QVERIFY(!copies.find(info, meerkat::http::Coding::Gzip));
    copies.setLimit(0);
    QCOMPARE(copies.bytes(), std::size_t(0));
}

void TestCompression::noticesAChangedFile() {
    const QList<QPair<QByteArray, int>> files{{"a.js", 20'000}, {"b.txt", 250'000}, {"c.txt", 800'000}};
    for (const auto &[name, size] : files) m_site->write(name, text(size));
    letSettle();
    for (const auto &[name, size] : files) {
        for (int i = 0; i < 2; ++i) QVERIFY(decoded(getAs("gzip", "/" + name)) == text(size));
        m_site->write(name, text(size).toUpper());
        QVERIFY(decoded(getAs("gzip", "/" + name)) == text(size).toUpper());
    }
}

// ---- copies beside the file ----

void TestCompression::prefersACopyBesideTheFile_data() {
    QTest::addColumn<QByteArray>("codings");
    QTest::addColumn<QByteArray>("coding");
    QTest::newRow("brotli first") << QByteArray("gzip, br, zstd") << QByteArray("br");
    QTest::newRow("zstd, then gzip") << QByteArray("gzip, zstd") << QByteArray("zstd");
    QTest::newRow("gzip") << QByteArray("gzip") << QByteArray("gzip");
    QTest::newRow("what is wanted most") << QByteArray("br;q=0.1, gzip;q=0.2") << QByteArray("gzip");
    QTest::newRow("none") << QByteArray("deflate") << QByteArray();
}

void TestCompression::prefersACopyBesideTheFile() {
    QFETCH(QByteArray, codings);
    QFETCH(QByteArray, coding);
    for (int i = 0; i < 2; ++i) {
        const Answer answer = getAs(codings, "/b.svg");
        QCOMPARE(answer.field("Content-Encoding"), coding);
        QCOMPARE(decoded(answer), coding.isEmpty() ? QByteArray("<svg/>") : "by " + coding);
        QCOMPARE(answer.field("Content-Type").left(13), QByteArray("image/svg+xml"));
        QCOMPARE(answer.field("Vary"), QByteArray("Accept-Encoding"));
        QCOMPARE(getAs(codings, "/b.svg", "If-None-Match: " + answer.field("ETag") + "\r\n").status, 304);
        QCOMPARE(getAs(codings, "/b.svg", "Range: bytes=0-3\r\n").body, QByteArray("<svg"));
    }
    // Asked for by its own name it is a file like others.
    const Answer itself = getAs("gzip", "/b.svg.gz");
    QCOMPARE(itself.head.count("Content-Encoding"), 0);
    QVERIFY(itself.field("ETag") != getAs("gzip", "/b.svg").field("ETag"));
}

void TestCompression::takesNoCopyThatDoesNotCount_data() {
    QTest::addColumn<QString>("why");
    for (const char *why : {"older", "hidden", "a folder", "a link", "not text"}) QTest::newRow(why) << QString(why);
}

void TestCompression::takesNoCopyThatDoesNotCount() {
    QFETCH(QString, why);
    const QString name = why == "not text" ? "b.bin" : "b.txt";
    m_site->write(name, text(100));
    settle(name);
    m_site->write("secret/.htpasswd", "");
    m_site->write("secret/copy", run("gzip", {"-c"}, "copy"));
    if (why == "a folder")
        m_site->makeFolder(name + ".gz");
    else if (why == "a link")
        QFile::link("secret/copy", m_site->path(name + ".gz"));
    else
        m_site->write(name + ".gz", run("gzip", {"-c"}, "copy"));
    if (why == "older") settle(name + ".gz", -2);
    if (why == "hidden") m_server->set("hide_files_patterns", "**.gz$");
    for (int i = 0; i < 2; ++i) {
        const Answer answer = getAs("gzip", "/" + name.toUtf8());
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.head.count("Content-Encoding"), 0);
        QVERIFY(answer.body == text(100));
    }
}

void TestCompression::noticesCopiesThatComeAndGo() {
    QVERIFY(decoded(getAs("gzip", "/a.js")) == text(20'000));
    m_site->write("a.js.gz", run("gzip", {"-c"}, "copy"));
    settle("a.js.gz", -2);
    QVERIFY(m_server->pollUntil([&] { return decoded(getAs("gzip", "/a.js")) == "copy"; }));
    // A file that is newer than its copy.
    m_site->write("a.js", text(30'000));
    settle("a.js", -1);
    QVERIFY(m_server->pollUntil([&] { return decoded(getAs("gzip", "/a.js")) == text(30'000); }));
    m_site->remove("a.js.gz");
    QVERIFY(decoded(getAs("gzip", "/a.js")) == text(30'000));
    m_site->remove("a.js");
    QCOMPARE(getAs("gzip", "/a.js").status, 404);
}

// ---- what is no file ----

void TestCompression::compressesPages() {
    const Answer plain = get("/"), page = getAs("br, gzip", "/");
    QCOMPARE(page.field("Content-Encoding"), QByteArray("gzip"));
    // It is JSON for who asks for that.
    for (const Answer &answer : {plain, page})
        for (const char *line : {"Vary: Accept\r\n", "Vary: Accept-Encoding\r\n"}) QVERIFY2(answer.head.contains(line), line);
    QVERIFY(decoded(page) == plain.body);
    const Answer style = getAs("br", "/.meerkat/folder_page.css");
    QCOMPARE(style.field("Content-Encoding"), QByteArray("br"));
    QVERIFY(decoded(style) == get("/.meerkat/folder_page.css").body);
    QVERIFY(style.field("ETag") != get("/.meerkat/folder_page.css").field("ETag"));
    QCOMPARE(getAs("br", "/.meerkat/folder_page.css", "If-None-Match: " + style.field("ETag") + "\r\n").status, 304);
    QCOMPARE(getAs("gzip", "/none").head.count("Content-Encoding"), 0);
}

void TestCompression::keepsSecretsOutOfCompressedPages() {
    m_site->write(".htpasswd", passwordLine("ana", "mydomain.com", "secret"));
    DigestClient client;
    client.read(get("/").field("WWW-Authenticate"));
    unsigned count = 0;
    const auto asAna = [&](const QByteArray &target) {
        return getAs("gzip", target, "Authorization: " + client.answer(target, ++count) + "\r\n");
    };
    QCOMPARE(asAna("/").field("Content-Encoding"), QByteArray("gzip"));
    const Answer page = asAna("/?sort=size");
    QCOMPARE(page.status, 200);
    QCOMPARE(page.head.count("Content-Encoding"), 0);
}

void TestCompression::leavesAProgramsAnswersAlone() {
    const QByteArray path = m_site->path("a.js").toUtf8();
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event != MG_REQUEST) return event == MG_AUTH;
        if (QByteArray(connection->uri) == "/file") {
            mg_send_file(connection, path.constData());
            return MG_MORE;
        }
        mg_send_data(connection, text(5000).constData(), 5000);
        return MG_TRUE;
    });
    for (const char *target : {"/file", "/data"}) {
        const Answer answer = ask(server, "GET " + QByteArray(target) + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.head.count("Content-Encoding") + answer.head.count("Vary"), 0);
    }
}

// Who got a file compressed can put a new one in its place.
void TestCompression::takesTheTagOfACodingInAnUpload() {
    m_site->write("keys", passwordLine("ana", "mydomain.com", "secret"));
    m_server->set("dav_auth_file", m_site->path("keys").toUtf8());
    DigestClient client;
    client.read(ask(*m_server, "PUT /a.js HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").field("WWW-Authenticate"));
    unsigned count = 0;
    const auto put = [&](const QByteArray &tag) {
        return ask(*m_server, "PUT /a.js HTTP/1.1\r\nHost: a\r\nAuthorization: " + client.answer("/a.js", ++count, "PUT") +
                                  "\r\nIf-Match: " + tag + "\r\nContent-Length: 3\r\n\r\nnew")
            .status;
    };
    const QByteArray tag = getAs("br", "/a.js").field("ETag");
    QCOMPARE(put("\"other-br\""), 412);
    QCOMPARE(put(QByteArray(tag).replace("-br", "-other")), 412);
    QCOMPARE(put(tag), 204);
    QCOMPARE(put(tag), 412);
}

void TestCompression::canBeSwitchedOff() {
    QVERIFY(!getAs("gzip", "/a.js").field("Content-Encoding").isEmpty());
    m_server->set("compression", "no");
    for (const char *target : {"/a.js", "/", "/.meerkat/folder_page.css"}) {
        const Answer answer = getAs("gzip, br", target);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.head.count("Content-Encoding") + answer.head.count("Accept-Encoding"), 0);
    }
    QVERIFY(QByteArray(mg_set_option(m_server->get(), "compression", "fast")).contains("\"fast\""));
}

void TestCompression::isReadByCurl() {
    m_site->write("long.txt", text(2'000'000));
    for (const char *name : {"a.js", "long.txt"}) {
        QProcess curl;
        curl.start("curl", {"-sS", "--compressed", QString("http://127.0.0.1:%1/%2").arg(m_server->port()).arg(name)});
        QByteArray got;
        QVERIFY(m_server->pollUntil([&] {
            QCoreApplication::processEvents();
            curl.waitForReadyRead(1);
            got += curl.readAllStandardOutput();
            return curl.state() == QProcess::NotRunning;
        }));
        got += curl.readAllStandardOutput();
        QVERIFY2(curl.exitCode() == 0 && got == text(name[0] == 'a' ? 20'000 : 2'000'000),
                 curl.readAllStandardError().constData());
    }
}

QTEST_GUILESS_MAIN(TestCompression)
#include "tst_compression_posix.moc"
