// Station: tests of WebDAV on a small disk that is full, and across two disks. A tmpfs stands for the disk; only root may mount one.
#include "support/dav_client.h"

#include <QTest>

#include <sys/mount.h>

using namespace meerkat::test;

class TestDavDisk : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void cleanup();
    void keepsWhatWasThereWhenTheDiskIsFull_data();
    void keepsWhatWasThereWhenTheDiskIsFull();
    void keepsOldPropertiesWhenTheDiskIsFull();
    void movesToAnotherDisk();
    void movesNothingIfNotAll();

  private:
    std::unique_ptr<DavSite> m_site;
    std::unique_ptr<DavClient> m_client;
    bool m_isMounted = false;
};

// A megabyte in the folder `disk`.
void TestDavDisk::init() {
    m_site = std::make_unique<DavSite>();
    m_site->files().makeFolder("disk");
    m_isMounted = mount("tmpfs", m_site->files().path("disk").toUtf8().constData(), "tmpfs", 0, "size=1m") == 0;
    if (!m_isMounted) QSKIP("only root may mount a small disk");
    m_client = std::make_unique<DavClient>(m_site->server());
}

void TestDavDisk::cleanup() {
    if (m_isMounted) umount2(m_site->files().path("disk").toUtf8().constData(), MNT_DETACH);
    m_client.reset();
    m_site.reset();
}

void TestDavDisk::keepsWhatWasThereWhenTheDiskIsFull_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("destination");
    QTest::newRow("copy a file") << QByteArray("COPY") << QByteArray("/large") << QByteArray("/disk/new");
    QTest::newRow("copy it over one") << QByteArray("COPY") << QByteArray("/large") << QByteArray("/disk/old.txt");
    QTest::newRow("copy it over a folder") << QByteArray("COPY") << QByteArray("/large") << QByteArray("/disk/folder");
    QTest::newRow("copy a folder") << QByteArray("COPY") << QByteArray("/tree") << QByteArray("/disk/new");
    QTest::newRow("copy it over one that is there") << QByteArray("COPY") << QByteArray("/tree") << QByteArray("/disk/folder");
    QTest::newRow("move a file") << QByteArray("MOVE") << QByteArray("/large") << QByteArray("/disk/old.txt");
    QTest::newRow("move a folder") << QByteArray("MOVE") << QByteArray("/tree") << QByteArray("/disk/folder");
}

void TestDavDisk::keepsWhatWasThereWhenTheDiskIsFull() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, destination);
    m_site->files().write("large", QByteArray(900'000, 'x'));
    for (int i = 0; i < 9; ++i) m_site->files().write(QString("tree/%1/part").arg(i), QByteArray(100'000, 'x'));
    m_site->files().write("disk/old.txt", QByteArray(200'000, 'o'));
    m_site->files().write("disk/folder/a.txt", "a");
    m_client->setProperty("/disk/old.txt", "p", "1");
    QCOMPARE(m_client->status(method, target, "Destination: " + destination + "\r\n"), 507);
    QCOMPARE(m_site->names("disk"), (QStringList{".meerkat-properties", "folder", "old.txt"}));
    QCOMPARE(m_site->read("disk/old.txt").count('o'), 200'000);
    QCOMPARE(m_site->read("disk/folder/a.txt"), QByteArray("a"));
    QCOMPARE(m_client->property("/disk/old.txt", "p"), QByteArray("1"));
    QCOMPARE(m_site->read("large").size(), 900'000);
    QCOMPARE(m_site->names("tree").size(), 9);
    // There is room again at once.
    QCOMPARE(m_client->status("PUT", "/disk/new", {}, QByteArray(700'000, 'n')), 201);
}

void TestDavDisk::keepsOldPropertiesWhenTheDiskIsFull() {
    m_site->files().write("disk/a.txt", "a");
    m_client->setProperty("/disk/a.txt", "p", "old");
    QFile filler(m_site->files().path("disk/filler"));
    QVERIFY(filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    while (filler.write(QByteArray(4096, 'x')) > 0) {
    }
    const Answer answer = m_client->setProperty("/disk/a.txt", "p", "new");
    QCOMPARE(answer.status, 207);
    QVERIFY2(answer.body.contains("507 Insufficient Storage"), answer.body);
    QCOMPARE(m_client->property("/disk/a.txt", "p"), QByteArray("old"));
    QCOMPARE(m_site->names("disk/.meerkat-properties"), QStringList{"a.txt"});
}

void TestDavDisk::movesToAnotherDisk() {
    m_site->files().write("f.txt", "f");
    m_site->files().write("tree/a/b.txt", "b");
    m_site->files().write("disk/taken/old.txt", "old");
    for (const QByteArray target : {"/f.txt", "/tree", "/tree/a/b.txt"}) m_client->setProperty(target, "p", target);
    QCOMPARE(m_client->status("MOVE", "/f.txt", "Destination: /disk/f.txt\r\n"), 201);
    QCOMPARE(m_client->status("MOVE", "/tree", "Destination: /disk/taken\r\n"), 204);
    QCOMPARE(m_site->read("disk/f.txt") + m_site->read("disk/taken/a/b.txt"), QByteArray("fb"));
    QCOMPARE(m_client->property("/disk/f.txt", "p"), QByteArray("/f.txt"));
    QCOMPARE(m_client->property("/disk/taken", "p"), QByteArray("/tree"));
    QCOMPARE(m_client->property("/disk/taken/a/b.txt", "p"), QByteArray("/tree/a/b.txt"));
    QCOMPARE(m_site->names(), QStringList{"disk"});
    QCOMPARE(m_site->names("disk"), (QStringList{".meerkat-properties", "f.txt", "taken"}));
    QCOMPARE(m_site->names("disk/taken"), (QStringList{".meerkat-properties.own", "a"}));
}

// What is hidden can't be copied for a visitor, and a link would be another one elsewhere.
void TestDavDisk::movesNothingIfNotAll() {
    m_site->files().write("kept/.htpasswd", passwordLine("ana", "home", "secret"));
    m_site->files().write("kept/a.txt", "a");
    QCOMPARE(m_client->status("MOVE", "/kept", "Destination: /disk/kept\r\n"), 403);
    m_site->files().write("linked/a.txt", "a");
    QVERIFY(QFile::link("a.txt", m_site->files().path("linked/link")));
    const Answer answer = m_client->say("MOVE", "/linked", "Destination: /disk/linked\r\n");
    QCOMPARE(answer.status, 207);
    QVERIFY2(answer.body.contains("<D:href>/linked/link</D:href><D:status>HTTP/1.1 403 Forbidden"), answer.body);
    QCOMPARE(m_site->names("disk"), QStringList());
    QCOMPARE(m_site->names("kept") + m_site->names("linked"), (QStringList{".htpasswd", "a.txt", "a.txt", "link"}));
}

QTEST_GUILESS_MAIN(TestDavDisk)
#include "tst_dav_disk_linux.moc"
