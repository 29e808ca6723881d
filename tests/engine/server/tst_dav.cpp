// Station: tests of WebDAV over real sockets: each method, what it answers, and what is on the disk afterwards. RFC 4918.
#include "support/dav_client.h"

#include <QTest>
#include <QXmlStreamReader>

using namespace meerkat::test;

class TestDav : public QObject {
    Q_OBJECT

  private slots:
    void tellsWhatItCan();
    void tellsTheSameBytes();
    void tellsTheProperties_data();
    void tellsTheProperties();
    void tellsAsDeepAsAsked();
    void tellsTheQuotaToWhoAsks();
    void tellsNamesThatAreMarkup();
    void streamsALargeFolder();
    void keepsProperties();
    void keepsPropertiesOfAnyShape_data();
    void keepsPropertiesOfAnyShape();
    void setsAllPropertiesOrNone();
    void takesPropertiesAlong();
    void beginsAnewUnderAnOldName();
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
    void refusesBodies_data();
    void refusesBodies();
    void asksTheHandlerFirst();
    void tellsTheHandlerOfErrors();
    void letsReadOnlySharesBeMounted();
    void tellsTheObserverOfLongWork();
};

namespace {

QByteArray propfind(const QByteArray &inner) { return "<D:propfind xmlns:D='DAV:'>" + inner + "</D:propfind>"; }

bool isXml(const QByteArray &text) {
    QXmlStreamReader reader(text);
    while (!reader.atEnd()) reader.readNext();
    return !reader.hasError();
}

}  // namespace

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

void TestDav::tellsTheSameBytes() {
    DavSite site;
    site.files().write("a b.txt", "hello");
    site.files().setModified("a b.txt", QDateTime(QDate(2020, 1, 2), QTime(3, 4, 5), Qt::UTC));
    const QByteArray body = propfind("<D:prop><D:getcontentlength/><D:getlastmodified/><D:getcontenttype/><D:nothing/>"
                                     "<x xmlns='u:&amp;'/></D:prop>");
    const Answer answer = DavClient(site.server()).say("PROPFIND", "/a%20b.txt", "Depth: 0\r\n", body);
    QCOMPARE(answer.status, 207);
    QCOMPARE(answer.field("Content-Type"), QByteArray("application/xml; charset=utf-8"));
    QCOMPARE(
        answer.body,
        QByteArray("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus xmlns:D=\"DAV:\">\n"
                   "<D:response><D:href>/a%20b.txt</D:href><D:propstat><D:prop><D:getcontentlength>5</D:getcontentlength>"
                   "<D:getcontenttype>text/plain; charset=utf-8</D:getcontenttype>"
                   "<D:getlastmodified>Thu, 02 Jan 2020 03:04:05 GMT</D:getlastmodified></D:prop>"
                   "<D:status>HTTP/1.1 200 OK</D:status></D:propstat><D:propstat><D:prop><D:nothing/>"
                   "<x:x xmlns:x=\"u:&amp;\"/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat></D:response>\n"
                   "</D:multistatus>\n"));
}

void TestDav::tellsTheProperties_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QList<QByteArray>>("wanted");
    QTest::addColumn<QList<QByteArray>>("unwanted");
    using List = QList<QByteArray>;
    const List all{"<D:creationdate>20",    "<D:displayname>f.txt</D:displayname>",  "<D:getetag>&quot;",
                   "<D:resourcetype/>",     "<D:lockentry><D:lockscope><D:shared/>", "<D:lockdiscovery/>",
                   "<D:getcontentlength>4<"};
    QTest::newRow("no body") << QByteArray("/f.txt") << QByteArray() << all << List{"quota", "404 Not Found"};
    QTest::newRow("all") << QByteArray("/f.txt") << propfind("<D:allprop/>") << all << List{"quota", "404 Not Found"};
    QTest::newRow("all and more") << QByteArray("/") << propfind("<D:allprop/><D:include><D:quota-used-bytes/></D:include>")
                                  << List{"<D:quota-used-bytes>", "<D:resourcetype><D:collection/></D:resourcetype>"}
                                  << List{"quota-available", "404 Not Found", "getcontentlength"};
    QTest::newRow("names") << QByteArray("/f.txt") << propfind("<D:propname/>")
                           << List{"<D:getetag/>", "<D:creationdate/>", "<D:getcontentlength/>"} << List{"<D:getetag>", "quota"};
    QTest::newRow("names of a folder") << QByteArray("/") << propfind("<D:propname/>") << List{"<D:resourcetype/>"}
                                       << List{"getetag", "getcontentlength"};
}

