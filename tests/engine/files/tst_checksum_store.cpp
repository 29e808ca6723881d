// Station: tests of files/checksum_store: what is found again, what is not, and that it does not grow.
#include "files/checksum_store.h"

#include <QTest>

using namespace meerkat;

namespace {

constexpr std::int64_t kNow = 1'000'000;

os::FileInfo infoOf(std::uint64_t id, std::int64_t changedSeconds = kNow - 100) {
    const std::int64_t ns = changedSeconds * 1'000'000'000;
    return {os::FileKind::Regular, files::ChecksumStore::kSmallestFile, ns, ns, 7, id};
}

}  // namespace

class TestChecksumStore : public QObject {
    Q_OBJECT

  private slots:
    void findsWhatWasKept();
    void knowsAChangedFile();
    void keepsNothingThatChangedAMomentAgo();
    void doesNotGrow();
};

void TestChecksumStore::findsWhatWasKept() {
    files::ChecksumStore store;
    QVERIFY(!store.find(infoOf(1)));
    store.keep(infoOf(1), 0xcafe, kNow);
    store.keep(infoOf(2), 0xbeef, kNow);
    QCOMPARE(store.find(infoOf(1)).value_or(0), 0xcafeu);
    QCOMPARE(store.find(infoOf(2)).value_or(0), 0xbeefu);
    store.keep(infoOf(1, kNow - 50), 0xf00d, kNow);
    QVERIFY(!store.find(infoOf(1)));
    QCOMPARE(store.find(infoOf(1, kNow - 50)).value_or(0), 0xf00du);
}

void TestChecksumStore::knowsAChangedFile() {
    files::ChecksumStore store;
    store.keep(infoOf(1), 0xcafe, kNow);
    os::FileInfo other = infoOf(1);
    ++other.changedNs;
    QVERIFY(!store.find(other));
    other = infoOf(1);
    ++other.size;
    QVERIFY(!store.find(other));
    other = infoOf(1);
    ++other.volume;
    QVERIFY(!store.find(other));
}

void TestChecksumStore::keepsNothingThatChangedAMomentAgo() {
    files::ChecksumStore store;
    store.keep(infoOf(1, kNow - 2), 0xcafe, kNow);
    QVERIFY(!store.find(infoOf(1, kNow - 2)));
    // Nor one whose clock is ahead.
    store.keep(infoOf(1, kNow + 100), 0xcafe, kNow);
    QVERIFY(!store.find(infoOf(1, kNow + 100)));
    os::FileInfo small = infoOf(1);
    small.size = 1;
    store.keep(small, 0xcafe, kNow);
    QVERIFY(!store.find(small));
}

void TestChecksumStore::doesNotGrow() {
    files::ChecksumStore store;
    const std::uint64_t tooMany = files::ChecksumStore::kMostFiles * 2;
    for (std::uint64_t id = 0; id < tooMany; ++id) store.keep(infoOf(id), 1, kNow);
    std::size_t kept = 0;
    for (std::uint64_t id = 0; id < tooMany; ++id) kept += store.find(infoOf(id)).has_value();
    QCOMPARE(kept, files::ChecksumStore::kMostFiles);
    QVERIFY(store.find(infoOf(tooMany - 1)));
}

QTEST_APPLESS_MAIN(TestChecksumStore)
#include "tst_checksum_store.moc"
