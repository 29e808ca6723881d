// Station: tests of what WebDAV reads and keeps, without a server: the If field, XML, other fields, stored properties, locks.
#include "dav/headers.h"
#include "dav/if_header.h"
#include "dav/lock_table.h"
#include "dav/property_store.h"
#include "dav/xml_reader.h"
#include "support/fake_clock.h"
#include "support/guard_page.h"
#include "support/temporary_site.h"

#include <QTest>

using namespace meerkat;
using namespace meerkat::dav;

namespace {

std::string shown(const IfHeader &header) {
    std::string text;
    for (const IfList &list : header.lists) {
        text.append(list.resource).append("(");
        for (const IfCondition &one : list.conditions)
            text.append(one.isNot ? "!" : "").append(one.isTag ? "#" : "").append(one.text).append(" ");
        text.append(")");
    }
    return text;
}

os::File folderAt(const QString &path) {
    auto opened = os::File::openToRead(path.toStdString());
    return opened ? std::move(*opened) : os::File();
}

}  // namespace

class TestDavParts : public QObject {
    Q_OBJECT

  private slots:
    void acceptsIf_data();
    void acceptsIf();
    void refusesIf_data();
    void refusesIf();
    void refusesEveryBeginningOfIf();
    void findsWhetherOneListHolds();
    void writesXmlThatMeansTheSame_data();
    void writesXmlThatMeansTheSame();
    void refusesXml_data();
    void refusesXml();
    void escapesWhatXmlCannotHold();
    void readsDestinations_data();
    void readsDestinations();
    void storesAnyBytes();
    void refusesBrokenStores();
    void leavesABrokenStoreAlone();
    void forgetsLocksInTime();

  private:
    test::GuardPage m_pages{4096};
};

void TestDavParts::acceptsIf_data() {
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("meaning");
    QTest::newRow("a token") << QByteArray("(<urn:a>)") << QByteArray("(urn:a )");
    QTest::newRow("blanks") << QByteArray("  ( <urn:a>\t[\"b\"] ) ") << QByteArray("(urn:a #\"b\" )");
    QTest::newRow("lists") << QByteArray("(<urn:a>)(Not <urn:b> not [W/\"c\"])") << QByteArray("(urn:a )(!urn:b !#W/\"c\" )");
    QTest::newRow("a bracket in a tag") << QByteArray("([\"a]b\"])") << QByteArray("(#\"a]b\" )");
    QTest::newRow("an empty tag") << QByteArray("([\"\"])") << QByteArray("(#\"\" )");
    QTest::newRow("resources") << QByteArray("</a> (<urn:a>) (<urn:b>) <http://h/b> (<urn:c>)")
                               << QByteArray("/a(urn:a )/a(urn:b )http://h/b(urn:c )");
}

void TestDavParts::acceptsIf() {
    QFETCH(QByteArray, value);
    const auto header = parseIf(m_pages.beforeGuard(value.toStdString()));
    QVERIFY(header);
    QTEST(QByteArray::fromStdString(shown(*header)), "meaning");
}

void TestDavParts::refusesIf_data() {
    QTest::addColumn<QByteArray>("value");
    for (const char *value : {"",
                              " ",
                              "()",
                              "(Not)",
                              "(<>)",
                              "(<a b>)",
                              "(<a>",
                              "<a>)",
                              "(<a>) x",
                              "[\"a\"]",
                              "([a])",
                              "([\"a\")",
                              "([x\"a\"])",
                              "(<a>) </r> (<b>)",
                              "</r>",
                              "</r> </s> (<a>)",
                              "</r> (<a>) </s>",
                              "(<a<b>)",
                              "((<a>))",
                              "(Not Not <a>)"})
        QTest::newRow(value) << QByteArray(value);
    QTest::newRow("many") << QByteArray("(<a>)").repeated(201);
}

void TestDavParts::refusesIf() {
    QFETCH(QByteArray, value);
    QVERIFY(!parseIf(m_pages.beforeGuard(value.toStdString())));
}

void TestDavParts::refusesEveryBeginningOfIf() {
    const std::string value = "</r> (Not <urn:a> [W/\"b\"])";
    for (std::size_t size = 0; size < value.size(); ++size) {
        QVERIFY2(!parseIf(m_pages.beforeGuard(value.substr(0, size))), value.substr(0, size).c_str());
    }
}

