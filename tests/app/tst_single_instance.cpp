// Two programs of one person: the second hands its folders over. And whoever else talks to the socket does no harm.
#include "app/single_instance.h"

#include <QElapsedTimer>
#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtEndian>
#include <QtTest>

#include <thread>

using meerkat::app::SingleInstance;

namespace {

QByteArray message(const QByteArray &body, const QByteArray &magic = "MKT1") {
    QByteArray length(4, '\0');
    qToBigEndian(static_cast<quint32>(body.size()), length.data());
    return magic + length + body;
}

QByteArray headOnly(quint32 length) {
    QByteArray bytes(4, '\0');
    qToBigEndian(length, bytes.data());
    return "MKT1" + bytes;
}

// Another program: a second instance on a thread of its own, as handOver() waits.
class SecondStart {
  public:
    SecondStart(const QString &name, const QStringList &folders) {
        m_thread = std::thread([this, name, folders] {
            SingleInstance second(name);
            m_wasTaken = second.handOver(folders);
            m_hasEnded = true;
        });
    }
    ~SecondStart() { m_thread.join(); }
    bool hasEnded() const { return m_hasEnded; }
    bool wasTaken() const { return m_wasTaken; }

  private:
    std::atomic<bool> m_wasTaken = false;
    std::atomic<bool> m_hasEnded = false;
    std::thread m_thread;
};

}  // namespace

class TestSingleInstance : public QObject {
    Q_OBJECT

  private slots:
    void handsFoldersToTheRunningProgram_data();
    void handsFoldersToTheRunningProgram();
    void makesRelativeFoldersAbsolute();
    void handsOverNothingWhereNobodyRuns();
    void givesUpOnAProgramThatDoesNotAnswer();
    void givesUpOnAProgramThatCutsTheLine();
    void letsOnlyOneListen();
    void letsAnotherListenAfterTheFirstHasEnded();
    void replacesASocketLeftBehindByACrash();
    void takesAMessageInPieces();
    void servesSeveralOneAfterTheOther();
    void refusesHostileInput_data();
    void refusesHostileInput();
    void closesOnOneThatSaysNothing();
    void takesNoMoreThanAFewAtOnce();
    void hasASocketForTheUserAlone();
    void hasANameForTheUserAlone();

    void init();

