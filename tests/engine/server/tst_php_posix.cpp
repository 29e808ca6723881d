// Station: tests of scripts with the real php-cgi: a page with a form, uploads, pages that stream, pages without end.
#include "support/digest_client.h"
#include "support/script_house.h"

#include <QCryptographicHash>
#include <QStandardPaths>

using namespace meerkat::test;

namespace {

const char kForm[] = R"(<?php
header('X-Made-By: a page');
setcookie('seen', 'yes');
?><!DOCTYPE html><title>Form</title>
<?php if ($_SERVER['REQUEST_METHOD'] === 'POST'): ?>
<p>Hello <?= htmlspecialchars($_POST['name'] ?? '') ?> of <?= htmlspecialchars($_GET['town'] ?? '') ?>, <?= $_COOKIE['seen'] ?? 'new' ?></p>
<?php foreach ($_FILES as $key => $file): ?>
<p><?= $key ?>: <?= htmlspecialchars($file['name']) ?> <?= $file['error'] ?> <?= $file['size'] ?> <?= md5_file($file['tmp_name']) ?></p>
<?php endforeach; else: ?>
<form method="post" enctype="multipart/form-data"><input name="name"><input type="file" name="picture"></form>
<?php endif;
)";

const char kServer[] = R"(<?php
header('Content-Type: text/plain');
foreach (['REQUEST_METHOD', 'SCRIPT_NAME', 'PHP_SELF', 'PATH_INFO', 'SCRIPT_FILENAME', 'DOCUMENT_ROOT', 'QUERY_STRING', 'REQUEST_URI', 'HTTPS',
          'REMOTE_USER', 'AUTH_TYPE', 'GATEWAY_INTERFACE'] as $name) echo $name, '=', $_SERVER[$name] ?? '(none)', "\n";
echo basename(getcwd()), "\n", PHP_SAPI, "\n";
)";

}  // namespace

class TestPhp : public QObject, private ScriptHouse {
    Q_OBJECT

  private slots:
    void initTestCase_data() { addPollers(); }
    void initTestCase();
    void init();
    void cleanup() { close(); }

    void showsAndTakesAForm();
    void takesAnUpload_data();
    void takesAnUpload();
    void knowsItsServer();
    void answersForAFolder();
    void honoursRedirectsAndStatus();
    void readsABodyThatIsNoForm();
    void streamsAPage();
    void servesALargeFileOfAPage();
    void endsAPageWhoseClientLeaves();
    void queuesPages();
    void showsNoSource();

  private:
    Answer asked(const QByteArray &request) { return ask(*m_server, request); }
};

void TestPhp::initTestCase() {
    QVERIFY2(!QStandardPaths::findExecutable("php-cgi").isEmpty(), "sh installers/setup.sh --tests installs php-cgi");
}

void TestPhp::init() {
    QFETCH_GLOBAL(QByteArray, poller);
    open(poller);
    m_server->set("cgi_interpreter", "php-cgi");
    m_site->write(".user.ini", "upload_max_filesize=64M\npost_max_size=64M\noutput_buffering=0\n");
    m_site->write("form.php", kForm);
    m_site->write("server.php", kServer);
}

void TestPhp::showsAndTakesAForm() {
    const Answer shown = asked(get("/form.php"));
    QCOMPARE(shown.status, 200);
    QCOMPARE(shown.field("X-Made-By"), QByteArray("a page"));
    QVERIFY(shown.field("Content-Type").startsWith("text/html"));
    QVERIFY(shown.body.contains("<form method=\"post\""));
    const QByteArray cookie = shown.field("Set-Cookie");
    const Answer sent =
        asked(post("/form.php?town=Bern", "name=Ana+%3Cb%3E",
                   "Content-Type: application/x-www-form-urlencoded\r\nCookie: " + cookie.split(';').first() + "\r\n"));
    QVERIFY2(sent.body.contains("<p>Hello Ana &lt;b&gt; of Bern, yes</p>"), sent.body.constData());
}

