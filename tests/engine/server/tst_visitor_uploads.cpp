// Station: tests of the option upload over real sockets: what visitors may do in each of its modes, that pages of other sites may not, and whose password
// is asked for.
#include "support/upload_site.h"

#include <QTest>

using namespace meerkat::test;

class TestVisitorUploads : public QObject {
    Q_OBJECT

  private slots:
    void letsVisitorsDoWhatTheModeSays_data();
    void letsVisitorsDoWhatTheModeSays();
    void tellsWhatIsAllowed_data();
    void tellsWhatIsAllowed();
    void changesItsModeWhileItServes();
    void letsOneOfTwoHaveANewName();
    void refusesChangesFromOtherSites_data();
    void refusesChangesFromOtherSites();
    void takesNoOriginForItsOwnBehindAProxyAlone();
    void asksForThePasswordOfTheFolder();
    void asksForThePasswordOfBothEndsOfAMove();
    void keepsToWebDavsPasswordWhereThereIsOne();
    void asksTheProgramFirst();
    void leavesScriptsTheirRequests();
    void hidesWhatIsHidden_data();
    void hidesWhatIsHidden();
    void tellsErrorsInJson();
};

void TestVisitorUploads::letsVisitorsDoWhatTheModeSays_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("no");
    QTest::addColumn<int>("onlyNew");
    QTest::addColumn<int>("replace");
    const auto row = [](const char *title, const char *method, const char *target, const char *fields, int no, int onlyNew,
                        int replace) {
        QTest::newRow(title) << QByteArray(method) << QByteArray(target) << QByteArray(fields) << no << onlyNew << replace;
    };
    row("a new file", "PUT", "/new.txt", "", 405, 201, 201);
    row("a file below", "PUT", "/folder/new.txt", "", 405, 201, 201);
    row("a file that is there", "PUT", "/old.txt", "", 405, 409, 204);
    row("a file that is there, if it is not", "PUT", "/old.txt", "If-None-Match: *\r\n", 405, 412, 412);
    row("where a folder is", "PUT", "/folder", "", 405, 409, 405);
    row("without its folder", "PUT", "/none/new.txt", "", 405, 409, 409);
    row("a new folder", "MKCOL", "/made/", "", 405, 201, 201);
    row("a folder that is there", "MKCOL", "/folder/", "", 405, 405, 405);
    row("rename", "MOVE", "/old.txt", "Destination: /other.txt\r\n", 405, 409, 201);
    row("move over a file", "MOVE", "/old.txt", "Destination: /folder/in.txt\r\nOverwrite: F\r\n", 405, 409, 412);
    row("delete", "DELETE", "/folder", "", 405, 409, 204);
    row("copy", "COPY", "/old.txt", "Destination: /copy.txt\r\n", 405, 405, 405);
    row("properties", "PROPPATCH", "/old.txt", "", 405, 405, 405);
    row("lock", "LOCK", "/old.txt", "", 405, 405, 405);
    row("a script", "PUT", "/new.php", "", 405, 403, 403);
    row("a script's folder", "MKCOL", "/new.cgi/", "", 405, 403, 403);
    row("rename to a script", "MOVE", "/old.txt", "Destination: /old.php\r\n", 405, 409, 403);
    row("above the root", "PUT", "/../new.txt", "", 400, 400, 400);
}

void TestVisitorUploads::letsVisitorsDoWhatTheModeSays() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, fields);
    for (const char *mode : {"no", "new", "replace"}) {
        QFETCH(int, no);
        QFETCH(int, onlyNew);
        QFETCH(int, replace);
        const int expected = qstrcmp(mode, "no") == 0 ? no : qstrcmp(mode, "new") == 0 ? onlyNew : replace;
        UploadSite site(mode);
        const QStringList before = site.names();
        QCOMPARE(site.status(method, target, fields, method == "PUT" ? "new" : ""), expected);
        if (expected < 300) continue;
        QCOMPARE(site.names(), before);
        QCOMPARE(site.read("old.txt") + site.read("folder/in.txt"), QByteArray("oldin"));
    }
}

