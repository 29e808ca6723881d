// Station: tests of forms that are posted to a folder over real sockets: what a visitor can do whose browser runs no scripts.
#include "support/upload_site.h"

#include <QTest>

using namespace meerkat::test;

class TestFormUploads : public QObject {
    Q_OBJECT

  private slots:
    void storesFiles();
    void storesFilesThatComeSlowly();
    void replacesWhereItMay();
    void storesTheRestWhereNamesAreTaken();
    void cleansNames_data();
    void cleansNames();
    void leavesNothingOfACutForm();
    void makesAFolder_data();
    void makesAFolder();
    void renamesMovesAndDeletes();
    void refusesForms_data();
    void refusesForms();
    void refusesChangesWhereThingsMayOnlyBeAdded();
    void showsAWayBack();
};

void TestFormUploads::storesFiles() {
    UploadSite site("new");
    const QByteArray large = QByteArray("0123456789\r\n--b").repeated(100'000) + "-";
    const Answer answer = site.postFiles("/folder/", site.filePart("a b.bin", large) + site.filePart("empty", "") +
                                                         site.part("name=\"other\"", "field") + site.filePart("c", "c"));
    QCOMPARE(answer.status, 303);
    QCOMPARE(answer.field("Location"), QByteArray("/folder/?done=uploaded&name=a%20b.bin&count=3"));
    QCOMPARE(site.names("folder"), (QStringList{"a b.bin", "c", "empty", "in.txt"}));
    QVERIFY(site.read("folder/a b.bin") == large);
    QCOMPARE(site.postFiles("/", site.filePart("one", "1")).field("Location"), QByteArray("/?done=uploaded&name=one"));
    QCOMPARE(site.status("GET", "/?done=uploaded&name=one"), 200);
}

void TestFormUploads::storesFilesThatComeSlowly() {
    UploadSite site("new");
    const QByteArray request =
        site.request("POST", "/", "Content-Type: multipart/form-data; boundary=b\r\n",
                     site.part("name=\"action\"", "upload") + site.filePart("slow", "slowly") + "--b--\r\n");
    ScriptedPeer peer(site.server());
    for (const char byte : request) peer.send({&byte, 1});
    QCOMPARE(peer.readAnswer().status, 303);
    QCOMPARE(site.read("slow"), QByteArray("slowly"));
}

void TestFormUploads::replacesWhereItMay() {
    UploadSite site("replace");
    QCOMPARE(site.postFiles("/", site.filePart("old.txt", "newer")).status, 303);
    QCOMPARE(site.read("old.txt"), QByteArray("newer"));
}

void TestFormUploads::storesTheRestWhereNamesAreTaken() {
    UploadSite site("new");
    const Answer answer = site.postFiles("/", site.filePart("a", "a") + site.filePart("old.txt", "new") +
                                                  site.filePart("x.php", "x") + site.filePart("b", "b"));
    QCOMPARE(answer.status, 409);
    QCOMPARE(sentenceOf(answer), QByteArray("Not stored, as the name is taken or can&#39;t be a file&#39;s here: old.txt, x.php. "
                                            "The other 2 files are stored."));
    QCOMPARE(site.names(), (QStringList{"a", "b", "folder", "old.txt"}));
    QCOMPARE(site.read("old.txt"), QByteArray("old"));
    QByteArray many;
    for (int i = 0; i < 50; ++i) many += site.filePart("old.txt", "new");
    QVERIFY(sentenceOf(site.postFiles("/", many)).endsWith("old.txt and 30 more."));
}

void TestFormUploads::cleansNames_data() {
    QTest::addColumn<QByteArray>("told");
    QTest::addColumn<QString>("name");
    const auto row = [](const char *title, const char *told, const char *name) {
        QTest::newRow(title) << QByteArray(told) << QString(name);
    };
    row("a path", "/etc/passwd", "passwd");
    row("a path upwards", "../../x", "x");
    row("a path of Windows", "C:\\dir\\a.txt", "a.txt");
    row("a folder of the visitor's", "pictures/a.jpg", "a.jpg");
    row("a quote", "a%22b", "a\"b");
    row("a percent sign", "100%25.txt", "100%25.txt");
    row("control characters", "a\tb\x7f.txt", "ab.txt");
    row("UTF-8", "\xC3\xA4.txt", "\u00E4.txt");
    row("markup", "<b>.txt", "<b>.txt");
    row("dots", "..", "");
    row("a dot", ".", "");
    row("a slash", "a/", "");
    row("a password file", ".htpasswd", "");
}

void TestFormUploads::cleansNames() {
    QFETCH(QByteArray, told);
    QFETCH(QString, name);
    UploadSite site("new");
    QCOMPARE(site.postFiles("/", site.filePart(told, "x")).status, name.isEmpty() ? 409 : 303);
    QStringList expected{"folder", "old.txt"};
    if (!name.isEmpty()) expected.append(name);
    QStringList found = site.names();
    expected.sort();
    found.sort();
    QCOMPARE(found, expected);
}

void TestFormUploads::leavesNothingOfACutForm() {
    UploadSite site("replace");
    {
        ScriptedPeer peer(site.server());
        const QByteArray parts = site.part("name=\"action\"", "upload") + site.filePart("first", "whole") +
                                 site.filePart("old.txt", QByteArray(10'000, 'x'));
        peer.send(site.request("POST", "/", "Content-Type: multipart/form-data; boundary=b\r\n", parts).chopped(5000))
            .readUntilQuiet();
        QCOMPARE(site.names().filter(".meerkat-upload-").size(), 1);
    }
    QVERIFY(site.server().pollUntil([&] { return site.names().filter(".meerkat-upload-").isEmpty(); }));
    QCOMPARE(site.names(), (QStringList{"first", "folder", "old.txt"}));
    QCOMPARE(site.read("old.txt"), QByteArray("old"));
    QCOMPARE(site.read("first"), QByteArray("whole"));
    // A body that ends before its last boundary.
    QCOMPARE(site.say("POST", "/", "Content-Type: multipart/form-data; boundary=b\r\n",
                      site.part("name=\"action\"", "upload") + site.filePart("old.txt", "half").chopped(4))
                 .status,
             400);
    QCOMPARE(site.read("old.txt"), QByteArray("old"));
}

void TestFormUploads::makesAFolder_data() {
    QTest::addColumn<QByteArray>("mode");
    QTest::newRow("new") << QByteArray("new");
    QTest::newRow("replace") << QByteArray("replace");
}

void TestFormUploads::makesAFolder() {
    QFETCH(QByteArray, mode);
    UploadSite site(mode);
    const Answer answer = site.postFields("/folder/", "name=a+b%2F&action=makefolder&name=c");
    QCOMPARE(answer.status, 400);
    QCOMPARE(site.postFields("/folder/", "action=makefolder&name=a+b%26").field("Location"),
             QByteArray("/folder/?done=made&name=a%20b%26"));
    QCOMPARE(site.post("/", site.part("name=action", "makefolder") + site.part("name=name", "by parts")).status, 303);
    QVERIFY(QDir(site.files().path("folder/a b&")).exists() && QDir(site.files().path("by parts")).exists());
    const Answer taken = site.postFields("/", "action=makefolder&name=folder");
    QCOMPARE(taken.status, 409);
    QCOMPARE(sentenceOf(taken), QByteArray("Something with this name is there already."));
}

void TestFormUploads::renamesMovesAndDeletes() {
    UploadSite site("replace");
    QCOMPARE(site.postFields("/", "action=rename&name=old.txt&to=new+name").field("Location"),
             QByteArray("/?done=renamed&name=new%20name"));
    QCOMPARE(site.read("new name"), QByteArray("old"));
    QCOMPARE(site.postFields("/", "action=rename&name=new+name&to=folder").status, 409);
    QCOMPARE(site.postFields("/", "action=move&name=new+name&to=/folder/").field("Location"),
             QByteArray("/folder/?done=moved&name=new%20name"));
    QCOMPARE(site.read("folder/new name"), QByteArray("old"));
    site.files().makeFolder("a b/c%");
    QCOMPARE(site.postFields("/folder/", "action=move&name=new+name&to=/a%2520b/").status, 303);
    QCOMPARE(site.postFields("/a%20b/", "action=move&name=new+name&to=/a+b/c%25/").status, 303);
    QCOMPARE(site.read("a b/c%/new name"), QByteArray("old"));
    QCOMPARE(site.postFields("/", "action=move&name=folder&to=/folder/").status, 409);
    QCOMPARE(site.postFields("/", "action=move&name=folder&to=/none/").status, 409);
    QCOMPARE(site.postFields("/", "action=move&name=folder&to=../x").status, 400);
    QCOMPARE(site.postFields("/", "action=delete&name=folder").field("Location"), QByteArray("/?done=deleted&name=folder"));
    QCOMPARE(site.postFields("/", "action=delete&name=folder").status, 404);
    QCOMPARE(site.names(), QStringList{"a b"});
}

void TestFormUploads::refusesForms_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const QByteArray form = "application/x-www-form-urlencoded", parts = "multipart/form-data; boundary=b";
    const auto row = [](const char *title, const char *target, const QByteArray &type, const QByteArray &body, int status) {
        QTest::newRow(title) << QByteArray(target) << type << body << status;
    };
    row("no action", "/", form, "name=a", 400);
    row("another action", "/", form, "action=format&name=a", 400);
    row("nothing", "/", form, "", 400);
    row("no files", "/", parts, UploadSite::part("name=action", "upload") + "--b--\r\n", 400);
    row("no file chosen", "/", parts, UploadSite::part("name=action", "upload") + UploadSite::filePart("", "") + "--b--\r\n",
        400);
    row("files before the action", "/", parts,
        UploadSite::filePart("a", "a") + UploadSite::part("name=action", "upload") + "--b--", 400);
    row("no multipart", "/", parts, "hello", 400);
    row("another type", "/", "text/plain", "action=makefolder&name=a", 415);
    row("no boundary", "/", "multipart/form-data", "--b--", 415);
    row("a long field", "/", parts, UploadSite::part("name=action", QByteArray(20'000, 'x')) + "--b--", 413);
    row("a long form", "/", form, "action=" + QByteArray(20'000, 'x'), 413);
    row("no name", "/", form, "action=makefolder&name=", 400);
    row("a name of dots", "/", form, "action=makefolder&name=..", 400);
    row("a name with a line break", "/", form, "action=makefolder&name=a%0Ab", 400);
    row("a file", "/old.txt", form, "action=makefolder&name=a", 405);
    row("no folder", "/none/", form, "action=makefolder&name=a", 404);
    row("a script's name", "/", form, "action=makefolder&name=a.cgi", 403);
}

void TestFormUploads::refusesForms() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    UploadSite site("replace");
    QTEST(site.say("POST", target, "Content-Type: " + type + "\r\n", body).status, "status");
    QCOMPARE(site.names(), (QStringList{"folder", "old.txt"}));
}

void TestFormUploads::refusesChangesWhereThingsMayOnlyBeAdded() {
    UploadSite site("new");
    for (const char *form :
         {"action=delete&name=old.txt", "action=rename&name=old.txt&to=a", "action=move&name=old.txt&to=/folder/"})
        QCOMPARE(site.postFields("/", form).status, 409);
    site.server().set("upload", "no");
    QCOMPARE(site.postFields("/", "action=makefolder&name=a").status, 405);
    QCOMPARE(site.postFiles("/", site.filePart("a", "a")).status, 405);
    QCOMPARE(site.names(), (QStringList{"folder", "old.txt"}));
}

void TestFormUploads::showsAWayBack() {
    UploadSite site("new");
    const Answer answer = site.postFields("/folder/", "action=makefolder&name=in.txt");
    QCOMPARE(answer.status, 409);
    QVERIFY2(answer.body.contains("<a class=\"button\" href=\"./\">Back to the folder</a>"), answer.body);
    QVERIFY(site.say("GET", "/none").body.contains("<a class=\"button\" href=\"/\">Go to the start</a>"));
    QVERIFY(site.postFields("/folder/", "action=makefolder&name=in.txt", "Accept: application/json\r\n")
                .body.startsWith("{\"error\""));
}

QTEST_GUILESS_MAIN(TestFormUploads)
#include "tst_form_uploads.moc"