void TestDav::tellsTheProperties() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(QList<QByteArray>, wanted);
    QFETCH(QList<QByteArray>, unwanted);
    DavSite site;
    site.files().write("f.txt", "four");
    const Answer answer = DavClient(site.server()).say("PROPFIND", target, "Depth: 0\r\n", body);
    QCOMPARE(answer.status, 207);
    QVERIFY(isXml(answer.body));
    for (const QByteArray &part : wanted) QVERIFY2(answer.body.contains(part), part + " in " + answer.body);
    for (const QByteArray &part : unwanted) QVERIFY2(!answer.body.contains(part), part + " in " + answer.body);
}

void TestDav::tellsAsDeepAsAsked() {
    DavSite site;
    site.files().write("a/b/c.txt", "c");
    site.files().write("a/d.txt", "d");
    site.files().write(".htpasswd~", "x");
    site.files().write("a/kept/.htpasswd", passwordLine("zoe", "home", "x"));
    site.files().write("a/kept/secret.txt", "s");
    DavClient client(site.server());
    QCOMPARE(client.hrefs("/a", "0"), QStringList{"/a/"});
    QCOMPARE(client.hrefs("/a/", "1"), (QStringList{"/a/", "/a/b/", "/a/d.txt", "/a/kept/"}));
    // What has readers of its own is not gone into.
    QCOMPARE(client.hrefs("/", "infinity"), (QStringList{"/", "/a/", "/a/b/", "/a/b/c.txt", "/a/d.txt", "/a/kept/"}));
    QCOMPARE(client.status("PROPFIND", "/a/kept/", "Depth: 1\r\n"), 401);
    QCOMPARE(client.status("PROPFIND", "/a/d.txt/", "Depth: 0\r\n"), 404);
    QCOMPARE(client.status("PROPFIND", "/none", "Depth: 0\r\n"), 404);
    QCOMPARE(client.status("PROPFIND", "/", "Depth: 2\r\n"), 400);
    site.server().set("enable_directory_listing", "no");
    QCOMPARE(client.status("PROPFIND", "/", "Depth: 1\r\n"), 403);
    QCOMPARE(client.status("PROPFIND", "/", "Depth: 0\r\n"), 207);
}

void TestDav::tellsTheQuotaToWhoAsks() {
    DavSite site;
    const QByteArray body = propfind("<D:prop><D:quota-available-bytes/><D:quota-used-bytes/></D:prop>");
    const QByteArray answer = DavClient(site.server()).say("PROPFIND", "/", "Depth: 0\r\n", body).body;
    const QRegularExpression number("<D:quota-available-bytes>(\\d+)</D:quota-available-bytes><D:quota-used-bytes>(\\d+)<");
    const auto match = number.match(answer);
    QVERIFY2(match.hasMatch(), answer);
    QVERIFY(match.captured(1).toULongLong() > 0 && match.captured(2).toULongLong() > 0);
}

void TestDav::tellsNamesThatAreMarkup() {
    DavSite site;
    const QString name = QString::fromUtf8("<b>&\"' \xF0\x9F\xA6\xA6.txt");
    site.files().write(name, "x");
    const Answer answer = DavClient(site.server()).say("PROPFIND", "/", "Depth: 1\r\n");
    QVERIFY(isXml(answer.body));
    QVERIFY(answer.body.contains("<D:href>/%3Cb%3E%26%22%27%20%F0%9F%A6%A6.txt</D:href>"));
    QVERIFY(answer.body.contains("<D:displayname>&lt;b&gt;&amp;&quot;' \xF0\x9F\xA6\xA6.txt</D:displayname>"));
}

