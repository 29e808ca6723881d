// Station: messages <-> their compressed form. From websocket_protocol through websocket_service, to zlib. RFC 7692 section 7.2.
// Thread: engine. No context is taken over between messages, so a server has one of each for all its connections.
#pragma once

#include "websocket/utf8.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace meerkat::websocket {

// What a handshake agreed on.
struct DeflateTerms {
    bool isAgreed = false;
    std::uint8_t windowBits = 15;  // of what we send: 8 to 15
};

inline constexpr int kMinWindowBits = 8;
inline constexpr int kMaxWindowBits = 15;

class Compressor {
  public:
    // zlib's state is made when first needed: about 260 KB.
    explicit Compressor(int windowBits);
    ~Compressor();
    Compressor(const Compressor &) = delete;
    Compressor &operator=(const Compressor &) = delete;

    // Appends the payload of a compressed message, without its last four bytes (section 7.2.1), to `out`. False if that would not be
    // shorter than `message`, or memory is short; `out` then is as it was.
    bool compress(std::string_view message, std::string &out);

  private:
    bool prepare();

    std::unique_ptr<z_stream_s> m_stream;
    int m_windowBits;
};

enum class InflateState : std::uint8_t {
    Whole,
    TooLong,  // more than the limit
    Broken,   // no deflate data, or cut
    NoText,   // not UTF-8
    NoMemory,
};

class Inflater {
  public:
    Inflater();
    ~Inflater();
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;

    // Appends the message whose whole compressed payload this is to `out`, which is empty. What is made is checked while it is made: never
    // more than `limit` bytes, and with `isText` nothing behind what is no UTF-8.
    InflateState inflate(std::string_view compressed, std::uint64_t limit, bool isText, std::string &out);

  private:
    bool prepare();
    InflateState feed(std::string_view input, std::uint64_t limit, Utf8Validator *text, std::string &out);
    bool continueBehindEnd(const std::string &out);

    std::unique_ptr<z_stream_s> m_stream;
    std::unique_ptr<char[]> m_chunk;
};

}  // namespace meerkat::websocket
