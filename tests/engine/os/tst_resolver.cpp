// Station: tests of os/resolver. Look-ups that hang are lambdas that wait for a gate; the system's own is asked for what every machine knows.
#include "loopback_pair.h"
#include "os/resolver.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

using namespace meerkat;
using namespace meerkat::os;

namespace {

using Addresses = Result<std::vector<Endpoint>>;

// Whoever passes waits until it is opened. Copies are the same gate.
class Gate {
  public:
    void pass() const {
        std::unique_lock lock(m_state->mutex);
        ++m_state->waiting;
        m_state->changed.notify_all();
        m_state->changed.wait(lock, [this] { return m_state->isOpen; });
    }
    void open() const {
        const std::lock_guard lock(m_state->mutex);
        m_state->isOpen = true;
        m_state->changed.notify_all();
    }
    // Until so many have come.
    bool waitFor(int count) const {
        std::unique_lock lock(m_state->mutex);
        return m_state->changed.wait_for(lock, std::chrono::seconds(10), [&] { return m_state->waiting >= count; });
    }
    int waiting() const {
        const std::lock_guard lock(m_state->mutex);
        return m_state->waiting;
    }

  private:
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        int waiting = 0;
        bool isOpen = false;
    };
    // Left behind threads may come here after the test has ended.
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

// All answers to that many questions, by id.
std::map<std::uint64_t, Resolver::Answer> collect(Resolver &resolver, std::size_t count) {
    std::map<std::uint64_t, Resolver::Answer> answers;
    while (answers.size() < count && waitFor(resolver.readEnd(), POLLIN)) {
        for (auto &answer : resolver.takeAnswers()) answers[answer.id] = std::move(answer);
    }
    return answers;
}

std::uint64_t ask(Resolver &resolver, std::string_view name) {
    int error = 0;
    return resolver.ask(name, error);
}

Addresses numbered(const std::string &name) { return std::vector{loopback(0, "127.0.0." + name.substr(4))}; }

}  // namespace

class TestResolver : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { prepareSockets(); }

    void findsTheLoopbackByItsName();
    void readsAnAddress_data();
    void readsAnAddress();
    void saysThatThereIsNoSuchName();
    void answersAHundredAtOnce();
    void looksUpNothingBeforeItIsAsked();
    void startsNoMoreThreadsThanAllowed();
    void asksOnceForANameThatManyWantAtOnce();
    void passesOnWhatFailed();
    void answersOthersWhileOneHangs();
    void keepsSilentAboutWhatWasCancelledInTheQueue();
    void keepsSilentAboutWhatWasCancelledUnderWay();
    void keepsSilentAboutWhatWasCancelledWithItsAnswerReady();
    void endsWhileALookUpHangs();
    void endsWithQuestionsThatNobodyTook();
    void endsInTheMiddleOfMany();
    void isQuietUntilTheNextAnswer();
    void refusesWhatIsNoName_data();
    void refusesWhatIsNoName();
    void refusesMoreThanMayWait();
};

void TestResolver::findsTheLoopbackByItsName() {
    Resolver resolver;
    QCOMPARE(resolver.open(), 0);
    const std::uint64_t id = ask(resolver, "localhost");
    QVERIFY(id != 0);
    const auto answers = collect(resolver, 1);
    QCOMPARE(answers.at(id).error, 0);
    const auto isLoopback = [](const Endpoint &e) { return ipText(e) == "127.0.0.1" || ipText(e) == "::1"; };
    QVERIFY(!answers.at(id).addresses.empty());
    QVERIFY(std::all_of(answers.at(id).addresses.begin(), answers.at(id).addresses.end(), isLoopback));
    QCOMPARE(answers.at(id).addresses[0].port, 0);
    QCOMPARE(resolver.waiting(), 0U);
}

void TestResolver::readsAnAddress_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"127.0.0.1", "192.0.2.7", "::1", "2001:db8::7"}) QTest::newRow(text) << QByteArray(text);
}

void TestResolver::readsAnAddress() {
    QFETCH(QByteArray, text);
    const auto found = lookUpName(text.toStdString());
    QVERIFY(static_cast<bool>(found));
    QCOMPARE(found->size(), 1U);
    QCOMPARE(ipText((*found)[0]), text.toStdString());
}

// RFC 6761 section 6.4: names below .invalid exist nowhere. Without a name server the system can't know.
void TestResolver::saysThatThereIsNoSuchName() {
    const auto found = lookUpName("no-such-host.invalid");
    QVERIFY(!found);
    QVERIFY2(found.failure().code == ENOENT || found.failure().code == EAGAIN, found.failure().text.c_str());
    QVERIFY(!found.failure().text.empty());
}

