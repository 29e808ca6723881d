#include "support/guard_page.h"

#include "http/byte_range.h"
#include "http/content_range.h"

#include <QtTest>

using namespace meerkat::http;
using namespace meerkat::test;

namespace {

std::string_view toView(const QByteArray &bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }

// "0-4 8-9", "whole" or "416".
QByteArray describe(const RangeOutcome &outcome) {
    if (outcome.state == RangeState::Ignore) return outcome.ranges.empty() ? "whole" : "ranges that are to be ignored";
    if (outcome.state == RangeState::Unsatisfiable) return outcome.ranges.empty() ? "416" : "ranges that cannot be satisfied";
    QByteArrayList ranges;
    for (const ByteRange &range : outcome.ranges) {
        ranges << QByteArray::number(static_cast<qulonglong>(range.first)) + '-' +
                      QByteArray::number(static_cast<qulonglong>(range.last));
    }
    return ranges.join(' ');
}

// `count` single bytes, every other one.
QByteArray singleBytes(int count) {
    QByteArrayList items;
    for (int index = 0; index < count; ++index) items << QByteArray::number(2 * index) + '-' + QByteArray::number(2 * index);
    return "bytes=" + items.join(',');
}

}  // namespace

class ByteRangeTest : public QObject {
    Q_OBJECT

