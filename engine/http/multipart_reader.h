// Station: a multipart/form-data body, piece by piece as it comes -> its parts. From server, for forms whose files go to the disk. RFC 7578, RFC 2046
// section 5.1.
// A resumable machine: however long the body, it keeps a boundary and the beginning of what may be one, or one part's head.
#pragma once

#include "http/multipart.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace meerkat::http {

// Who gets the parts. Each call: 0, or the status to refuse the body with.
class PartTaker {
  public:
    virtual ~PartTaker() = default;
    virtual int beginPart(const PartHead &head) = 0;
    virtual int takePart(std::string_view bytes) = 0;
    virtual int endPart() = 0;
};

class MultipartReader {
  public:
    // The fields in front of a part.
    static constexpr std::size_t kMostHeadBytes = 16 * 1024;
    // Behind a boundary: blanks that a mail relay may have added.
    static constexpr std::size_t kMostPadding = 64;

    // By the boundary in the body's Content-Type. Nothing if it is no multipart/form-data, or its boundary is none (1 to 70 characters).
    static std::optional<MultipartReader> of(std::string_view contentType);

    // The next bytes of the body. 0, 400 for what is no multipart, or what the taker said; then it is not to be called again.
    int read(std::string_view bytes, PartTaker &taker);
    // The last boundary was read.
    bool isComplete() const { return m_phase == Phase::End; }

  private:
    enum class Phase : std::uint8_t { Preamble, Data, Boundary, Head, End };

    explicit MultipartReader(std::string delimiter) : m_delimiter(std::move(delimiter)) {}

    int step(std::string_view &rest, PartTaker &taker);
    int onData(std::string_view &rest, PartTaker &taker);
    int onBoundary(std::string_view &rest, PartTaker &taker);
    int onHead(std::string_view &rest, PartTaker &taker);
    int handOver(std::string_view bytes, PartTaker &taker);
    void hold(std::string_view &rest);

    std::string m_delimiter;      // CR LF "--" boundary
    std::string m_held = "\r\n";  // what can't be told yet; the body may begin with a boundary, as if behind a line
    std::size_t m_kept = 0;       // of the bytes being read, those at their end that are to be held
    Phase m_phase = Phase::Preamble;
    bool m_isInPart = false;
};

}  // namespace meerkat::http