void TestResolver::answersAHundredAtOnce() {
    Resolver resolver(numbered);
    QCOMPARE(resolver.open(), 0);
    std::map<std::uint64_t, std::string> expected;
    for (int i = 1; i <= 100; ++i) {
        const std::string number = std::to_string(i);
        expected[ask(resolver, "host" + number)] = "127.0.0." + number;
    }
    QCOMPARE(expected.size(), 100U);
    const auto answers = collect(resolver, 100);
    QCOMPARE(answers.size(), 100U);
    for (const auto &[id, ip] : expected) QCOMPARE(ipText(answers.at(id).addresses.at(0)), ip);
}

void TestResolver::looksUpNothingBeforeItIsAsked() {
    std::atomic<int> calls{0};
    Resolver resolver([&calls](const std::string &name) {
        ++calls;
        return numbered(name);
    });
    QCOMPARE(resolver.open(), 0);
    QVERIFY(!waitFor(resolver.readEnd(), POLLIN, 0));
    QCOMPARE(calls.load(), 0);
}

void TestResolver::startsNoMoreThreadsThanAllowed() {
    const Gate gate;
    std::mutex mutex;
    std::set<std::thread::id> threads;
    Resolver resolver(
        [&, gate](const std::string &name) {
            {
                const std::lock_guard lock(mutex);
                threads.insert(std::this_thread::get_id());
            }
            gate.pass();
            return numbered(name);
        },
        {.threads = 3});
    QCOMPARE(resolver.open(), 0);
    for (int i = 1; i <= 20; ++i) ask(resolver, "host" + std::to_string(i));
    QVERIFY(gate.waitFor(3));
    QCOMPARE(gate.waiting(), 3);
    gate.open();
    QCOMPARE(collect(resolver, 20).size(), 20U);
    const std::lock_guard lock(mutex);
    QCOMPARE(threads.size(), 3U);
}

void TestResolver::asksOnceForANameThatManyWantAtOnce() {
    const Gate gate;
    std::atomic<int> calls{0};
    Resolver resolver([&calls, gate](const std::string &name) {
        ++calls;
        gate.pass();
        return numbered(name);
    });
    QCOMPARE(resolver.open(), 0);
    for (int i = 0; i < 50; ++i) ask(resolver, "host7");
    QVERIFY(gate.waitFor(1));
    for (int i = 0; i < 50; ++i) ask(resolver, "host7");
    gate.open();
    const auto answers = collect(resolver, 100);
    QCOMPARE(answers.size(), 100U);
    for (const auto &[id, answer] : answers) QCOMPARE(ipText(answer.addresses.at(0)), std::string("127.0.0.7"));
    QCOMPARE(calls.load(), 1);
}

void TestResolver::passesOnWhatFailed() {
    Resolver resolver([](const std::string &) -> Addresses { return Failure{"no server answered", EAGAIN}; });
    QCOMPARE(resolver.open(), 0);
    const std::uint64_t id = ask(resolver, "a");
    const auto answers = collect(resolver, 1);
    QCOMPARE(answers.at(id).error, EAGAIN);
    QVERIFY(answers.at(id).addresses.empty());
}

void TestResolver::answersOthersWhileOneHangs() {
    const Gate gate;
    Resolver resolver([gate](const std::string &name) {
        if (name == "host1") gate.pass();
        return numbered(name);
    });
    QCOMPARE(resolver.open(), 0);
    for (int i = 0; i < 10; ++i) ask(resolver, "host1");
    QVERIFY(gate.waitFor(1));
    const std::uint64_t other = ask(resolver, "host2");
    const auto answers = collect(resolver, 1);
    QCOMPARE(answers.size(), 1U);
    QVERIFY(answers.contains(other));
    QCOMPARE(resolver.waiting(), 10U);
    gate.open();
    QCOMPARE(collect(resolver, 10).size(), 10U);
}

void TestResolver::keepsSilentAboutWhatWasCancelledInTheQueue() {
    const Gate gate;
    std::atomic<int> calls{0};
    Resolver resolver(
        [&calls, gate](const std::string &name) {
            ++calls;
            gate.pass();
            return numbered(name);
        },
        {.threads = 1});
    QCOMPARE(resolver.open(), 0);
    const std::uint64_t first = ask(resolver, "host1");
    QVERIFY(gate.waitFor(1));
    const std::uint64_t second = ask(resolver, "host2");
    resolver.cancel(second);
    QCOMPARE(resolver.waiting(), 1U);
    const std::uint64_t third = ask(resolver, "host3");
    gate.open();
    const auto answers = collect(resolver, 2);
    QVERIFY(answers.contains(first) && answers.contains(third) && !answers.contains(second));
    QCOMPARE(calls.load(), 2);
}

