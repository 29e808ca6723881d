// Station: tests of the helpers of mongoose.h: URL encoding, MD5, types of names, threads.
#include "mongoose.h"

#include <QSemaphore>
#include <QTest>
#include <QThread>

#include <climits>
#include <cstring>
#include <vector>

class TestHelpers : public QObject {
    Q_OBJECT

  private slots:
    void encodesAllButUnreserved();
    void decodesWhatWasEncoded();
    void decodesInPlaceAndIntoRoomThatFits();
    void returnsMinusOneForTextThatDoesNotFit();
    void joinsTextsInOneMd5();
    void namesTheTypeOfAFile_data();
    void namesTheTypeOfAFile();
    void runsAFunctionInAThreadOfItsOwn();
    void takesBadArguments();
};

void TestHelpers::encodesAllButUnreserved() {
    char out[20];
    QCOMPARE(mg_url_encode("a /\xff~", 5, out, sizeof out), 11);
    QCOMPARE(QByteArray(out), QByteArray("a%20%2F%FF~"));
    QCOMPARE(mg_url_encode("", 0, out, 1), 0);
}

void TestHelpers::decodesWhatWasEncoded() {
    QByteArray all;
    for (int byte = 0; byte < 256; ++byte) all.append(char(byte));
    char encoded[1000], decoded[1000];
    const int length = mg_url_encode(all, size_t(all.size()), encoded, sizeof encoded);
    QVERIFY(length > 256);
    QCOMPARE(mg_url_decode(encoded, length, decoded, sizeof decoded, 0), 256);
    QCOMPARE(QByteArray(decoded, 256), all);
}

void TestHelpers::decodesInPlaceAndIntoRoomThatFits() {
    char text[] = "a+%41%4";
    QCOMPARE(mg_url_decode(text, 7, text, sizeof text, 1), 5);
    QCOMPARE(QByteArray(text), QByteArray("a A%4"));
    char plus[4];
    QCOMPARE(mg_url_decode("a+b", 3, plus, 4, 0), 3);
    QCOMPARE(QByteArray(plus), QByteArray("a+b"));
}

void TestHelpers::returnsMinusOneForTextThatDoesNotFit() {
    // Buffers of exactly that size: the address sanitizer sees a byte too much.
    for (std::size_t size = 1; size <= 3; ++size) {
        std::vector<char> buffer(size, '#');
        QCOMPARE(mg_url_decode("abc", 3, buffer.data(), int(size), 0), -1);
        QCOMPARE(buffer[0], '\0');
        QCOMPARE(mg_url_encode(" ", 1, buffer.data(), size), -1);
        QCOMPARE(buffer[0], '\0');
    }
}

void TestHelpers::joinsTextsInOneMd5() {
    char hex[33];
    QCOMPARE(mg_md5(hex, "a", "", "bc", NULL), hex);
    QCOMPARE(QByteArray(hex), QByteArray("900150983cd24fb0d6963f7d28e17f72"));
    mg_md5(hex, NULL);
    QCOMPARE(QByteArray(hex), QByteArray("d41d8cd98f00b204e9800998ecf8427e"));
}

void TestHelpers::namesTheTypeOfAFile_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("a page") << QByteArray("/a/index.html") << QByteArray("text/html; charset=utf-8");
    QTest::newRow("in any case") << QByteArray("A.PNG") << QByteArray("image/png");
    QTest::newRow("unknown") << QByteArray("a.unknown") << QByteArray("x/default");
    QTest::newRow("no extension") << QByteArray("png") << QByteArray("x/default");
    QTest::newRow("empty") << QByteArray("") << QByteArray("x/default");
}

void TestHelpers::namesTheTypeOfAFile() {
    QFETCH(QByteArray, name);
    QTEST(QByteArray(mg_get_mime_type(name, "x/default")), "type");
}

namespace {

struct Meeting {
    QSemaphore done;
    QThread *thread = nullptr;
};

void *meet(void *param) {
    auto *meeting = static_cast<Meeting *>(param);
    meeting->thread = QThread::currentThread();
    meeting->done.release();
    return nullptr;
}

}  // namespace

void TestHelpers::runsAFunctionInAThreadOfItsOwn() {
    Meeting meeting;
    QVERIFY(mg_start_thread(&meet, &meeting));
    QVERIFY(meeting.done.tryAcquire(1, 20'000));
    QVERIFY(meeting.thread != QThread::currentThread());
}

void TestHelpers::takesBadArguments() {
    char buffer[5] = "####";
    QCOMPARE(mg_url_encode(nullptr, 1, buffer, sizeof buffer), -1);
    QCOMPARE(mg_url_encode("a", 1, nullptr, 5), -1);
    QCOMPARE(mg_url_encode("a", 1, buffer, 0), -1);
    for (const int length : {-1, INT_MIN}) {
        QCOMPARE(mg_url_decode("a", length, buffer, sizeof buffer, 0), -1);
        QCOMPARE(mg_url_decode("a", 1, buffer, length, 0), -1);
    }
    QCOMPARE(mg_url_decode(nullptr, 1, buffer, sizeof buffer, 0), -1);
    QCOMPARE(QByteArray(buffer), QByteArray());
    QVERIFY(!mg_md5(nullptr, "a", NULL));
    QVERIFY(!mg_get_mime_type("a", nullptr));
    QCOMPARE(mg_get_mime_type(nullptr, "x/y"), "x/y");
    QVERIFY(!mg_start_thread(nullptr, nullptr));
}

QTEST_GUILESS_MAIN(TestHelpers)
#include "tst_helpers.moc"
