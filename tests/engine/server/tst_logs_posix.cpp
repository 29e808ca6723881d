// Station: tests of the access log as JSON lines and by size, of hexdump_file, and that nothing that is sent or logged shows where the files lie.
#include "server/hexdump.h"
#include "support/certificates.h"
#include "support/scripted_peer.h"
#include "support/temporary_site.h"
#include "support/tls_peer.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <memory>
#include <sys/stat.h>

using namespace meerkat::test;

class TestLogs : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void writesJsonLines();
    void writesJsonWhateverAClientSends_data();
    void writesJsonWhateverAClientSends();
    void beginsALogAnewBySize();
    void keepsALogThatCannotBeRenamed();
    void goesOnWithALogThatIsLargeAlready();
    void refusesWhatIsNoLogSetting();
    void dumpsRows_data();
    void dumpsRows();
    void dumpsWhatIsReadAndWritten();
    void dumpsFilesAsTheyAreSent();
    void dumpsThePlainBytesOfTls();
    void dumpsOnlyWhileItIsSet();
    void servesThoughTheDumpsDiskIsFull();
    void showsNoPathOfTheMachine();

  private:
    QByteArray read(const QString &name) const {
        QFile file(m_site->path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QByteArrayList lines(const QString &name) const {
        QByteArrayList all = read(name).split('\n');
        if (all.last().isEmpty()) all.removeLast();
        return all;
    }
    Answer get(const QByteArray &target, const QByteArray &fields = {}) {
        return ask(*m_server, "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
    }

    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestLogs::init() {
    m_server = std::make_unique<TestServer>();
    m_site = std::make_unique<TemporarySite>();
    m_site->write("www/file.txt", "content");
    m_server->set("document_root", m_site->path("www").toUtf8());
}

// ---- the access log ----

void TestLogs::writesJsonLines() {
    m_server->set("access_log_format", "json");
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    const Answer got = get("/file.txt?a=b", "User-Agent: me \"1\"\r\nReferer: there\r\n");
    m_server->poll();
    const QByteArrayList all = lines("log");
    QCOMPARE(all.size(), 1);
    const QJsonObject line = QJsonDocument::fromJson(all[0]).object();
    QCOMPARE(line["remote_ip"].toString(), QString("127.0.0.1"));
    QCOMPARE(line["method"].toString(), QString("GET"));
    QCOMPARE(line["target"].toString(), QString("/file.txt?a=b"));
    QCOMPARE(line["protocol"].toString(), QString("HTTP/1.1"));
    QCOMPARE(line["status"].toInt(), 200);
    QCOMPARE(line["bytes"].toInt(), int(got.head.size() + got.body.size()));
    QCOMPARE(line["user_agent"].toString(), QString("me \"1\""));
    QCOMPARE(line["referer"].toString(), QString("there"));
    QVERIFY(line["complete"].toBool());
    QVERIFY(line["duration_us"].isDouble());
    QVERIFY(QDateTime::fromString(line["time"].toString(), Qt::ISODate).isValid());
    // From now on as Apache's.
    m_server->set("access_log_format", "");
    get("/file.txt");
    m_server->poll();
    QVERIFY(lines("log").last().startsWith("127.0.0.1 - - ["));
}

void TestLogs::writesJsonWhateverAClientSends_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("no UTF-8") << QByteArray("GET /\xff\xc3 HTTP/1.1\r\nHost: a\r\nUser-Agent: \x80\xed\xa0\x80\r\n\r\n");
    QTest::newRow("quotes") << QByteArray("GET /\"}\\ HTTP/1.1\r\nHost: a\r\nUser-Agent: \",\"status\":0}\t\r\n\r\n");
    QTest::newRow("no request") << QByteArray("\x16\x03\x01\x02\x00\"\x80", 7);
    QTest::newRow("control characters") << QByteArray("GET /\x01\x1b HTTP/1.1\r\n\r\n");
}

void TestLogs::writesJsonWhateverAClientSends() {
    QFETCH(QByteArray, request);
    m_server->set("access_log_format", "json");
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    ask(*m_server, request);
    m_server->poll();
    const QByteArrayList all = lines("log");
    QCOMPARE(all.size(), 1);
    QJsonParseError error{};
    const QJsonObject line = QJsonDocument::fromJson(all[0], &error).object();
    QVERIFY2(error.error == QJsonParseError::NoError, all[0].constData());
    QVERIFY(line["status"].toInt() >= 400);
    QVERIFY(QString::fromUtf8(all[0]).toUtf8() == all[0]);
}

void TestLogs::beginsALogAnewBySize() {
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    m_server->set("access_log_max_bytes", "1000");
    m_server->set("access_log_keep", "2");
    for (int i = 0; i < 60; ++i) get("/" + QByteArray::number(i));
    m_server->poll();
    QVERIFY(read("log").size() < 1200 && read("log.1").size() >= 1000 && read("log.1").size() < 1200);
    QVERIFY(!read("log.2").isEmpty());
    QVERIFY(!QFile::exists(m_site->path("log.3")));
    // No line is lost or twice there on the way.
    QByteArrayList all = lines("log.2") + lines("log.1") + lines("log");
    const int first = 60 - int(all.size());
    for (int i = first; i < 60; ++i)
        QVERIFY2(all[i - first].contains("GET /" + QByteArray::number(i) + " "), all[i - first].constData());
    QCOMPARE(m_server->counters().log_lines_lost, 0ull);
}

void TestLogs::keepsALogThatCannotBeRenamed() {
    m_site->makeFolder("log.1/in the way");
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    m_server->set("access_log_max_bytes", "100");
    m_server->set("access_log_keep", "1");
    for (int i = 0; i < 20; ++i) get("/file.txt");
    m_server->poll();
    QCOMPARE(lines("log").size(), 20);
    // What is no file stays where it is.
    m_server->set("access_log_file", "/dev/null");
    for (int i = 0; i < 20; ++i) get("/file.txt");
    m_server->poll();
    struct stat status {};
    QVERIFY(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode));
    QVERIFY(!QFile::exists("/dev/null.1"));
}

void TestLogs::goesOnWithALogThatIsLargeAlready() {
    m_site->write("log", QByteArray(5000, 'x') + '\n');
    m_server->set("access_log_max_bytes", "1000");
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    get("/one");
    m_server->poll();
    get("/two");
    m_server->poll();
    QVERIFY(read("log.1").endsWith('\n') && read("log.1").contains("/one"));
    QVERIFY(read("log").contains("/two") && !read("log").contains("/one"));
}

void TestLogs::refusesWhatIsNoLogSetting() {
    for (const auto &[name, value] : {std::pair("access_log_format", "xml"), std::pair("access_log_max_bytes", "1 MB"),
                                      std::pair("access_log_keep", "0"), std::pair("access_log_keep", "1001")}) {
        const QByteArray refusal = mg_set_option(m_server->get(), name, value);
        QVERIFY2(refusal.contains('"' + QByteArray(value) + '"'), refusal.constData());
    }
    QVERIFY(mg_set_option(m_server->get(), "hexdump_file", "/no/such/folder/dump"));
}

// ---- the dump ----

void TestLogs::dumpsRows_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("rows");
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("one byte") << QByteArray("A") << "00000000 41" + QByteArray(46, ' ') + "  |A|\n";
    QTest::newRow("a whole row") << QByteArray("GET / HTTP/1.1\r\n")
                                 << QByteArray("00000000 47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|\n");
    QTest::newRow("two rows") << QByteArray("0123456789abcdef\xff")
                              << "00000000 30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n00000010 ff" +
                                     QByteArray(46, ' ') + "  |.|\n";
}

