// Station: tests of net/output_queue.
#include "net/output_queue.h"

#include "engine/os/loopback_pair.h"
#include "support/temporary_site.h"

#include <QTest>

using meerkat::net::OutputQueue;
using meerkat::test::TemporarySite;
namespace os = meerkat::os;

namespace {

constexpr std::uint64_t kNoBudget = UINT64_MAX;

// Writes and reads by turns until the queue is empty; returns what the peer got.
std::string drain(OutputQueue &queue, const os::LoopbackPair &pair, std::uint64_t &written, std::uint64_t budget = kNoBudget) {
    std::string got, part(8192, '\0'), scratch(4096, '\0');
    while (!queue.isEmpty() || got.size() < written) {
        if (!queue.isEmpty()) {
            const auto state = queue.write(pair.server, {UINT64_MAX, budget}, scratch, written);
            if (state == os::IoState::Failed || state == os::IoState::Closed) break;
        }
        if (!os::waitFor(pair.client, POLLIN, 0)) continue;
        const auto outcome = os::receive(pair.client, part);
        if (outcome.state != os::IoState::Done) break;
        got.append(part, 0, outcome.bytes);
    }
    return got;
}

std::string pattern(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i / 7 + i / 1009) % 26);
    return text;
}

}  // namespace

class TestOutputQueue : public QObject {
    Q_OBJECT

  private slots:
    void init() {
        m_pair = os::newPair();
        // Room for little, so that a write is taken in parts.
        const int small = 16384;
        QCOMPARE(setsockopt(static_cast<NativeSocket>(os::SocketHandle(m_pair.server)), SOL_SOCKET, SO_SNDBUF,
                            reinterpret_cast<const char *>(&small), sizeof small),
                 0);
        m_written = 0;
    }
    void sendsEveryByteInOrderToASlowReader();
    void keepsWhatIsAppendedWhileAPartIsSent();
    void sendsAFileBehindItsBytes();
    void sendsARangeOfAFile();
    void stopsAtItsBudgetAndGoesOn();
    void spendsOneBudgetOnBytesAndFile();
    void tellsWhenAFileIsShorterThanPromised();
    void tellsHowMuchWaits();
    void failsWhenThePeerIsGone();

  private:
    os::File openFile(const char *name) {
        auto root = os::Root::open(m_site.path().toStdString());
        return std::move((*root)->openBelow(name).file);
    }

    TemporarySite m_site;
    os::LoopbackPair m_pair;
    std::uint64_t m_written = 0;
};

void TestOutputQueue::sendsEveryByteInOrderToASlowReader() {
    const std::string text = pattern(3'000'000);
    OutputQueue queue;
    queue.append(text);
    std::string scratch(4096, '\0');
    QCOMPARE(queue.write(m_pair.server, {}, scratch, m_written), os::IoState::WouldBlock);
    QVERIFY(m_written > 0 && m_written < text.size());
    QCOMPARE(queue.bytesLeft(), text.size() - static_cast<std::size_t>(m_written));
    QVERIFY(drain(queue, m_pair, m_written) == text);
    QCOMPARE(m_written, std::uint64_t{text.size()});
}