void TestDavParts::findsWhetherOneListHolds() {
    const auto header = parseIf("(<a> [\"x\"]) (Not <b> <c>)");
    QVERIFY(header);
    const auto isTrue = [&](std::initializer_list<std::string_view> held) {
        return header->isTrue([&](std::string_view, const IfCondition &one) {
            return std::find(held.begin(), held.end(), one.text) != held.end();
        });
    };
    QVERIFY(isTrue({"a", "\"x\""}));
    QVERIFY(isTrue({"c"}));
    QVERIFY(!isTrue({"a", "b", "c"}));
    QVERIFY(!isTrue({}));
    QVERIFY(header->tokens() == (std::vector<std::string_view>{"a", "c"}));
}

void TestDavParts::writesXmlThatMeansTheSame_data() {
    QTest::addColumn<QByteArray>("xml");
    QTest::newRow("a declaration around it") << QByteArray("<r xmlns:p='v:'><p:a p:x='1'/></r>");
    QTest::newRow("a prefix taken again") << QByteArray("<r><p:a xmlns:p='v:'><p:a xmlns:p='w:'/><p:a/></p:a></r>");
    QTest::newRow("none within one") << QByteArray("<r><a xmlns='v:'><a xmlns=''><a/></a></a></r>");
    QTest::newRow("a language") << QByteArray("<r><a xml:lang='de'>\xC3\xA4</a></r>");
    QTest::newRow("text around") << QByteArray("<r>a<b/>c<!-- d --><?e f?>&amp;&#13;</r>");
}

void TestDavParts::writesXmlThatMeansTheSame() {
    QFETCH(QByteArray, xml);
    const XmlOutcome first = readXml(xml.toStdString());
    QCOMPARE(first.status, 0);
    const std::string inner = innerXml(first.root);
    const XmlOutcome second = readXml("<r>" + inner + "</r>");
    QCOMPARE(second.status, 0);
    QCOMPARE(innerXml(second.root), inner);
}

void TestDavParts::refusesXml_data() {
    QTest::addColumn<QByteArray>("xml");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("two roots") << QByteArray("<a/><b/>");
    QTest::newRow("an entity of nobody") << QByteArray("<a>&b;</a>");
    QTest::newRow("a document type alone") << QByteArray("<!DOCTYPE a><a/>");
    QTest::newRow("a document type elsewhere") << QByteArray("<!DOCTYPE a SYSTEM 'http://127.0.0.1/x'><a/>");
    QTest::newRow("no UTF-8") << QByteArray("<a>\xFF</a>");
    QTest::newRow("an encoding of nobody") << QByteArray("<?xml version='1.0' encoding='x-none'?><a/>");
    QTest::newRow("NUL") << QByteArray("<a>\0</a>", 8);
}

void TestDavParts::refusesXml() {
    QFETCH(QByteArray, xml);
    QCOMPARE(readXml(xml.toStdString()).status, 400);
}

void TestDavParts::escapesWhatXmlCannotHold() {
    QCOMPARE(xmlEscaped("a<b>&\"\r\xFF\x01\xEF\xBF\xBF\xED\xA0\x80z"),
             std::string("a&lt;b&gt;&amp;&quot;&#13;\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
                         "\xEF\xBF\xBD\xEF\xBF\xBDz"));
    QCOMPARE(xmlValueEscaped("a\n\tb"), std::string("a&#10;&#9;b"));
}

void TestDavParts::readsDestinations_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("destination");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *host, const char *destination, const char *path, int status) {
        QTest::newRow(name) << QByteArray(host) << QByteArray(destination) << QByteArray(path) << status;
    };
    row("a path", "h", "/a%20b/../c", "/c", 0);
    row("a URI", "h:81", "http://H:81/a", "/a", 0);
    row("the usual port said", "h", "http://h:80/a", "/a", 0);
    row("the usual port heard", "h:80", "http://h/a", "/a", 0);
    row("encrypted in front of us", "h", "https://h/a", "/a", 0);
    row("encrypted in front of us, the port said", "h:443", "https://h/a", "/a", 0);
    row("IPv6", "[::1]:81", "http://[::1]:81/a", "/a", 0);
    row("no path", "h", "http://h", "/", 0);
    row("another port", "h", "http://h:81/a", "", 502);
    row("another host", "h", "http://hh/a", "", 502);
    row("nobody's", "", "http://h/a", "", 502);
    row("another scheme", "h", "ftp://h/a", "", 400);
    row("a query", "h", "/a?b", "", 400);
    row("a fragment", "h", "/a#b", "", 400);
    row("NUL", "h", "/a%00", "", 400);
    row("half an escape", "h", "/a%2", "", 400);
}

