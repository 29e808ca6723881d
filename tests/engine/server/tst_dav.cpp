// Station: tests of WebDAV over real sockets: each method, what it answers, and what is on the disk afterwards. RFC 4918.
#include "support/dav_client.h"

#include <QTest>

using namespace meerkat::test;

class TestDav : public QObject {
    Q_OBJECT

  private slots:
    void tellsWhatItCan();
    void makesFolders();
    void refusesFolders_data();
    void refusesFolders();
    void removesFilesAndFolders();
    void copies();
    void moves();
    void refusesTransfers_data();
    void refusesTransfers();
    void honoursConditions_data();
    void honoursConditions();
    void asksTheHandlerFirst();
    void tellsTheHandlerOfErrors();
    void letsReadOnlySharesBeMounted();
    void tellsTheObserverOfLongWork();
};

void TestDav::tellsWhatItCan() {
    DavSite site;
    const Answer answer = ask(site.server(), "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.field("DAV"), QByteArray("1, 2, 3"));
    QCOMPARE(answer.field("MS-Author-Via"), QByteArray("DAV"));
    QCOMPARE(answer.field("Allow"),
             QByteArray("GET, HEAD, OPTIONS, PROPFIND, PROPPATCH, PUT, DELETE, MKCOL, COPY, MOVE, LOCK, UNLOCK"));
    QCOMPARE(ask(site.server(), "PATCH / HTTP/1.1\r\nHost: a\r\n\r\n").status, 401);
    QCOMPARE(DavClient(site.server()).say("PATCH", "/").field("Allow"), answer.field("Allow"));
}

// ---- folders and files ----

void TestDav::makesFolders() {
    DavSite site;
    DavClient client(site.server());
    QCOMPARE(client.status("MKCOL", "/new/"), 201);
    QCOMPARE(client.status("MKCOL", "/new/er%20one"), 201);
    QVERIFY(QFileInfo(site.files().path("new/er one")).isDir());
}

void TestDav::refusesFolders_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::newRow("one that is there") << QByteArray("/folder") << QByteArray() << 405;
    QTest::newRow("a file") << QByteArray("/f.txt") << QByteArray() << 405;
    QTest::newRow("the root") << QByteArray("/") << QByteArray() << 405;
    QTest::newRow("in no folder") << QByteArray("/no/new") << QByteArray() << 409;
    QTest::newRow("in a file") << QByteArray("/f.txt/new") << QByteArray() << 409;
    QTest::newRow("with a body") << QByteArray("/new") << QByteArray("<x/>") << 415;
    QTest::newRow("hidden") << QByteArray("/.htpasswd") << QByteArray() << 404;
    QTest::newRow("the engine's") << QByteArray("/.meerkat/x") << QByteArray() << 404;
    QTest::newRow("above") << QByteArray("/../x") << QByteArray() << 400;
}

void TestDav::refusesFolders() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    DavSite site;
    site.files().makeFolder("folder");
    site.files().write("f.txt", "f");
    QTEST(DavClient(site.server()).status("MKCOL", target, {}, body), "status");
    QCOMPARE(site.names(), (QStringList{"f.txt", "folder"}));
}

void TestDav::removesFilesAndFolders() {
    DavSite site;
    site.files().write("f.txt", "f");
    site.files().write("d/e/g.txt", "g");
    site.files().write("kept/.htpasswd", "x");
    site.files().write("kept/a.txt", "a");
    for (int i = 0; i < 3000; ++i) site.files().write(QString("many/%1/%2").arg(i % 30).arg(i), "x");
    DavClient client(site.server());
    QCOMPARE(client.status("DELETE", "/f.txt"), 204);
    QCOMPARE(client.status("DELETE", "/d", "Depth: 0\r\n"), 400);
    QCOMPARE(client.status("DELETE", "/d/"), 204);
    QCOMPARE(client.status("DELETE", "/none"), 404);
    QCOMPARE(client.status("DELETE", "/"), 403);
    // What nobody may see does not vanish with its folder, nor is half of that removed.
    QCOMPARE(client.status("DELETE", "/kept"), 403);
    QCOMPARE(site.names("kept"), (QStringList{".htpasswd", "a.txt"}));
    QCOMPARE(client.status("DELETE", "/many"), 204);
    QCOMPARE(site.names(), QStringList{"kept"});
}

