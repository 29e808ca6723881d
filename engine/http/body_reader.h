// Station: request bytes -> body bytes. From net/connection, to http_protocol. RFC 9112 sections 6 and 7.1.
// A resumable machine without a buffer: what it hands out are views into the given bytes.
#pragma once

#include <cstdint>
#include <string_view>

namespace meerkat::http {

enum class BodyState : std::uint8_t { NeedMore, Complete, Refused };
struct BodyOutcome {
    BodyState state = BodyState::NeedMore;
    std::size_t consumed = 0;  // bytes of the input that are done with (always meaningful)
    std::string_view data;     // body bytes found among them; empty is possible
    int refusalStatus = 0;     // 400 bad framing, 413 over the limit, 431 trailer section too long; set only when Refused
};

// One body. Call read with the bytes that follow what was consumed, again and again until Complete or Refused; each call hands out at
// most one run of data, so a caller loops while `consumed` > 0.
class BodyReader {
  public:
    static BodyReader none();                                                   // complete at once
    static BodyReader sized(std::uint64_t contentLength, std::uint64_t limit);  // over the limit: Refused 413 at the first read
    // Chunk sizes: 1 to 16 hex digits, extensions are skipped (at most 4 KiB beyond 32 bytes a chunk and one for each byte of data), lines
    // end in CRLF strictly; trailer fields (at most 16 KiB) are checked and dropped.
    static BodyReader chunked(std::uint64_t limit);

    BodyOutcome read(std::string_view bytes);
    bool isComplete() const { return m_phase == Phase::Done; }
    std::uint64_t bodyBytes() const { return m_total; }  // handed out so far

  private:
    enum class Phase : std::uint8_t {
        Sized,
        Size,
        SizeBlank,
        Extension,
        SizeLf,
        Data,
        DataCr,
        DataLf,
        TrailerStart,
        TrailerName,
        TrailerValue,
        TrailerLf,
        EndLf,
        Done,
        Refused
    };
    BodyReader(Phase phase, std::uint64_t left, std::uint64_t limit) : m_left(left), m_limit(limit), m_phase(phase) {}

    std::string_view takeData(std::string_view bytes);
    Phase next(char c);
    Phase afterSize(char c);
    Phase afterSizeBlank(char c);
    Phase afterExtension(char c);
    Phase afterSizeLine();
    Phase afterTrailer(char c);
    Phase refuse(int status);

    std::uint64_t m_left = 0;  // of the body or of the chunk; the status once Refused
    std::uint64_t m_limit = 0;
    std::uint64_t m_total = 0;
    std::uint32_t m_lineBytes = 0;  // of extensions beyond what is free; of the trailers once there
    Phase m_phase = Phase::Done;
    std::uint8_t m_sizeDigits = 0;
};

}  // namespace meerkat::http
