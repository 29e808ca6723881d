// Station: tests of websocket/extensions.
#include "websocket/extensions.h"

#include "engine/websocket/frame_peer.h"

#include <QTest>

using namespace meerkat::websocket;
using meerkat::test::toBytes;
using meerkat::test::toView;

namespace {
const QByteArray kPlain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
}

class TestExtensions : public QObject {
    Q_OBJECT

  private slots:
    void acceptsTheFirstOfferThatIsRight_data();
    void acceptsTheFirstOfferThatIsRight();
    void passesOverOffersThatAreNotRight_data();
    void passesOverOffersThatAreNotRight();
    void refusesMalformedLists_data();
    void refusesMalformedLists();
    void takesAnAgreementToItsOffer_data();
    void takesAnAgreementToItsOffer();
    void refusesAnAgreementToWhatWasNotOffered_data();
    void refusesAnAgreementToWhatWasNotOffered();
};

void TestExtensions::acceptsTheFirstOfferThatIsRight_data() {
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("windowBits");
    const auto row = [](const char *name, const char *list, const QByteArray &answer = kPlain, int bits = 15) {
        QTest::newRow(name) << QByteArray(list) << answer << bits;
    };
    row("without parameters", "permessage-deflate");
    row("in capitals", "PerMessage-Deflate");
    row("as browsers offer it", "permessage-deflate; client_max_window_bits");
    row("with a number", "permessage-deflate; client_max_window_bits=10");
    row("client's window as small as can be", "permessage-deflate; client_max_window_bits=8");
    row("both without takeover", "permessage-deflate; client_no_context_takeover; server_no_context_takeover");
    for (int bits = 8; bits <= 15; ++bits) {
        const QByteArray number = QByteArray::number(bits);
        row(QByteArray("our window of " + number).constData(),
            ("permessage-deflate; server_max_window_bits=" + number).constData(), kPlain + "; server_max_window_bits=" + number,
            bits);
    }
    row("a quoted number", "permessage-deflate; server_max_window_bits=\"10\"", kPlain + "; server_max_window_bits=10", 10);
    row("a quoted number with an escape", "permessage-deflate; server_max_window_bits=\"1\\0\"",
        kPlain + "; server_max_window_bits=10", 10);
    row("no spaces", "permessage-deflate;server_max_window_bits=9;client_max_window_bits", kPlain + "; server_max_window_bits=9",
        9);
    row("spaces and tabs", " permessage-deflate \t; server_max_window_bits = 9 ", kPlain + "; server_max_window_bits=9", 9);
    row("behind another extension", "x-webkit-deflate-frame; a=b, permessage-deflate");
    row("behind a wrong offer", "permessage-deflate; server_max_window_bits=16, permessage-deflate");
    row("behind an unknown parameter",
        "permessage-deflate; zip=1, permessage-deflate; server_max_window_bits=12, permessage-deflate",
        kPlain + "; server_max_window_bits=12", 12);
    row("the first of two", "permessage-deflate; server_max_window_bits=11, permessage-deflate",
        kPlain + "; server_max_window_bits=11", 11);
    row("empty items", ", ,permessage-deflate,,");
}

void TestExtensions::acceptsTheFirstOfferThatIsRight() {
    QFETCH(QByteArray, list);
    QFETCH(QByteArray, answer);
    QFETCH(int, windowBits);
    const auto outcome = answerOffers(toView(list));
    QVERIFY(outcome.has_value());
    QVERIFY(outcome->terms.isAgreed);
    QCOMPARE(toBytes(outcome->answer), answer);
    QCOMPARE(int{outcome->terms.windowBits}, windowBits);
}