void TestVisitorUploads::tellsWhatIsAllowed_data() {
    QTest::addColumn<QByteArray>("mode");
    QTest::addColumn<QByteArray>("methods");
    QTest::newRow("no") << QByteArray("no") << QByteArray("GET, HEAD, OPTIONS, PROPFIND");
    QTest::newRow("new") << QByteArray("new") << QByteArray("GET, HEAD, POST, OPTIONS, PROPFIND, PUT, MKCOL");
    QTest::newRow("replace") << QByteArray("replace")
                             << QByteArray("GET, HEAD, POST, OPTIONS, PROPFIND, PUT, DELETE, MKCOL, MOVE");
}

void TestVisitorUploads::tellsWhatIsAllowed() {
    QFETCH(QByteArray, mode);
    UploadSite site(mode);
    QTEST(site.say("OPTIONS", "/").field("Allow"), "methods");
    // Who mounts it needs locks to write.
    QCOMPARE(site.say("OPTIONS", "/").field("DAV"), QByteArray("1"));
    QVERIFY(site.say("GET", "/").body.contains("data-upload=\"" + mode + "\""));
    QVERIFY(site.say("GET", "/?search=a").body.contains("data-upload=\"" + mode + "\""));
    const QByteArray json = site.say("GET", "/", "Accept: application/json\r\n").body;
    QVERIFY2(json.startsWith("{\"path\":\"/\",\"upload\":\"" + mode + "\",\"entries\":["), json);
}

void TestVisitorUploads::changesItsModeWhileItServes() {
    UploadSite site("no");
    QCOMPARE(site.status("PUT", "/a", {}, "a"), 405);
    site.server().set("upload", "replace");
    QCOMPARE(site.status("PUT", "/a", {}, "a"), 201);
    QCOMPARE(site.status("PUT", "/a", {}, "b"), 204);
    QVERIFY(mg_set_option(site.server().get(), "upload", "perhaps"));
    QCOMPARE(site.status("PUT", "/a", {}, "c"), 204);
    site.server().set("upload", "");
    QCOMPARE(site.status("DELETE", "/a"), 405);
}

// Both have begun where nothing was: the second finds what the first has put there.
void TestVisitorUploads::letsOneOfTwoHaveANewName() {
    UploadSite site("new");
    ScriptedPeer slow(site.server());
    const QByteArray request = site.request("PUT", "/new", {}, "slow");
    slow.send(request.chopped(2)).readUntilQuiet();
    QCOMPARE(site.status("PUT", "/new", {}, "quick"), 201);
    QCOMPARE(slow.send(request.last(2)).readAnswer().status, 409);
    QCOMPARE(site.read("new"), QByteArray("quick"));
    QCOMPARE(site.names(), (QStringList{"folder", "new", "old.txt"}));
}

void TestVisitorUploads::refusesChangesFromOtherSites_data() {
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<bool>("isRefused");
    const auto row = [](const char *title, const char *fields, bool isRefused) {
        QTest::newRow(title) << QByteArray(fields) << isRefused;
    };
    row("a program", "", false);
    row("its own page", "Origin: http://HOST\r\nSec-Fetch-Site: same-origin\r\n", false);
    row("its own page in an old browser", "Origin: http://HOST\r\n", false);
    row("typed by the visitor", "Sec-Fetch-Site: none\r\n", false);
    row("a site that cors_origins names", "Origin: https://friend.example\r\nSec-Fetch-Site: cross-site\r\n", false);
    row("another site", "Origin: http://evil.example\r\n", true);
    row("another port", "Origin: http://127.0.0.1:1\r\n", true);
    row("another scheme", "Origin: https://HOST\r\n", true);
    row("a name that begins alike", "Origin: http://HOST.evil.example\r\n", true);
    row("nobody", "Origin: null\r\n", true);
    row("an empty origin", "Origin:\r\n", true);
    row("two origins", "Origin: http://HOST\r\nOrigin: http://evil.example\r\n", true);
    row("across sites", "Sec-Fetch-Site: cross-site\r\n", true);
    row("across sites, with our name", "Origin: http://HOST\r\nSec-Fetch-Site: cross-site\r\n", true);
    row("from a sibling", "Sec-Fetch-Site: same-site\r\n", true);
    row("a new word", "Sec-Fetch-Site: quite-near\r\n", true);
}

