// Station: tests of WebDAV's properties over real sockets: what is told of each resource, and what lasts. RFC 4918 sections 4, 9.1 and 9.2, RFC 4331.
#include "support/dav_client.h"

#include <QTest>
#include <QXmlStreamReader>

using namespace meerkat::test;

class TestDavProperties : public QObject {
    Q_OBJECT

  private slots:
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
    void refusesBodies_data();
    void refusesBodies();
};

namespace {

QByteArray propfind(const QByteArray &inner) { return "<D:propfind xmlns:D='DAV:'>" + inner + "</D:propfind>"; }

bool isXml(const QByteArray &text) {
    QXmlStreamReader reader(text);
    while (!reader.atEnd()) reader.readNext();
    return !reader.hasError();
}

}  // namespace

void TestDavProperties::tellsTheSameBytes() {
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

void TestDavProperties::tellsTheProperties_data() {
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
    QTest::newRow("none named") << QByteArray("/f.txt") << propfind("<D:prop/>") << all << List{"quota", "404 Not Found"};
    QTest::newRow("all and more") << QByteArray("/") << propfind("<D:allprop/><D:include><D:quota-used-bytes/></D:include>")
                                  << List{"<D:quota-used-bytes>", "<D:resourcetype><D:collection/></D:resourcetype>"}
                                  << List{"quota-available", "404 Not Found", "getcontentlength"};
    QTest::newRow("names") << QByteArray("/f.txt") << propfind("<D:propname/>")
                           << List{"<D:getetag/>", "<D:creationdate/>", "<D:getcontentlength/>"} << List{"<D:getetag>", "quota"};
    QTest::newRow("names of a folder") << QByteArray("/") << propfind("<D:propname/>") << List{"<D:resourcetype/>"}
                                       << List{"getetag", "getcontentlength"};
}

void TestDavProperties::tellsTheProperties() {
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

void TestDavProperties::tellsAsDeepAsAsked() {
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

void TestDavProperties::tellsTheQuotaToWhoAsks() {
    DavSite site;
    const QByteArray body = propfind("<D:prop><D:quota-available-bytes/><D:quota-used-bytes/></D:prop>");
    const QByteArray answer = DavClient(site.server()).say("PROPFIND", "/", "Depth: 0\r\n", body).body;
    const QRegularExpression number("<D:quota-available-bytes>(\\d+)</D:quota-available-bytes><D:quota-used-bytes>(\\d+)<");
    const auto match = number.match(answer);
    QVERIFY2(match.hasMatch(), answer);
    QVERIFY(match.captured(1).toULongLong() > 0 && match.captured(2).toULongLong() > 0);
}

void TestDavProperties::tellsNamesThatAreMarkup() {
    DavSite site;
    const QString name = QString::fromUtf8("<b>&\"' \xF0\x9F\xA6\xA6.txt");
    site.files().write(name, "x");
    const Answer answer = DavClient(site.server()).say("PROPFIND", "/", "Depth: 1\r\n");
    QVERIFY(isXml(answer.body));
    QVERIFY(answer.body.contains("<D:href>/%3Cb%3E%26%22%27%20%F0%9F%A6%A6.txt</D:href>"));
    QVERIFY(answer.body.contains("<D:displayname>&lt;b&gt;&amp;&quot;' \xF0\x9F\xA6\xA6.txt</D:displayname>"));
}

// What the client has not taken is not made: the memory is that of a part.
void TestDavProperties::streamsALargeFolder() {
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

void TestDavProperties::keepsProperties() {
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

void TestDavProperties::keepsPropertiesOfAnyShape_data() {
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

void TestDavProperties::keepsPropertiesOfAnyShape() {
    QFETCH(QByteArray, value);
    DavSite site;
    site.files().write("f.txt", "f");
    DavClient client(site.server());
    QCOMPARE(client.setProperty("/f.txt", "p", value).status, 207);
    QTEST(client.property("/f.txt", "p"), "told");
}

void TestDavProperties::setsAllPropertiesOrNone() {
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

void TestDavProperties::takesPropertiesAlong() {
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

void TestDavProperties::beginsAnewUnderAnOldName() {
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

void TestDavProperties::refusesBodies_data() {
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

void TestDavProperties::refusesBodies() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, body);
    DavSite site;
    site.files().write("f.txt", "f");
    QTEST(DavClient(site.server()).status(method, "/f.txt", "Depth: 0\r\n", body), "status");
}

QTEST_GUILESS_MAIN(TestDavProperties)
#include "tst_dav_properties.moc"
