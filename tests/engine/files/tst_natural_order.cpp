#include "engine/files/page_samples.h"
#include "files/natural_order.h"

#include <QtTest>

using namespace meerkat::files;
using namespace meerkat::test;

namespace {

int sign(int value) { return (value > 0) - (value < 0); }
int compared(const QByteArray &a, const QByteArray &b) { return sign(compareNaturally(toView(a), toView(b))); }
void row(const char *title, const QByteArray &first, const QByteArray &second) { QTest::newRow(title) << first << second; }

const QByteArrayList kSamples = {"",       "!",     ".a",  "0",   "00",       "1",        "01",    "1a",    "2",
                                 "10",     "10000", "A",   "a",   "a ",       "a1",       "a01",   "a1b",   "a01b",
                                 "a2",     "A10",   "a10", "aB1", "ab1",      "B",        "file1", "file2", "file9",
                                 "file10", "z",     "Zz",  "~",   "\xC3\x84", "\xC3\xA4", "\xFF"};

}  // namespace

class NaturalOrderTest : public QObject {
    Q_OBJECT

  private slots:
    void putsTheFirstBeforeTheSecond_data() {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("second");
        row("numbers by value", "file2", "file10");
        row("numbers alone", "9", "10");
        row("numbers inside", "a2b", "a10a");
        row("second number decides", "1.2", "1.10");
        row("numbers longer than any integer", "x" + QByteArray(400, '9'), "x1" + QByteArray(400, '0'));
        row("leading zeros do not count", "a01", "a2");
        row("many leading zeros", "a" + QByteArray(300, '0') + "1", "a2");
        row("letters in any case", "a", "B");
        row("letters in any case, the other way", "A", "b");
        row("equal but for the case: by bytes", "File", "file");
        row("equal but for zeros: by bytes", "a01", "a1");
        row("beginning before the whole", "file", "file1");
        row("nothing before something", "", "a");
        row("digits before letters", "1a", "a1");
        row("bytes above ASCII behind", "z", "ä");
        row("zero before one", "a0", "a1");
    }
    void putsTheFirstBeforeTheSecond() {
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, second);
        QCOMPARE(compared(first, second), -1);
        QCOMPARE(compared(second, first), 1);
    }

    void callsEqualOnlyWhatIsTheSame() {
        for (const QByteArray &a : kSamples)
            for (const QByteArray &b : kSamples) QCOMPARE(compared(a, b) == 0, a == b);
    }

    // What std::sort relies on: without it a sort can run past its end.
    void isAnOrder() {
        for (const QByteArray &a : kSamples)
            for (const QByteArray &b : kSamples) {
                QCOMPARE(compared(a, b), -compared(b, a));
                for (const QByteArray &c : kSamples)
                    if (compared(a, b) < 0 && compared(b, c) < 0) QCOMPARE(compared(a, c), -1);
            }
    }
};

QTEST_GUILESS_MAIN(NaturalOrderTest)
#include "tst_natural_order.moc"