  private slots:
    void answersARange_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<qulonglong>("size");
        QTest::addColumn<QByteArray>("answer");
        const auto row = [](const char *name, const QByteArray &value, qulonglong size, const char *answer) {
            QTest::newRow(name) << value << size << QByteArray(answer);
        };
        row("the first bytes", "bytes=0-4", 10, "0-4");
        row("one byte", "bytes=3-3", 10, "3-3");
        row("all bytes", "bytes=0-9", 10, "0-9");
        row("all bytes, open", "bytes=0-", 10, "0-9");
        row("an open end", "bytes=7-", 10, "7-9");
        row("the last byte, open", "bytes=9-", 10, "9-9");
        row("a suffix", "bytes=-3", 10, "7-9");
        row("a suffix of all", "bytes=-10", 10, "0-9");
        row("a suffix longer than the body", "bytes=-11", 10, "0-9");
        row("an end behind the body", "bytes=5-100", 10, "5-9");
        row("an end of 30 digits", "bytes=5-100000000000000000000000000000", 10, "5-9");
        row("a suffix of 30 digits", "bytes=-100000000000000000000000000000", 10, "0-9");
        row("zeros before the number", "bytes=0000000000000000000000000000001-02", 10, "1-2");
        row("the unit in capitals", "BYTES=0-4", 10, "0-4");
        row("two, in the order asked", "bytes=7-8,0-1", 10, "7-8 0-1");
        row("blanks and empty items", "bytes= 0-1 ,, \t7-8,", 10, "0-1 7-8");
        row("one of two behind the body", "bytes=20-,0-1", 10, "0-1");
        row("an empty suffix and another", "bytes=-0,0-1", 10, "0-1");
        row("two that overlap", "bytes=0-3,2-5", 10, "0-5");
        row("two that touch", "bytes=0-3,4-5", 10, "0-5");
        row("two that touch the other way", "bytes=4-5,0-3", 10, "0-5");
        row("two with a byte between", "bytes=0-3,5-6", 10, "0-3 5-6");
        row("one within another", "bytes=0-5,2-3", 10, "0-5");
        row("the same twice", "bytes=2-3,2-3", 10, "2-3");
        row("a third that joins two", "bytes=0-1,8-9,4-5,2-3", 10, "0-5 8-9");
        row("a third that joins the second and the first", "bytes=8-9,0-1,4-5,2-3", 10, "8-9 0-5");
        row("a third that joins all", "bytes=0-1,4-5,8-9,2-3,6-7", 10, "0-9");
        row("as many as may be", singleBytes(32), 100,
            "0-0 2-2 4-4 6-6 8-8 10-10 12-12 14-14 16-16 18-18 20-20 22-22 24-24 26-26 28-28 30-30 "
            "32-32 34-34 36-36 38-38 40-40 42-42 44-44 46-46 48-48 50-50 52-52 54-54 56-56 58-58 60-60 62-62");
        row("a body of 5 GB", "bytes=4294967296-4294967299,-1", 5000000000, "4294967296-4294967299 4999999999-4999999999");
        row("the largest body", "bytes=18446744073709551613-,0-0", 18446744073709551615U,
            "18446744073709551613-18446744073709551614 0-0");
        row("behind the body", "bytes=10-", 10, "416");
        row("behind the body by far", "bytes=100000000000000000000000000000-", 10, "416");
        row("behind the body with an end", "bytes=10-20", 10, "416");
        row("an empty suffix", "bytes=-0", 10, "416");
        row("two behind the body", "bytes=10-,20-30", 10, "416");
        row("the start of an empty body", "bytes=0-", 0, "416");
        row("a byte of an empty body", "bytes=0-0", 0, "416");
        row("behind the largest body", "bytes=18446744073709551615-", 18446744073709551615U, "416");
        row("a suffix of an empty body", "bytes=-5", 0, "whole");
        row("nothing", "", 10, "whole");
        row("no unit", "0-4", 10, "whole");
        row("another unit", "lines=0-4", 10, "whole");
        row("a unit that begins like ours", "bytess=0-4", 10, "whole");
        row("no equals sign", "bytes 0-4", 10, "whole");
        row("blanks around the equals sign", "bytes = 0-4", 10, "whole");
        row("no range", "bytes=", 10, "whole");
        row("commas alone", "bytes=,,", 10, "whole");
        row("a dash alone", "bytes=-", 10, "whole");
        row("no dash", "bytes=4", 10, "whole");
        row("the end before the start", "bytes=5-4", 10, "whole");
        row("the end before the start, behind the body", "bytes=50-40", 10, "whole");
        row("one wrong of two", "bytes=0-1,x", 10, "whole");
        row("one wrong behind one that is behind the body", "bytes=20-,x", 10, "whole");
        row("a letter", "bytes=a-4", 10, "whole");
        row("a letter as end", "bytes=0-b", 10, "whole");
        row("a plus", "bytes=+0-4", 10, "whole");
        row("two dashes", "bytes=0--4", 10, "whole");
        row("two dashes before", "bytes=--4", 10, "whole");
        row("a blank inside", "bytes=0 -4", 10, "whole");
        row("hex", "bytes=0x0-0x4", 10, "whole");
        row("a fraction", "bytes=0-4.5", 10, "whole");
        row("semicolons", "bytes=0-1;3-4", 10, "whole");
        row("more than may be", singleBytes(33), 100, "whole");
        row("more than may be, all behind the body", singleBytes(33), 0, "whole");
        row("the whole twice", "bytes=0-,0-", 10, "whole");
        row("together one byte more than the body", "bytes=0-5,5-9", 10, "whole");
        row("together one byte more, with a gap", "bytes=0-4,0-4,9-9", 10, "whole");
        row("the largest body twice", "bytes=0-,0-", 18446744073709551615U, "whole");
    }
    void answersARange() {
        QFETCH(QByteArray, value);
        QFETCH(qulonglong, size);
        QFETCH(QByteArray, answer);
        meerkat::test::GuardPage guard(4096);
        QCOMPARE(describe(parseRange(guard.beforeGuard(toView(value)), size)), answer);
        QCOMPARE(describe(parseRange(guard.afterGuard(toView(value)), size)), answer);
    }

    // Three ranges of a body of six bytes, every combination: what is sent is what was asked, each byte once, in separate runs.
    void coversWhatWasAskedForInEveryCombination() {
        constexpr std::uint64_t kSize = 6;
        std::vector<std::pair<int, int>> all;
        for (int first = 0; first < 6; ++first) {
            for (int last = first; last < 6; ++last) all.emplace_back(first, last);
        }
        for (const auto &a : all) {
            for (const auto &b : all) {
                for (const auto &c : all) verifyCovers({a, b, c}, kSize);
            }
        }
    }

  private:
    static void verifyCovers(const std::vector<std::pair<int, int>> &asked, std::uint64_t size) {
        QByteArrayList items;
        std::vector<bool> wanted(size);
        std::uint64_t total = 0;
        for (const auto &[first, last] : asked) {
            items << QByteArray::number(first) + '-' + QByteArray::number(last);
            for (int place = first; place <= last; ++place) wanted[static_cast<std::size_t>(place)] = true;
            total += static_cast<std::uint64_t>(last - first + 1);
        }
        const QByteArray value = "bytes=" + items.join(',');
        const RangeOutcome outcome = parseRange(toView(value), size);
        QVERIFY2((outcome.state == RangeState::Ignore) == (total > size), value.constData());
        if (outcome.state == RangeState::Ignore) return;
        std::vector<int> times(size + 2);
        for (const ByteRange &range : outcome.ranges) {
            for (std::uint64_t place = range.first; place <= range.last; ++place) ++times[place + 1];
        }
        std::size_t runs = 0;
        for (std::size_t place = 0; place < size; ++place) {
            QVERIFY2(times[place + 1] == (wanted[place] ? 1 : 0), value.constData());
            if (times[place + 1] > times[place]) ++runs;
        }
        QVERIFY2(outcome.ranges.size() == runs, value.constData());
    }

    void readsAPiece_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("piece");
        const auto row = [](const char *name, const QByteArray &value, const char *piece) {
            QTest::newRow(name) << value << QByteArray(piece);
        };
        row("the beginning", "bytes 0-99/1000", "0-99/1000");
        row("all", "bytes 0-0/1", "0-0/1");
        row("the end", "bytes 999-999/1000", "999-999/1000");
        row("the unit in capitals", "BYTES 0-1/2", "0-1/2");
        row("a question", "bytes */1000", "*/1000");
        row("a question about nothing", "bytes */0", "*/0");
        row("the largest", "bytes 0-9223372036854775806/9223372036854775807", "0-9223372036854775806/9223372036854775807");
        row("another unit", "items 0-1/2", "none");
        row("no unit", "0-1/2", "none");
        row("a range as it is asked for", "bytes=0-1/2", "none");
        row("no total", "bytes 0-1", "none");
        row("an unknown total", "bytes 0-1/*", "none");
        row("nothing known", "bytes */*", "none");
        row("backwards", "bytes 2-1/5", "none");
        row("a last byte that is not in it", "bytes 0-5/5", "none");
        row("a byte of nothing", "bytes 0-0/0", "none");
        row("a sign", "bytes +0-1/2", "none");
        row("a blank more", "bytes  0-1/2", "none");
        row("a blank behind", "bytes 0-1/2 ", "none");
        row("a negative number", "bytes -1-1/2", "none");
        row("too large", "bytes 0-1/9223372036854775808", "none");
        row("no digits", "bytes -/", "none");
        row("two", "bytes 0-1/2, 0-1/2", "none");
        row("empty", "", "none");
    }

    void readsAPiece() {
        QFETCH(QByteArray, value);
        GuardPage page(256);
        const auto piece = parseContentRange(page.beforeGuard(toView(value)));
        const auto number = [](std::uint64_t n) { return QByteArray::number(static_cast<qulonglong>(n)); };
        const QByteArray range = piece && piece->hasBytes ? number(piece->first) + '-' + number(piece->last) : QByteArray("*");
        QTEST(piece ? range + '/' + number(piece->total) : QByteArray("none"), "piece");
    }
};

QTEST_GUILESS_MAIN(ByteRangeTest)
#include "tst_byte_range.moc"
