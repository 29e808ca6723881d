// Station: fuzzing of the WebSocket room: any bytes, in any pieces, over a pair of sockets. Pieces never change what is heard; what goes out is
// a sequence of well-formed frames that ends with a close frame, whatever came; text that is heard is UTF-8; nothing is over the limit.
#include "fuzz_support.h"

#include "support/fake_clock.h"
#include "websocket/utf8.h"
#include "websocket/websocket_protocol.h"

#include <algorithm>
#include <string>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

using namespace meerkat;
using websocket::FrameHead;
using websocket::FrameState;
using websocket::Opcode;
using websocket::Role;

namespace {

constexpr std::uint64_t kLimit = 5000;

struct Heard {
    std::uint8_t bits;
    std::string payload;
    bool operator==(const Heard &) const = default;
};

// Sends back what it hears.
class Echo final : public websocket::MessageHandler {
  public:
    bool onMessage(websocket::WebsocketProtocol &websocket, std::uint8_t bits, std::span<char> payload) override {
        fuzz::require(payload.data()[payload.size()] == '\0', "a NUL follows the payload");
        fuzz::require(payload.size() <= kLimit, "a message keeps to its limit");
        heard.push_back({bits, {payload.data(), payload.size()}});
        const auto opcode = static_cast<Opcode>(bits & websocket::kOpcodeBits);
        fuzz::require(isKnown(opcode), "a reserved opcode is not heard");
        const bool isWholeText = opcode == Opcode::Text && websocket.mode() == websocket::EventMode::Message;
        fuzz::require(!isWholeText || websocket::isUtf8(heard.back().payload), "text is UTF-8");
        // As long as that is in turn: in frame mode it may not be.
        if (!isControl(opcode)) websocket.send(opcode, heard.back().payload, bits & websocket::kFinBit);
        return heard.back().payload != "close";
    }
    void onGone(websocket::WebsocketProtocol &) override { ++gone; }

    std::vector<Heard> heard;
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

// Whole frames as the other end has to get them; nothing behind a close frame.
void requireFrames(std::string_view output, const websocket::WebsocketTerms &terms) {
    const Role receiver = terms.role == Role::Server ? Role::Client : Role::Server;
    while (!output.empty()) {
        FrameHead head;
        fuzz::require(websocket::parseFrameHead(output, receiver, terms.deflate.isAgreed, head) == FrameState::Complete,
                      "a frame has a whole head");
        fuzz::require(output.size() >= head.headBytes + head.payloadBytes, "a frame has its payload");
        output.remove_prefix(static_cast<std::size_t>(head.headBytes + head.payloadBytes));
        fuzz::require(head.opcode() != Opcode::Close || output.empty(), "nothing follows a close frame");
    }
}

void receiveAll(int socket, std::string &output) {
    char part[65536];
    for (ssize_t got = recv(socket, part, sizeof part, MSG_DONTWAIT); got > 0;
         got = recv(socket, part, sizeof part, MSG_DONTWAIT))
        output.append(part, static_cast<std::size_t>(got));
}

std::vector<Heard> converse(std::string_view input, std::size_t pieceBytes, const websocket::WebsocketTerms &terms) {
    static const test::FakeClock clock;
    static const auto loop = std::move(*net::EventLoop::create(clock));
    Echo echo;
    Owner owner;
    websocket::WebsocketService service(echo);
    service.maxMessageBytes = kLimit;
    int sockets[2];
    fuzz::require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets) == 0, "there are sockets");
    auto connection = std::make_unique<net::Connection>(*loop, owner, sockets[0], os::Endpoint{}, 1);
    connection->begin(std::make_unique<websocket::WebsocketProtocol>(service, *connection, terms));
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
    fuzz::require(!connection->isOpen() && owner.closed == 1, "a connection ends with its peer, once");
    connection->protocol()->onClosed();
    fuzz::require(echo.gone == 1, "the handler is told");
    requireFrames(output, terms);
    connection.reset();
    loop->finishPass();
    close(sockets[1]);
    return echo.heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    std::string_view input = fuzz::toView(data, size).substr(0, 60'000);
    const unsigned choice = fuzz::takeByte(input);
    const std::size_t pieceBytes = 1 + fuzz::takeByte(input) * std::size_t{4};
    websocket::WebsocketTerms terms;
    terms.role = choice & 1 ? Role::Client : Role::Server;
    terms.mode = choice & 2 ? websocket::EventMode::Frame : websocket::EventMode::Message;
    terms.deflate.isAgreed = (choice & 6) == 4;
    terms.deflate.windowBits = static_cast<std::uint8_t>(8 + (choice >> 3) % 8);
    const auto whole = converse(input, 60'000, terms);
    fuzz::require(converse(input, pieceBytes, terms) == whole, "pieces do not change what is heard");
    return 0;
}
