// Station: tests of WebDAV with programs that people use: litmus (the protocol's own suite), cadaver, GNOME's gio, rclone. All but rclone log in with
// digest; rclone knows Basic alone, which is taken over TLS. What is not installed is left out by name.
#include "support/dav_client.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace meerkat::test;

class TestDavClients : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void init();
    void passesLitmus();
    void worksWithCadaver();
    void worksWithGio();
    void worksWithRclone();
    void isKnownToCurl();

  private:
    struct Outcome {
        QByteArray output;
        int status = -1;
    };
    Outcome run(const QString &program, const QStringList &arguments, const QByteArray &input = {});
    QString url(const QString &scheme = "http") const {
        return QString("%1://127.0.0.1:%2/").arg(scheme).arg(m_site->server().port());
    }

    std::unique_ptr<DavSite> m_site;
    TemporarySite m_home;
    QByteArray m_large;
};

#define NEED(program)                                                                                                            \
    if (QStandardPaths::findExecutable(program).isEmpty()) QFAIL(program " is not installed: sh installers/setup.sh --tests")

void TestDavClients::initTestCase() {
    for (int i = 0; i < 200'000; ++i) m_large += QByteArray::number(i) + '\n';
    m_home.write("up.txt", "from here");
    m_home.write("large", m_large);
    m_home.write(".netrc", "machine 127.0.0.1\nlogin ana\npassword secret\n");
    QFile::setPermissions(m_home.path(".netrc"), QFile::ReadOwner | QFile::WriteOwner);
}

void TestDavClients::init() { m_site = std::make_unique<DavSite>(); }

// The server is driven while the program runs.
TestDavClients::Outcome TestDavClients::run(const QString &program, const QStringList &arguments, const QByteArray &input) {
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("HOME", m_home.path());
    environment.insert("XDG_RUNTIME_DIR", m_home.path());
    environment.remove("http_proxy");
    environment.remove("https_proxy");
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(m_home.path());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForStarted()) return {process.errorString().toUtf8(), -1};
    process.write(input);
    process.closeWriteChannel();
    QDeadlineTimer deadline(90000);
    while (process.state() != QProcess::NotRunning && !deadline.hasExpired()) {
        m_site->server().poll(1);
        process.waitForFinished(0);
    }
    if (process.state() != QProcess::NotRunning) process.kill();
    return {process.readAllStandardOutput(), process.exitCode()};
}

void TestDavClients::passesLitmus() {
    NEED("litmus");
    const Outcome outcome = run("litmus", {"-k", url(), "ana", "secret"});
    QVERIFY2(outcome.status == 0, outcome.output);
    QCOMPARE(outcome.output.count(" 0 failed. 100.0%"), 5);
    QVERIFY2(!outcome.output.contains("WARNING") && !outcome.output.contains("SKIPPED"), outcome.output);
}

void TestDavClients::worksWithCadaver() {
    NEED("cadaver");
    const Outcome outcome =
        run("cadaver", {url()},
            "mkcol notes\ncd notes\nput up.txt first.txt\nput large\npropset first.txt colour red\npropget first.txt colour\n"
            "lock first.txt\nput up.txt first.txt\ndiscover first.txt\nunlock first.txt\ncopy first.txt second.txt\n"
            "move second.txt third.txt\nget third.txt got.txt\nls\ndelete first.txt\ncd ..\ncopy notes more\n"
            "rmcol notes\nls\nquit\n");
    QVERIFY2(!outcome.output.contains("failed") && !outcome.output.contains("error"), outcome.output);
    QVERIFY2(outcome.output.contains("Value of colour is: red") && outcome.output.contains("Timeout: 3600 seconds"),
             outcome.output);
    QVERIFY2(outcome.output.contains("Coll:   more"), outcome.output);
    QCOMPARE(m_site->names(), QStringList{"more"});
}

// A desktop of its own: gio's daemons end with the bus. With a login for everything, as file managers ask for one when they mount, not when they write.
void TestDavClients::worksWithGio() {
    NEED("gio");
    NEED("dbus-run-session");
    if (!QFile::exists("/usr/share/gvfs/mounts/dav.mount"))
        QFAIL("gvfs-backends is not installed: sh installers/setup.sh --tests");
    m_home.write("script", "set -e\nU=$1\nprintf 'ana\\nsecret\\n' | gio mount \"$U\" >/dev/null\n"
                           "gio copy up.txt \"$U\"gio.txt\ngio copy large \"$U\"large\ngio mkdir \"$U\"folder\n"
                           "gio move \"$U\"gio.txt \"$U\"folder/moved.txt\ngio save \"$U\"folder/saved.txt <up.txt\n"
                           "gio rename \"$U\"folder/saved.txt renamed.txt\necho list: $(gio list \"$U\"folder/)\n"
                           "echo content: $(gio cat \"$U\"folder/moved.txt)\ngio info -f \"$U\" | grep filesystem::free\n"
                           "gio remove \"$U\"folder/renamed.txt\ngio cat \"$U\"large | cmp - large && echo same\n");
    m_site->server().set("global_auth_file", m_site->passwords());
    const QString dav = QString("dav://127.0.0.1:%1/").arg(m_site->server().port());
    const Outcome outcome = run("dbus-run-session", {"--", "sh", "script", dav});
    QVERIFY2(outcome.status == 0, outcome.output);
    QVERIFY2(outcome.output.contains("list: moved.txt renamed.txt") && outcome.output.contains("content: from here"),
             outcome.output);
    QVERIFY2(outcome.output.contains("filesystem::free: ") && outcome.output.contains("same"), outcome.output);
    QCOMPARE(m_site->names(), (QStringList{"folder", "large"}));
    QCOMPARE(m_site->names("folder"), QStringList{"moved.txt"});
}

