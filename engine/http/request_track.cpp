#include "http/request_track.h"

#include "base/text.h"
#include "http/method.h"

#include <algorithm>

namespace meerkat::http {

namespace {

// A head that does not end within so much is none that we can follow.
constexpr std::size_t kMaxHeadBytes = 64 * 1024;

bool isLineBreak(char c) { return c == '\r' || c == '\n'; }

// Behind the blank line, looked for from `from` on; npos if there is none yet.
std::size_t headEnd(std::string_view head, std::size_t from) {
    for (std::size_t at = head.find('\n', from); at != std::string_view::npos; at = head.find('\n', at + 1)) {
        const std::string_view rest = head.substr(at + 1);
        if (rest.starts_with('\n')) return at + 2;
        if (rest.starts_with("\r\n")) return at + 3;
    }
    return std::string_view::npos;
}

// The next line without its end, taken off the front.
std::string_view takeLine(std::string_view &text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

}  // namespace

void RequestTrack::onWritten(std::string_view bytes) {
    while (!bytes.empty() && m_phase != Phase::Lost) {
        bytes.remove_prefix(m_phase == Phase::Head ? onHeadBytes(bytes) : onBodyBytes(bytes));
    }
}

std::size_t RequestTrack::onHeadBytes(std::string_view bytes) {
    if (m_head.empty() && isLineBreak(bytes.front())) return 1;
    const std::size_t before = m_head.size();
    m_head.append(bytes.substr(0, kMaxHeadBytes - before));
    // The line break may have come with an earlier piece.
    const std::size_t end = headEnd(m_head, before < 2 ? 0 : before - 2);
    if (end == std::string::npos) {
        if (m_head.size() == kMaxHeadBytes) lose();
        return bytes.size();
    }
    m_head.resize(end);
    onHead();
    m_head = std::string();
    return end - before;
}

void RequestTrack::onHead() {
    std::string_view rest = m_head;
    const std::string_view requestLine = takeLine(rest);
    m_methods.push_back(methodOf(requestLine.substr(0, requestLine.find(' '))));
    ++m_requests;
    while (!rest.empty()) onField(takeLine(rest));
    m_phase = m_body.isComplete() ? Phase::Head : Phase::Body;
}

void RequestTrack::onField(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const std::string_view name = trimmed(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (equalsIgnoringCase(name, "transfer-encoding") && listContains(value, "chunked")) m_body = BodyReader::chunked(UINT64_MAX);
    if (equalsIgnoringCase(name, "content-length") && m_body.isComplete())
        m_body = BodyReader::sized(parseDecimal(value).value_or(0), UINT64_MAX);
}

std::size_t RequestTrack::onBodyBytes(std::string_view bytes) {
    const BodyOutcome outcome = m_body.read(bytes);
    if (outcome.state == BodyState::Complete) m_phase = Phase::Head;
    if (outcome.state == BodyState::Refused) lose();
    return outcome.consumed;
}

void RequestTrack::lose() {
    m_phase = Phase::Lost;
    m_head = std::string();
}

void RequestTrack::takeNext() {
    if (!m_methods.empty()) m_methods.pop_front();
}

}  // namespace meerkat::http
