// Station: tests of files/file_cache and files/path_guard.
#include "files/file_cache.h"
#include "files/path_guard.h"

#include "support/fake_clock.h"

#include <QTest>

using namespace meerkat;
using files::CachedFile;

class TestFileCache : public QObject {
    Q_OBJECT

  private slots:
    void init() { m_loop = std::move(*net::EventLoop::create(m_clock)); }
    void findsWhatWasInserted();
    void replacesAFileOfTheSameKey();
    void keepsADroppedFileUntilThePassEnds();
    void dropsTheLongestUnusedWhenItIsFull();
    void neverDropsWhatThisPassUsed();
    void forgetsAllWhenCleared();
    void hidesPasswordFilesInAnyCase();
    void hidesAnyNameOfAPath();
    void takesTheSlashesOffAPath();

  private:
    std::unique_ptr<CachedFile> newFile(const std::string &key, std::size_t bytes = 1000) {
        auto file = std::make_unique<CachedFile>();
        file->key = key;
        file->whole = files::ReadyAnswer(200, {}, std::string(bytes, 'x'));
        return file;
    }

    test::FakeClock m_clock;
    std::unique_ptr<net::EventLoop> m_loop;
};

void TestFileCache::findsWhatWasInserted() {
    files::FileCache cache(*m_loop, 1'000'000);
    QVERIFY(!cache.find("/a"));
    CachedFile &file = cache.insert(newFile("/a"));
    QCOMPARE(cache.find("/a"), &file);
    QVERIFY(!cache.find("/A"));
    cache.remove(file);
    QVERIFY(!cache.find("/a"));
}

void TestFileCache::replacesAFileOfTheSameKey() {
    files::FileCache cache(*m_loop, 1'000'000);
    cache.insert(newFile("/a", 10));
    CachedFile &second = cache.insert(newFile("/a", 20));
    QCOMPARE(cache.find("/a"), &second);
}

void TestFileCache::keepsADroppedFileUntilThePassEnds() {
    files::FileCache cache(*m_loop, 1'000'000);
    CachedFile &file = cache.insert(newFile("/a"));
    cache.remove(file);
    QCOMPARE(file.key, std::string("/a"));
    m_loop->finishPass();
}

void TestFileCache::dropsTheLongestUnusedWhenItIsFull() {
    files::FileCache cache(*m_loop, 40'000);
    for (int i = 0; i < 100; ++i) {
        cache.insert(newFile("/" + std::to_string(i)));
        QVERIFY(cache.find("/0"));
        m_loop->runOnce(0);
        m_loop->finishPass();
    }
    int left = 0;
    for (int i = 0; i < 100; ++i) left += cache.find("/" + std::to_string(i)) != nullptr;
    QVERIFY2(left >= 10 && left <= 40, QByteArray::number(left).constData());
    QVERIFY(cache.find("/99"));
}

void TestFileCache::neverDropsWhatThisPassUsed() {
    files::FileCache cache(*m_loop, 5'000);
    for (int i = 0; i < 20; ++i) cache.insert(newFile("/" + std::to_string(i)));
    for (int i = 0; i < 20; ++i) QVERIFY(cache.find("/" + std::to_string(i)));
}

void TestFileCache::forgetsAllWhenCleared() {
    files::FileCache cache(*m_loop, 1'000'000);
    cache.insert(newFile("/a"));
    cache.insert(newFile("/b"));
    cache.clear();
    QVERIFY(!cache.find("/a") && !cache.find("/b"));
}

void TestFileCache::hidesPasswordFilesInAnyCase() {
    const files::PathGuard guard;
    QVERIFY(guard.hidesName(".htpasswd") && guard.hidesName(".HTPassWd"));
    QVERIFY(guard.hidesName(".htpasswd.Ab3dE6") && guard.hidesName(".HTPASSWD~"));
    QVERIFY(!guard.hidesName("htpasswd") && !guard.hidesName(".htpasswd2") && !guard.hidesName(""));
}

void TestFileCache::hidesAnyNameOfAPath() {
    const files::PathGuard guard("**.bak$|private$");
    QVERIFY(guard.hidesPath("/a/b.bak") && guard.hidesPath("/a.bak/b") && guard.hidesPath("/private/") &&
            guard.hidesPath("/x/Private/y"));
    QVERIFY(!guard.hidesPath("/") && !guard.hidesPath("/a/b") && !guard.hidesPath("/privately"));
}

void TestFileCache::takesTheSlashesOffAPath() {
    QCOMPARE(files::relativePath("/a/b/"), std::string_view("a/b"));
    QCOMPARE(files::relativePath("/"), std::string_view());
    QCOMPARE(files::relativePath("/a"), std::string_view("a"));
}

QTEST_GUILESS_MAIN(TestFileCache)
#include "tst_file_cache.moc"