void TestLogs::dumpsRows() {
    QFETCH(QByteArray, bytes);
    std::string out;
    meerkat::server::appendDump(out, {bytes.constData(), std::size_t(bytes.size())});
    QTEST(QByteArray::fromStdString(out), "rows");
}

void TestLogs::dumpsWhatIsReadAndWritten() {
    m_server->set("hexdump_file", m_site->path("dump").toUtf8());
    ScriptedPeer peer(*m_server);
    peer.send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
    m_server->poll();
    const QByteArrayList all = lines("dump");
    const QString ours = "127\\.0\\.0\\.1:" + QString::number(m_server->port()),
                  theirs = "127\\.0\\.0\\.1:" + QString::number(peer.port());
    const QString start = R"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \+\d+\.\d{6} )";
    QVERIFY2(QRegularExpression(start + ours + " <- " + theirs + " 31 bytes$").match(all[0]).hasMatch(), all[0].constData());
    QCOMPARE(all[1], QByteArray("00000000 47 45 54 20 2f 6e 6f 6e  65 20 48 54 54 50 2f 31  |GET /none HTTP/1|"));
    QVERIFY2(QRegularExpression(start + ours + " -> " + theirs + R"( \d+ bytes$)").match(all[3]).hasMatch(), all[3].constData());
    QVERIFY(all[4].endsWith("|HTTP/1.1 404 Not|"));
    // Appended to.
    m_server->set("hexdump_file", m_site->path("dump").toUtf8());
    get("/none");
    m_server->poll();
    QVERIFY(lines("dump").size() > all.size() && lines("dump").mid(0, all.size()) == all);
}