void TestPhp::takesAnUpload_data() {
    QTest::addColumn<bool>("isChunked");
    QTest::addColumn<bool>("hasHandler");
    QTest::newRow("sized") << false << false;
    QTest::newRow("in chunks") << true << false;
    QTest::newRow("sized, declined by a handler") << false << true;
    QTest::newRow("in chunks, declined by a handler") << true << true;
}

void TestPhp::takesAnUpload() {
    QFETCH(bool, isChunked);
    QFETCH(bool, hasHandler);
    const QByteArray picture = QByteArray("\0\r\n--limi \xff", 12).repeated(500'000);
    const QByteArray body = "--limit\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAna\r\n"
                            "--limit\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a \xc3\xa4 & "
                            "b.png\"\r\nContent-Type: image/png\r\n\r\n" +
                            picture + "\r\n--limit--\r\n";
    const QByteArray type = "Content-Type: multipart/form-data; boundary=limit\r\n";
    const auto decline = [](mg_connection *, mg_event event) -> int { return event == MG_AUTH; };
    TestServer server(hasHandler ? decline : TestServer::Handler());
    serve(server);
    server.set("cgi_interpreter", "php-cgi");
    const QByteArray request = isChunked ? "POST /form.php?town=Bern HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n" +
                                               type + "\r\n" + inChunks(body, 50'000)
                                         : post("/form.php?town=Bern", body, type);
    const Answer got = ask(server, request);
    const QByteArray line = "<p>picture: a \xc3\xa4 &amp; b.png 0 " + QByteArray::number(picture.size()) + " " +
                            QCryptographicHash::hash(picture, QCryptographicHash::Md5).toHex() + "</p>";
    QVERIFY2(got.body.contains(line) && got.body.contains("Hello Ana of Bern"), got.body.constData());
}

void TestPhp::knowsItsServer() {
    const QByteArray root = QFileInfo(m_site->path()).canonicalFilePath().toUtf8();
    m_site->write("in/.htpasswd", passwordLine("ana", "mydomain.com", "secret"));
    m_site->write("in/who.php", kServer);
    QCOMPARE(asked(get("/server.php/a/b.txt?c=d")).body,
             "REQUEST_METHOD=GET\nSCRIPT_NAME=/server.php\nPHP_SELF=/server.php/a/b.txt\nPATH_INFO=/a/b.txt\nSCRIPT_FILENAME=" +
                 root + "/server.php\nDOCUMENT_ROOT=" + root +
                 "\nQUERY_STRING=c=d\nREQUEST_URI=/server.php/a/b.txt?c=d\nHTTPS=off\nREMOTE_USER=(none)\n"
                 "AUTH_TYPE=(none)\nGATEWAY_INTERFACE=CGI/1.1\n" +
                 root.mid(root.lastIndexOf('/') + 1) + "\ncgi-fcgi\n");
    DigestClient client;
    client.read(asked(get("/in/who.php")).field("WWW-Authenticate"));
    const QByteArray page = asked(get("/in/who.php", "Authorization: " + client.answer("/in/who.php") + "\r\n")).body;
    QVERIFY(page.contains("\nREMOTE_USER=ana\nAUTH_TYPE=Digest\n"));
    QVERIFY(page.contains("\nPHP_SELF=/in/who.php\n"));
}

void TestPhp::answersForAFolder() {
    m_site->write("shop/index.php", "<?php echo 'shop ', $_SERVER['SCRIPT_NAME'], ' ', $_POST['a'] ?? '';");
    QCOMPARE(asked(get("/shop/")).body, QByteArray("shop /shop/index.php "));
    QCOMPARE(asked(post("/shop/", "a=b", "Content-Type: application/x-www-form-urlencoded\r\n")).body,
             QByteArray("shop /shop/index.php b"));
}

void TestPhp::honoursRedirectsAndStatus() {
    m_site->write("away.php", "<?php header('Location: /form.php'); exit;");
    QCOMPARE(asked(get("/away.php")).status, 302);
    QCOMPARE(asked(get("/away.php")).field("Location"), QByteArray("/form.php"));
    m_site->write("gone.php", "<?php http_response_code(410); echo 'gone';");
    QCOMPARE(asked(get("/gone.php")).status, 410);
    m_site->write("broken.php", "<?php ini_set('display_errors', '0'); this is no php;");
    QCOMPARE(asked(get("/broken.php")).status, 500);
    ScriptedPeer peer(*m_server);
    QCOMPARE(peer.send("HEAD /form.php HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer(true).status, 200);
    QCOMPARE(peer.send(get("/gone.php")).readAnswer().body, QByteArray("gone"));
}

void TestPhp::readsABodyThatIsNoForm() {
    m_site->write("api.php", "<?php header('Content-Type: application/json'); echo json_encode([$_SERVER['REQUEST_METHOD'], "
                             "json_decode(file_get_contents('php://input'))->a]);");
    for (const char *method : {"POST", "PUT", "PATCH", "DELETE"})
        QCOMPARE(asked(post("/api.php", "{\"a\":1}", "Content-Type: application/json\r\n", method)).body,
                 "[\"" + QByteArray(method) + "\",1]");
}

void TestPhp::streamsAPage() {
    m_site->write("steps.php",
                  "<?php header('Content-Type: text/plain'); while (ob_get_level()) ob_end_flush(); echo \"one\\n\"; flush();\n"
                  "while (!file_exists('go')) { usleep(10000); clearstatcache(); } echo \"two\\n\";");
    ScriptedPeer peer(*m_server);
    peer.send(get("/steps.php"));
    QByteArray got;
    while (!got.contains("one\n") && !peer.isClosed()) got += peer.readSome();
    QVERIFY(!got.contains("two"));
    m_site->write("go", "");
    while (!got.endsWith("0\r\n\r\n") && !peer.isClosed()) got += peer.readSome();
    QVERIFY(got.contains("two\n"));
}

void TestPhp::servesALargeFileOfAPage() {
    m_site->writeSparse("large.bin", 30'000'000, "end");
    m_site->write("large.php",
                  "<?php header('Content-Type: application/octet-stream'); header('Content-Length: ' . filesize('large.bin'));"
                  " readfile('large.bin');");
    const Answer got = asked(get("/large.php"));
    QCOMPARE(got.field("Content-Length"), QByteArray("30000000"));
    QCOMPARE(got.body.size(), 30'000'000);
    QVERIFY(got.body.endsWith("end"));
}

void TestPhp::endsAPageWhoseClientLeaves() {
    m_site->write("endless.php",
                  "<?php ignore_user_abort(true); set_time_limit(0); file_put_contents('pid', getmypid() . \"\\n\");\n"
                  "while (ob_get_level()) ob_end_flush(); for (;;) { echo 'more '; flush(); usleep(1000); }");
    ScriptedPeer peer(*m_server);
    peer.send(get("/endless.php"));
    QVERIFY(peer.readSome().contains("200 OK"));
    const qint64 process = written("pid").toLongLong();
    QVERIFY(isThere(process));
    peer.close();
    QVERIFY(m_server->pollUntil([&] { return !isThere(process); }));
}

void TestPhp::queuesPages() {
    m_server->set("cgi_max_processes", "1");
    m_site->write("a.php", "<?php echo 'page ', $_GET['n'];");
    std::vector<std::unique_ptr<ScriptedPeer>> peers;
    for (int i = 0; i < 5; ++i) {
        peers.push_back(std::make_unique<ScriptedPeer>(*m_server));
        peers.back()->send(get("/a.php?n=" + QByteArray::number(i)));
    }
    for (int i = 0; i < 5; ++i) QCOMPARE(peers[std::size_t(i)]->readAnswer().body, "page " + QByteArray::number(i));
}

void TestPhp::showsNoSource() {
    m_site->write("secret.php", "<?php $secret = 1; echo 'shown';");
    m_site->write("page.shtml", "<!--#include virtual=\"/secret.php\" --><!--#include file=\"secret.php\" -->");
    for (const char *target : {"/secret.php", "/secret.PHP", "/secret.php/", "/secret.php/x", "/secret.ph%70", "/page.shtml",
                               "/secret.php?-s", "/secret.php?-h"}) {
        const Answer got = asked(get(target));
        QVERIFY2(!got.body.contains("$secret") && !got.body.contains("Usage"), target);
    }
}

QTEST_GUILESS_MAIN(TestPhp)
#include "tst_php_posix.moc"
