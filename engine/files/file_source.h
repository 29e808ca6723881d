// Station: parts of one file -> an answer's body. From static_files, to net/connection's sendfile.
#pragma once

#include "http/byte_range.h"
#include "http/handler.h"
#include "os/file.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

// One run of bytes.
class FileSource final : public http::AnswerSource {
  public:
    FileSource(os::File file, std::uint64_t offset, std::uint64_t bytes)
        : m_file(std::move(file)), m_offset(offset), m_bytes(bytes) {}
    bool produce(http::HttpProtocol &http) override;

  private:
    os::File m_file;
    std::uint64_t m_offset;
    std::uint64_t m_bytes;
};

// Several, as multipart/byteranges (RFC 9110 section 14.6).
class MultiRangeSource final : public http::AnswerSource {
  public:
    MultiRangeSource(os::File file, std::uint64_t size, std::string_view type, std::vector<http::ByteRange> ranges);
    bool produce(http::HttpProtocol &http) override;

    std::uint64_t length() const { return m_length; }
    std::string contentType() const { return "multipart/byteranges; boundary=" + m_boundary; }

  private:
    std::string partHead(const http::ByteRange &range) const;
    std::string ending() const { return "\r\n--" + m_boundary + "--\r\n"; }

    os::File m_file;
    std::uint64_t m_size;
    std::string m_type;
    std::vector<http::ByteRange> m_ranges;
    std::string m_boundary;
    std::uint64_t m_length = 0;
    std::size_t m_next = 0;
};

// "bytes 0-99/200"
std::string contentRange(const http::ByteRange &range, std::uint64_t size);

}  // namespace meerkat::files