// Each byte that went out, once, also where the system moves it from the file to the socket, and a slow reader takes it in parts.
void TestLogs::dumpsFilesAsTheyAreSent() {
    QByteArray large;
    for (int i = 0; large.size() < 1'000'000; ++i) large += QByteArray::number(i) + ' ';
    m_site->write("www/large", large);
    m_server->set("hexdump_file", m_site->path("dump").toUtf8());
    ScriptedPeer peer(*m_server, 8192);
    const Answer answer = peer.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
    m_server->poll();
    QByteArray sent;
    bool isSent = false;
    for (const QByteArray &line : lines("dump")) {
        if (line.contains("->") || line.contains("<-"))
            isSent = line.contains("->");
        else if (isSent)
            sent += QByteArray::fromHex(line.mid(9, 48).replace(' ', ""));
    }
    QVERIFY(sent == answer.head + large);
}

void TestLogs::dumpsThePlainBytesOfTls() {
    m_site->write("pem", newIdentity());
    m_server->set("ssl_certificate", m_site->path("pem").toUtf8());
    m_server->set("hexdump_file", m_site->path("dump").toUtf8());
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    QCOMPARE(peer.send("GET /file.txt HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().body, QByteArray("content"));
    m_server->poll();
    QVERIFY2(read("dump").contains("|GET /file.txt HT|"), read("dump").constData());
    QVERIFY(read("dump").contains("|HTTP/1.1 200 OK.|"));
}

void TestLogs::dumpsOnlyWhileItIsSet() {
    get("/file.txt");
    QVERIFY(!QFile::exists(m_site->path("dump")));
    m_server->set("hexdump_file", m_site->path("dump").toUtf8());
    get("/file.txt");
    m_server->set("hexdump_file", "");
    const qsizetype size = read("dump").size();
    QVERIFY(size > 0);
    get("/file.txt");
    m_server->poll();
    QCOMPARE(read("dump").size(), size);
}

void TestLogs::servesThoughTheDumpsDiskIsFull() {
    if (!QFile::exists("/dev/full")) QSKIP("this system has no file that is always full");
    m_server->set("hexdump_file", "/dev/full");
    for (int i = 0; i < 5; ++i) QCOMPARE(get("/file.txt").body, QByteArray("content"));
}

// ---- what is shown ----

// Heads, pages and log of all kinds of answers, good and bad.
void TestLogs::showsNoPathOfTheMachine() {
    const QByteArray place = m_site->path().toUtf8();
    m_site->write("www/page.shtml", "<!--#include file=\"../none\" --><!--#include virtual=\"/none\" -->");
    m_site->write("www/broken/.htpasswd", "");
    m_site->write("www/folder/x", "");
    m_site->write("elsewhere/x", "x");
    QFile::remove(m_site->path("www/broken/.htpasswd"));
    QFile::link("nowhere", m_site->path("www/broken/.htpasswd"));
    QFile::link(m_site->path("elsewhere"), m_site->path("www/out"));
    QFile::link(m_site->path("www/folder"), m_site->path("www/in"));
    m_server->set("access_log_file", place + "/log");
    m_server->set("access_log_format", "json");
    m_server->set("url_rewrites",
                  "/else=" + place + "/elsewhere,/one=" + place + "/elsewhere/x,@b=" + place + "/elsewhere,404=/lost");
    for (const char *target :
         {"/",    "/file.txt", "/none", "/lost",  "/folder",    "/folder/", "/page.shtml", "/broken/", "/out/x", "/out",
          "/in/", "/in",       "/else", "/else/", "/else/none", "/one",     "/one/x",      "/%00",     "/..",    "/file.txt/x"}) {
        for (const char *host : {"a", "b"}) {
            for (const char *method : {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PROPFIND", "DELETE"}) {
                const Answer answer = ask(*m_server, QByteArray(method) + " " + target + " HTTP/1.1\r\nHost: " + host +
                                                         "\r\nContent-Length: 0\r\n\r\n");
                QVERIFY2(answer.status >= 200, target);
                QVERIFY2(!answer.head.contains(place) && !answer.body.contains(place), (answer.head + answer.body).constData());
            }
        }
    }
    m_server->poll();
    QVERIFY(!read("log").isEmpty() && !read("log").contains(place));
}

QTEST_GUILESS_MAIN(TestLogs)
#include "tst_logs_posix.moc"
