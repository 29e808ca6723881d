#include "support/guard_page.h"

#include "http/dates.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>
#include <QtTest>

using namespace meerkat::http;

namespace {

constexpr std::int64_t kExample = 784111777;  // RFC 9110's: Sun, 06 Nov 1994 08:49:37 GMT
constexpr std::int64_t kNow = 1700000000;     // Tue, 14 Nov 2023 22:13:20 GMT
constexpr std::int64_t kDay = 86400;

QByteArray written(std::int64_t seconds) {
    QByteArray text(kDateLength, '?');
    writeDate(seconds, text.data());
    return text;
}

std::string_view toView(const QByteArray &bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }
std::optional<std::int64_t> parsed(const QByteArray &text, std::int64_t now = kNow) { return parseDate(toView(text), now); }

std::int64_t secondsAt(int year, int month, int day) {
    return QDateTime(QDate(year, month, day), QTime(0, 0), Qt::UTC).toSecsSinceEpoch();
}

}  // namespace

class DatesTest : public QObject {
    Q_OBJECT

  private slots:
    void writesADate_data() {
        QTest::addColumn<qlonglong>("seconds");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("the example of the RFC") << qlonglong(kExample) << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT");
        QTest::newRow("the epoch") << qlonglong(0) << QByteArray("Thu, 01 Jan 1970 00:00:00 GMT");
        QTest::newRow("a second before the epoch") << qlonglong(-1) << QByteArray("Wed, 31 Dec 1969 23:59:59 GMT");
        QTest::newRow("a leap day") << qlonglong(951782400) << QByteArray("Tue, 29 Feb 2000 00:00:00 GMT");
        QTest::newRow("the end of 32 bits") << qlonglong(2147483648) << QByteArray("Tue, 19 Jan 2038 03:14:08 GMT");
        QTest::newRow("the last second") << qlonglong(253402300799) << QByteArray("Fri, 31 Dec 9999 23:59:59 GMT");
        QTest::newRow("over the last second") << qlonglong(253402300800) << QByteArray("Fri, 31 Dec 9999 23:59:59 GMT");
        QTest::newRow("the far future") << std::numeric_limits<qlonglong>::max() << QByteArray("Fri, 31 Dec 9999 23:59:59 GMT");
        QTest::newRow("the first second") << qlonglong(-62167219200) << QByteArray("Sat, 01 Jan 0000 00:00:00 GMT");
        QTest::newRow("the far past") << std::numeric_limits<qlonglong>::min() << QByteArray("Sat, 01 Jan 0000 00:00:00 GMT");
    }
    void writesADate() {
        QFETCH(qlonglong, seconds);
        QFETCH(QByteArray, text);
        QCOMPARE(written(seconds), text);
    }

    void writesNoByteTooMany() {
        char text[kDateLength + 2] = {};
        text[0] = text[kDateLength + 1] = '!';
        writeDate(kExample, text + 1);
        QCOMPARE(text[0], '!');
        QCOMPARE(text[kDateLength + 1], '!');
    }