void TestDav::copies() {
    DavSite site;
    site.files().write("f.txt", "f");
    site.files().write("old.txt", "old");
    site.files().write("d/a.txt", "a");
    site.files().write("d/e/b.txt", "b");
    site.files().write("d/.htpasswd~", "hidden");
    site.files().write("taken/c.txt", "c");
    const QByteArray large = QByteArray("0123456789").repeated(200'000);
    site.files().write("large", large);
    DavClient client(site.server());
    QCOMPARE(client.status("COPY", "/f.txt", "Destination: /g.txt\r\n"), 201);
    QCOMPARE(client.status("COPY", "/f.txt", "Destination: http://A:80/old.txt\r\n"), 204);
    QCOMPARE(site.read("g.txt") + site.read("old.txt") + site.read("f.txt"), QByteArray("fff"));
    QCOMPARE(client.status("COPY", "/large", "Destination: /larger\r\n"), 201);
    QVERIFY(site.read("larger") == large);
    QCOMPARE(client.status("COPY", "/d/", "Destination: /flat/\r\nDepth: 0\r\n"), 201);
    QCOMPARE(site.names("flat"), QStringList());
    QCOMPARE(client.status("COPY", "/d", "Destination: /deep\r\n"), 201);
    QCOMPARE(site.names("deep"), (QStringList{"a.txt", "e"}));
    QCOMPARE(site.read("deep/e/b.txt"), QByteArray("b"));
    // A folder in place of a folder, a file in place of one, and the other way round.
    QCOMPARE(client.status("COPY", "/d", "Destination: /taken\r\n"), 204);
    QCOMPARE(site.names("taken"), (QStringList{"a.txt", "e"}));
    QCOMPARE(client.status("COPY", "/f.txt", "Destination: /taken\r\n"), 204);
    QCOMPARE(site.read("taken"), QByteArray("f"));
    QCOMPARE(client.status("COPY", "/d", "Destination: /taken\r\n"), 204);
    QCOMPARE(site.read("taken/a.txt"), QByteArray("a"));
    QCOMPARE(site.names(), (QStringList{"d", "deep", "f.txt", "flat", "g.txt", "large", "larger", "old.txt", "taken"}));
}

void TestDav::moves() {
    DavSite site;
    site.files().write("f.txt", "f");
    site.files().write("old.txt", "old");
    site.files().write("d/a.txt", "a");
    site.files().write("d/.htpasswd", passwordLine("ana", "home", "secret"));
    site.files().write("taken/c.txt", "c");
    DavClient client(site.server());
    QCOMPARE(client.status("MOVE", "/f.txt", "Destination: /g.txt\r\n"), 201);
    QCOMPARE(client.status("MOVE", "/g.txt", "Destination: /old.txt\r\n"), 204);
    QCOMPARE(site.read("old.txt"), QByteArray("f"));
    // The guard of a folder goes where the folder goes.
    QCOMPARE(client.status("MOVE", "/d", "Destination: /taken\r\n"), 204);
    QCOMPARE(site.names("taken"), (QStringList{".htpasswd", "a.txt"}));
    QCOMPARE(client.status("MOVE", "/old.txt", "Destination: /taken\r\n"), 403);
    site.files().makeFolder("plain");
    QCOMPARE(client.status("MOVE", "/old.txt", "Destination: /plain\r\n"), 204);
    QCOMPARE(site.read("plain"), QByteArray("f"));
    QCOMPARE(site.names(), (QStringList{"plain", "taken"}));
}

void TestDav::refusesTransfers_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *method, const char *target, const char *fields, int status) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(fields) << status;
    };
    row("nowhere", "COPY", "/f.txt", "", 400);
    row("two places", "COPY", "/f.txt", "Destination: /x\r\nDestination: /y\r\n", 400);
    row("no place", "COPY", "/f.txt", "Destination: x\r\n", 400);
    row("another server", "COPY", "/f.txt", "Destination: http://b/x\r\n", 502);
    row("another port", "COPY", "/f.txt", "Destination: http://a:8080/x\r\n", 502);
    row("above", "MOVE", "/f.txt", "Destination: /../x\r\n", 400);
    row("nothing", "MOVE", "/none", "Destination: /x\r\n", 404);
    row("onto itself", "MOVE", "/f.txt", "Destination: /f.txt\r\n", 403);
    row("onto itself, written in another way", "COPY", "/d/", "Destination: /x/../d\r\n", 403);
    row("into itself", "MOVE", "/d", "Destination: /d/e\r\n", 409);
    row("onto what it stands in", "MOVE", "/d/a.txt", "Destination: /d\r\n", 409);
    row("the root", "MOVE", "/", "Destination: /x\r\n", 403);
    row("the root into itself", "COPY", "/", "Destination: /x\r\n", 409);
    row("onto the root", "COPY", "/d", "Destination: /\r\n", 403);
    row("into no folder", "COPY", "/f.txt", "Destination: /no/x\r\n", 409);
    row("not over it", "COPY", "/f.txt", "Destination: /d\r\nOverwrite: F\r\n", 412);
    row("perhaps over it", "COPY", "/f.txt", "Destination: /d\r\nOverwrite: X\r\n", 400);
    row("onto what is hidden", "MOVE", "/f.txt", "Destination: /.htpasswd\r\n", 403);
    row("over what holds something hidden", "COPY", "/f.txt", "Destination: /kept\r\n", 403);
    row("from what is hidden", "MOVE", "/kept/.htpasswd", "Destination: /x\r\n", 404);
    row("out of what others read", "COPY", "/kept/a.txt", "Destination: /x\r\n", 401);
    row("what others read", "COPY", "/kept", "Destination: /x\r\n", 401);
    row("one deep", "COPY", "/d", "Destination: /x\r\nDepth: 1\r\n", 400);
    row("a part", "MOVE", "/d", "Destination: /x\r\nDepth: 0\r\n", 400);
}

