#include "websocket/websocket_service.h"

#include <cassert>
#include <cstring>
#include <openssl/rand.h>
#include <utility>

namespace meerkat::websocket {

namespace {

// Shorter ones gain nothing that would be worth the work on both sides.
constexpr std::size_t kWorthCompressing = 64;
// A buffer that has grown beyond it for one message is not kept for the next.
constexpr std::size_t kKeptBytes = 256 * 1024;

void shrink(std::string &buffer) {
    if (buffer.capacity() > kKeptBytes) std::string().swap(buffer);
}

}  // namespace

std::string_view WebsocketService::compressed(std::string_view message, int windowBits) {
    if (message.size() < kWorthCompressing) return {};
    if (m_latest.windowBits != windowBits || m_latest.message != message) remember(message, windowBits);
    return m_latest.compressed;
}

void WebsocketService::remember(std::string_view message, int windowBits) {
    assert(windowBits >= kMinWindowBits && windowBits <= kMaxWindowBits);
    shrink(m_latest.message);
    shrink(m_latest.compressed);
    auto &compressor = m_compressors[static_cast<std::size_t>(windowBits - kMinWindowBits)];
    if (!compressor) compressor = std::make_unique<Compressor>(windowBits);
    m_latest.message = message;
    m_latest.windowBits = windowBits;
    m_latest.compressed.clear();
    ++counters.compressions;
    compressor->compress(message, m_latest.compressed);
}

std::string WebsocketService::takeBuffer() {
    std::string buffer = std::exchange(m_buffer, {});
    buffer.clear();
    return buffer;
}

void WebsocketService::giveBuffer(std::string buffer) {
    if (buffer.capacity() <= kKeptBytes && buffer.capacity() > m_buffer.capacity()) m_buffer = std::move(buffer);
}

Mask WebsocketService::nextMask() {
    Mask mask;
    if (m_randomUsed + mask.size() > m_random.size()) {
        // Without randomness the mask still protects against nothing worse than what it is: a proxy between that takes frames for requests.
        if (RAND_bytes(reinterpret_cast<unsigned char *>(m_random.data()), static_cast<int>(m_random.size())) != 1)
            m_random.fill('x');
        m_randomUsed = 0;
    }
    std::memcpy(mask.data(), m_random.data() + m_randomUsed, mask.size());
    m_randomUsed += mask.size();
    return mask;
}

PreparedFrame::PreparedFrame(Opcode opcode, std::string_view payload) : m_opcode(opcode) {
    assert(isKnown(opcode) && opcode != Opcode::Continuation && opcode != Opcode::Close);
    assert(!isControl(opcode) || payload.size() <= kMaxControlBytes);
    std::array<char, kMaxFrameHeadBytes> head;
    m_headBytes = static_cast<std::uint8_t>(writeFrameHead(head, firstByteOf(opcode), payload.size(), nullptr));
    m_plain.reserve(m_headBytes + payload.size());
    m_plain.append(head.data(), m_headBytes).append(payload);
}

std::string_view PreparedFrame::compressed(WebsocketService &service) {
    if (!std::exchange(m_isTried, true) && !isControl(m_opcode)) {
        const std::string_view smaller = service.compressed(payload(), kMaxWindowBits);
        if (!smaller.empty()) {
            std::array<char, kMaxFrameHeadBytes> head;
            const auto bits = static_cast<std::uint8_t>(firstByteOf(m_opcode) | kCompressedBit);
            m_compressed.assign(head.data(), writeFrameHead(head, bits, smaller.size(), nullptr)).append(smaller);
        }
    }
    return m_compressed.empty() ? plain() : std::string_view(m_compressed);
}

}  // namespace meerkat::websocket