    // Qt is the other opinion on the calendar. The step is prime: over the years it meets every month and time of day.
    void agreesWithTheCalendarOverCenturies() {
        for (std::int64_t seconds = secondsAt(1600, 1, 1); seconds < secondsAt(2500, 1, 1); seconds += 1000003) {
            const QDateTime moment = QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC);
            const QByteArray text = QLocale::c().toString(moment, "ddd, dd MMM yyyy HH:mm:ss 'GMT'").toLatin1();
            QCOMPARE(written(seconds), text);
            QCOMPARE(parsed(text), std::optional<std::int64_t>(seconds));
        }
    }

    void readsBackWhatItWroteOnEveryDay() {
        for (std::int64_t seconds = secondsAt(1, 1, 1); seconds < secondsAt(9999, 12, 31); seconds += 37 * kDay + 1) {
            QCOMPARE(parsed(written(seconds)), std::optional<std::int64_t>(seconds));
        }
        for (std::int64_t seconds = secondsAt(1996, 1, 1); seconds < secondsAt(2001, 1, 1); seconds += kDay) {
            QCOMPARE(parsed(written(seconds + kDay - 1)), std::optional<std::int64_t>(seconds + kDay - 1));
        }
    }

    void acceptsAllThreeForms_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qlonglong>("seconds");
        QTest::newRow("IMF-fixdate") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT") << qlonglong(kExample);
        QTest::newRow("RFC 850") << QByteArray("Sunday, 06-Nov-94 08:49:37 GMT") << qlonglong(kExample);
        QTest::newRow("asctime") << QByteArray("Sun Nov  6 08:49:37 1994") << qlonglong(kExample);
        QTest::newRow("asctime on a later day") << QByteArray("Wed Nov 16 08:49:37 1994") << qlonglong(kExample + 10 * kDay);
        QTest::newRow("the longest name in RFC 850")
            << QByteArray("Wednesday, 16-Nov-94 08:49:37 GMT") << qlonglong(kExample + 10 * kDay);
        QTest::newRow("a short name in RFC 850")
            << QByteArray("Friday, 11-Nov-94 08:49:37 GMT") << qlonglong(kExample + 5 * kDay);
        QTest::newRow("a leap second") << QByteArray("Sat, 31 Dec 2016 23:59:60 GMT") << qlonglong(1483228800);
        QTest::newRow("a leap day") << QByteArray("Tue, 29 Feb 2000 00:00:00 GMT") << qlonglong(951782400);
        QTest::newRow("a wrong day of the week is nobody's business")
            << QByteArray("Mon, 06 Nov 1994 08:49:37 GMT") << qlonglong(kExample);
    }
    void acceptsAllThreeForms() {
        QFETCH(QByteArray, text);
        QFETCH(qlonglong, seconds);
        meerkat::test::GuardPage guard(4096);
        QCOMPARE(parseDate(guard.beforeGuard(toView(text)), kNow), std::optional<std::int64_t>(seconds));
    }

    void takesTwoDigitsForTheLatestYearWithin50_data() {
        QTest::addColumn<qlonglong>("now");
        QTest::addColumn<QByteArray>("date");
        QTest::addColumn<int>("year");
        const auto row = [](const char *name, std::int64_t now, const char *date, int year) {
            QTest::newRow(name) << qlonglong(now) << QByteArray(date) << year;
        };
        row("this year", kNow, "01-Mar-23", 2023);
        row("49 years ahead", kNow, "01-Mar-72", 2072);
        row("nearly 50 years ahead", kNow, "13-Nov-73", 2073);
        row("over 50 years ahead by a day", kNow, "15-Nov-73", 1973);
        row("51 years ahead", kNow, "01-Mar-74", 1974);
        row("last century", kNow, "01-Mar-99", 1999);
        row("the turn of the century", kNow, "01-Mar-00", 2000);
        row("next century", secondsAt(2090, 6, 1), "01-Mar-10", 2110);
        row("the end of a century", secondsAt(2090, 6, 1), "01-Mar-99", 2099);
        row("long ago", secondsAt(1970, 1, 1), "31-Dec-69", 1969);
        row("the leap day of 2000", kNow, "29-Feb-00", 2000);
    }
    void takesTwoDigitsForTheLatestYearWithin50() {
        QFETCH(qlonglong, now);
        QFETCH(QByteArray, date);
        QFETCH(int, year);
        const auto seconds = parsed("Monday, " + date + " 00:00:00 GMT", now);
        QVERIFY(seconds);
        QCOMPARE(QDateTime::fromSecsSinceEpoch(*seconds, Qt::UTC).date().year(), year);
    }

    void survivesAClockThatIsFarOff() {
        QVERIFY(parsed("Sunday, 06-Nov-94 08:49:37 GMT", std::numeric_limits<std::int64_t>::max()));
        QVERIFY(parsed("Sunday, 06-Nov-94 08:49:37 GMT", std::numeric_limits<std::int64_t>::min()));
    }

    void refusesWhatIsNoDate_data() {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"",
                                 "0",
                                 "784111777",
                                 "now",
                                 ",",
                                 "Sun, 06 Nov 1994 08:49:37 UTC",
                                 "Sun, 06 Nov 1994 08:49:37 +00",
                                 "Sun, 06 Nov 1994 08:49:37",
                                 "Sun, 06 Nov 1994 08:49:37 GMT ",
                                 " Sun, 06 Nov 1994 08:49:37 GMT",
                                 "sun, 06 Nov 1994 08:49:37 GMT",
                                 "Sun, 06 nov 1994 08:49:37 GMT",
                                 "Sun, 06 Nov 1994 08:49:37 gmt",
                                 "Son, 06 Nov 1994 08:49:37 GMT",
                                 "Sun, 06 Nob 1994 08:49:37 GMT",
                                 "Sun, 6 Nov 1994 08:49:37 GMT",
                                 "Sun,  6 Nov 1994 08:49:37 GMT",
                                 "Sun, 06 Nov 94 08:49:37 GMT",
                                 "Sun, 06-Nov-1994 08:49:37 GMT",
                                 "Sun, 00 Nov 1994 08:49:37 GMT",
                                 "Sun, 31 Nov 1994 08:49:37 GMT",
                                 "Sun, 29 Feb 1994 08:49:37 GMT",
                                 "Sun, 29 Feb 1900 08:49:37 GMT",
                                 "Sun, 32 Dec 1994 08:49:37 GMT",
                                 "Sun, 06 Nov 1994 24:00:00 GMT",
                                 "Sun, 06 Nov 1994 08:60:37 GMT",
                                 "Sun, 06 Nov 1994 08:49:61 GMT",
                                 "Sun, 06 Nov 1994 08-49-37 GMT",
                                 "Sun, -6 Nov 1994 08:49:37 GMT",
                                 "Sun, 06 Nov +994 08:49:37 GMT",
                                 "Sun, 06 Nov 1994 08:49:3x GMT",
                                 "Sunday, 06-Nov-94 08:49:37",
                                 "Sunday, 06-Nov-1994 08:49:37 GMT",
                                 "Sunday, 06 Nov 94 08:49:37 GMT",
                                 "Sunday, 31-Feb-94 08:49:37 GMT",
                                 "Sun Nov 06 08:49:37 94",
                                 "Sun Nov  6 08:49:37 1994 GMT",
                                 "Sun Nov 6 08:49:37 1994",
                                 "Sun Nov   6 08:49:37 1994",
                                 "Sun Nov 31 08:49:37 1994"}) {
            QTest::newRow(*text ? text : "nothing") << QByteArray(text);
        }
    }
    void refusesWhatIsNoDate() {
        QFETCH(QByteArray, text);
        QVERIFY(!parsed(text));
    }

    void refusesEveryUnfinishedDate() {
        meerkat::test::GuardPage guard(4096);
        for (const QByteArray &text : {QByteArray("Sun, 06 Nov 1994 08:49:37 GMT"), QByteArray("Sunday, 06-Nov-94 08:49:37 GMT"),
                                       QByteArray("Sun Nov  6 08:49:37 1994")}) {
            for (qsizetype size = 0; size < text.size(); ++size) {
                QVERIFY(!parseDate(guard.beforeGuard(toView(text.first(size))), kNow));
            }
            QVERIFY(!parsed(text + '1'));
        }
    }
};

QTEST_GUILESS_MAIN(DatesTest)
#include "tst_dates.moc"
