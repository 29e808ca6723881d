// Station: tests of net/slice_reader.
#include "net/slice_reader.h"

#include <QTest>

using namespace meerkat;
using net::SliceReader;
using net::TlsBuffers;

class TestSliceReader : public QObject {
    Q_OBJECT

  private slots:
    void givesEveryByteInOrder_data();
    void givesEveryByteInOrder();
    void joinsSmallSlices();
    void takesALoneSliceFromWhereItIs();
    void fillsRecords();
    void isAtEndWithoutBytes();
};

void TestSliceReader::givesEveryByteInOrder_data() {
    QTest::addColumn<QList<int>>("sizes");
    QTest::addColumn<int>("limit");
    const int record = TlsBuffers::kRecordBytes;
    QTest::newRow("one") << QList<int>{100} << 1'000'000;
    QTest::newRow("with empty ones") << QList<int>{0, 5, 0, 0, 7, 0} << 1'000'000;
    QTest::newRow("around a record") << QList<int>{record - 1, 1, record + 1, record, 2} << 1'000'000;
    QTest::newRow("large and small") << QList<int>{200, 100'000, 3, 50'000} << 65536;
    QTest::newRow("a limit inside of a slice") << QList<int>{1000, 1000, 1000} << 1500;
    QTest::newRow("byte by byte") << QList<int>{20, 3, 9} << 1;
}

void TestSliceReader::givesEveryByteInOrder() {
    QFETCH(QList<int>, sizes);
    QFETCH(int, limit);
    std::vector<std::string> texts;
    std::vector<os::IoSlice> slices;
    std::string all;
    for (const int size : sizes) {
        std::string text;
        for (int i = 0; i < size; ++i) text += static_cast<char>('a' + (all.size() + std::size_t(i) * 7) % 26);
        all += text;
        texts.push_back(std::move(text));
    }
    for (const auto &text : texts) slices.push_back({text.data(), text.size()});
    std::vector<char> workspace(TlsBuffers::kRecordBytes);
    SliceReader reader(slices);
    std::string got;
    while (!reader.isAtEnd()) {
        const auto part = reader.next(std::size_t(limit), workspace);
        QVERIFY(!part.empty() && part.size() <= std::size_t(limit));
        got += part;
    }
    QVERIFY(got == all);
}

void TestSliceReader::joinsSmallSlices() {
    const os::IoSlice slices[] = {{"head", 4}, {"", 0}, {"body", 4}};
    std::vector<char> workspace(TlsBuffers::kRecordBytes);
    SliceReader reader(slices);
    QCOMPARE(std::string(reader.next(1000, workspace)), std::string("headbody"));
    QVERIFY(reader.isAtEnd());
}

void TestSliceReader::takesALoneSliceFromWhereItIs() {
    const std::string large(100'000, 'x');
    const os::IoSlice slice{large.data(), large.size()};
    SliceReader reader({&slice, 1});
    const auto part = reader.next(1'000'000, {});
    QVERIFY(part.data() == large.data() && part.size() == large.size());
}

void TestSliceReader::fillsRecords() {
    const std::string large(3 * TlsBuffers::kRecordBytes + 10, 'x');
    const os::IoSlice slices[] = {{large.data(), large.size()}, {"tail", 4}};
    std::vector<char> workspace(TlsBuffers::kRecordBytes);
    SliceReader reader(slices);
    QCOMPARE(reader.next(1'000'000, workspace).size(), 3 * TlsBuffers::kRecordBytes);
    QCOMPARE(reader.next(1'000'000, workspace).size(), std::size_t{14});
}

void TestSliceReader::isAtEndWithoutBytes() {
    const os::IoSlice empty{"", 0};
    QVERIFY(SliceReader({}).isAtEnd());
    QVERIFY(SliceReader({&empty, 1}).isAtEnd());
}

QTEST_GUILESS_MAIN(TestSliceReader)
#include "tst_slice_reader.moc"
