#include "engine/files/page_samples.h"

#include "page_assets.h"

#include <QtTest>

#include <cmath>

using namespace meerkat;
using namespace meerkat::files;
using namespace meerkat::test;

namespace {

constexpr std::size_t kSizeLimit = 30'000;
constexpr std::size_t kSizeLimitWithChanges = 115'000;  // before compression, to a quarter

// What a visitor's browser asks for where nothing may be changed.
bool isForEverybody(std::string_view name) {
    return name.starts_with("folder_") || name.starts_with("error_") || name == "icon.svg" || name == "kinds.svg";
}
constexpr double kReadable = 4.5;  // WCAG 2, success criterion 1.4.3

double linear(int channel) {
    const double part = channel / 255.0;
    return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
}

// Of "#rgb" or "#rrggbb".
double luminance(QByteArray colour) {
    colour = colour.mid(1);
    if (colour.size() == 3) colour = QByteArray() + colour[0] + colour[0] + colour[1] + colour[1] + colour[2] + colour[2];
    const auto channel = [&colour](int at) { return linear(colour.mid(at, 2).toInt(nullptr, 16)); };
    return 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4);
}

double contrast(const QByteArray &a, const QByteArray &b) {
    const double first = luminance(a) + 0.05;
    const double second = luminance(b) + 0.05;
    return std::max(first, second) / std::min(first, second);
}

// "light" and "dark" have the first and the second definition of each.
QByteArray colourOf(const QByteArray &name, int scheme) {
    return allOf(toBytes(findAsset("/.meerkat/folder_page.css")->body), "--" + name + ": (#[0-9a-f]+);").value(scheme);
}

}  // namespace

class PageAssetsTest : public QObject {
    Q_OBJECT

  private slots:
    void findsAnAsset_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("style") << QByteArray("/.meerkat/folder_page.css") << QByteArray("text/css; charset=utf-8");
        QTest::newRow("script") << QByteArray("/.meerkat/folder_page.js") << QByteArray("text/javascript; charset=utf-8");
        QTest::newRow("icon") << QByteArray("/.meerkat/icon.svg") << QByteArray("image/svg+xml; charset=utf-8");
        QTest::newRow("icons of kinds") << QByteArray("/.meerkat/kinds.svg") << QByteArray("image/svg+xml; charset=utf-8");
    }
    void findsAnAsset() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, type);
        const Asset *asset = findAsset(toView(path));
        QVERIFY(asset);
        QCOMPARE(toBytes(asset->type), type);
        QVERIFY(asset->body.size() > 100);
        QVERIFY(QRegularExpression("^\"[0-9a-f]{16}\"$").match(toBytes(asset->etag)).hasMatch());
    }

    void tellsAssetsApartByTheirTags() {
        QVERIFY(findAsset("/.meerkat/icon.svg")->etag != findAsset("/.meerkat/kinds.svg")->etag);
        QCOMPARE(findAsset("/.meerkat/icon.svg"), findAsset("/.meerkat/icon.svg"));
    }

    void findsNothingElse_data() {
        QTest::addColumn<QByteArray>("path");
        for (const char *path : {"", "/", "/.meerkat", "/.meerkat/", "/.meerkat/nothing.css", "/.meerkat/folder_page.html",
                                 "/.meerkat/error_page.html", "/folder_page.css", "folder_page.css", "/.meerkat/FOLDER_PAGE.CSS",
                                 "/.meerkat//folder_page.css", "/.meerkat/folder_page.css/", "/a/.meerkat/folder_page.css"})
            QTest::addRow("path \"%s\"", path) << QByteArray(path);
    }
    void findsNothingElse() {
        QFETCH(QByteArray, path);
        QVERIFY(!findAsset(toView(path)));
    }

    void findsAllThatThePagesAskFor() {
        QByteArrayList asked;
        for (const auto &file : resources::page_assets()) asked += allOf(toBytes(file.bytes), "(/\\.meerkat/[a-z_.]+)");
        QVERIFY(asked.size() >= 8);
        for (const QByteArray &path : asked) QVERIFY2(findAsset(toView(path)), path.constData());
    }

    void fitsIntoItsBudget() {
        std::size_t bytes = 0;
        std::size_t everything = 0;
        for (const auto &file : resources::page_assets()) {
            everything += file.bytes.size();
            if (isForEverybody(file.name)) bytes += file.bytes.size();
        }
        QVERIFY2(bytes < kSizeLimit, QByteArray::number(static_cast<qulonglong>(bytes)).constData());
        QVERIFY2(everything < kSizeLimitWithChanges, QByteArray::number(static_cast<qulonglong>(everything)).constData());
    }

    void asksNoOtherHost() {
        for (const auto &file : resources::page_assets()) {
            QByteArray text = toBytes(file.bytes).replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
            for (const char *sign : {"http:", "https:", "=\"//", "url(//", "@import"})
                QVERIFY2(!text.contains(sign), file.name.data());
        }
    }

    // The policy forbids all of it, and a browser then leaves it out without a word to the visitor.
    void needsNothingThatThePolicyForbids() {
        const QByteArray page = pageOf({folder("a"), file("b")}, "sort=size", "/c/") + toBytes(errorPage(404, "Not Found"));
        for (const char *sign : {"<style", "style=", " onclick", " onload", "<base", "<iframe", "http-equiv"})
            QVERIFY2(!page.contains(sign), sign);
        QCOMPARE(page.count("<script"), page.count("<script src=\"/.meerkat/"));
        for (const auto &file : resources::page_assets()) {
            const QByteArray text = toBytes(file.bytes);
            for (const char *sign : {"<style", "style=", " onclick", "innerHTML", "eval(", "setAttribute('style'"})
                QVERIFY2(!text.contains(sign),
                         (QByteArray(file.name.data(), static_cast<qsizetype>(file.name.size())) + " has " + sign).constData());
        }
    }

    void allowsOnlyItself() {
        const QByteArrayList rules = toBytes(pagePolicy()).split(';');
        QByteArrayList trimmed;
        for (const QByteArray &rule : rules) trimmed << rule.trimmed();
        for (const char *rule :
             {"default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self' data:", "media-src 'self'",
              "connect-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"})
            QVERIFY2(trimmed.contains(rule), rule);
        QVERIFY(!toBytes(pagePolicy()).contains("unsafe"));
    }

    void canBeReadInLightAndDark_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("back");
        for (const char *text : {"text", "muted", "accent"})
            for (const char *back : {"back", "card", "over"})
                QTest::addRow("%s on %s", text, back) << QByteArray(text) << QByteArray(back);
    }
    void canBeReadInLightAndDark() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, back);
        for (const int scheme : {0, 1}) {
            const double ratio = contrast(colourOf(text, scheme), colourOf(back, scheme));
            QVERIFY2(ratio >= kReadable, QByteArray::number(ratio).constData());
        }
    }
};

QTEST_GUILESS_MAIN(PageAssetsTest)
#include "tst_page_assets.moc"