  private:
    QString name() const { return m_folder->filePath("socket"); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSingleInstance::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestSingleInstance::handsFoldersToTheRunningProgram_data() {
    QTest::addColumn<QStringList>("folders");
    QTest::newRow("one") << QStringList{"/home/ana/Pictures"};
    QTest::newRow("several in order") << QStringList{"/b", "/a", "/c"};
    QTest::newRow("none: show yourself") << QStringList{};
    QTest::newRow("a name with a line break and letters of many scripts") << QStringList{QString::fromUtf8("/a\nb/ü漢字😀")};
}

void TestSingleInstance::handsFoldersToTheRunningProgram() {
    QFETCH(QStringList, folders);
    SingleInstance first(name());
    QVERIFY(first.listen());
    QSignalSpy arrived(&first, &SingleInstance::foldersArrived);
    const SecondStart second(name(), folders);
    QTRY_VERIFY(second.hasEnded());
    QVERIFY(second.wasTaken());
    QCOMPARE(arrived.size(), 1);
    QCOMPARE(arrived[0][0].toStringList(), folders);
}

void TestSingleInstance::makesRelativeFoldersAbsolute() {
    SingleInstance first(name());
    QVERIFY(first.listen());
    QSignalSpy arrived(&first, &SingleInstance::foldersArrived);
    const SecondStart second(name(), {"site", ".."});
    QTRY_VERIFY(second.hasEnded());
    const QDir here = QDir::current();
    QCOMPARE(arrived[0][0].toStringList(), (QStringList{here.filePath("site"), QDir::cleanPath(here.filePath(".."))}));
}

void TestSingleInstance::handsOverNothingWhereNobodyRuns() {
    QElapsedTimer clock;
    clock.start();
    QVERIFY(!SingleInstance(name()).handOver({"/a"}));
    QVERIFY(clock.elapsed() < 1000);
}

void TestSingleInstance::givesUpOnAProgramThatDoesNotAnswer() {
    QLocalServer mute;
    QVERIFY(mute.listen(name()));
    QElapsedTimer clock;
    clock.start();
    QVERIFY(!SingleInstance(name()).handOver({"/a"}));
    QVERIFY(clock.elapsed() < 4000);
}

void TestSingleInstance::givesUpOnAProgramThatCutsTheLine() {
    QLocalServer rude;
    connect(&rude, &QLocalServer::newConnection, &rude, [&] { rude.nextPendingConnection()->abort(); });
    QVERIFY(rude.listen(name()));
    const SecondStart second(name(), {"/a"});
    QTRY_VERIFY(second.hasEnded());
    QVERIFY(!second.wasTaken());
}

void TestSingleInstance::letsOnlyOneListen() {
    SingleInstance first(name()), second(name());
    QVERIFY(first.listen());
    QVERIFY(!second.listen());
    QVERIFY(!second.listen());
    QSignalSpy arrived(&first, &SingleInstance::foldersArrived);
    const SecondStart third(name(), {"/a"});
    QTRY_VERIFY(third.hasEnded());
    QVERIFY(third.wasTaken());
    QCOMPARE(arrived.size(), 1);
}

void TestSingleInstance::letsAnotherListenAfterTheFirstHasEnded() {
    auto first = std::make_unique<SingleInstance>(name());
    QVERIFY(first->listen());
    first.reset();
    SingleInstance second(name());
    QVERIFY(second.listen());
}

void TestSingleInstance::replacesASocketLeftBehindByACrash() {
    const QString alive = m_folder->filePath("alive");
    auto crashed = std::make_unique<QLocalServer>();
    QVERIFY(crashed->listen(alive));
    QVERIFY(QFile::rename(alive, name()));  // so that closing does not remove it
    crashed.reset();
    QVERIFY(QFileInfo::exists(name()));
    SingleInstance next(name());
    QVERIFY(!next.handOver({"/a"}));
    QVERIFY(next.listen());
    const SecondStart second(name(), {"/a"});
    QTRY_VERIFY(second.hasEnded());
    QVERIFY(second.wasTaken());
}

void TestSingleInstance::takesAMessageInPieces() {
    SingleInstance first(name());
    QVERIFY(first.listen());
    QSignalSpy arrived(&first, &SingleInstance::foldersArrived);
    QLocalSocket slow;
    slow.connectToServer(name());
    QVERIFY(slow.waitForConnected());
    for (const char byte : message(QByteArray("/a\0/b\0", 6))) {
        QCOMPARE(arrived.size(), 0);
        slow.write(&byte, 1);
        slow.flush();
        QTRY_COMPARE(slow.bytesToWrite(), 0);
    }
    QTRY_COMPARE(arrived.size(), 1);
    QCOMPARE(arrived[0][0].toStringList(), (QStringList{"/a", "/b"}));
    QTRY_COMPARE(slow.bytesAvailable(), 1);
    QCOMPARE(slow.readAll(), QByteArray("K"));
}

void TestSingleInstance::servesSeveralOneAfterTheOther() {
    SingleInstance first(name());
    QVERIFY(first.listen());
    QSignalSpy arrived(&first, &SingleInstance::foldersArrived);
    for (int i = 0; i < 30; ++i) {
        const SecondStart next(name(), {QString("/%1").arg(i)});
        QTRY_VERIFY(next.hasEnded());
        QVERIFY(next.wasTaken());
    }
    QCOMPARE(arrived.size(), 30);
}

void TestSingleInstance::refusesHostileInput_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("another protocol") << QByteArray("GET / HTTP/1.1\r\n\r\n");
    QTest::newRow("the first byte is wrong") << QByteArray("X");
    QTest::newRow("another version") << message("", "MKT2");
    QTest::newRow("a length beyond the limit") << headOnly(64 * 1024 + 1);
    QTest::newRow("the largest length there is") << headOnly(0xffffffff);
    QTest::newRow("more than the length says") << message(QByteArray("/a\0", 3)) + "x";
    QTest::newRow("without an end") << message("/a");
    QTest::newRow("a relative folder") << message(QByteArray("a/b\0", 4));
    QTest::newRow("an empty folder") << message(QByteArray("\0", 1));
    QTest::newRow("an empty folder among others") << message(QByteArray("/a\0\0", 4));
    QTest::newRow("too many folders") << message(QByteArray("/a\0", 3).repeated(65));
}

void TestSingleInstance::refusesHostileInput() {
    QFETCH(QByteArray, bytes);
    SingleInstance first(name());
    QVERIFY(first.listen());
    QSignalSpy arrived(&first, &SingleInstance::foldersArrived);
    QLocalSocket hostile;
    QSignalSpy cut(&hostile, &QLocalSocket::disconnected);
    hostile.connectToServer(name());
    hostile.write(bytes);
    QTRY_COMPARE_WITH_TIMEOUT(cut.size(), 1, 1500);
    QVERIFY(hostile.readAll().isEmpty());
    QCOMPARE(arrived.size(), 0);
    const SecondStart honest(name(), {"/a"});
    QTRY_VERIFY(honest.hasEnded());
    QVERIFY(honest.wasTaken());
}

void TestSingleInstance::closesOnOneThatSaysNothing() {
    SingleInstance first(name());
    QVERIFY(first.listen());
    QLocalSocket mute;
    QSignalSpy cut(&mute, &QLocalSocket::disconnected);
    mute.connectToServer(name());
    mute.write("MKT1");
    QTRY_COMPARE_WITH_TIMEOUT(cut.size(), 1, 4000);
}

void TestSingleInstance::takesNoMoreThanAFewAtOnce() {
    SingleInstance first(name());
    QVERIFY(first.listen());
    std::vector<std::unique_ptr<QLocalSocket>> crowd;
    int cut = 0;
    for (int i = 0; i < 40; ++i) {
        crowd.push_back(std::make_unique<QLocalSocket>());
        connect(crowd.back().get(), &QLocalSocket::disconnected, this, [&] { ++cut; });
        crowd.back()->connectToServer(name());
        QTRY_COMPARE(crowd.back()->state() == QLocalSocket::ConnectingState, false);
    }
    QTRY_VERIFY_WITH_TIMEOUT(cut >= 32, 1500);
    crowd.clear();
    const SecondStart honest(name(), {"/a"});
    QTRY_VERIFY(honest.hasEnded());
    QVERIFY(honest.wasTaken());
}

void TestSingleInstance::hasASocketForTheUserAlone() {
    SingleInstance first(name());
    QVERIFY(first.listen());
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFile::permissions(name()) & others));
}

void TestSingleInstance::hasANameForTheUserAlone() {
    const QString path = SingleInstance::defaultName();
    QVERIFY(QDir::isAbsolutePath(path));
    const auto others = QFile::ReadOther | QFile::WriteOther | QFile::ReadGroup | QFile::WriteGroup;
    QVERIFY(!(QFile::permissions(QFileInfo(path).path()) & others));
}

QTEST_GUILESS_MAIN(TestSingleInstance)
#include "tst_single_instance.moc"