void TestOutputQueue::keepsWhatIsAppendedWhileAPartIsSent() {
    const std::string first = pattern(2'000'000), second = pattern(100'000) + "!";
    OutputQueue queue;
    queue.append(first);
    std::string scratch(4096, '\0'), got, part(65536, '\0');
    // More than half is sent, so that appending drops it.
    while (queue.bytesLeft() > first.size() / 3) {
        queue.write(m_pair.server, {}, scratch, m_written);
        while (os::waitFor(m_pair.client, POLLIN, 0)) got.append(part, 0, os::receive(m_pair.client, part).bytes);
    }
    QVERIFY(queue.bytesLeft() > 0);
    queue.append(second);
    QCOMPARE(queue.bytesLeft() + m_written, first.size() + second.size());
    while (got.size() < first.size() + second.size()) {
        if (!queue.isEmpty()) queue.write(m_pair.server, {}, scratch, m_written);
        while (os::waitFor(m_pair.client, POLLIN, 0)) got.append(part, 0, os::receive(m_pair.client, part).bytes);
    }
    QVERIFY(got == first + second);
}

void TestOutputQueue::sendsAFileBehindItsBytes() {
    const std::string text = pattern(1'000'000);
    m_site.write("file", QByteArray::fromStdString(text));
    const os::File file = openFile("file");
    OutputQueue queue;
    queue.append("head");
    queue.setFile(file, 0, text.size());
    QVERIFY(drain(queue, m_pair, m_written) == "head" + text);
}

void TestOutputQueue::sendsARangeOfAFile() {
    const std::string text = pattern(100'000);
    m_site.write("file", QByteArray::fromStdString(text));
    const os::File file = openFile("file");
    OutputQueue queue;
    queue.setFile(file, 99, 50'001);
    QVERIFY(drain(queue, m_pair, m_written) == text.substr(99, 50'001));
}

void TestOutputQueue::stopsAtItsBudgetAndGoesOn() {
    m_site.write("file", QByteArray(3000, 'x'));
    const os::File file = openFile("file");
    OutputQueue queue;
    queue.setFile(file, 0, 3000);
    std::string scratch(4096, '\0');
    QCOMPARE(queue.write(m_pair.server, {UINT64_MAX, 1000}, scratch, m_written), os::IoState::Done);
    QCOMPARE(m_written, std::uint64_t{1000});
    QCOMPARE(queue.waiting(), std::uint64_t{2000});
    QCOMPARE(drain(queue, m_pair, m_written, 1000).size(), std::size_t{3000});
}

void TestOutputQueue::spendsOneBudgetOnBytesAndFile() {
    m_site.write("file", QByteArray(3000, 'x'));
    const os::File file = openFile("file");
    OutputQueue queue;
    queue.append(std::string(500, 'h'));
    queue.setFile(file, 0, 3000);
    std::string scratch(4096, '\0');
    for (const std::uint64_t left : {3100u, 2700u, 2300u}) {
        QCOMPARE(queue.write(m_pair.server, {400, 1000}, scratch, m_written), os::IoState::Done);
        QCOMPARE(queue.waiting(), left);
    }
    QCOMPARE(m_written, std::uint64_t{1200});
    QCOMPARE(drain(queue, m_pair, m_written), std::string(500, 'h') + std::string(3000, 'x'));
}

void TestOutputQueue::tellsWhenAFileIsShorterThanPromised() {
    m_site.write("file", "short");
    const os::File file = openFile("file");
    OutputQueue queue;
    queue.setFile(file, 0, 100);
    std::string scratch(4096, '\0');
    auto state = queue.write(m_pair.server, {}, scratch, m_written);
    // The first call may send what there is.
    if (state == os::IoState::WouldBlock) state = queue.write(m_pair.server, {}, scratch, m_written);
    QCOMPARE(state, os::IoState::Closed);
    QCOMPARE(m_written, std::uint64_t{5});
}

void TestOutputQueue::tellsHowMuchWaits() {
    m_site.write("file", "12345678");
    const os::File file = openFile("file");
    OutputQueue queue;
    QVERIFY(queue.isEmpty());
    queue.append("abc");
    queue.setFile(file, 2, 6);
    QCOMPARE(queue.bytesLeft(), std::size_t{3});
    QCOMPARE(queue.waiting(), std::uint64_t{9});
    QVERIFY(!queue.isEmpty());
}

void TestOutputQueue::failsWhenThePeerIsGone() {
    os::resetSocket(m_pair.client.release());
    QVERIFY(os::waitFor(m_pair.server, POLLIN));
    OutputQueue queue;
    queue.append("anybody there?");
    std::string scratch(4096, '\0');
    const auto state = queue.write(m_pair.server, {}, scratch, m_written);
    QVERIFY(state == os::IoState::Failed || state == os::IoState::Closed);
    QCOMPARE(m_written, std::uint64_t{0});
}

QTEST_GUILESS_MAIN(TestOutputQueue)
#include "tst_output_queue.moc"
