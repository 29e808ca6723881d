#include "http/request_track.h"

#include <QtTest>

using namespace meerkat::http;

namespace {

std::string_view toView(const QByteArray &bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }

// The methods that wait for answers, by their letters: "GHP" are GET, HEAD, POST; "?" is another.
QByteArray methodsOf(RequestTrack track) {
    QByteArray methods;
    for (std::uint64_t left = track.requests(); left > 0; --left, track.takeNext()) {
        const Method method = track.next();
        const bool isKnown =
            method == Method::Get || method == Method::Head || method == Method::Post || method == Method::Connect;
        methods += !isKnown                 ? '?'
                   : method == Method::Get  ? 'G'
                   : method == Method::Head ? 'H'
                   : method == Method::Post ? 'P'
                                            : 'C';
    }
    // And nothing more.
    return track.expectsAnswer() ? methods + '+' : methods;
}

void addRequests() {
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QByteArray>("methods");
    const auto row = [](const char *name, const QByteArray &written, const char *methods) {
        QTest::newRow(name) << written << QByteArray(methods);
    };
    row("one", "GET / HTTP/1.0\r\n\r\n", "G");
    row("one without a host", "GET / HTTP/1.1\r\n\r\n", "G");
    row("bare line feeds", "HEAD / HTTP/1.0\nHost: a\n\n", "H");
    row("several in a row", "GET /a HTTP/1.1\r\nHost: a\r\n\r\nHEAD /b HTTP/1.1\r\nHost: a\r\n\r\nGET /c HTTP/1.1\r\n\r\n",
        "GHG");
    row("empty lines before", "\r\n\r\nHEAD / HTTP/1.1\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n", "HG");
    row("a body that looks like a request",
        "POST / HTTP/1.1\r\nContent-Length: 19\r\n\r\nHEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", "PG");
    row("a body in chunks",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n13\r\nHEAD / HTTP/1.1\r\n\r\n\r\n0\r\nA: b\r\n\r\nHEAD / "
        "HTTP/1.1\r\n\r\n",
        "PH");
    row("chunks win over a length",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n", "PG");
    row("fields in capitals with odd spaces", "POST / HTTP/1.1\r\nCONTENT-LENGTH :\t2 \r\n\r\nabHEAD / HTTP/1.1\r\n\r\n", "PH");
    row("an empty body", "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\nHEAD / HTTP/1.1\r\n\r\n", "PH");
    row("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", "C");
    row("small letters are another method", "head / HTTP/1.1\r\n\r\n", "?");
}

}  // namespace

class RequestTrackTest : public QObject {
    Q_OBJECT

  private slots:
    void noticesRequests_data() { addRequests(); }
    void noticesRequests() {
        QFETCH(QByteArray, written);
        QFETCH(QByteArray, methods);
        RequestTrack track;
        track.onWritten(toView(written));
        QCOMPARE(track.requests(), static_cast<std::uint64_t>(methods.size()));
        QCOMPARE(methodsOf(track), methods);
    }

    void noticesThemWrittenInTwoPieces_data() { addRequests(); }
    void noticesThemWrittenInTwoPieces() {
        QFETCH(QByteArray, written);
        QFETCH(QByteArray, methods);
        for (qsizetype split = 0; split <= written.size(); ++split) {
            RequestTrack track;
            track.onWritten(toView(written.first(split)));
            track.onWritten(toView(written.sliced(split)));
            QCOMPARE(methodsOf(track), methods);
        }
    }

    void noticesThemWrittenByteByByte_data() { addRequests(); }
    void noticesThemWrittenByteByByte() {
        QFETCH(QByteArray, written);
        QFETCH(QByteArray, methods);
        RequestTrack track;
        for (const char byte : written) track.onWritten({&byte, 1});
        QCOMPARE(methodsOf(track), methods);
    }

    void expectsAnAnswerFromTheFirstByteOn() {
        RequestTrack track;
        QVERIFY(!track.expectsAnswer());
        track.onWritten("\r\n");
        QVERIFY(!track.expectsAnswer());
        track.onWritten("G");
        QVERIFY(track.expectsAnswer());
        QVERIFY(track.next() == Method::Other);
        track.onWritten("ET / HTTP/1.1\r\n\r\n");
        QVERIFY(track.next() == Method::Get);
        track.takeNext();
        QVERIFY(!track.expectsAnswer());
        track.takeNext();
        QVERIFY(!track.expectsAnswer());
    }

    void expectsAnswersWhileItCannotFollow_data() {
        QTest::addColumn<QByteArray>("written");
        QTest::newRow("a head without end") << QByteArray(70000, 'a');
        QTest::newRow("chunks that are none") << QByteArray("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nhello");
    }
    void expectsAnswersWhileItCannotFollow() {
        QFETCH(QByteArray, written);
        RequestTrack track;
        track.onWritten(toView(written));
        track.takeNext();
        track.takeNext();
        QVERIFY(track.expectsAnswer());
        QVERIFY(track.next() == Method::Other);
    }
};

QTEST_GUILESS_MAIN(RequestTrackTest)
#include "tst_request_track.moc"