void TestResolver::keepsSilentAboutWhatWasCancelledUnderWay() {
    const Gate gate;
    Resolver resolver(
        [gate](const std::string &name) {
            gate.pass();
            return numbered(name);
        },
        {.threads = 1});
    QCOMPARE(resolver.open(), 0);
    const std::uint64_t first = ask(resolver, "host1");
    QVERIFY(gate.waitFor(1));
    resolver.cancel(first);
    resolver.cancel(first);
    const std::uint64_t second = ask(resolver, "host2");
    gate.open();
    const auto answers = collect(resolver, 1);
    QCOMPARE(answers.size(), 1U);
    QVERIFY(answers.contains(second));
}

void TestResolver::keepsSilentAboutWhatWasCancelledWithItsAnswerReady() {
    Resolver resolver(numbered);
    QCOMPARE(resolver.open(), 0);
    const std::uint64_t id = ask(resolver, "host1");
    QVERIFY(waitFor(resolver.readEnd(), POLLIN));
    resolver.cancel(id);
    QVERIFY(resolver.takeAnswers().empty());
}

void TestResolver::endsWhileALookUpHangs() {
    const Gate gate;
    const Gate left;
    left.open();
    {
        Resolver resolver([gate, left](const std::string &name) {
            gate.pass();
            left.pass();
            return numbered(name);
        });
        QCOMPARE(resolver.open(), 0);
        for (int i = 1; i <= 10; ++i) ask(resolver, "host" + std::to_string(i));
        QVERIFY(gate.waitFor(4));
    }
    // The four come back to a resolver that is gone; nobody takes the other six up.
    gate.open();
    QVERIFY(left.waitFor(4));
    QCOMPARE(gate.waiting(), 4);
}

void TestResolver::endsWithQuestionsThatNobodyTook() {
    for (int turn = 0; turn < 50; ++turn) {
        Resolver resolver(numbered);
        QCOMPARE(resolver.open(), 0);
        for (int i = 1; i <= 20; ++i) QVERIFY(ask(resolver, "host" + std::to_string(i)) != 0);
    }
}

// Whatever a worker is at when the end comes: the thread sanitizer watches.
void TestResolver::endsInTheMiddleOfMany() {
    for (int turn = 0; turn < 50; ++turn) {
        Resolver resolver(numbered);
        QCOMPARE(resolver.open(), 0);
        for (int i = 1; i <= 20; ++i) ask(resolver, "host" + std::to_string(i));
        QVERIFY(!collect(resolver, static_cast<std::size_t>(turn % 20 + 1)).empty());
    }
}

void TestResolver::isQuietUntilTheNextAnswer() {
    Resolver resolver(numbered);
    QCOMPARE(resolver.open(), 0);
    for (int turn = 0; turn < 3; ++turn) {
        ask(resolver, "host1");
        QCOMPARE(collect(resolver, 1).size(), 1U);
        QVERIFY(!waitFor(resolver.readEnd(), POLLIN, 0));
        QVERIFY(resolver.takeAnswers().empty());
    }
}

void TestResolver::refusesWhatIsNoName_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a space") << QByteArray("a b");
    QTest::newRow("a line break") << QByteArray("a\r\nb");
    QTest::newRow("a NUL") << QByteArray("a\0b", 3);
    QTest::newRow("longer than a name can be") << QByteArray(256, 'a');
}

void TestResolver::refusesWhatIsNoName() {
    QFETCH(QByteArray, name);
    Resolver resolver(numbered);
    QCOMPARE(resolver.open(), 0);
    int error = 0;
    QCOMPARE(resolver.ask(name.toStdString(), error), 0U);
    QCOMPARE(error, ENOENT);
    QCOMPARE(resolver.waiting(), 0U);
}

void TestResolver::refusesMoreThanMayWait() {
    const Gate gate;
    Resolver resolver(
        [gate](const std::string &name) {
            gate.pass();
            return numbered(name);
        },
        {.threads = 1, .waiting = 3});
    QCOMPARE(resolver.open(), 0);
    int error = 0;
    for (int i = 1; i <= 3; ++i) QVERIFY(resolver.ask("host" + std::to_string(i), error) != 0);
    QCOMPARE(resolver.ask("host4", error), 0U);
    QCOMPARE(error, EAGAIN);
    gate.open();
    QCOMPARE(collect(resolver, 3).size(), 3U);
    QVERIFY(resolver.ask("host4", error) != 0);
    QCOMPARE(collect(resolver, 1).size(), 1U);
}

QTEST_GUILESS_MAIN(TestResolver)
#include "tst_resolver.moc"
