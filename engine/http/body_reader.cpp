#include "http/body_reader.h"

#include "http/characters.h"

#include <algorithm>

namespace meerkat::http {
namespace {

constexpr unsigned kMaxSizeDigits = 16;
// A sender of much data may say something of each chunk (a signature, a sum); one of much talk and no data only keeps us busy.
constexpr std::uint32_t kMaxExtensionBytes = 4 * 1024;
constexpr std::uint32_t kFreeExtensionBytes = 32;
constexpr std::uint32_t kMaxTrailerBytes = 16 * 1024;

int hexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

BodyReader BodyReader::none() { return {Phase::Done, 0, 0}; }

BodyReader BodyReader::sized(std::uint64_t contentLength, std::uint64_t limit) {
    if (contentLength > limit) return {Phase::Refused, 413, limit};
    return {contentLength == 0 ? Phase::Done : Phase::Sized, contentLength, limit};
}

BodyReader BodyReader::chunked(std::uint64_t limit) { return {Phase::Size, 0, limit}; }

BodyOutcome BodyReader::read(std::string_view bytes) {
    BodyOutcome outcome;
    while (outcome.consumed < bytes.size() && m_phase != Phase::Done && m_phase != Phase::Refused) {
        if (m_phase != Phase::Sized && m_phase != Phase::Data) {
            m_phase = next(bytes[outcome.consumed++]);
            continue;
        }
        if (!outcome.data.empty()) break;
        outcome.data = takeData(bytes.substr(outcome.consumed));
        outcome.consumed += outcome.data.size();
    }
    if (m_phase == Phase::Done) outcome.state = BodyState::Complete;
    if (m_phase == Phase::Refused) {
        outcome.state = BodyState::Refused;
        outcome.refusalStatus = static_cast<int>(m_left);
    }
    return outcome;
}

std::string_view BodyReader::takeData(std::string_view bytes) {
    const std::string_view data = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(m_left, bytes.size())));
    m_left -= data.size();
    m_total += data.size();
    if (m_left == 0) m_phase = m_phase == Phase::Sized ? Phase::Done : Phase::DataCr;
    return data;
}

BodyReader::Phase BodyReader::refuse(int status) {
    m_left = static_cast<std::uint64_t>(status);
    return Phase::Refused;
}

BodyReader::Phase BodyReader::next(char c) {
    switch (m_phase) {
    case Phase::Size:
        return afterSize(c);
    case Phase::SizeBlank:
        return afterSizeBlank(c);
    case Phase::Extension:
        return afterExtension(c);
    case Phase::SizeLf:
        return c == '\n' ? afterSizeLine() : refuse(400);
    case Phase::DataCr:
        return c == '\r' ? Phase::DataLf : refuse(400);
    case Phase::DataLf:
        return c == '\n' ? Phase::Size : refuse(400);
    case Phase::EndLf:
        return c == '\n' ? Phase::Done : refuse(400);
    default:
        return afterTrailer(c);
    }
}

// `m_left` grows by one digit, or is whole. It is judged when it is whole, so that too many digits are always a 400.
BodyReader::Phase BodyReader::afterSize(char c) {
    if (const int digit = hexValue(c); digit >= 0) {
        if (m_sizeDigits++ == kMaxSizeDigits) return refuse(400);
        m_left = m_left << 4 | static_cast<unsigned>(digit);
        return Phase::Size;
    }
    const bool isBlank = c == ' ' || c == '\t';
    if (m_sizeDigits == 0 || (c != '\r' && c != ';' && !isBlank)) return refuse(400);
    if (isBlank) return afterSizeBlank(c);
    if (m_left > m_limit - m_total) return refuse(413);
    return afterExtension(c);
}

// Bad white space, which is to be read all the same (RFC 9112 section 7.1.1): there is an extension behind it, or it is an error.
BodyReader::Phase BodyReader::afterSizeBlank(char c) {
    if (c == ' ' || c == '\t') return m_lineBytes++ == kMaxExtensionBytes ? refuse(400) : Phase::SizeBlank;
    return c == ';' ? afterSize(c) : refuse(400);
}

BodyReader::Phase BodyReader::afterExtension(char c) {
    if (c == '\r') return Phase::SizeLf;
    if (isControl(c) || m_lineBytes++ == kMaxExtensionBytes) return refuse(400);
    return Phase::Extension;
}

BodyReader::Phase BodyReader::afterSizeLine() {
    m_sizeDigits = 0;
    if (m_left > 0) {
        const auto data = static_cast<std::uint32_t>(std::min<std::uint64_t>(m_left, kMaxExtensionBytes));
        m_lineBytes -= std::min(m_lineBytes, data + kFreeExtensionBytes);
        return Phase::Data;
    }
    m_lineBytes = 0;
    return Phase::TrailerStart;
}

BodyReader::Phase BodyReader::afterTrailer(char c) {
    if (m_phase == Phase::TrailerStart && c == '\r') return Phase::EndLf;
    if (m_lineBytes++ == kMaxTrailerBytes) return refuse(431);
    switch (m_phase) {
    case Phase::TrailerStart:
        return isToken(c) ? Phase::TrailerName : refuse(400);
    case Phase::TrailerName:
        if (c == ':') return Phase::TrailerValue;
        return isToken(c) ? Phase::TrailerName : refuse(400);
    case Phase::TrailerValue:
        if (c == '\r') return Phase::TrailerLf;
        return isControl(c) ? refuse(400) : Phase::TrailerValue;
    default:
        return c == '\n' ? Phase::TrailerStart : refuse(400);
    }
}

}  // namespace meerkat::http
