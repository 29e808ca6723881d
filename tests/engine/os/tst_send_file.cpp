#include "loopback_pair.h"
#include "os/copy_to_socket.h"

#include <QFile>
#include <QTemporaryDir>

#include <algorithm>

using namespace meerkat;
using namespace meerkat::os;

namespace {

// The system's way, and reading and sending ourselves.
using SendFunction = IoOutcome (*)(SocketHandle, const File &, std::uint64_t, std::size_t, std::span<char>);

void addWayRows() {
    QTest::addColumn<bool>("bySystem");
    QTest::newRow("the system's way") << true;
    QTest::newRow("read and send") << false;
}

SendFunction wayOfRow() {
    QFETCH(bool, bySystem);
    return bySystem ? &sendFileRange : &copyToSocket;
}

}  // namespace

class TestSendFile : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir m_dir;
    std::unique_ptr<Root> m_root;
    std::string m_content;
    std::array<char, 16384> m_scratch{};

  private slots:
    void initTestCase() {
        prepareSockets();
        m_root = std::move(*Root::open(m_dir.path().toStdString()));
        for (int i = 0; i < 100000; ++i) m_content += "line " + std::to_string(i) + "\n";
        QFile file(m_dir.filePath("content"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(m_content.data(), static_cast<qint64>(m_content.size())), static_cast<qint64>(m_content.size()));
    }

    void sendsAPart_data() { addWayRows(); }
    void sendsAPart() {
        const LoopbackPair pair = newPair();
        const File file = m_root->openBelow("content").file;
        const IoOutcome outcome = wayOfRow()(pair.server, file, 7, 100, m_scratch);
        QVERIFY(outcome.state == IoState::Done);
        QCOMPARE(outcome.bytes, std::size_t(100));
        QCOMPARE(receiveAll(pair.client, 100), m_content.substr(7, 100));
    }

    void sendsAllInTurnsWithTheReader_data() { addWayRows(); }
    void sendsAllInTurnsWithTheReader() {
        const LoopbackPair pair = newPair();
        const File file = m_root->openBelow("content").file;
        std::size_t sent = 0;
        std::string received;
        while (sent < m_content.size()) {
            const IoOutcome outcome = wayOfRow()(pair.server, file, sent, m_content.size() - sent, m_scratch);
            QVERIFY(outcome.state == IoState::Done || outcome.state == IoState::WouldBlock);
            sent += outcome.bytes;
            if (outcome.state == IoState::WouldBlock) received += receiveAll(pair.client, 1);
        }
        received += receiveAll(pair.client, m_content.size() - received.size());
        QVERIFY(received == m_content);
    }

    void saysWhenTheSocketIsFull_data() { addWayRows(); }
    void saysWhenTheSocketIsFull() {
        const LoopbackPair pair = newPair();
        const File file = m_root->openBelow("content").file;
        IoOutcome outcome;
        int turns = 0;
        while ((outcome = wayOfRow()(pair.server, file, 0, m_content.size(), m_scratch)).state == IoState::Done)
            QVERIFY(++turns < 100000);
        QVERIFY(outcome.state == IoState::WouldBlock);
    }

    void tellsThatTheFileIsShorter_data() { addWayRows(); }
    void tellsThatTheFileIsShorter() {
        const LoopbackPair pair = newPair();
        const File file = m_root->openBelow("content").file;
        IoOutcome outcome = wayOfRow()(pair.server, file, m_content.size() - 3, 100, m_scratch);
        QVERIFY(outcome.state == IoState::Done && outcome.bytes == 3);
        for (const std::uint64_t offset : {std::uint64_t(m_content.size()), std::uint64_t(1) << 40}) {
            outcome = wayOfRow()(pair.server, file, offset, 100, m_scratch);
            QVERIFY(outcome.state == IoState::Done && outcome.bytes == 0);
        }
    }

    void sendsFromBehind4GB_data() { addWayRows(); }
    void sendsFromBehind4GB() {
        QFile large(m_dir.filePath("large"));
        QVERIFY(large.open(QIODevice::WriteOnly));
        QVERIFY(large.resize(qint64(5) << 30));
        QVERIFY(large.seek(qint64(9) << 29));
        QCOMPARE(large.write("here"), 4);
        large.close();
        const LoopbackPair pair = newPair();
        const File file = m_root->openBelow("large").file;
        QCOMPARE(wayOfRow()(pair.server, file, std::uint64_t(9) << 29, 4, m_scratch).bytes, std::size_t(4));
        QCOMPARE(receiveAll(pair.client, 4), std::string("here"));
    }

    void tellsThatThePeerIsGone_data() { addWayRows(); }
    void tellsThatThePeerIsGone() {
        LoopbackPair pair = newPair();
        const File file = m_root->openBelow("content").file;
        resetSocket(pair.client.release());
        QVERIFY(waitFor(pair.server, POLLIN));
        QVERIFY(wayOfRow()(pair.server, file, 0, 100, m_scratch).state == IoState::Closed);
    }

    void failsOnWhatIsNoFile_data() { addWayRows(); }
    void failsOnWhatIsNoFile() {
        const LoopbackPair pair = newPair();
        const File folder = m_root->openBelow("").file;
        QVERIFY(wayOfRow()(pair.server, folder, 0, 100, m_scratch).state == IoState::Failed);
        QVERIFY(wayOfRow()(pair.server, File(), 0, 100, m_scratch).state == IoState::Failed);
    }

    void cleanupTestCase() { m_root.reset(); }
};

QTEST_GUILESS_MAIN(TestSendFile)
#include "tst_send_file.moc"
