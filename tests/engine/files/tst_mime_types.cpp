#include "files/mime_types.h"

#include <QtTest>

using namespace meerkat;
using namespace meerkat::files;

namespace {

std::string_view toView(const QByteArray &bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }
QByteArray toBytes(std::string_view view) { return {view.data(), static_cast<qsizetype>(view.size())}; }
const QByteArray kUnknown = "application/octet-stream";

void addRow(const char *title, const char *name, const char *type) {
    QTest::newRow(title) << QByteArray(name) << QByteArray(type);
}

void addNameAndType() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("type");
}

}  // namespace

class MimeTypesTest : public QObject {
    Q_OBJECT

  private slots:
    void knowsAType_data() {
        addNameAndType();
        addRow("page", "index.html", "text/html; charset=utf-8");
        addRow("page of old", "INDEX.HTM", "text/html; charset=utf-8");
        addRow("mixed case", "Photo.JpEg", "image/jpeg");
        addRow("style", "a.css", "text/css; charset=utf-8");
        addRow("script", "a.js", "text/javascript; charset=utf-8");
        addRow("module", "a.mjs", "text/javascript; charset=utf-8");
        addRow("WebAssembly", "a.wasm", "application/wasm");
        addRow("JSON has no charset", "a.json", "application/json");
        addRow("source map", "a.js.map", "application/json");
        addRow("web manifest", "site.webmanifest", "application/manifest+json");
        addRow("drawing", "a.svg", "image/svg+xml; charset=utf-8");
        addRow("XML", "a.xml", "application/xml; charset=utf-8");
        addRow("feed", "feed.rss", "application/rss+xml; charset=utf-8");
        addRow("AVIF", "a.avif", "image/avif");
        addRow("WebP", "a.webp", "image/webp");
        addRow("HEIC", "a.heic", "image/heic");
        addRow("icon", "favicon.ico", "image/vnd.microsoft.icon");
        addRow("font", "a.woff2", "font/woff2");
        addRow("video", "a.mp4", "video/mp4");
        addRow("WebM", "a.webm", "video/webm");
        addRow("stream list", "live.m3u8", "application/vnd.apple.mpegurl");
        addRow("stream part", "live.ts", "video/mp2t");
        addRow("song", "a.mp3", "audio/mpeg");
        addRow("PDF", "a.pdf", "application/pdf");
        addRow("document", "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        addRow("archive", "a.zip", "application/zip");
        addRow("text", "README.txt", "text/plain; charset=utf-8");
        addRow("first of the table", "a.3g2", "video/3gpp2");
        addRow("last of the table", "a.zst", "application/zstd");
    }
    void knowsAType() { compareBuiltInType(); }

    void takesTheLongestExtensionItKnows_data() {
        addNameAndType();
        addRow("packed archive", "a.tar.gz", "application/gzip");
        addRow("declarations are no stream", "a.d.ts", "text/plain; charset=utf-8");
        addRow("in capitals", "A.D.TS", "text/plain; charset=utf-8");
        addRow("unknown first part", "jquery.min.js", "text/javascript; charset=utf-8");
        addRow("many dots", "a.b.c.d.e.f.g.h.i.j.k.l.html", "text/html; charset=utf-8");
        addRow("nothing but an extension", ".html", "text/html; charset=utf-8");
        addRow("extension as long as the longest", ".editorconfig", "text/plain; charset=utf-8");
        addRow("the longest behind a long name", "holiday pictures.editorconfig", "text/plain; charset=utf-8");
    }
    void takesTheLongestExtensionItKnows() { compareBuiltInType(); }

    void looksAtTheLastSegmentOnly_data() {
        addNameAndType();
        addRow("file in folders", "a/b.txt/c.png", "image/png");
        addRow("folder with an extension", "a.html/file", kUnknown);
        addRow("folder that ends the name", "a.html/", kUnknown);
    }
    void looksAtTheLastSegmentOnly() { compareBuiltInType(); }

    void knowsNoTypeOfOthers_data() {
        addNameAndType();
        addRow("empty", "", kUnknown);
        addRow("no dot", "html", kUnknown);
        addRow("dot at the end", "a.", kUnknown);
        addRow("dots only", "...", kUnknown);
        addRow("unknown", "a.xyzzy", kUnknown);
        addRow("longer than known", "a.htmlhtmlhtmlhtml", kUnknown);
        addRow("begins with a known one", "a.htmlx", kUnknown);
        addRow("ends with a known one", "a.xhtml5", kUnknown);
        addRow("bytes above ASCII", "a.\xC3\xA4", kUnknown);
    }
    void knowsNoTypeOfOthers() { compareBuiltInType(); }

    void acceptsExtraTypes_data() {
        QTest::addColumn<QByteArray>("list");
        addNameAndType();
        const auto row = [](const char *title, const char *list, const char *name, const char *type) {
            QTest::newRow(title) << QByteArray(list) << QByteArray(name) << QByteArray(type);
        };
        row("empty list", "", "a.html", "text/html; charset=utf-8");
        row("unknown to the table", ".foo=application/x-foo", "a.foo", "application/x-foo");
        row("instead of the table's", ".html=application/x-page", "a.html", "application/x-page");
        row("text gets a charset", ".foo=text/x-foo", "a.foo", "text/x-foo; charset=utf-8");
        row("XML gets a charset", ".foo=application/foo+xml", "a.foo", "application/foo+xml; charset=utf-8");
        row("a written charset stays", ".foo=text/plain; charset=iso-8859-1", "a.foo", "text/plain; charset=iso-8859-1");
        row("JSON stays", ".foo=application/json", "a.foo", "application/json");
        row("extension in capitals", ".FOO=a/b", "a.foo", "a/b");
        row("name in capitals", ".foo=a/b", "A.FOO", "a/b");
        row("spaces", " .foo = a/b , .bar = c/d ", "a.bar", "c/d");
        row("comma at the end", ".foo=a/b,", "a.foo", "a/b");
        row("longest wins", ".gz=a/b,.tar.gz=c/d", "a.tar.gz", "c/d");
        row("longest wins when it comes first", ".tar.gz=c/d,.gz=a/b", "a.tar.gz", "c/d");
        row("the last of two wins", ".foo=a/b,.foo=c/d", "a.foo", "c/d");
        row("others are the table's", ".foo=a/b", "a.png", "image/png");
        row("others are unknown", ".foo=a/b", "a.xyzzy", "application/octet-stream");
        row("without its dot it does not fit", ".foo=a/b", "afoo", "application/octet-stream");
    }
    void acceptsExtraTypes() {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, type);
        const auto types = MimeTypes::parse(toView(list));
        QVERIFY(types);
        QCOMPARE(toBytes(types->typeOf(toView(name))), type);
    }