void TestVisitorUploads::refusesChangesFromOtherSites() {
    UploadSite site("replace");
    site.server().set("cors_origins", "https://friend.example");
    QFETCH(QByteArray, fields);
    QFETCH(bool, isRefused);
    fields.replace("HOST", site.host());
    const auto isOk = [&](int status) { return isRefused ? status == 403 : status >= 200 && status < 400; };
    QVERIFY(isOk(site.status("PUT", "/new", fields, "new")));
    QVERIFY(isOk(site.status("PUT", "/piece", fields + "Content-Range: bytes 0-2/3\r\n", "new")));
    QVERIFY(isOk(site.status("PUT", "/long", fields, QByteArray(200'000, 'x'))));
    QVERIFY(isOk(site.status("MKCOL", "/made/", fields)));
    QVERIFY(isOk(site.status("MOVE", "/old.txt", fields + "Destination: /moved.txt\r\n")));
    QVERIFY(isOk(site.status("DELETE", "/folder", fields)));
    QVERIFY(isOk(site.postFields("/", "action=makefolder&name=posted", fields).status));
    QVERIFY(isOk(site.post("/", site.part("name=action", "upload") + site.filePart("f", "x"), fields).status));
    if (isRefused) QCOMPARE(site.names(), (QStringList{"folder", "old.txt"}));
    QCOMPARE(site.status("GET", "/", fields), 200);
}

// For `*` everybody may read; nobody was named who may write. And where somebody else decrypts only a browser can tell that the page is ours.
void TestVisitorUploads::takesNoOriginForItsOwnBehindAProxyAlone() {
    UploadSite site("new");
    site.server().set("cors_origins", "*");
    QCOMPARE(site.status("PUT", "/a", "Origin: http://evil.example\r\n", "a"), 403);
    QCOMPARE(site.status("PUT", "/a", "Origin: https://" + site.host() + "\r\nSec-Fetch-Site: same-origin\r\n", "a"), 201);
    QCOMPARE(site.status("PUT", "/b", "Origin: https://evil.example\r\nSec-Fetch-Site: same-origin\r\n", "b"), 403);
}

void TestVisitorUploads::asksForThePasswordOfTheFolder() {
    UploadSite site("replace");
    site.files().write("folder/.htpasswd", passwordLine("ana", "home", "secret"));
    QCOMPARE(site.status("PUT", "/open.txt", {}, "x"), 201);
    for (const char *method : {"PUT", "MKCOL", "DELETE"}) QCOMPARE(site.status(method, "/folder/in.txt", {}, ""), 401);
    QCOMPARE(site.status("PUT", "/folder/p", "Content-Range: bytes 0-0/2\r\n", "x"), 401);
    QCOMPARE(site.status("MOVE", "/folder/in.txt", "Destination: /stolen.txt\r\n"), 401);
    QCOMPARE(site.postFields("/folder/", "action=delete&name=in.txt").status, 401);
    QCOMPARE(site.postFields("/", "action=rename&name=folder&to=other").status, 401);
    QCOMPARE(site.names("folder"), (QStringList{".htpasswd", "in.txt"}));
    QCOMPARE(site.sayAsAna("PUT", "/folder/in.txt", {}, "by ana").status, 204);
    QCOMPARE(site.sayAsAna("PUT", "/folder/p", "Content-Range: bytes 0-0/2\r\nUpload-Id: abcdefgh\r\n", "x").status, 202);
    // What is hers nobody else goes on with.
    const QByteArray asking = "Content-Range: bytes */2\r\nUpload-Id: abcdefgh\r\n";
    QCOMPARE(site.sayAsAna("PUT", "/folder/p", asking).field("Upload-Offset"), QByteArray("1"));
    site.files().remove("folder/.htpasswd");
    QCOMPARE(site.say("PUT", "/folder/p", asking).field("Upload-Offset"), QByteArray("0"));
}

void TestVisitorUploads::asksForThePasswordOfBothEndsOfAMove() {
    UploadSite site("replace");
    site.files().write("folder/.htpasswd", passwordLine("ana", "home", "secret"));
    QCOMPARE(site.status("MOVE", "/old.txt", "Destination: /folder/new.txt\r\n"), 401);
    QCOMPARE(site.postFields("/", "action=move&name=old.txt&to=/folder/").status, 401);
    QVERIFY(QFile::link(site.files().path("folder"), site.files().path("link")));
    QCOMPARE(site.status("MOVE", "/old.txt", "Destination: /link/new.txt\r\n"), 401);
    QCOMPARE(site.status("PUT", "/link/new.txt", {}, "x"), 401);
    QCOMPARE(site.status("DELETE", "/link/in.txt"), 401);
    QCOMPARE(site.postFiles("/link/", site.filePart("f", "x")).status, 401);
    QCOMPARE(site.sayAsAna("MOVE", "/old.txt", "Destination: /folder/new.txt\r\n").status, 201);
    QCOMPARE(site.read("folder/new.txt"), QByteArray("old"));
}

void TestVisitorUploads::keepsToWebDavsPasswordWhereThereIsOne() {
    UploadSite site("new");
    TemporarySite keys;
    keys.write("dav", passwordLine("ana", "home", "secret"));
    site.server().set("dav_auth_file", keys.path("dav").toUtf8());
    QCOMPARE(site.status("PUT", "/new", {}, "new"), 401);
    QCOMPARE(site.status("PUT", "/new", "Content-Range: bytes 0-2/3\r\n", "new"), 401);
    QCOMPARE(site.postFields("/", "action=makefolder&name=a").status, 401);
    QCOMPARE(site.postFiles("/", site.filePart("f", "x")).status, 401);
    QCOMPARE(site.names(), (QStringList{"folder", "old.txt"}));
    QCOMPARE(site.sayAsAna("PUT", "/old.txt", {}, "newer").status, 204);
    QCOMPARE(site.sayAsAna("COPY", "/old.txt", "Destination: /copy\r\n").status, 201);
    QCOMPARE(site.sayAsAna("DELETE", "/copy").status, 204);
    QCOMPARE(site.sayAsAna("POST", "/", "Content-Type: application/x-www-form-urlencoded\r\n", "action=makefolder&name=a").status,
             303);
}

// A handler that answers gets what is posted as ever; what it declines is a form.
void TestVisitorUploads::asksTheProgramFirst() {
    QList<int> lengths;
    UploadSite site("new", [&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event != MG_REQUEST) return MG_FALSE;
        lengths.append(static_cast<int>(connection->content_len));
        if (QByteArray(connection->uri) != "/") return MG_FALSE;
        mg_printf_data(connection, "mine");
        return MG_TRUE;
    });
    site.server().set("max_request_body_bytes", "2000");
    const QByteArray small = site.filePart("small", QByteArray(1000, 's')), large = site.filePart("large", QByteArray(5000, 'l'));
    QCOMPARE(site.postFiles("/", small).body, QByteArray("mine"));
    QCOMPARE(site.postFiles("/", large).body, QByteArray("mine"));
    QCOMPARE(site.postFields("/", "action=makefolder&name=a").body, QByteArray("mine"));
    QCOMPARE(site.names(), (QStringList{"folder", "old.txt"}));
    lengths.clear();
    QCOMPARE(site.postFiles("/folder/", small).status, 303);
    QCOMPARE(site.postFiles("/folder/", large).status, 303);
    QCOMPARE(site.status("PUT", "/folder/piece", "Content-Range: bytes 0-4999/5000\r\n", QByteArray(5000, 'p')), 201);
    QVERIFY(lengths.size() == 3 && lengths[0] > 1000 && lengths[1] == 0 && lengths[2] == 0);
    QCOMPARE(site.names("folder"), (QStringList{"in.txt", "large", "piece", "small"}));
    QCOMPARE(site.read("folder/large"), QByteArray(5000, 'l'));
}

void TestVisitorUploads::leavesScriptsTheirRequests() {
    UploadSite site("replace");
    site.files().write("script/index.cgi",
                       "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\necho $REQUEST_METHOD\ncat\n");
    QFile::setPermissions(site.files().path("script/index.cgi"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QCOMPARE(site.postFields("/script/", "a=b").body, QByteArray("POST\na=b"));
    QCOMPARE(site.say("PUT", "/script/index.cgi", {}, "text").body, QByteArray("PUT\ntext"));
    QCOMPARE(site.say("PUT", "/script/index.cgi/more", {}, "text").body, QByteArray("PUT\ntext"));
    QCOMPARE(site.names("script"), QStringList{"index.cgi"});
}

void TestVisitorUploads::hidesWhatIsHidden_data() {
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {".htpasswd", ".HTPASSWD", ".htpasswd~", ".meerkat-upload-x", ".meerkat-properties", "secret.bak"})
        QTest::newRow(name) << QByteArray(name);
}

void TestVisitorUploads::hidesWhatIsHidden() {
    QFETCH(QByteArray, name);
    UploadSite site("replace");
    site.server().set("hide_files_patterns", "**.bak$");
    QCOMPARE(site.status("PUT", "/" + name, {}, "x"), 404);
    QCOMPARE(site.status("PUT", "/" + name, "Content-Range: bytes 0-0/2\r\n", "x"), 404);
    QCOMPARE(site.status("MKCOL", "/" + name + "/"), 404);
    QCOMPARE(site.status("MOVE", "/old.txt", "Destination: /" + name + "\r\n"), 404);
    QCOMPARE(site.status("DELETE", "/" + name, "Upload-Id: abcdefgh\r\n"), 404);
    QCOMPARE(site.postFiles("/", site.filePart(name, "x")).status, 409);
    QVERIFY(site.postFields("/", "action=rename&name=old.txt&to=" + name).status >= 400);
    QVERIFY(site.postFields("/", "action=makefolder&name=" + name).status >= 400);
    QCOMPARE(site.names(), (QStringList{"folder", "old.txt"}));
}

void TestVisitorUploads::tellsErrorsInJson() {
    UploadSite site("new");
    const Answer answer = site.say("PUT", "/old.txt", "Accept: application/json\r\n", "x");
    QCOMPARE(answer.status, 409);
    QCOMPARE(answer.field("Content-Type"), QByteArray("application/json"));
    QCOMPARE(answer.body, QByteArray("{\"error\":\"Something with this name is there already.\"}\n"));
    QCOMPARE(site.say("DELETE", "/old.txt", "Accept: application/json\r\n").body,
             QByteArray("{\"error\":\"Things may be added here, but nothing that is there may be changed.\"}\n"));
    const Answer page = site.say("PUT", "/old.txt", "Accept: text/html,*/*\r\n", "x");
    QCOMPARE(page.field("Content-Type"), QByteArray("text/html; charset=utf-8"));
    QCOMPARE(sentenceOf(page), QByteArray("Something with this name is there already."));
    // A job that goes on in later passes answers in the same way.
    site.server().set("upload", "replace");
    QVERIFY(site.say("DELETE", "/none", "Accept: application/json\r\n").body.startsWith("{\"error\":"));
}

QTEST_GUILESS_MAIN(TestVisitorUploads)
#include "tst_visitor_uploads.moc"
