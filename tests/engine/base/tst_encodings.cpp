#include "base/encodings.h"

#include <QTest>

using namespace meerkat;
using namespace std::string_literals;

namespace {

QByteArray bytes(const std::string &text) { return QByteArray(text.data(), static_cast<qsizetype>(text.size())); }

}  // namespace

class TestEncodings : public QObject {
    Q_OBJECT
  private slots:
    void decodesPercents_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("plusIsSpace");
        QTest::addColumn<QByteArray>("decoded");
        QTest::newRow("nothing to decode") << QByteArray("/a/b") << false << QByteArray("/a/b");
        QTest::newRow("empty") << QByteArray("") << false << QByteArray("");
        QTest::newRow("both cases") << QByteArray("%2f%2F") << false << QByteArray("//");
        QTest::newRow("NUL") << QByteArray("a%00b") << false << QByteArray("a\0b", 3);
        QTest::newRow("high bytes") << QByteArray("%FF%fe") << false << QByteArray("\xFF\xFE");
        QTest::newRow("decoded once only") << QByteArray("%252e") << false << QByteArray("%2e");
        QTest::newRow("plus stays") << QByteArray("a+b") << false << QByteArray("a+b");
        QTest::newRow("plus of a form") << QByteArray("a+b%2B") << true << QByteArray("a b+");
    }
    void decodesPercents() {
        QFETCH(QByteArray, text);
        QFETCH(bool, plusIsSpace);
        QFETCH(QByteArray, decoded);
        const auto result = percentDecoded(text.toStdString(), plusIsSpace);
        QVERIFY(result.has_value());
        QCOMPARE(bytes(*result), decoded);
    }

    void refusesBrokenPercents_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("alone") << QByteArray("%");
        QTest::newRow("one digit at the end") << QByteArray("abc%2");
        QTest::newRow("no digits") << QByteArray("%zz");
        QTest::newRow("second is no digit") << QByteArray("%2g");
        QTest::newRow("sign") << QByteArray("%+1");
        QTest::newRow("two percents") << QByteArray("%%20");
    }
    void refusesBrokenPercents() {
        QFETCH(QByteArray, text);
        QVERIFY(!percentDecoded(text.toStdString()).has_value());
    }

    void encodesAllButUnreserved() {
        QCOMPARE(bytes(percentEncoded("AZaz09-._~")), QByteArray("AZaz09-._~"));
        QCOMPARE(bytes(percentEncoded("a b/c?\xFF%")), QByteArray("a%20b%2Fc%3F%FF%25"));
        QCOMPARE(bytes(percentEncoded("a b/c", true)), QByteArray("a%20b/c"));
    }

    void bringsEveryByteBack() {
        std::string all;
        for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
        QVERIFY(percentDecoded(percentEncoded(all)) == all);
        QVERIFY(percentDecoded(percentEncoded(all, true)) == all);
    }

    void escapesHtml() {
        QCOMPARE(bytes(htmlEscaped("<a href=\"x\" title='y'>&amp;</a>")),
                 QByteArray("&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;"));
        QCOMPARE(bytes(htmlEscaped("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80")), QByteArray("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
    }

    void escapesJson() {
        QCOMPARE(bytes(jsonEscaped("say \"hi\" \\ \n\t\r\x01\x7F")),
                 QByteArray("say \\\"hi\\\" \\\\ \\n\\t\\u000d\\u0001\\u007f"));
        QCOMPARE(bytes(jsonEscaped("</script><!--")), QByteArray("\\u003c/script>\\u003c!--"));
        QCOMPARE(bytes(jsonEscaped("\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA7")), QByteArray("\\u2028\\u2029\xE2\x80\xA7"));
        QCOMPARE(bytes(jsonEscaped("a\0b"s)), QByteArray("a\\u0000b"));
    }

    void replacesWhatIsNoUtf8_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("replacements");
        QTest::newRow("a continuation alone") << QByteArray("\x80") << 1;
        QTest::newRow("never used bytes") << QByteArray("\xFE\xFF") << 2;
        QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << 2;
        QTest::newRow("overlong of three") << QByteArray("\xE0\x80\xAF") << 3;
        QTest::newRow("overlong of four") << QByteArray("\xF0\x80\x80\xAF") << 4;
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << 3;
        QTest::newRow("above the last") << QByteArray("\xF4\x90\x80\x80") << 4;
        QTest::newRow("cut off") << QByteArray("\xE2\x82") << 2;
        QTest::newRow("third byte is none") << QByteArray("\xE2\x82\xC3") << 3;
    }
    void replacesWhatIsNoUtf8() {
        QFETCH(QByteArray, text);
        QFETCH(int, replacements);
        const QByteArray expected = "a" + QByteArray("\xEF\xBF\xBD").repeated(replacements) + "b";
        QCOMPARE(bytes(htmlEscaped(("a" + text + "b").toStdString())), expected);
        QCOMPARE(bytes(jsonEscaped(("a" + text + "b").toStdString())), expected);
    }

    void keepsTheLimitsOfUtf8() {
        const auto limits =
            "\x7E\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"s;
        QCOMPARE(bytes(htmlEscaped(limits)), bytes(limits));
        QCOMPARE(bytes(jsonEscaped(limits)), bytes(limits));
    }

    void writesHexInLowerCase() {
        QCOMPARE(bytes(hexLower(std::string("\x00\x0f\xAB\xff", 4))), QByteArray("000fabff"));
        QCOMPARE(bytes(hexLower("")), QByteArray());
    }

    void encodesAndDecodesBase64_data() {
        QTest::addColumn<QByteArray>("plain");
        QTest::addColumn<QByteArray>("encoded");
        // RFC 4648 section 10.
        QTest::newRow("empty") << QByteArray("") << QByteArray("");
        QTest::newRow("1 byte") << QByteArray("f") << QByteArray("Zg==");
        QTest::newRow("2 bytes") << QByteArray("fo") << QByteArray("Zm8=");
        QTest::newRow("3 bytes") << QByteArray("foo") << QByteArray("Zm9v");
        QTest::newRow("4 bytes") << QByteArray("foob") << QByteArray("Zm9vYg==");
        QTest::newRow("5 bytes") << QByteArray("fooba") << QByteArray("Zm9vYmE=");
        QTest::newRow("6 bytes") << QByteArray("foobar") << QByteArray("Zm9vYmFy");
        QTest::newRow("the last digits") << QByteArray("\xff\xef\xbe\x00", 4) << QByteArray("/+++AA==");
    }
    void encodesAndDecodesBase64() {
        QFETCH(QByteArray, plain);
        QFETCH(QByteArray, encoded);
        QCOMPARE(bytes(base64Encoded(plain.toStdString())), encoded);
        const auto decoded = base64Decoded(encoded.toStdString());
        QVERIFY(decoded.has_value());
        QCOMPARE(bytes(*decoded), plain);
    }

    void refusesOtherBase64_data() {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"Z", "Zg", "Zg=", "Zg===", "====", "=", "Zm9v=", "Zm=v", "Zh==", "Zm9=", "Zm9 ", "Zm9v\n",
                                 "Zm_v", "Zm-v", "Z===", "Zm8=Zm8="})
            QTest::newRow(text) << QByteArray(text);
        QTest::newRow("NUL") << QByteArray("Zm\0v", 4);
    }
    void refusesOtherBase64() {
        QFETCH(QByteArray, text);
        QVERIFY(!base64Decoded(text.toStdString()).has_value());
    }
};

QTEST_GUILESS_MAIN(TestEncodings)
#include "tst_encodings.moc"
