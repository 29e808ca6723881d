#include "websocket/deflate.h"

#include <algorithm>
#include <zlib.h>

namespace meerkat::websocket {

namespace {

// Messages are short and many: the higher levels take their time for little more.
constexpr int kLevel = 3;
constexpr int kMemoryLevel = 8;
constexpr std::size_t kChunkBytes = 32 * 1024;
// What a message's compressed form ends with, and what is left out of it.
constexpr std::string_view kTail("\x00\x00\xff\xff", 4);
constexpr std::size_t kMaxWindowBytes = 32 * 1024;

// zlib only reads; its interface is older than const.
Bytef *bytesOf(std::string_view text) { return reinterpret_cast<Bytef *>(const_cast<char *>(text.data())); }
Bytef *bytesOf(char *text) { return reinterpret_cast<Bytef *>(text); }

}  // namespace

// ---- compressing ----

Compressor::Compressor(int windowBits) : m_windowBits(windowBits) {}

Compressor::~Compressor() {
    if (m_stream) deflateEnd(m_stream.get());
}

bool Compressor::prepare() {
    if (m_stream) return deflateReset(m_stream.get()) == Z_OK;
    auto stream = std::make_unique<z_stream>();
    // zlib makes no raw deflate for a window of 256 bytes; run lengths alone never look further back than one byte.
    const bool isSmallest = m_windowBits == kMinWindowBits;
    const int windowBits = isSmallest ? kMinWindowBits + 1 : m_windowBits;
    const int strategy = isSmallest ? Z_RLE : Z_DEFAULT_STRATEGY;
    if (deflateInit2(stream.get(), kLevel, Z_DEFLATED, -windowBits, kMemoryLevel, strategy) != Z_OK) return false;
    m_stream = std::move(stream);
    return true;
}

bool Compressor::compress(std::string_view message, std::string &out) {
    if (!prepare()) return false;
    const std::size_t before = out.size();
    // With the tail that is cut off afterwards it may be as long as the message and three bytes; more is not wanted.
    const std::size_t room = message.size() + kTail.size() - 1;
    out.resize(before + room);
    z_stream &stream = *m_stream;
    stream.next_out = bytesOf(out.data() + before);
    std::size_t roomLeft = room;
    int state = Z_OK;
    // Counts of zlib are of 32 bits: longer messages go in parts.
    constexpr std::size_t kPart = 1u << 30;
    do {
        const std::size_t in = std::min(message.size(), kPart);
        const std::size_t outNow = std::min(roomLeft, kPart);
        stream.next_in = bytesOf(message);
        stream.avail_in = static_cast<uInt>(in);
        stream.avail_out = static_cast<uInt>(outNow);
        state = deflate(&stream, in == message.size() ? Z_SYNC_FLUSH : Z_NO_FLUSH);
        message.remove_prefix(in - stream.avail_in);
        roomLeft -= outNow - stream.avail_out;
    } while (state == Z_OK && roomLeft > 0 && (!message.empty() || stream.avail_out == 0));
    const std::size_t made = room - roomLeft;
    // A flush that had room left over is complete, and ends with the tail.
    const bool isWhole = state == Z_OK && message.empty() && roomLeft > 0;
    out.resize(isWhole ? before + made - kTail.size() : before);
    return isWhole;
}

// ---- inflating ----

Inflater::Inflater() = default;

Inflater::~Inflater() {
    if (m_stream) inflateEnd(m_stream.get());
}

bool Inflater::prepare() {
    if (m_stream) return inflateReset(m_stream.get()) == Z_OK;
    auto stream = std::make_unique<z_stream>();
    if (inflateInit2(stream.get(), -kMaxWindowBits) != Z_OK) return false;
    m_stream = std::move(stream);
    m_chunk = std::make_unique<char[]>(kChunkBytes);
    return true;
}

// A block with BFINAL set may be followed by others (RFC 7692 section 7.2.3.4), which may point back before it.
bool Inflater::continueBehindEnd(const std::string &out) {
    z_stream &stream = *m_stream;
    if (inflateReset(&stream) != Z_OK) return false;
    const std::size_t known = std::min(out.size(), kMaxWindowBytes);
    return known == 0 || inflateSetDictionary(&stream, bytesOf(std::string_view(out).substr(out.size() - known)),
                                              static_cast<uInt>(known)) == Z_OK;
}

InflateState Inflater::feed(std::string_view input, std::uint64_t limit, Utf8Validator *text, std::string &out) {
    z_stream &stream = *m_stream;
    stream.next_in = bytesOf(input);
    stream.avail_in = static_cast<uInt>(input.size());
    do {
        stream.next_out = bytesOf(m_chunk.get());
        stream.avail_out = kChunkBytes;
        const int state = ::inflate(&stream, Z_SYNC_FLUSH);
        if (state == Z_MEM_ERROR) return InflateState::NoMemory;
        // Z_BUF_ERROR: it is hungry, which is how each piece ends.
        if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) return InflateState::Broken;
        const std::string_view made(m_chunk.get(), kChunkBytes - stream.avail_out);
        if (made.size() > limit - out.size()) return InflateState::TooLong;
        if (text && !text->accept(made)) return InflateState::NoText;
        out.append(made);
        if (state == Z_STREAM_END && !continueBehindEnd(out)) return InflateState::Broken;
    } while (stream.avail_in > 0 || stream.avail_out == 0);
    return InflateState::Whole;
}

InflateState Inflater::inflate(std::string_view compressed, std::uint64_t limit, bool isText, std::string &out) {
    if (!prepare()) return InflateState::NoMemory;
    Utf8Validator validator;
    Utf8Validator *text = isText ? &validator : nullptr;
    constexpr std::size_t kPart = 1u << 30;
    for (std::string_view rest = compressed; !rest.empty(); rest.remove_prefix(std::min(rest.size(), kPart))) {
        const InflateState state = feed(rest.substr(0, kPart), limit, text, out);
        if (state != InflateState::Whole) return state;
    }
    const InflateState state = feed(kTail, limit, text, out);
    if (state != InflateState::Whole) return state;
    // 128: at the beginning of a block, so that the tail was the end it should be and not bytes of a block that was cut.
    constexpr int kBetweenBlocks = 128, kUnusedBits = 7;
    if (!(m_stream->data_type & kBetweenBlocks) || (m_stream->data_type & kUnusedBits) != 0) return InflateState::Broken;
    return isText && !validator.isComplete() ? InflateState::NoText : InflateState::Whole;
}

}  // namespace meerkat::websocket
