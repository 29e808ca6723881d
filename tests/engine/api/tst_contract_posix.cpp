// Station: tests of mongoose.h: what the API's page says of signals. Each slot quotes its sentence.
#include "support/scripted_peer.h"

#include <QTest>

#include <csignal>

using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

using SignalHandler = void (*)(int);

SignalHandler handlerOf(int number) {
    struct sigaction action {};
    sigaction(number, nullptr, &action);
    return action.sa_handler;
}

volatile std::sig_atomic_t pipeSignals = 0;
void onPipe(int) { pipeSignals = pipeSignals + 1; }

int answerMuch(mg_connection *connection, mg_event event) {
    static const QByteArray much(1'000'000, 'x');
    if (event == MG_REQUEST) mg_send_data(connection, much.constData(), int(much.size()));
    return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
}

// Answers are on their way to somebody who has gone.
void serveSomebodyWhoLeaves(TestServer &server) {
    for (int i = 0; i < 5; ++i) {
        ScriptedPeer peer(server, 4096);
        peer.send(kGet);
        peer.reset();
        QVERIFY(server.pollUntil([&] { return server.poll() == 0; }));
    }
}

}  // namespace

class TestContractPosix : public QObject {
    Q_OBJECT

  private slots:
    void init() {
        std::signal(SIGPIPE, SIG_DFL);
        std::signal(SIGCHLD, SIG_DFL);
    }
    void cleanup() { std::signal(SIGPIPE, SIG_IGN); }
    void createServerIgnoresSigpipe();
    void aSigpipeHandlerIsSetUpAfterCreating();
    void doesNotInstallASigchldHandler();
};

// "Side-effect: on UNIX, `mg_create_server()` ignores SIGPIPE signals."
void TestContractPosix::createServerIgnoresSigpipe() {
    QVERIFY(handlerOf(SIGPIPE) == SIG_DFL);
    TestServer server(answerMuch);
    QVERIFY(handlerOf(SIGPIPE) == SIG_IGN);
    serveSomebodyWhoLeaves(server);
}

// "If custom processing is required SIGPIPE, signal handler must be set up after calling `mg_create_server()`."
void TestContractPosix::aSigpipeHandlerIsSetUpAfterCreating() {
    std::signal(SIGPIPE, onPipe);
    TestServer server(answerMuch);
    QVERIFY(handlerOf(SIGPIPE) == SIG_IGN);
    std::signal(SIGPIPE, onPipe);
    serveSomebodyWhoLeaves(server);
    server.set("listening_port", "127.0.0.1:0");
    QVERIFY(mg_connect(server.get(), "127.0.0.1", server.port(), 0));
    QVERIFY(server.pollUntil([&] { return server.counters().connections_accepted > 5; }));
    QVERIFY(handlerOf(SIGPIPE) == onPipe);
    mg_destroy_server(server.place());
    QVERIFY(handlerOf(SIGPIPE) == onPipe);
}

// "Mongoose does not install `SIGCHLD` handler."
void TestContractPosix::doesNotInstallASigchldHandler() {
    TestServer server(answerMuch);
    serveSomebodyWhoLeaves(server);
    QVERIFY(handlerOf(SIGCHLD) == SIG_DFL);
    std::signal(SIGCHLD, onPipe);
    TestServer another(answerMuch);
    serveSomebodyWhoLeaves(another);
    QVERIFY(handlerOf(SIGCHLD) == onPipe);
    std::signal(SIGCHLD, SIG_DFL);
}

QTEST_GUILESS_MAIN(TestContractPosix)
#include "tst_contract_posix.moc"
