// Station: fuzzing of http_client and net/connection: a server that says any bytes, behind one that chooses the pieces they come in and one that
// chooses what was asked. What the owner is told is in order and complete, and pieces never change it.
#include "fuzz_support.h"

#include "http/http_client.h"
#include "support/fake_clock.h"

#include <string>

#include <sys/socket.h>
#include <unistd.h>

using namespace meerkat;

namespace {

constexpr std::uint64_t kReplyLimit = 1000;

class Owner final : public net::ConnectionOwner, public http::HttpClientOwner {
  public:
    explicit Owner(std::string requests) : m_requests(std::move(requests)) {}

    void onConnectionClosed(net::Connection &) override { ++closed; }
    net::TimerList &idleLimit() override { return m_idle; }
    net::TimerList &lingerLimit() override { return m_linger; }

    void onConnected(http::HttpClient &client, int error) override {
        fuzz::require(told.empty() && error == 0, "connecting is told first and once");
        told = "connected;";
        client.send(m_requests);
    }
    bool onReply(http::HttpClient &, const http::ResponseHead &head, std::span<char> body) override {
        fuzz::require(!told.empty() && !isGone, "a reply comes between connecting and the end");
        fuzz::require(head.status >= 200 || head.status == 101, "no interim answer is handed over");
        fuzz::require(body.size() <= kReplyLimit && body.data()[body.size()] == '\0', "a body is limited and ended");
        told += std::to_string(head.status) + ' ' + std::string(body.data(), body.size()) + ';';
        return true;
    }
    void onGone(http::HttpClient &, http::ClientEnd end) override {
        fuzz::require(!isGone, "the end is told once");
        isGone = true;
        // A line that is no HTTP is looked at when it ends: if it never does, it counts as cut.
        if (end == http::ClientEnd::Refused) end = http::ClientEnd::Cut;
        told += "gone " + std::to_string(static_cast<int>(end));
    }

    std::string told;
    bool isGone = false;
    int closed = 0;

  private:
    std::string m_requests;
    net::TimerList m_idle{1000};
    net::TimerList m_linger{1000};
};

std::string requestsFrom(unsigned choice) {
    static const char *const kMethods[] = {"GET", "HEAD", "POST", "CONNECT"};
    std::string requests;
    for (int i = 0; i < 3; ++i, choice /= 4) requests += std::string(kMethods[choice % 4]) + " /a HTTP/1.1\r\nHost: a\r\n\r\n";
    return requests;
}

std::string converse(std::string_view input, std::size_t pieceBytes, const std::string &requests) {
    static const test::FakeClock clock;
    static const auto loop = std::move(*net::EventLoop::create(clock));
    Owner owner(requests);
    int sockets[2];
    fuzz::require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets) == 0, "there are sockets");
    auto connection = std::make_unique<net::Connection>(*loop, owner, sockets[0], os::Endpoint{}, 1);
    http::ClientLimits limits;
    limits.maxReplyBytes = kReplyLimit;
    auto client = std::make_unique<http::HttpClient>(*connection, owner, limits);
    http::HttpClient &speaker = *client;
    connection->begin(std::move(client));
    speaker.connected(0);
    while (!input.empty() && connection->isOpen()) {
        const ssize_t taken = send(sockets[1], input.data(), std::min(pieceBytes, input.size()), MSG_NOSIGNAL);
        input.remove_prefix(taken > 0 ? static_cast<std::size_t>(taken) : 0);
        // A tunnel is not read from.
        if (speaker.status().latestStatus != 0 && !speaker.wantsInput()) break;
        loop->runOnce(0);
    }
    shutdown(sockets[1], SHUT_WR);
    for (int pass = 0; pass < 1000 && connection->isOpen() && speaker.wantsInput(); ++pass) loop->runOnce(0);
    fuzz::require(!connection->isOpen() || !speaker.wantsInput(), "a connection that is read ends with its server");
    connection->close();
    fuzz::require(owner.closed == 1, "it ends once");
    connection->protocol()->onClosed();
    fuzz::require(owner.isGone, "the owner is told");
    connection.reset();
    loop->finishPass();
    close(sockets[1]);
    return owner.told;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    std::string_view input = fuzz::toView(data, size).substr(0, 100'000);
    const std::size_t pieceBytes = 1 + fuzz::takeByte(input);
    const std::string requests = requestsFrom(fuzz::takeByte(input));
    const std::string whole = converse(input, input.size() + 1, requests);
    fuzz::require(converse(input, pieceBytes, requests) == whole, "pieces change nothing");
    return 0;
}
