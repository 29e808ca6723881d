#include "files/coded_source.h"

#include "http/http_protocol.h"

#include <algorithm>

namespace meerkat::files {

namespace {

// Of one answer in one pass: it takes a millisecond or two, then others have their turn.
constexpr std::size_t kPieceBytes = 64 * 1024;

}  // namespace

bool BytesSource::produce(http::HttpProtocol &http) {
    const std::string_view part = std::string_view(*m_bytes).substr(m_sent, kPieceBytes);
    m_sent += part.size();
    http.connection().sendCopy(part);
    return m_sent < m_bytes->size();
}

CodedSource::CodedSource(CodedStreams &streams, os::File file, const os::FileInfo &info, http::Coding coding,
                         std::unique_ptr<http::CompressionStream> stream, bool mayKeep)
    : m_streams(streams), m_file(std::move(file)), m_info(info), m_coding(coding), m_stream(std::move(stream)),
      m_mayKeep(mayKeep && streams.copies.isOn()) {
    ++m_streams.running;
}

// False: it can't be gone on with.
bool CodedSource::addPiece(std::string &out) {
    std::string piece(static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, m_info.size - m_read)), '\0');
    const auto read = m_file.readAt(m_read, piece);
    if (!read || *read != piece.size()) return false;
    m_read += piece.size();
    return m_stream->add(piece, m_read == m_info.size, out);
}

bool CodedSource::produce(http::HttpProtocol &http) {
    const std::uint64_t pass = http.service().loop.pass();
    std::string made;
    if (m_pass != pass && !addPiece(made)) {
        http.connection().close();
        return false;
    }
    m_pass = pass;
    if (made.empty()) {
        http.connection().owesMore();
        return true;
    }
    http.sendPart(made);
    m_mayKeep = m_mayKeep && m_made.size() + made.size() <= CodedCopies::kLongest;
    if (m_mayKeep)
        m_made.append(made);
    else
        m_made = std::string();
    if (m_read < m_info.size) return true;
    keepCopy();
    return false;
}

void CodedSource::keepCopy() {
    const auto now = m_file.info();
    if (!m_mayKeep || !now || *now != m_info || m_made.size() >= m_info.size) return;
    m_streams.copies.keep(m_info, m_coding, std::make_shared<const std::string>(std::move(m_made)));
}

}  // namespace meerkat::files