    void keepsItsExtrasWhenMoved() {
        auto types = MimeTypes::parse(".a=b/c,.text=text/a-long-type-that-does-not-fit-into-the-string-itself");
        QVERIFY(types);
        const MimeTypes moved = std::move(*types);
        QCOMPARE(toBytes(moved.typeOf("x.text")),
                 QByteArray("text/a-long-type-that-does-not-fit-into-the-string-itself; charset=utf-8"));
    }

    void refusesAnItemAndNamesIt_data() {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("item");
        const auto row = [](const char *title, const char *list, const char *item) {
            QTest::newRow(title) << QByteArray(list) << QByteArray(item);
        };
        row("no equals sign", ".foo", ".foo");
        row("no dot", "foo=a/b", "foo=a/b");
        row("dot alone", ".=a/b", ".=a/b");
        row("no extension", "=a/b", "=a/b");
        row("no type", ".foo=", ".foo=");
        row("no slash", ".foo=text", ".foo=text");
        row("no subtype", ".foo=text/", ".foo=text/");
        row("no main type", ".foo=/plain", ".foo=/plain");
        row("space in the type", ".foo=te xt/plain", ".foo=te xt/plain");
        row("two slashes", ".foo=a/b/c", ".foo=a/b/c");
        row("path for an extension", "./foo=a/b", "./foo=a/b");
        row("the second of three", ".a=b/c, bad ,.d=e/f", "bad");
        row("a header hidden in it", ".foo=a/b;x\r\nSet-Cookie: y", ".foo=a/b;x\r\nSet-Cookie: y");
    }
    void refusesAnItemAndNamesIt() {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, item);
        const auto types = MimeTypes::parse(toView(list));
        QVERIFY(!types);
        QCOMPARE(QByteArray::fromStdString(types.failure().text),
                 QByteArray("\"" + item + "\" is not of the form .ext=type/subtype"));
    }

  private:
    void compareBuiltInType() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, type);
        QCOMPARE(toBytes(builtInType(toView(name))), type);
    }
};

QTEST_GUILESS_MAIN(MimeTypesTest)
#include "tst_mime_types.moc"