void TestExtensions::passesOverOffersThatAreNotRight_data() {
    QTest::addColumn<QByteArray>("list");
    for (const char *parameters :
         {"server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=08",
          "server_max_window_bits=1e1", "server_max_window_bits=99999999999999999999", "client_max_window_bits=7",
          "client_max_window_bits=16", "client_max_window_bits=010", "server_no_context_takeover=1",
          "client_no_context_takeover=true", "server_no_context_takeover; server_no_context_takeover",
          "client_max_window_bits; client_max_window_bits", "server_max_window_bits=9; server_max_window_bits=9", "something",
          "something=else"})
        QTest::newRow(parameters) << "permessage-deflate; " + QByteArray(parameters);
    QTest::newRow("another extension") << QByteArray("permessage-bzip2");
    QTest::newRow("a longer name") << QByteArray("permessage-deflate2");
}

void TestExtensions::passesOverOffersThatAreNotRight() {
    QFETCH(QByteArray, list);
    const auto outcome = answerOffers(toView(list));
    QVERIFY(outcome.has_value());
    QVERIFY(!outcome->terms.isAgreed);
    QVERIFY(outcome->answer.empty());
    QVERIFY(answerOffers(toView(list + ", permessage-deflate"))->terms.isAgreed);
}

void TestExtensions::refusesMalformedLists_data() {
    QTest::addColumn<QByteArray>("list");
    for (const char *list :
         {"", ",", "; a", "permessage-deflate;", "permessage-deflate; ;a", "permessage-deflate a",
          "permessage-deflate; a=", "permessage-deflate; =a", "permessage-deflate; a=\"\"", "permessage-deflate; a=\"b",
          "permessage-deflate; a=\"b c\"", "permessage-deflate; a=\"b\\", "permessage-deflate; a=b=c", "(permessage-deflate)",
          "permessage-deflate; a=\"b\"c", "permessage-deflate; a={b}"})
        QTest::newRow(list) << QByteArray(list);
    QTest::newRow("33 extensions") << QByteArray("a,").repeated(33);
    QTest::newRow("17 parameters") << "a" + QByteArray(";b").repeated(17);
}

void TestExtensions::refusesMalformedLists() {
    QFETCH(QByteArray, list);
    QVERIFY(!answerOffers(toView(list)).has_value());
    QVERIFY(!readAgreement(toView(list)).has_value());
}

void TestExtensions::takesAnAgreementToItsOffer_data() {
    QTest::addColumn<QByteArray>("list");
    QTest::newRow("as offered") << kPlain;
    QTest::newRow("our own takeover left to us") << QByteArray("permessage-deflate; server_no_context_takeover");
    QTest::newRow("a smaller window of its own") << kPlain + "; server_max_window_bits=9";
}

void TestExtensions::takesAnAgreementToItsOffer() {
    QFETCH(QByteArray, list);
    const auto terms = readAgreement(toView(list));
    QVERIFY(terms.has_value());
    QVERIFY(terms->isAgreed);
    QCOMPARE(int{terms->windowBits}, 15);
    QVERIFY(answerOffers(deflateOffer())->terms.isAgreed);
    QVERIFY(readAgreement(answerOffers(deflateOffer())->answer).has_value());
}

void TestExtensions::refusesAnAgreementToWhatWasNotOffered_data() {
    QTest::addColumn<QByteArray>("list");
    QTest::newRow("with takeover") << QByteArray("permessage-deflate");
    QTest::newRow("with takeover of the server") << QByteArray("permessage-deflate; client_no_context_takeover");
    QTest::newRow("a window for us") << kPlain + "; client_max_window_bits=10";
    QTest::newRow("an unknown parameter") << kPlain + "; a";
    QTest::newRow("twice") << kPlain + ", " + kPlain;
    QTest::newRow("another") << QByteArray("permessage-bzip2");
    QTest::newRow("two") << kPlain + ", x";
    QTest::newRow("a window of 16 bits") << kPlain + "; server_max_window_bits=16";
}

void TestExtensions::refusesAnAgreementToWhatWasNotOffered() {
    QFETCH(QByteArray, list);
    QVERIFY(!readAgreement(toView(list)).has_value());
}

QTEST_GUILESS_MAIN(TestExtensions)
#include "tst_extensions.moc"