void TestDavParts::readsDestinations() {
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, destination);
    const QByteArray text = "COPY / HTTP/1.1\r\nHost: " + host + "\r\nDestination: " + destination + "\r\n\r\n";
    http::RequestHead head;
    QCOMPARE(http::parseRequestHead({text.constData(), std::size_t(text.size())}, {}, head).state, http::ParseState::Complete);
    const Destination found = destinationOf(head);
    QTEST(found.status, "status");
    QTEST(QByteArray::fromStdString(found.path), "path");
}

// ---- what is kept ----

void TestDavParts::storesAnyBytes() {
    DeadProperties properties{{{"u:", "a"}, "en", "1 2\n3"}, {{"", "b"}, "", ""}, {{"x y", "c"}, "", std::string("\0\xFF", 2)}};
    const auto read = readStored(storedText(properties));
    QVERIFY(read && read->size() == 3);
    for (std::size_t i = 0; i < properties.size(); ++i) {
        QVERIFY((*read)[i].name == properties[i].name);
        QCOMPARE((*read)[i].value, properties[i].value);
        QCOMPARE((*read)[i].language, properties[i].language);
    }
}

void TestDavParts::refusesBrokenStores() {
    const std::string text = storedText({{{"u:", "a"}, "en", "value"}});
    const std::size_t firstLine = text.find('\n') + 1;
    for (std::size_t size = 0; size < text.size(); ++size)
        if (size != firstLine) QVERIFY2(!readStored(text.substr(0, size)), text.substr(0, size).c_str());
    QVERIFY(!readStored(text + "x"));
    QVERIFY(!readStored("meerkat properties 2\n"));
    QVERIFY(!readStored(text.substr(0, firstLine) + "2 1 2 99999999999\nu:aenvalue\n"));
    QVERIFY(!readStored(text.substr(0, firstLine) + "2 1 2 -1\nu:aenvalue\n"));
}

void TestDavParts::leavesABrokenStoreAlone() {
    const test::TemporarySite site;
    site.write(".meerkat-properties/f", "another version's");
    const os::File folder = folderAt(site.path());
    PropertyStore store(folder);
    bool isBroken = false;
    QVERIFY(store.read("f", isBroken).empty() && isBroken);
    QVERIFY(store.read("g", isBroken).empty() && !isBroken);
    // What is no file is none of ours.
    site.makeFolder(".meerkat-properties/h");
    QVERIFY(store.read("h", isBroken).empty() && isBroken);
    QCOMPARE(store.write("i", {{{"u:", "a"}, "", std::string(kMostStoredBytes, 'x')}}), os::EditState::NoRoom);
}

void TestDavParts::forgetsLocksInTime() {
    test::FakeClock clock;
    LockTable locks(clock);
    Lock lock;
    lock.path = "/a/b";
    lock.seconds = 10;
    const std::string token = locks.add(lock).token;
    lock.seconds = 20;
    lock.path = "/a";
    lock.isDeep = true;
    lock.isExclusive = false;
    locks.add(lock);
    QCOMPARE(locks.covering("/a/b").size(), std::size_t(2));
    QCOMPARE(locks.covering("/ab").size(), std::size_t(0));
    QCOMPARE(locks.covering("/a/b/c").size(), std::size_t(1));
    QCOMPARE(locks.below("").size(), std::size_t(2));
    clock.advanceMs(9000);
    locks.expire();
    QCOMPARE(locks.secondsLeft(*locks.find(token)), std::int64_t(1));
    locks.refresh(token, 15);
    clock.advanceMs(12'000);
    locks.expire();
    QVERIFY(locks.find(token) && locks.covering("/a/c").empty());
    clock.advanceMs(4000);
    locks.expire();
    QVERIFY(locks.isEmpty());
}

QTEST_GUILESS_MAIN(TestDavParts)
#include "tst_dav_parts.moc"
