// Station: tests of net/batch_writer.
#include "net/batch_writer.h"

#include <QTest>

#include <string>

using meerkat::net::BatchWriter;
namespace os = meerkat::os;

namespace {

std::string joined(const BatchWriter &batch) {
    std::string all;
    for (const auto &slice : batch.slices()) all.append(slice.data, slice.size);
    return all;
}

}  // namespace

class TestBatchWriter : public QObject {
    Q_OBJECT

  private slots:
    void keepsTheOrderOfBorrowedAndCopied();
    void joinsNeighboursToOneSlice();
    void takesAnEmptyPieceAsNothing();
    void copiesWhatDoesNotLive();
    void isFullBeforeItsSlicesEnd();
    void isFullWhenEnoughBytesWait();
    void refusesACopyThatItsArenaCannotHold();
    void isEmptyAndOwnedByNobodyOnceCleared();
};

void TestBatchWriter::keepsTheOrderOfBorrowedAndCopied() {
    BatchWriter batch;
    batch.borrow("one ");
    batch.copy("two ");
    batch.borrow("three");
    QCOMPARE(joined(batch), std::string("one two three"));
    QCOMPARE(batch.bytes(), std::size_t{13});
}

void TestBatchWriter::joinsNeighboursToOneSlice() {
    const std::string text = "head and body";
    BatchWriter batch;
    batch.borrow(std::string_view(text).substr(0, 4));
    batch.borrow(std::string_view(text).substr(4));
    QCOMPARE(batch.slices().size(), std::size_t{1});
    batch.copy("a");
    batch.copy("b");
    QCOMPARE(batch.slices().size(), std::size_t{2});
    QCOMPARE(joined(batch), text + "ab");
}

void TestBatchWriter::takesAnEmptyPieceAsNothing() {
    BatchWriter batch;
    batch.borrow({});
    batch.copy({});
    QVERIFY(batch.isEmpty());
}

void TestBatchWriter::copiesWhatDoesNotLive() {
    BatchWriter batch;
    std::string shortLived = "kept";
    batch.copy(shortLived);
    shortLived = "gone";
    QCOMPARE(joined(batch), std::string("kept"));
}

void TestBatchWriter::isFullBeforeItsSlicesEnd() {
    // Pieces with a gap between them, so that they cannot be joined.
    const std::string text(2 * os::kMaxSlices, 'x');
    BatchWriter batch;
    while (!batch.isFull()) batch.borrow(std::string_view(text).substr(2 * batch.slices().size(), 1));
    QVERIFY(batch.slices().size() < os::kMaxSlices);
    // An answer that was begun still finds room for its parts.
    for (int i = 0; i < 3; ++i) {
        QVERIFY(batch.canBorrow());
        batch.borrow(std::string_view(text).substr(2 * batch.slices().size(), 1));
    }
}

void TestBatchWriter::isFullWhenEnoughBytesWait() {
    const std::string large(BatchWriter::kEnoughBytes, 'x');
    BatchWriter batch;
    batch.borrow(std::string_view(large).substr(1));
    QVERIFY(!batch.isFull());
    batch.borrow(std::string_view(large).substr(0, 1));
    QVERIFY(batch.isFull());
}

void TestBatchWriter::refusesACopyThatItsArenaCannotHold() {
    BatchWriter batch;
    QVERIFY(batch.canCopy(BatchWriter::kArenaBytes));
    QVERIFY(!batch.canCopy(BatchWriter::kArenaBytes + 1));
    batch.copy("x");
    QVERIFY(!batch.canCopy(BatchWriter::kArenaBytes));
    QVERIFY(batch.canCopy(BatchWriter::kArenaBytes - 1));
}

void TestBatchWriter::isEmptyAndOwnedByNobodyOnceCleared() {
    BatchWriter batch;
    batch.copy(std::string(BatchWriter::kArenaBytes, 'x'));
    batch.clear();
    QVERIFY(batch.isEmpty());
    QVERIFY(!batch.owner);
    QCOMPARE(batch.bytes(), std::size_t{0});
    QVERIFY(batch.canCopy(BatchWriter::kArenaBytes));
}

QTEST_GUILESS_MAIN(TestBatchWriter)
#include "tst_batch_writer.moc"