// What the client has not taken is not made: the memory is that of a part.
void TestDav::streamsALargeFolder() {
    DavSite site;
    constexpr int kFiles = 6000;
    for (int i = 0; i < kFiles; ++i) site.files().write(QString("file-with-a-long-name-%1.txt").arg(i), {});
    ScriptedPeer peer(site.server(), 4096);
    peer.send("PROPFIND / HTTP/1.1\r\nHost: a\r\nDepth: 1\r\n\r\n");
    size_t mostWaiting = 0;
    for (int i = 0; i < 50; ++i) {
        site.server().poll(1);
        mg_iterate_over_connections(
            site.server().get(),
            [](mg_connection *connection, mg_event) -> int {
                auto *most = static_cast<size_t *>(connection->callback_param);
                *most = std::max(*most, mg_pending_bytes(connection));
                return MG_TRUE;
            },
            &mostWaiting);
    }
    QVERIFY2(mostWaiting < 100'000, QByteArray::number(qulonglong(mostWaiting)));
    // Others are served meanwhile.
    QCOMPARE(ask(site.server(), "GET /file-with-a-long-name-7.txt HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
    const Answer answer = peer.readAnswer();
    QCOMPARE(answer.status, 207);
    QVERIFY(isXml(answer.body));
    QCOMPARE(answer.body.count("<D:response>"), kFiles + 1);
    // The connection goes on, and an old client gets the same without chunks.
    QCOMPARE(peer.send("GET /file-with-a-long-name-7.txt HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().status, 200);
    const Answer old = ask(site.server(), "PROPFIND / HTTP/1.0\r\nDepth: 1\r\n\r\n");
    QVERIFY(old.field("Transfer-Encoding").isNull());
    QCOMPARE(old.body.count("<D:response>"), kFiles + 1);
}

// ---- properties that last ----

void TestDav::keepsProperties() {
    DavSite site;
    site.files().write("f.txt", "f");
    site.files().makeFolder("d");
    DavClient client(site.server());
    for (const QByteArray target : {"/f.txt", "/d/", "/"}) {
        const Answer answer = client.setProperty(target, "colour", "<u:deep a='1'>red &amp; &lt;blue></u:deep>");
        QCOMPARE(answer.status, 207);
        QVERIFY2(answer.body.contains("<D:href>" + target +
                                      "</D:href><D:propstat><D:prop><x:colour xmlns:x=\"u:\"/></D:prop>"
                                      "<D:status>HTTP/1.1 200 OK</D:status>"),
                 answer.body);
        QCOMPARE(client.property(target, "colour"), QByteArray("<u:deep xmlns:u=\"u:\" a=\"1\">red &amp; &lt;blue&gt;</u:deep>"));
    }
    // They are there for whoever starts anew, and for nobody to fetch.
    DavSite other;
    other.server().set("document_root", site.files().path().toUtf8());
    QVERIFY(!DavClient(other.server()).property("/f.txt", "colour").isEmpty());
    QCOMPARE(client.hrefs("/", "infinity"), (QStringList{"/", "/d/", "/f.txt"}));
    QCOMPARE(client.status("GET", "/.meerkat-properties/f.txt"), 404);
    QCOMPARE(client.status("GET", "/.MEERKAT-properties.own"), 404);
    QCOMPARE(client.status("PUT", "/.meerkat-properties/f.txt", {}, "x"), 404);
    QCOMPARE(client.status("DELETE", "/.meerkat-properties"), 404);
    // Removing leaves nothing behind.
    const QByteArray removal = "<D:propertyupdate xmlns:D='DAV:' xmlns:u='u:'><D:remove><D:prop><u:colour/></D:prop></D:remove>"
                               "</D:propertyupdate>";
    for (const QByteArray target : {"/f.txt", "/d/", "/"}) QCOMPARE(client.status("PROPPATCH", target, {}, removal), 207);
    QCOMPARE(site.names(), (QStringList{"d", "f.txt"}));
    QCOMPARE(site.names("d"), QStringList());
}

void TestDav::keepsPropertiesOfAnyShape_data() {
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("nothing") << QByteArray() << QByteArray("");
    QTest::newRow("text") << QByteArray("a  b\n c") << QByteArray("a  b\n c");
    QTest::newRow("character data") << QByteArray("<![CDATA[<&]]>") << QByteArray("&lt;&amp;");
    QTest::newRow("beyond 16 bits") << QByteArray("&#65536;") << QByteArray("\xF0\x90\x80\x80");
    QTest::newRow("no namespace") << QByteArray("<a xmlns=''/>") << QByteArray("<a/>");
    QTest::newRow("a default namespace") << QByteArray("<a xmlns='v:'><b/></a>") << QByteArray("<a xmlns=\"v:\"><b/></a>");
    QTest::newRow("back to none") << QByteArray("<a xmlns='v:'><b xmlns=''/></a>")
                                  << QByteArray("<a xmlns=\"v:\"><b xmlns=\"\"/></a>");
    QTest::newRow("a prefix of two meanings") << QByteArray("<p:a xmlns:p='v:'><p:b xmlns:p='w:'/></p:a>")
                                              << QByteArray("<p:a xmlns:p=\"v:\"><p:b xmlns:p=\"w:\"/></p:a>");
    QTest::newRow("attributes") << QByteArray("<a p:x='1&#10;2' y='&quot;' xmlns:p='v:'/>")
                                << QByteArray("<a xmlns:p=\"v:\" p:x=\"1&#10;2\" y=\"&quot;\"/>");
}

void TestDav::keepsPropertiesOfAnyShape() {
    QFETCH(QByteArray, value);
    DavSite site;
    site.files().write("f.txt", "f");
    DavClient client(site.server());
    QCOMPARE(client.setProperty("/f.txt", "p", value).status, 207);
    QTEST(client.property("/f.txt", "p"), "told");
}

void TestDav::setsAllPropertiesOrNone() {
    DavSite site;
    site.files().write("f.txt", "f");
    DavClient client(site.server());
    client.setProperty("/f.txt", "old", "1");
    const Answer answer =
        client.say("PROPPATCH", "/f.txt", {},
                   "<D:propertyupdate xmlns:D='DAV:' xmlns:u='u:'><D:remove><D:prop><u:old/></D:prop></D:remove>"
                   "<D:set><D:prop><u:new>1</u:new><D:getetag>x</D:getetag></D:prop></D:set></D:propertyupdate>");
    QCOMPARE(answer.status, 207);
    QVERIFY2(answer.body.contains("<D:prop><D:getetag/></D:prop><D:status>HTTP/1.1 403 Forbidden</D:status>"
                                  "<D:error><D:cannot-modify-protected-property/></D:error>"),
             answer.body);
    QVERIFY(
        answer.body.contains("<x:new xmlns:x=\"u:\"/><x:old xmlns:x=\"u:\"/></D:prop><D:status>HTTP/1.1 424 Failed Dependency"));
    QCOMPARE(client.property("/f.txt", "old"), QByteArray("1"));
    QVERIFY(client.property("/f.txt", "new").isNull());
    // In the order of the request.
    client.say(
        "PROPPATCH", "/f.txt", {},
        "<D:propertyupdate xmlns:D='DAV:' xmlns:u='u:'><D:set><D:prop><u:old>2</u:old></D:prop></D:set><D:remove><D:prop>"
        "<u:old/></D:prop></D:remove><D:set><D:prop><D:displayname>Mine</D:displayname></D:prop></D:set></D:propertyupdate>");
    QVERIFY(client.property("/f.txt", "old").isNull());
    const QByteArray all = client.say("PROPFIND", "/f.txt", "Depth: 0\r\n").body;
    QCOMPARE(all.count("displayname>"), 2);
    QVERIFY(all.contains("<D:displayname>Mine</D:displayname>"));
}

void TestDav::takesPropertiesAlong() {
    DavSite site;
    site.files().write("d/f.txt", "f");
    site.files().makeFolder("other");
    DavClient client(site.server());
    client.setProperty("/d/f.txt", "p", "file");
    client.setProperty("/d", "p", "folder");
    QCOMPARE(client.status("COPY", "/d", "Destination: /copy\r\n"), 201);
    QCOMPARE(client.property("/copy", "p"), QByteArray("folder"));
    QCOMPARE(client.property("/copy/f.txt", "p"), QByteArray("file"));
    QCOMPARE(client.status("MOVE", "/copy/f.txt", "Destination: http://a/other/g.txt\r\n"), 201);
    QCOMPARE(client.property("/other/g.txt", "p"), QByteArray("file"));
    QCOMPARE(site.names("copy"), QStringList{".meerkat-properties.own"});
    QCOMPARE(client.status("MOVE", "/d", "Destination: /other/d\r\n"), 201);
    QCOMPARE(client.property("/other/d/f.txt", "p"), QByteArray("file"));
    QCOMPARE(client.status("DELETE", "/other/d/f.txt"), 204);
    QCOMPARE(site.names("other/d"), QStringList{".meerkat-properties.own"});
    QCOMPARE(client.status("DELETE", "/other"), 204);
    QCOMPARE(client.status("DELETE", "/copy"), 204);
    QCOMPARE(site.names(), QStringList());
}

void TestDav::beginsAnewUnderAnOldName() {
    DavSite site;
    site.files().write("f.txt", "f");
    DavClient client(site.server());
    client.setProperty("/f.txt", "p", "1");
    // A file that is replaced is the same resource; one that was taken away by somebody else and put anew is another.
    QCOMPARE(client.status("PUT", "/f.txt", {}, "g"), 204);
    QCOMPARE(client.property("/f.txt", "p"), QByteArray("1"));
    QVERIFY(site.files().remove("f.txt"));
    QCOMPARE(client.status("PUT", "/f.txt", {}, "h"), 201);
    QVERIFY(client.property("/f.txt", "p").isNull());
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

// ---- conditions and bodies ----

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

void TestDav::refusesBodies_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const QByteArray laughs =
        "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><D:propfind xmlns:D='DAV:'><D:prop>&b;</D:prop>"
        "</D:propfind>";
    QTest::newRow("no XML") << QByteArray("PROPFIND") << QByteArray("hello") << 400;
    QTest::newRow("not ended") << QByteArray("PROPFIND") << QByteArray("<D:propfind xmlns:D='DAV:'>") << 400;
    QTest::newRow("an undeclared prefix") << QByteArray("PROPFIND") << QByteArray("<D:propfind><D:allprop/></D:propfind>") << 400;
    QTest::newRow("a prefix of nothing") << QByteArray("PROPFIND") << propfind("<D:prop><b:f xmlns:b=''/></D:prop>") << 400;
    QTest::newRow("a document type") << QByteArray("PROPFIND") << laughs << 400;
    QTest::newRow("a file of ours") << QByteArray("PROPPATCH")
                                    << QByteArray("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>") << 400;
    QTest::newRow("nothing asked for") << QByteArray("PROPFIND") << propfind("") << 400;
    QTest::newRow("another element") << QByteArray("PROPFIND") << QByteArray("<x/>") << 422;
    QTest::newRow("nothing to set") << QByteArray("PROPPATCH") << QByteArray("<D:propertyupdate xmlns:D='DAV:'/>") << 422;
    QTest::newRow("no body to set") << QByteArray("PROPPATCH") << QByteArray() << 400;
    QTest::newRow("a lock of another kind") << QByteArray("LOCK")
                                            << QByteArray("<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope>"
                                                          "<D:locktype><D:read/></D:locktype></D:lockinfo>")
                                            << 422;
    QTest::newRow("too deep") << QByteArray("PROPFIND") << QByteArray("<a>").repeated(100) + QByteArray("</a>").repeated(100)
                              << 400;
    QTest::newRow("too many elements") << QByteArray("PROPPATCH")
                                       << QByteArray("<a>" + QByteArray("<b/>").repeated(30000) + "</a>") << 413;
    QTest::newRow("names that grow") << QByteArray("PROPPATCH")
                                     << QByteArray("<a xmlns='" + QByteArray(100'000, 'n') + "'>" +
                                                   QByteArray("<b/>").repeated(100) + "</a>")
                                     << 413;
    QTest::newRow("too long") << QByteArray("PROPFIND") << QByteArray(1024 * 1024 + 1, ' ') << 413;
}

void TestDav::refusesBodies() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, body);
    DavSite site;
    site.files().write("f.txt", "f");
    QTEST(DavClient(site.server()).status(method, "/f.txt", "Depth: 0\r\n", body), "status");
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
    QCOMPARE(client.status("PROPFIND", "/d", "Depth: 0\r\n", propfind("<D:propname/>")), 207);
    QVERIFY(seen.contains("PROPFIND /d " + QByteArray::number(propfind("<D:propname/>").size())));
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
    QCOMPARE(errors, (QList<int>{423, 409}));
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
