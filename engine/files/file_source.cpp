#include "files/file_source.h"

#include "base/encodings.h"
#include "http/http_protocol.h"

#include <random>

namespace meerkat::files {

namespace {

// Unguessable, so that no file can hold it on purpose.
std::string makeBoundary() {
    std::random_device random;
    std::string bytes;
    for (int i = 0; i < 12; ++i) bytes.push_back(static_cast<char>(random()));
    return hexLower(bytes);
}

}  // namespace

bool FileSource::produce(http::HttpProtocol &http) {
    http.connection().sendFile(m_file, m_offset, m_bytes);
    return false;
}

std::string contentRange(const http::ByteRange &range, std::uint64_t size) {
    return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" + std::to_string(size);
}

MultiRangeSource::MultiRangeSource(os::File file, std::uint64_t size, std::string_view type, std::vector<http::ByteRange> ranges)
    : m_file(std::move(file)), m_size(size), m_type(type), m_ranges(std::move(ranges)), m_boundary(makeBoundary()) {
    for (const auto &range : m_ranges) m_length += partHead(range).size() + range.size();
    m_length += ending().size();
}

std::string MultiRangeSource::partHead(const http::ByteRange &range) const {
    return "\r\n--" + m_boundary + "\r\nContent-Type: " + m_type + "\r\nContent-Range: " + contentRange(range, m_size) +
           "\r\n\r\n";
}

bool MultiRangeSource::produce(http::HttpProtocol &http) {
    if (m_next == m_ranges.size()) {
        http.connection().sendCopy(ending());
        return false;
    }
    const auto &range = m_ranges[m_next++];
    http.connection().sendCopy(partHead(range));
    http.connection().sendFile(m_file, range.first, range.size());
    return true;
}

}  // namespace meerkat::files