void TestDav::refusesTransfers() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, fields);
    DavSite site;
    site.files().write("f.txt", "f");
    site.files().write("d/a.txt", "a");
    site.files().write("kept/.htpasswd", passwordLine("zoe", "home", "x"));
    site.files().write("kept/a.txt", "a");
    QTEST(DavClient(site.server()).status(method, target, fields), "status");
    QCOMPARE(site.names(), (QStringList{"d", "f.txt", "kept"}));
    QCOMPARE(site.names("kept"), (QStringList{".htpasswd", "a.txt"}));
    QCOMPARE(site.read("f.txt"), QByteArray("f"));
    QCOMPARE(site.names("d"), QStringList{"a.txt"});
}

void TestDav::honoursConditions_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    QTest::newRow("the right tag") << QByteArray("DELETE") << QByteArray("If: ([TAG])\r\n") << 204;
    QTest::newRow("a wrong tag") << QByteArray("DELETE") << QByteArray("If: ([\"x\"])\r\n") << 412;
    QTest::newRow("not a wrong tag") << QByteArray("DELETE") << QByteArray("If: (Not [\"x\"])\r\n") << 204;
    QTest::newRow("one list of two") << QByteArray("DELETE") << QByteArray("If: ([\"x\"]) ([TAG])\r\n") << 204;
    QTest::newRow("a token of no lock") << QByteArray("DELETE") << QByteArray("If: (<urn:x>)\r\n") << 412;
    QTest::newRow("not the token of no lock") << QByteArray("DELETE") << QByteArray("If: (Not <DAV:no-lock>)\r\n") << 204;
    QTest::newRow("the tag of another") << QByteArray("DELETE") << QByteArray("If: </g.txt> ([TAG])\r\n") << 412;
    QTest::newRow("the tag by its URL") << QByteArray("DELETE") << QByteArray("If: <http://a/f.txt> ([TAG])\r\n") << 204;
    QTest::newRow("another server's") << QByteArray("DELETE") << QByteArray("If: <http://b/f.txt> ([TAG])\r\n") << 412;
    QTest::newRow("no grammar") << QByteArray("DELETE") << QByteArray("If: TAG\r\n") << 400;
    QTest::newRow("put, a wrong tag") << QByteArray("PUT") << QByteArray("If: ([\"x\"])\r\n") << 412;
    QTest::newRow("put, the right tag") << QByteArray("PUT") << QByteArray("If: ([TAG])\r\n") << 204;
    QTest::newRow("get, a wrong tag") << QByteArray("GET") << QByteArray("If: ([\"x\"])\r\n") << 412;
    QTest::newRow("properties, a wrong tag") << QByteArray("PROPFIND") << QByteArray("Depth: 0\r\nIf: ([\"x\"])\r\n") << 412;
    QTest::newRow("HTTP's own") << QByteArray("DELETE") << QByteArray("If-Match: \"x\"\r\n") << 412;
    QTest::newRow("HTTP's own, that holds") << QByteArray("DELETE") << QByteArray("If-Match: TAG\r\n") << 204;
}

void TestDav::honoursConditions() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, fields);
    DavSite site;
    site.files().write("f.txt", "f");
    site.files().write("g.txt", "other");
    DavClient client(site.server());
    const QByteArray tag = client.say("GET", "/f.txt").field("ETag");
    QTEST(client.status(method, "/f.txt", fields.replace("TAG", tag)), "status");
}

// ---- the program ----

