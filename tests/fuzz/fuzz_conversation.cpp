// Station: fuzzing of http_protocol and net/connection: any bytes, in any pieces, over a pair of sockets. Whatever comes, what goes out is a
// sequence of whole answers, nothing follows one that closes, and the connection ends when its client has left.
#include "fuzz_support.h"

#include "http/http_protocol.h"
#include "support/fake_clock.h"

#include <string>

#include <sys/socket.h>
#include <unistd.h>

using namespace meerkat;

namespace {

constexpr std::uint64_t kBodyLimit = 100;

// Answers without a body, so that a HEAD needs no other reader: at once, later, or not at all, as the path says.
class Answerer final : public http::Handler {
  public:
    http::BodyDecision onBodyAnnounced(http::HttpProtocol &http, const http::RequestHead &head) override {
        if (head.target == "/refused") http.refuse(401);
        return {head.target == "/kept" ? http::BodyPlan::Buffer : http::BodyPlan::Discard, kBodyLimit};
    }
    void onRequest(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) override {
        fuzz::require(body.size() <= kBodyLimit, "a body over its limit is refused");
        if (head.target == "/raw") {
            http.takeOver();
            http.sendRaw("HTTP/1.1 200 OK\r\n");
            http.sendRaw("Content-Length: 0\r\n\r\n");
            return http.finishRaw(200, true);
        }
        http.sendWhole(200, "X: y\r\n", {});
    }
    void onRefused(http::HttpProtocol &http, int status, std::string_view fields) override {
        fuzz::require(status >= 400 && status < 600, "a refusal is an error");
        http.sendWhole(status, fields, {});
    }
    bool wantsRecords() const override { return recordsWanted; }
    void onAnswered(http::HttpProtocol &, const http::AnswerRecord &record) override {
        fuzz::require(record.bytesSent < 1'000'000, "a record counts what was sent");
    }
    void onGone(http::HttpProtocol &) override { ++gone; }

    bool recordsWanted = false;
    int gone = 0;
};

class Owner final : public net::ConnectionOwner {
  public:
    void onConnectionClosed(net::Connection &) override { ++closed; }
    net::TimerList &idleLimit() override { return m_idle; }
    net::TimerList &lingerLimit() override { return m_linger; }

    int closed = 0;

  private:
    net::TimerList m_idle{1000};
    net::TimerList m_linger{1000};
};

// A sequence of heads without bodies; nothing behind one that says close.
void requireAnswers(std::string_view output) {
    while (!output.empty()) {
        fuzz::require(output.substr(0, 9) == "HTTP/1.1 ", "an answer begins with its status line");
        const std::size_t end = output.find("\r\n\r\n");
        fuzz::require(end != std::string_view::npos, "a head has an end");
        const bool closes = output.substr(0, end).find("Connection: close") != std::string_view::npos;
        output.remove_prefix(end + 4);
        fuzz::require(!closes || output.empty(), "nothing follows an answer that closes");
    }
}

void receiveAll(int socket, std::string &output) {
    char part[4096];
    for (ssize_t got = recv(socket, part, sizeof part, MSG_DONTWAIT); got > 0;
         got = recv(socket, part, sizeof part, MSG_DONTWAIT))
        output.append(part, static_cast<std::size_t>(got));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    static const test::FakeClock clock;
    static const auto loop = std::move(*net::EventLoop::create(clock));
    std::string_view input = fuzz::toView(data, size).substr(0, 100'000);
    const std::size_t pieceBytes = 1 + fuzz::takeByte(input) * std::size_t{8};
    Answerer handler;
    handler.recordsWanted = pieceBytes % 16 == 1;
    http::HttpService service(handler, *loop, clock);
    Owner owner;
    int sockets[2];
    fuzz::require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets) == 0, "there are sockets");
    auto connection = std::make_unique<net::Connection>(*loop, owner, sockets[0], os::Endpoint{}, 1);
    connection->begin(std::make_unique<http::HttpProtocol>(service, *connection));
    std::string output;
    while (!input.empty() && connection->isOpen()) {
        const ssize_t taken = send(sockets[1], input.data(), std::min(pieceBytes, input.size()), MSG_NOSIGNAL);
        input.remove_prefix(taken > 0 ? static_cast<std::size_t>(taken) : 0);
        loop->runOnce(0);
        receiveAll(sockets[1], output);
    }
    shutdown(sockets[1], SHUT_WR);
    for (int pass = 0; pass < 10'000 && connection->isOpen(); ++pass) {
        loop->runOnce(0);
        receiveAll(sockets[1], output);
    }
    receiveAll(sockets[1], output);
    fuzz::require(!connection->isOpen() && owner.closed == 1, "a connection ends with its client, once");
    connection->protocol()->onClosed();
    fuzz::require(handler.gone == 1, "the handler is told");
    requireAnswers(output);
    connection.reset();
    loop->finishPass();
    close(sockets[1]);
    return 0;
}