void TestDavClients::worksWithRclone() {
    NEED("rclone");
    m_site->server().set("ssl_auto_directory", m_home.path("tls").toUtf8());
    m_site->server().set("ssl_certificate", "auto");
    for (int i = 0; i < 40; ++i) m_home.write(QString("tree/%1/%2").arg(i % 4).arg(i), QByteArray::number(i).repeated(i * 100));
    m_home.write(QString::fromUtf8("tree/ä ö #%.txt"), "named");
    const Outcome obscured = run("rclone", {"obscure", "secret"});
    m_home.write("rclone.conf", "[m]\ntype = webdav\nvendor = other\nurl = " + url("https").toUtf8() +
                                    "\nuser = ana\npass = " + obscured.output.trimmed() + "\n");
    const auto rclone = [&](const QStringList &arguments) {
        const Outcome outcome =
            run("rclone", QStringList{"--config", "rclone.conf", "--ca-cert", "tls/authority.crt", "--retries", "1"} + arguments);
        return outcome.status == 0 ? outcome.output : "failed: " + outcome.output;
    };
    QCOMPARE(rclone({"copy", "tree", "m:tree"}), QByteArray());
    QCOMPARE(rclone({"check", "--download", "-q", "tree", "m:tree"}), QByteArray());
    QCOMPARE(rclone({"moveto", "m:tree/1", "m:tree/eins"}), QByteArray());
    QCOMPARE(rclone({"copyto", "m:tree/2", "m:tree/zwei"}), QByteArray());
    QCOMPARE(rclone({"lsf", "m:tree"}), QString::fromUtf8("0/\n2/\n3/\neins/\nzwei/\nä ö #%.txt\n").toUtf8());
    QVERIFY(rclone({"about", "m:"}).contains("Free:"));
    QCOMPARE(rclone({"purge", "m:tree/zwei"}), QByteArray());
    QCOMPARE(m_site->names("tree"), (QStringList{"0", "2", "3", "eins", QString::fromUtf8("ä ö #%.txt")}));
    // Where others could read it the password is not taken.
    m_site->server().set("ssl_certificate", "");
    m_home.write("rclone.conf", "[m]\ntype = webdav\nvendor = other\nurl = " + url().toUtf8() +
                                    "\nuser = ana\npass = " + obscured.output.trimmed() + "\n");
    QVERIFY(rclone({"mkdir", "m:plain"}).startsWith("failed"));
}

// What macOS and Windows send besides: a body in chunks, Win32 times, small files with odd names.
void TestDavClients::isKnownToCurl() {
    NEED("curl");
    const auto curl = [&](const QStringList &arguments, const QString &path, const QByteArray &input = {}) {
        return run("curl",
                   QStringList{"-sS", "--noproxy", "*", "--digest", "-u", "ana:secret", "-o", "-", "-w", " %{http_code}"} +
                       arguments + QStringList{url() + path},
                   input)
            .output.trimmed();
    };
    QCOMPARE(curl({"-T", "-", "-H", "X-Expected-Entity-Length: 5", "-H", "Transfer-Encoding: chunked"}, "._odd", "hello"),
             QByteArray("201"));
    QCOMPARE(m_site->read("._odd"), QByteArray("hello"));
    QCOMPARE(curl({"-X", "PROPFIND", "-H", "Depth: 0"}, ".DS_Store").right(3), QByteArray("404"));
    const QByteArray lock = curl({"-X", "LOCK", "-H", "Timeout: Second-3600", "-H", "Content-Type: text/xml; charset=\"utf-8\"",
                                  "-d", DavClient::lockInfo(), "-D", "-"},
                                 "new%20file.docx");
    static const QRegularExpression token("Lock-Token: (<[^>]*>)");
    const QString taken = token.match(lock).captured(1);
    QVERIFY2(lock.endsWith("201") && !taken.isEmpty(), lock);
    QCOMPARE(curl({"-T", "large", "-H", "If: (" + taken + ")", "-H", "translate: f"}, "new%20file.docx"), QByteArray("204"));
    const QByteArray times =
        "<?xml version=\"1.0\" encoding=\"utf-8\" ?><D:propertyupdate xmlns:D=\"DAV:\" xmlns:Z=\"urn:schemas-microsoft-com:\">"
        "<D:set><D:prop><Z:Win32CreationTime>Tue, 10 Mar 2020 10:00:00 GMT</Z:Win32CreationTime>"
        "<Z:Win32FileAttributes>00000020</Z:Win32FileAttributes></D:prop></D:set></D:propertyupdate>";
    QVERIFY(curl({"-X", "PROPPATCH", "-H", "If: (" + taken + ")", "-d", times}, "new%20file.docx").contains("200 OK"));
    QCOMPARE(curl({"-X", "UNLOCK", "-H", "Lock-Token: " + taken}, "new%20file.docx"), QByteArray("204"));
    QVERIFY(m_site->read("new file.docx") == m_large);
}

QTEST_GUILESS_MAIN(TestDavClients)
#include "tst_dav_clients_posix.moc"