void TestDav::asksTheHandlerFirst() {
    QList<QByteArray> seen;
    DavSite site([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event != MG_REQUEST) return MG_FALSE;
        seen.append(QByteArray(connection->request_method) + " " + connection->uri + " " +
                    QByteArray::number(int(connection->content_len)));
        if (QByteArray(connection->uri) != "/mine") return MG_FALSE;
        mg_send_status(connection, 299);
        return MG_TRUE;
    });
    site.files().makeFolder("d");
    DavClient client(site.server());
    QCOMPARE(client.status("MKCOL", "/mine"), 299);
    QCOMPARE(client.status("PROPFIND", "/d", "Depth: 0\r\n", QByteArray("<D:propfind xmlns:D='DAV:'><D:propname/></D:propfind>")),
             207);
    QVERIFY(seen.contains("PROPFIND /d " +
                          QByteArray::number(QByteArray("<D:propfind xmlns:D='DAV:'><D:propname/></D:propfind>").size())));
    QCOMPARE(client.status("MOVE", "/d", "Destination: /e\r\n"), 201);
    QCOMPARE(seen.last(), QByteArray("MOVE /d 0"));
}

void TestDav::tellsTheHandlerOfErrors() {
    QList<int> errors;
    DavSite site([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_HTTP_ERROR) errors.append(connection->status_code);
        return event == MG_AUTH;
    });
    site.files().write("f.txt", "f");
    DavClient client(site.server());
    QVERIFY(!client.lock("/f.txt").isEmpty());
    errors.clear();
    QCOMPARE(client.status("DELETE", "/f.txt"), 423);
    QCOMPARE(client.status("MKCOL", "/no/no"), 409);
    // One that comes passes later, too.
    for (int i = 0; i < 4000; ++i) site.files().write(QString("many/%1/%2").arg(i % 20).arg(i), "x");
    for (int i = 0; i < 20; ++i) site.files().write(QString("many/%1/last/.htpasswd").arg(i), "x");
    QCOMPARE(client.status("DELETE", "/many"), 403);
    QCOMPARE(site.names("many").size(), 20);
    QCOMPARE(errors, (QList<int>{423, 409, 403}));
}

void TestDav::letsReadOnlySharesBeMounted() {
    DavSite site;
    site.files().write("d/f.txt", "f");
    site.server().set("dav_auth_file", "");
    const Answer options = ask(site.server(), "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(options.field("DAV"), QByteArray("1"));
    QVERIFY(options.field("MS-Author-Via").isNull());
    QCOMPARE(options.field("Allow"), QByteArray("GET, HEAD, OPTIONS, PROPFIND"));
    const Answer answer = ask(site.server(), "PROPFIND /d/ HTTP/1.1\r\nHost: a\r\nDepth: 1\r\n\r\n");
    QCOMPARE(answer.status, 207);
    QVERIFY(answer.body.contains("<D:href>/d/f.txt</D:href>") && answer.body.contains("<D:supportedlock/>"));
    for (const QByteArray method : {"PUT", "DELETE", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "PROPPATCH"}) {
        const Answer refused = ask(site.server(), method + " /d/f.txt HTTP/1.1\r\nHost: a\r\nDestination: /x\r\n\r\n");
        QCOMPARE(refused.status, 405);
        QCOMPARE(refused.field("Allow"), options.field("Allow"));
    }
}

// Work that takes longer than a pass holds up nobody, and is told when it is done.
void TestDav::tellsTheObserverOfLongWork() {
    DavSite site;
    for (int i = 0; i < 4000; ++i) site.files().write(QString("many/%1/%2").arg(i % 20).arg(i), "x");
    QList<QByteArray> seen;
    const mg_observer observer{[](void *param, const mg_observation *what) {
                                   if (what->kind != MG_OBSERVED_REQUEST) return;
                                   static_cast<QList<QByteArray> *>(param)->append(QByteArray(what->method) + " " + what->target +
                                                                                   " " + QByteArray::number(what->status) + " " +
                                                                                   what->user);
                               },
                               &seen};
    DavClient client(site.server());
    const QByteArray request = client.request("COPY", "/many", "Destination: /more\r\n");
    mg_set_observer(site.server().get(), &observer);
    ScriptedPeer peer(site.server());
    peer.send(request);
    QVERIFY(!peer.hasBytesWaiting());
    QCOMPARE(ask(site.server(), "GET /many/3/3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").body, QByteArray("x"));
    // Until it is whole, nobody sees it.
    QCOMPARE(client.status("GET", "/more/3/3"), 404);
    QCOMPARE(peer.readAnswer().status, 201);
    QCOMPARE(site.read("more/19/3999"), QByteArray("x"));
    QVERIFY(seen.contains("COPY /many 201 ana"));
    // Who leaves does not stop it.
    const QByteArray removal = client.request("DELETE", "/many");
    {
        ScriptedPeer leaving(site.server());
        leaving.send(removal);
    }
    QVERIFY(site.server().pollUntil([&] { return !site.names().contains("many"); }));
    QCOMPARE(site.names(), QStringList{"more"});
}

QTEST_GUILESS_MAIN(TestDav)
#include "tst_dav.moc"
